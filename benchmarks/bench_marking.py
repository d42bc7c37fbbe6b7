"""Setting marks into files, beside opening and saving the same file by the library that knows its format.

Reference, in the same run: python-docx, openpyxl, python-pptx and pikepdf open the file and save it
unchanged, Pillow decodes and encodes the picture.  Time is the processor time of this one process; the
sandbox is measured apart, by the wall clock, because it starts another.
Correctness first: each marked file says its mark, and marking it again changes nothing.
Aim: at most four times the library's open and save, which draw nothing; for office files 1.5 times.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from docx import Document
from openpyxl import Workbook, load_workbook
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image
from pptx import Presentation

from shoumi.engine.marking.calls import parameters_of
from shoumi.engine.marking.marking import Form, Mark, mark, read_labels
from shoumi.engine.marking.typeface import cut_out
from shoumi.engine.marking.wording import characters
from shoumi.sandbox import call

ROUNDS = 5
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
MARK = Mark(
    "SM-2026-0001", "核心商密", "至 2031-03-01", "岱岳精密陶瓷有限公司 研发部", "持有人负有保密义务。"
)


def saved(made: object) -> bytes:
    """Return the file of a document, workbook or presentation."""
    stream = io.BytesIO()
    made.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def document() -> bytes:
    """Return a document of about a hundred pages."""
    made = Document()
    for number in range(1_500):
        made.add_paragraph(f"{number} " + "工艺说明文字。" * 30)
    return saved(made)


def workbook() -> bytes:
    """Return a workbook of 200,000 cells."""
    made = Workbook(write_only=True)
    sheet = made.create_sheet("data")
    for row in range(20_000):
        sheet.append([row, f"text {row}", row * 1.5] + [row] * 7)
    return saved(made)


def presentation() -> bytes:
    """Return a presentation of a hundred slides."""
    made = Presentation()
    for number in range(100):
        made.slides.add_slide(made.slide_layouts[1]).shapes.title.text = f"标题 {number}"
    return saved(made)


def paper() -> bytes:
    """Return a PDF of 500 pages."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(500):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        text = "".join(f"BT /F1 10 Tf 60 {760 - 12 * at} Td (line {at}) Tj ET\n" for at in range(50))
        page.obj.Contents = Array([pdf.make_stream(f"% {number}\n{text}".encode())])
    return saved(pdf)


def picture(form: str) -> bytes:
    """Return a picture of eight megapixels."""
    image = Image.effect_noise((3264, 2448), 40).convert("RGB")
    stream = io.BytesIO()
    image.save(stream, form, quality=85)
    return stream.getvalue()


def again(form: str) -> Callable[[bytes], object]:
    """Return what decodes a picture and encodes it anew."""

    def work(content: bytes) -> object:
        stream = io.BytesIO()
        Image.open(io.BytesIO(content)).save(stream, form, quality=85)
        return stream.getvalue()

    return work


CASES: dict[str, tuple[str, Callable[[], bytes], Callable[[bytes], object]]] = {
    "docx, 1,500 paragraphs": ("docx", document, lambda data: saved(Document(io.BytesIO(data)))),
    "xlsx, 200,000 cells": ("xlsx", workbook, lambda data: saved(load_workbook(io.BytesIO(data)))),
    "pptx, 100 slides": ("pptx", presentation, lambda data: saved(Presentation(io.BytesIO(data)))),
    "pdf, 500 pages": ("pdf", paper, lambda data: saved(Pdf.open(io.BytesIO(data)))),
    "png, 8 megapixels": ("png", lambda: picture("PNG"), again("PNG")),
    "jpeg, 8 megapixels": ("jpeg", lambda: picture("JPEG"), again("JPEG")),
}


def milliseconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Return how long `work` takes."""
    began = clock()
    work()
    return 1000 * (clock() - began)


def main() -> int:
    """Print one line for each kind of file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    form = Form(typeface=cut_out(FONT.read_bytes(), characters(MARK, Form()), number=2))
    slow = 0
    print(f"{'file':24}{'KiB':>8}{'mark ms':>10}{'library ms':>12}{'ratio':>8}{'sandbox ms':>12}")
    for name, (kind, make, library) in CASES.items():
        content = make()
        marked = mark(content, kind, MARK, form)
        assert read_labels(marked, kind).mark == MARK
        assert mark(marked, kind, MARK, form) == marked
        ours, theirs = [], []
        for _round in range(rounds):  # interleaved, so that a busy moment hits both
            ours.append(milliseconds(lambda: mark(content, kind, MARK, form), time.process_time))  # noqa: B023
            theirs.append(milliseconds(lambda: library(content), time.process_time))  # noqa: B023
        parameters = parameters_of(kind, MARK, form)
        function = "shoumi.engine.marking.calls:marked"
        apart = milliseconds(lambda: call(function, content, parameters), time.perf_counter)  # noqa: B023
        mine, other = statistics.median(ours), statistics.median(theirs)
        slow += mine > other * (1.5 if kind in {"docx", "xlsx", "pptx"} else 4)
        print(f"{name:24}{len(content) // 1024:8}{mine:10.1f}{other:12.1f}{mine / other:8.2f}{apart:12.0f}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
