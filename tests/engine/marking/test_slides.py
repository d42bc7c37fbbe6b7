"""Presentations: every slide and its notes, whatever its layout hides; masters where there is no slide."""

from __future__ import annotations

import io

import pytest
from pptx import Presentation
from tests.fakes.foreign_files.documents import changed, parts
from tests.fakes.foreign_files.slides import presentations
from tests.fakes.marks import CHINESE

from shoumi.engine.marking.marking import Kind
from shoumi.engine.marking.wording import banner_lines, header_line

FILES = presentations()


def may_change(name: str) -> bool:
    places = (
        "ppt/slides/slide",
        "ppt/notesSlides/",
        "ppt/slideMasters/slideMaster",
        "[Content",
        "docProps/custom",
    )
    return name.startswith(places) or name.endswith(".rels")


def opened(content: bytes):
    main = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    types = parts(content)["[Content_Types].xml"]
    for other in (
        b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
        b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
        b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
    ):
        types = types.replace(other, main)
    return Presentation(io.BytesIO(changed(content, "[Content_Types].xml", lambda _: types)))


@pytest.mark.requirement("MRK-02", "MRK-07", "CPU-09")
@pytest.mark.parametrize("name", FILES)
def test_every_slide_shows_the_mark_and_all_can_be_undone(name, verify):
    show = opened(verify(FILES[name], Kind.PPTX, may_change))
    slides = list(show.slides)
    for at, slide in enumerate(slides or [show.slide_master]):
        texts = {
            shape.name: shape.text_frame.text for shape in slide.shapes if shape.name.startswith("ShoumiMark")
        }
        assert texts["ShoumiMark Header"] == header_line(CHINESE)
        assert texts["ShoumiMark Footer"] == CHINESE.reminder
        assert CHINESE.level in texts["ShoumiMark Watermark"]
        assert (texts.get("ShoumiMark Banner", "").splitlines() == banner_lines(CHINESE)) == (at == 0)
        numbers = [shape.shape_id for shape in slide.shapes]
        assert len(set(numbers)) == len(numbers)
        if slides and slide.has_notes_slide:
            notes = [shape.name for shape in slide.notes_slide.shapes]
            assert "ShoumiMark Header" in notes
    inside = [shape for slide in slides for shape in slide.shapes if shape.name.startswith("ShoumiMark")]
    for shape in inside:
        assert shape.left >= 0
        assert shape.left + shape.width <= show.slide_width
        assert shape.top >= 0
        assert shape.top + shape.height <= show.slide_height
