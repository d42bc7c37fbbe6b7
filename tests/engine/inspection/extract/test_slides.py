"""Presentations: slides in order with their notes and comments."""

from __future__ import annotations

from tests.fakes import office_files

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.values import PartKind


def test_slides_notes_and_comments_carry_their_numbers():
    read = extract(office_files.presentation(), "a.pptx")
    told = [(part.kind, part.label, part.text.strip()) for part in read.parts]
    for number in ("1", "2"):
        assert (PartKind.SLIDE, number, f"标题{number}") in told
        assert (PartKind.NOTES, number, f"备注{number}") in told
    assert any(kind == PartKind.COMMENT and text == "讲评" for kind, _label, text in told)
    assert read.unreadable == ()
