"""Makes the real files of the demonstration company: docx, xlsx, pdf and png, from nothing but invented text.

They are made when the company is loaded, so the repository carries no binary.
"""

from __future__ import annotations

import io
import random
import textwrap
from collections.abc import Callable

from django.utils.html import format_html
from docx import Document
from openpyxl import Workbook
from PIL import Image, ImageDraw, ImageFont

from shoumi.server.files.printing import pdf_of

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"

PARAGRAPHS = {
    "zh": (
        "本文件为演示用途，所有内容均为虚构。",
        "第一部分说明适用范围、职责分工和使用条件，只供知悉范围内的人员查阅。",
        "第二部分记录试验条件、测量方法和结果，数据按批次排列，便于复核。",
        "第三部分列出改进意见和待确认事项，由权属部门负责更新。",
    ),
    "ja": (
        "この文書は実演用であり、内容はすべて架空のものです。",
        "第一部では適用範囲、担当、利用条件を定め、開示範囲の者だけが閲覧できます。",
        "第二部では試験条件、測定方法、結果をロットごとに記録しています。",
        "第三部では改善案と確認待ちの事項を挙げ、所管部署が更新します。",
    ),
}
COLUMNS = {"zh": ("批次", "条件", "数值", "结果", "备注"), "ja": ("ロット", "条件", "数値", "結果", "備考")}


def language_of(text: str) -> str:
    """Return `ja` if `text` has kana, else `zh`."""
    return "ja" if any("\u3040" <= letter <= "\u30ff" for letter in text) else "zh"


def _docx(title: str, lines: tuple[str, ...], _rows: list[tuple[object, ...]]) -> bytes:
    document = Document()
    document.core_properties.title = title
    document.add_heading(title, level=1)
    for number, line in enumerate(lines, start=1):
        document.add_heading(f"{number}", level=2)
        document.add_paragraph(line)
    return _saved(document.save)


def _xlsx(title: str, _lines: tuple[str, ...], rows: list[tuple[object, ...]]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title[:28]
    sheet.append(COLUMNS[language_of(title)])
    for row in rows:
        sheet.append(row)
    sheet.freeze_panes = "A2"
    return _saved(book.save)


def _pdf(title: str, lines: tuple[str, ...], rows: list[tuple[object, ...]]) -> bytes:
    body = format_html("<h1>{}</h1>", title)
    for line in lines:
        body += format_html("<p>{}</p>", line)
    for row in rows[:12]:
        body += format_html("<p>{}</p>", "  ".join(str(cell) for cell in row))
    return pdf_of(f"<html lang='{language_of(title)}'><body>{body}</body></html>")


def _png(title: str, lines: tuple[str, ...], rows: list[tuple[object, ...]]) -> bytes:
    picture = Image.new("RGB", (960, 600), "white")
    drawing = ImageDraw.Draw(picture)
    heading, text = ImageFont.truetype(FONT, 34), ImageFont.truetype(FONT, 20)
    drawing.text((40, 32), title, fill="#182433", font=heading)
    for number, row in enumerate(rows[:6]):
        left = 60 + (number % 3) * 300
        top = 120 + (number // 3) * 150
        drawing.rounded_rectangle((left, top, left + 220, top + 96), radius=12, outline="#206bc4", width=3)
        drawing.text((left + 16, top + 34), str(row[0]), fill="#206bc4", font=text)
    for number, line in enumerate(textwrap.wrap("".join(lines), 44)[:4]):
        drawing.text((40, 450 + number * 32), line, fill="#49566c", font=text)
    return _saved(lambda stream: picture.save(stream, format="PNG"))


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


MAKERS = {"docx": _docx, "xlsx": _xlsx, "pdf": _pdf, "png": _png}


def document_make(*, title: str, kind: str) -> bytes:
    """Return the bytes of a file of `kind` (docx, xlsx, pdf, png) about `title`, in its language."""
    chance = random.Random(title)  # noqa: S311 - the same title makes the same numbers; nothing is secret here
    rows: list[tuple[object, ...]] = [
        (
            f"L{number:03}",
            chance.choice("ABCD"),
            round(chance.uniform(10, 900), 2),
            chance.choice(("OK", "OK", "NG")),
            "",
        )
        for number in range(1, 41)
    ]
    return MAKERS[kind](title, PARAGRAPHS[language_of(title)], rows)
