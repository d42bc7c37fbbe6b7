"""Pages: HTML with tags in the middle of values, PDF with an embedded font and with none."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import weasyprint
from benchmarks.rendering.papers import Paper, Random, bare, pieces, values

WIDTH_OF_PAPER = 42  # full-width letters in a line of a page


def page(paper: Paper, source: Random, *, charset: str = "utf-8") -> str:
    """Return a page of HTML with tags in the middle of values, the table, and some letters as entities."""
    body = []
    for line in paper.lines:
        marked = []
        for number, piece in enumerate(pieces(line, source)):
            text = html.escape(bare(piece))
            if number % 7 == 3:  # noqa: PLR2004 - one piece in seven
                text = "".join(f"&#{ord(letter)};" if letter.isalnum() else letter for letter in bare(piece))
                text = text if "&" not in bare(piece) and "<" not in piece else html.escape(bare(piece))
            marked.append(f"<b>{text}</b>" if number % 2 else text)
        body.append(f"<p>{''.join(marked)}</p>")
    body.append("<table>")
    body.extend(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>"
        for row in (paper.table.heads, *paper.table.rows)
    )
    paper.planted.extend(values(paper.lines) + paper.table.values)
    head = f'<!DOCTYPE html><html><head><meta charset="{charset}"></head>'
    return f"{head}<body>{''.join(body)}</table></body></html>"


def as_html(paper: Paper, source: Random) -> bytes:
    """Return a page in GB18030 or UTF-8."""
    charset = source.choice(("utf-8", "gb18030"))
    return page(paper, source, charset=charset).encode(charset)


def as_pdf(paper: Paper, _source: Random) -> bytes:
    """Return pages that WeasyPrint sets in an embedded CJK font, the table with borders."""
    body = "".join(f"<p>{html.escape(bare(line.text))}</p>" for line in paper.lines)
    heads, *rows = (
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>"
        for row in (paper.table.heads, *paper.table.rows)
    )
    style = (
        "@page{size:A4 landscape}body{font:8pt 'Noto Sans CJK SC'}"
        "table{border-collapse:collapse;font-size:6pt}"
        "td{border:1px solid;padding:1px 3px;white-space:nowrap}"
    )
    table = f"<thead>{heads}</thead>{''.join(rows)}"
    made = weasyprint.HTML(string=f"<style>{style}</style>{body}<table>{table}</table>").write_pdf()
    paper.planted.extend(values(paper.lines) + paper.table.values)
    return bytes(made)


def _set(text: str) -> Iterator[str]:
    """Yield the lines of a paragraph, broken between letters of East Asia and at spaces."""
    row, width = "", 0.0
    for word in re.findall(r"[!-~\u200b]+|.", text):
        wide = sum(1.0 if ord(letter) > 0x2E7F else 0.5 for letter in word)  # noqa: PLR2004 - East Asia
        if row and width + wide > WIDTH_OF_PAPER:
            yield row.rstrip(" ")
            row, width = "", 0.0
            word = word.lstrip(" ")  # noqa: PLW2901 - a line begins without a space
        row, width = row + word, width + wide
    yield row


def as_bare_pdf(paper: Paper, _source: Random) -> bytes:
    """Return pages in a CJK font that is not embedded, lines full to the margin as typesetting makes them."""
    rows = []
    for at in range(0, len(paper.lines), 4):
        rows += _set("　".join(bare(line.text) for line in paper.lines[at : at + 4]))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 5>>/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox"
        b"[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>"
        b"/DW 1000/W[1 95 500]>>]>>"
    )
    kids = []
    for at in range(0, len(rows), 50):
        shown = b"".join(
            b"1 0 0 1 50 %d Tm<%s>Tj\n" % (800 - 15 * down, row.encode("utf-16-be").hex().encode())
            for down, row in enumerate(rows[at : at + 50])
        )
        stream = b"BT/F 11 Tf\n" + shown + b"ET"
        objects.append(b"<</Length %d>>stream\n" % len(stream) + stream + b"\nendstream")
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F "
            % len(objects)
            + font
            + b">>>>>>"
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[" + b" ".join(kids) + b"]/Count %d>>" % len(kids)
    made, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj" % number + each + b"endobj\n"
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    start = made.rindex(b"xref\n")
    paper.planted.extend(values(paper.lines))
    return made + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
