"""Documents, workbooks, presentations and rich text: runs and spans part values in the middle."""

from __future__ import annotations

import html
import io

import docx
import openpyxl
import pptx
from benchmarks.rendering.papers import ROWS, Paper, Random, bare, pieces, values
from tests.fakes.open_files import odf

LINES_OF_SLIDE = 12
PLAIN = {"cn.mobile", "jp.corporate_number"}  # cells that people let be numbers


def as_docx(paper: Paper, source: Random) -> bytes:
    """Return a document: each paragraph in runs, the table behind them."""
    made, room = docx.Document(), io.BytesIO()
    for line in paper.lines:
        paragraph = made.add_paragraph()
        for number, piece in enumerate(pieces(line, source)):
            paragraph.add_run(bare(piece)).bold = bool(number % 2)
    grid = made.add_table(0, len(paper.table.heads))
    for row in (paper.table.heads, *paper.table.rows):
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            half = len(text) // 2
            cell.paragraphs[0].add_run(text[:half])
            cell.paragraphs[0].add_run(text[half:]).italic = True
    made.save(room)
    paper.planted.extend(values(paper.lines) + paper.table.values)
    return room.getvalue()


def as_xlsx(paper: Paper, source: Random) -> bytes:
    """Return a workbook: the table below a title, and the lines in cells of a second sheet."""
    book, room = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["名单"])
    book.active.append(paper.table.heads)
    for row in paper.table.rows:
        book.active.append(
            [
                int(cell) if kind in PLAIN and cell.isascii() and cell.isdigit() else cell
                for kind, cell in zip(paper.table.kinds, row, strict=True)
            ]
        )
    notes = book.create_sheet("说明")
    for line in paper.lines:
        notes.cell(notes.max_row + 1, source.randrange(1, 4), bare(line.text).lstrip("=+-@"))
    book.save(room)
    paper.planted.extend(values(paper.lines) + paper.table.values)
    return room.getvalue()


def as_pptx(paper: Paper, source: Random) -> bytes:
    """Return a presentation: lines in boxes and notes, the table on slides of its own."""
    made, room = pptx.Presentation(), io.BytesIO()
    for at in range(0, len(paper.lines), LINES_OF_SLIDE):
        slide = made.slides.add_slide(made.slide_layouts[1])
        frame = slide.placeholders[1].text_frame
        for number, line in enumerate(paper.lines[at : at + LINES_OF_SLIDE]):
            if number % 5 == 4:  # noqa: PLR2004 - one line in five
                slide.notes_slide.notes_text_frame.add_paragraph().text = bare(line.text)
                continue
            paragraph = frame.add_paragraph()
            for place, piece in enumerate(pieces(line, source)):
                run = paragraph.add_run()
                run.text, run.font.bold = bare(piece), bool(place % 2)
    for at in range(0, ROWS, 15):
        slide = made.slides.add_slide(made.slide_layouts[5])
        rows = (paper.table.heads, *paper.table.rows[at : at + 15])
        shape = slide.shapes.add_table(len(rows), len(paper.table.heads), 0, 0, 9_000_000, 5_000_000)
        for down, row in enumerate(rows):
            for across, text in enumerate(row):
                shape.table.cell(down, across).text = text
    made.save(room)
    paper.planted.extend(values(paper.lines) + paper.table.values)
    return room.getvalue()


def as_rtf(paper: Paper, source: Random) -> bytes:
    """Return rich text: groups in the middle of values, letters by number or as octets of the code page."""
    made = [r"{\rtf1\ansi\ansicpg936\uc1{\fonttbl{\f0\fcharset134 SimSun;}}\f0 "]
    for line in paper.lines:
        for number, piece in enumerate(pieces(line, source)):
            text = "".join(_rtf_letter(letter, number % 3 == 1) for letter in bare(piece))
            made.append(r"{\b " + text + "}" if number % 2 else text)
        made.append("\\par\n")
    for row in (paper.table.heads, *paper.table.rows):
        cells = "".join(
            rf"\intbl {''.join(_rtf_letter(letter, True) for letter in cell)}\cell " for cell in row
        )
        made.append(
            r"\trowd" + "".join(rf"\cellx{900 * (at + 1)}" for at in range(len(row))) + cells + "\\row\n"
        )
    paper.planted.extend(values(paper.lines) + paper.table.values)
    return "".join([*made, "}"]).encode("ascii")


def _rtf_letter(letter: str, octets: bool) -> str:
    if letter in "\\{}":
        return "\\" + letter
    if letter.isascii():
        return letter
    if octets:
        try:
            return "".join(f"\\'{byte:02x}" for byte in letter.encode("gbk"))
        except UnicodeEncodeError:
            pass
    units = letter.encode("utf-16-le")
    codes = [int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)]
    return "".join(rf"\u{code}?" for code in codes)


def as_odt(paper: Paper, source: Random) -> bytes:
    """Return an OpenDocument text with spans in the middle of values, and the table."""
    body = []
    for line in paper.lines:
        spans = (
            f"<text:span>{html.escape(bare(piece))}</text:span>" if number % 2 else html.escape(bare(piece))
            for number, piece in enumerate(pieces(line, source))
        )
        body.append(f"<text:p>{''.join(spans)}</text:p>")
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell><text:p>{html.escape(cell)}</text:p></table:table-cell>" for cell in row
        )
        + "</table:table-row>"
        for row in (paper.table.heads, *paper.table.rows)
    )
    body.append(f"<table:table table:name='t'>{rows}</table:table>")
    paper.planted.extend(values(paper.lines) + paper.table.values)
    return odf("text", f"<office:text>{''.join(body)}</office:text>")
