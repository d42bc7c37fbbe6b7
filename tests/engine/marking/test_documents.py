"""Documents: every page of every section shows the mark, what was there stays, and all can be undone."""

from __future__ import annotations

import io

import pytest
from docx import Document
from tests.fakes.foreign_files.documents import changed, documents, parts
from tests.fakes.marks import CHINESE, JAPANESE, form

from shoumi.engine.marking.marking import Kind, mark
from shoumi.engine.marking.wording import banner_lines, header_line

FILES = documents()


def may_change(name: str) -> bool:
    return name.startswith(
        ("word/document", "word/header", "word/footer", "[Content", "docProps/custom")
    ) or (name.endswith(".rels"))


def opened(content: bytes):
    """Return the document as another program reads it; templates and macro variants by their twin's type."""
    types = parts(content)["[Content_Types].xml"]
    for found in (b"wordprocessingml.template.main", b"ms-word.document.macroEnabled.main"):
        prefix = (
            b"application/vnd.openxmlformats-officedocument." if b"template" in found else b"application/vnd."
        )
        types = types.replace(
            prefix + found, b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main"
        )
    return Document(io.BytesIO(changed(content, "[Content_Types].xml", lambda _: types)))


@pytest.mark.requirement("MRK-02", "MRK-07", "CPU-09")
@pytest.mark.parametrize("name", FILES)
def test_every_section_shows_the_mark_and_all_can_be_undone(name, verify):
    marked = verify(FILES[name], Kind.DOCX, may_change)
    document = opened(marked)
    first = document.paragraphs[0].text.splitlines()
    assert first == banner_lines(CHINESE)
    before = opened(FILES[name])
    for at, section in enumerate(document.sections):
        shown = ["header"]
        shown += ["first_page_header"] if section.different_first_page_header_footer else []
        shown += ["even_page_header"] if document.settings.odd_and_even_pages_header_footer else []
        for kind in shown:
            paragraphs = getattr(section, kind).paragraphs
            assert [p.text for p in paragraphs].count(header_line(CHINESE)) == 1
            assert "v:textpath" in paragraphs[0]._p.xml, "no watermark"
            footer = getattr(section, kind.replace("header", "footer")).paragraphs
            assert [p.text for p in footer].count(CHINESE.reminder) == 1
        if at < len(before.sections):
            old = [p.text for p in before.sections[at].header.paragraphs if p.text]
            assert old == [p.text for p in section.header.paragraphs if p.text in old]


def test_macros_and_comments_survive_byte_for_byte():
    for name, content in FILES.items():
        old, new = parts(content), parts(mark(content, Kind.DOCX, CHINESE, form()))
        for part in old:
            if "vba" in part or "comments" in part or "media" in part:
                assert new[part] == old[part], name


@pytest.mark.parametrize("left_out", ["banner", "header", "footer", "watermark"])
@pytest.mark.requirement("MRK-08")
def test_what_the_form_leaves_out_is_not_there(left_out):
    content = FILES["no-section.docx"]
    chosen = form(**{left_out: False})
    data = b"".join(
        data
        for name, data in parts(mark(content, Kind.DOCX, JAPANESE, chosen)).items()
        if "/custom" not in name and not name.startswith("docProps")
    ).decode("utf-8", "replace")
    signs = {
        "banner": banner_lines(JAPANESE)[1], "header": header_line(JAPANESE), "footer": "w:ftr",
        "watermark": "ShoumiMarkWatermark",
    }  # fmt: skip
    for part, sign in signs.items():
        assert (sign in data) == (part != left_out), part


def test_a_document_that_another_program_saved_again_loses_its_old_mark():
    document = Document(io.BytesIO(mark(FILES["text-box-first.docx"], Kind.DOCX, CHINESE, form())))
    stream = io.BytesIO()
    document.save(stream)
    again = mark(stream.getvalue(), Kind.DOCX, JAPANESE, form())
    text = b"".join(parts(again).values()).decode("utf-8", "replace")
    assert "核心商密" not in text
    assert text.count("框内文字") == 2
