"""Presentations: every layout, notes, charts, groups, two sizes, hidden masters, templates, macros."""

from __future__ import annotations

import io
from functools import cache, partial
from itertools import product

from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from tests.fakes.foreign_files import Files
from tests.fakes.foreign_files.documents import changed, with_parts

_MAIN = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_TYPES = {
    "potx": b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    "pptm": b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
    "ppsx": b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
}


@cache
def presentations() -> Files:
    """Return presentations by name."""
    builders = {}
    for layout, wide in product(range(11), (False, True)):
        kind = ("pptx", "potx", "pptm", "ppsx")[(layout + wide) % 4]
        builders[f"layout{layout}-{wide:d}.{kind}"] = partial(_made, [layout], kind, wide=wide)
    for wide in (False, True):
        builders[f"rich-{wide:d}.pptx"] = partial(_built, [0, 1, 5, 6], wide=wide, rich=True)
        builders[f"empty-{wide:d}.potx"] = partial(_made, [], "potx", wide=wide)
    builders["hidden-masters.pptx"] = _with_hidden_masters
    return Files(builders)


def _made(layouts: list[int], kind: str, *, wide: bool) -> bytes:
    return as_kind(_built(layouts, wide=wide), kind)


def _with_hidden_masters() -> bytes:
    hidden = _built([1, 6], wide=True)
    for number in (1, 2):
        hidden = changed(
            hidden,
            f"ppt/slides/slide{number}.xml",
            lambda data: data.replace(b"<p:sld ", b'<p:sld showMasterSp="0" ', 1),
        )
    return hidden


def as_kind(content: bytes, kind: str) -> bytes:
    """Return the presentation as a template, a show, or with macros."""
    if kind == "pptx":
        return content
    types = changed(content, "[Content_Types].xml", lambda data: data.replace(_MAIN, _TYPES[kind]))
    return types if kind != "pptm" else with_parts(types, {"ppt/vbaProject.bin": bytes(300)})


def _built(layouts: list[int], *, wide: bool, rich: bool = False) -> bytes:
    show = Presentation()
    if wide:
        show.slide_width, show.slide_height = Inches(13.333), Inches(7.5)
    for number in layouts:
        slide = show.slides.add_slide(show.slide_layouts[number])
        if slide.shapes.title:
            slide.shapes.title.text = f"标题 {number}"
        if rich:
            _enrich(slide)
    stream = io.BytesIO()
    show.save(stream)
    return stream.getvalue()


def _enrich(slide) -> None:
    slide.notes_slide.notes_text_frame.text = "讲者备注"
    table = slide.shapes.add_table(2, 3, Inches(1), Inches(3), Inches(4), Inches(1)).table
    table.cell(0, 0).merge(table.cell(0, 2))
    data = CategoryChartData()
    data.categories = ["甲", "乙"]
    data.add_series("系列", (1.5, 2.5))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(5), Inches(2), Inches(3), Inches(3), data)
    picture = io.BytesIO()
    Image.new("RGB", (50, 50), "teal").save(picture, "JPEG")
    slide.shapes.add_picture(picture, Inches(1), Inches(1))
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "组内"
