"""A mark has exactly four parts, each one line; its fingerprint changes with whatever can be seen."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from tests.fakes.marks import CHINESE, COPY, ENGLISH, JAPANESE, LABEL, form

from shoumi.engine.marking.errors import MarkTextError
from shoumi.engine.marking.values import Form, Label, Mark, fingerprint
from shoumi.engine.marking.wording import NAMES, banner_lines, footer_lines, header_line, watermark_line


@pytest.mark.requirement("MRK-02", "CPU-09")
@pytest.mark.parametrize("mark", [CHINESE, JAPANESE, ENGLISH])
def test_four_parts_in_every_place_and_a_reminder_beside_them(mark):
    assert [field.name for field in fields(Mark)][:4] == ["title", "level", "period", "owner"]
    assert len(mark.parts) == len(NAMES[mark.language]) == 4
    for text in (header_line(mark), " ".join(banner_lines(mark))):
        assert all(part in text for part in mark.parts)
    assert mark.reminder in " ".join(banner_lines(mark))
    assert footer_lines(mark, form(copy=COPY)) == [mark.reminder, COPY]
    assert mark.level in watermark_line(mark, form())
    assert watermark_line(mark, form(copy=COPY)).endswith(COPY)


@pytest.mark.parametrize("bad", ["", "  ", "a\nb", "a\x00", "x" * 201, "\ud800", "a\u2028b"])
@pytest.mark.parametrize("name", ["title", "level", "period", "owner"])
def test_a_part_is_one_line_of_text(name, bad):
    with pytest.raises(MarkTextError):
        replace(CHINESE, **{name: bad})


def test_labels_are_guids_and_languages_are_three():
    with pytest.raises(MarkTextError):
        Label("core", LABEL.site_id)
    with pytest.raises(MarkTextError):
        replace(CHINESE, language="fr")


def test_the_fingerprint_changes_with_all_but_the_font():
    first = fingerprint(CHINESE, Form())
    others = [
        fingerprint(replace(CHINESE, period="x"), Form()),
        fingerprint(CHINESE, Form(watermark=False)),
        fingerprint(CHINESE, Form(copy=COPY)),
        fingerprint(CHINESE, Form(label=LABEL)),
    ]
    assert len({first, *others}) == 5
    assert fingerprint(CHINESE, Form(typeface=b"font")) == first
    assert Form(header=True, footer=False, watermark=True).content_bits == 5
