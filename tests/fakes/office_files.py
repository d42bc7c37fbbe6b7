"""Office files made in memory with everything hidden in them that people hide or forget.

Each builder says by constants what is where; nothing is read from disk.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from functools import cache

import docx
import openpyxl
import openpyxl.comments
import pptx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BOX = (
    '<w:p><w:r><w:t>外</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent><w:p><w:r>'
    "<w:t>框内机密</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r>"
    "<w:t>框内机密</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    "<w:r><w:t>侧</w:t></w:r></w:p>"
)
TRACKED = (
    '<w:p><w:ins w:author="a"><w:r><w:t>插入价格</w:t></w:r></w:ins>'
    '<w:del w:author="a"><w:r><w:delText>删除底价</w:delText></w:r></w:del></w:p>'
)
SPLIT = (
    "<w:p><w:r><w:t>1380</w:t></w:r>"
    "<w:r><w:rPr><w:b/></w:rPr><w:t>0000</w:t></w:r><w:r><w:t>000</w:t></w:r></w:p>"
)
FIELD = (
    '<w:p><w:r><w:instrText xml:space="preserve"> HYPERLINK "mailto:a@example.com" </w:instrText></w:r></w:p>'
)
COMMENTS = (
    f'<w:comments xmlns:w="{W}"><w:comment>'
    "<w:p><w:r><w:t>批注&amp;意见</w:t></w:r></w:p></w:comment></w:comments>"
)
NOTES = (
    f'<w:footnotes xmlns:w="{W}"><w:footnote>'
    "<w:p><w:r><w:t>脚注出处</w:t></w:r></w:p></w:footnote></w:footnotes>"
)
LABEL = (
    '<clbl:labelList xmlns:clbl="c"><clbl:label id="{00000000-0000-0000-0000-00000000abcd}" '
    'siteId="{1}" method="Privileged"/></clbl:labelList>'
)
CUSTOM = (
    '<Properties xmlns="p" xmlns:vt="v"><property fmtid="{D5}" pid="2" name="MSIP_Label_x_Name">'
    "<vt:lpwstr>核心商密</vt:lpwstr></property></Properties>"
)


def with_members(content: bytes, members: Mapping[str, bytes | str]) -> bytes:
    """Return a ZIP package with members added or replaced."""
    room = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in members:
                new.writestr(info, old.read(info))
        for name, text in members.items():
            new.writestr(name, text)
    return room.getvalue()


def member(content: bytes, name: str) -> str:
    """Return one member of a ZIP package as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


@cache
def document() -> bytes:
    """Return a document with text in every place there is."""
    made = docx.Document()
    made.add_paragraph("正文第一段")
    rows = made.add_table(2, 2)
    for place, text in enumerate(("姓名", "电话", "张三", "13800000000")):
        rows.cell(place // 2, place % 2).text = text
    made.sections[0].header.paragraphs[0].text = "社外秘"
    made.sections[0].footer.paragraphs[0].text = "页脚编号"
    made.core_properties.title = "题目"
    room = io.BytesIO()
    made.save(room)
    content = room.getvalue()
    body = member(content, "word/document.xml").replace(
        "<w:sectPr", BOX + TRACKED + SPLIT + FIELD + "<w:sectPr", 1
    )
    return with_members(
        content,
        {
            "word/document.xml": body,
            "word/comments.xml": COMMENTS,
            "word/footnotes.xml": NOTES,
            "word/embeddings/oleObject1.xlsx": workbook(),
            "docMetadata/LabelInfo.xml": LABEL,
            "docProps/custom.xml": CUSTOM,
            "customXml/item1.xml": "<root><client>隐藏客户</client></root>",
        },
    )


@cache
def workbook() -> bytes:
    """Return a workbook with hidden sheets, comments, headers, formulas and all sorts of values."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "客户"
    sheet.append(["身份证", "日期", "数", "真"])
    sheet.append(["110101", dt.date(2024, 3, 5), 1.5, True])
    sheet.append([13812345678, dt.datetime.fromisoformat("2024-03-05T08:30"), 0.1, "带\t表\n格"])
    sheet["A5"] = 6222020000000000
    sheet["B5"] = '="口令"&A1'
    sheet["A2"].comment = openpyxl.comments.Comment("单元格批注", "a")
    sheet.oddHeader.center.text = "极秘"
    hidden = made.create_sheet("藏")
    hidden.sheet_state = "veryHidden"
    hidden["C3"] = "很深"
    room = io.BytesIO()
    made.save(room)
    return room.getvalue()


@cache
def presentation() -> bytes:
    """Return a presentation of two slides with notes, the second of them hidden."""
    made = pptx.Presentation()
    for number in (1, 2):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = f"标题{number}"
        slide.notes_slide.notes_text_frame.text = f"备注{number}"
    slide.element.set("show", "0")
    room = io.BytesIO()
    made.save(room)
    return with_members(room.getvalue(), {"ppt/comments/comment1.xml": "<c><cm><text>讲评</text></cm></c>"})
