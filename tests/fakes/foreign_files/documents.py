"""Word-processing documents: sections, three kinds of headers, templates, macros, comments, text boxes."""

from __future__ import annotations

import io
import zipfile
from functools import cache, partial
from itertools import product

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches
from PIL import Image

from tests.fakes.foreign_files import Files

_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = {
    "dotx": b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "docm": b"application/vnd.ms-word.document.macroEnabled.main+xml",
}
_TEXT_BOX = (
    f"<w:r {nsdecls('w')}>"
    "<w:pict xmlns:v='urn:schemas-microsoft-com:vml'><v:shape style='width:90pt;height:40pt'>"
    "<v:textbox><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    "</v:shape></w:pict></w:r>"
)
_CHANGE = (
    f"<w:sectPrChange {nsdecls('w')} w:id='9' w:author='x'><w:sectPr><w:pgSz w:w='100' w:h='100'/></w:sectPr>"
    "</w:sectPrChange>"
)


@cache
def documents() -> Files:
    """Return documents by name."""
    builders = {}
    for sections, furnished, first, even in product((1, 3), (False, True), (False, True), (False, True)):
        for at, flavour in enumerate(("plain", "rich", "landscape")):
            kind = ("docx", "dotx", "docm")[(sections + furnished + first + even + at) % 3]
            name = f"{sections}-{furnished:d}{first:d}{even:d}-{flavour}.{kind}"
            build = partial(_built, sections, furnished=furnished, first=first, even=even, flavour=flavour)
            builders[name] = partial(lambda build, kind: as_kind(build(), kind), build, kind)
    builders["no-section.docx"] = partial(_sectionless, b"")
    builders["empty-section.docx"] = partial(_sectionless, b"<w:sectPr/>")
    builders["text-box-first.docx"] = _text_box_first
    builders["tracked.docx"] = _tracked
    return Files(builders)


def _sectionless(instead: bytes) -> bytes:
    plain = _built(1, furnished=False, first=False, even=False, flavour="plain")
    return changed(plain, "word/document.xml", lambda data: _without_section(data, instead))


def as_kind(content: bytes, kind: str) -> bytes:
    """Return the document as a template or with macros."""
    if kind == "docx":
        return content
    types = changed(content, "[Content_Types].xml", lambda data: data.replace(_MAIN, _TYPES[kind]))
    return types if kind == "dotx" else with_parts(types, {"word/vbaProject.bin": bytes(range(256)) * 9})


def changed(content: bytes, part: str, change) -> bytes:
    """Return a package with one part changed."""
    return _packed({name: change(data) if name == part else data for name, data in parts(content).items()})


def with_parts(content: bytes, more: dict[str, bytes]) -> bytes:
    """Return a package with more parts."""
    return _packed(parts(content) | more)


def parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _built(sections: int, *, furnished: bool, first: bool, even: bool, flavour: str) -> bytes:
    document = Document()
    document.settings.odd_and_even_pages_header_footer = even
    document.core_properties.author = "测试"
    for number in range(sections):
        section = document.add_section() if number else document.sections[0]
        section.different_first_page_header_footer = first
        if flavour == "landscape" and number % 2 == 0:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
        if furnished:
            section.header.is_linked_to_previous = False
            section.header.paragraphs[0].text = f"原有页眉 {number}"
            section.footer.paragraphs[0].text = f"原有页脚 {number}"
            if first:
                section.first_page_header.paragraphs[0].text = "原有首页页眉"
            if even and number == 0:
                section.even_page_footer.paragraphs[0].text = "原有偶数页脚"
        document.add_heading(f"第 {number + 1} 部分", level=1)
        for _ in range(4):
            document.add_paragraph("工艺说明文字。" * 40)
        if flavour == "rich":
            _enrich(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _enrich(document) -> None:
    table = document.add_table(rows=4, cols=4)
    table.cell(0, 0).merge(table.cell(1, 2)).text = "合并"
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture, width=Inches(1))
    paragraph = document.add_paragraph("带批注的段落", style="List Bullet")
    document.add_comment(paragraph.runs, text="批注内容", author="审阅人")
    paragraph._p.append(parse_xml(_TEXT_BOX))


def _text_box_first() -> bytes:
    document = Document()
    document.add_paragraph()._p.append(parse_xml(_TEXT_BOX))
    document.sections[0].header.paragraphs[0]._p.append(parse_xml(_TEXT_BOX))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _tracked() -> bytes:
    document = Document()
    document.add_paragraph("修订")
    document.element.body.find(qn("w:sectPr")).append(parse_xml(_CHANGE))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _without_section(data: bytes, instead: bytes) -> bytes:
    start = data.rindex(b"<w:sectPr")
    return data[:start] + instead + data[data.rindex(b"</w:body>") :]
