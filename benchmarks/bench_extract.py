"""Documents a second in each format, beside the bare extraction library on the same files in the same run.

Corpus: Chinese and Japanese office prose with tables, made here; LibreOffice writes the older and the open
formats from it.  Time is the processor time of this one process, best of three.  Asserted before a figure is
printed: each planted number stands in what we extracted.  The references read less (python-docx no headers or
comments, calamine no comments or properties), which the last column tells: hidden places found.
Also: right guesses of encodings for short texts, beside charset-normalizer.
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import docx
import openpyxl
import openpyxl.comments
import pptx
import pypdfium2
import python_calamine
from tests.fakes.open_files import eml, zipped

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.extract.charsets import charset_of

WORDS = (
    "本合同由甲乙双方签订技术图纸配方客户名单报价交货验收付款违约责任保密期限"
    "この資料は社外秘です顧客見積図面設計工程品質検査"
)
HIDDEN = ("页眉机密", "批注机密", "题目机密", "备注机密")
Reader = Callable[[bytes], object]


def prose(chance: random.Random, length: int) -> str:
    """Return so many characters in no order."""
    return "".join(chance.choices(WORDS, k=length))


def plant(chance: random.Random) -> str:
    """Return a number in a range where nobody has a telephone."""
    return f"100{chance.randrange(10**8):08}"


def word(chance: random.Random, numbers: list[str]) -> bytes:
    """Return a document of 200 paragraphs and a table of 100 rows."""
    made = docx.Document()
    for number in numbers[:100]:
        made.add_paragraph(prose(chance, 60))
        made.add_paragraph(f"{prose(chance, 20)}{number}{prose(chance, 20)}")
    rows = made.add_table(100, 4)
    for row in rows.rows:
        for cell in row.cells:
            cell.text = prose(chance, 6)
    made.sections[0].header.paragraphs[0].text = HIDDEN[0]
    made.core_properties.title = HIDDEN[2]
    made.add_comment(made.paragraphs[0].runs, HIDDEN[1])
    room = io.BytesIO()
    made.save(room)
    return room.getvalue()


def sheet(chance: random.Random, numbers: list[str]) -> bytes:
    """Return a workbook of 5,000 rows of nine cells."""
    made = openpyxl.Workbook()
    page = made.active
    for row in range(5_000):
        page.append(
            [row, prose(chance, 3), numbers[row % 100], int(numbers[row % 100]), row / 7, *["甲乙"] * 4]
        )
    page["A1"].comment = openpyxl.comments.Comment(HIDDEN[1], "a")
    page.oddHeader.center.text = HIDDEN[0]
    made.properties.title = HIDDEN[2]
    room = io.BytesIO()
    made.save(room)
    return room.getvalue()


def slides(chance: random.Random, numbers: list[str]) -> bytes:
    """Return a presentation of 40 slides."""
    made = pptx.Presentation()
    for number in numbers[:40]:
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = prose(chance, 12)
        slide.placeholders[1].text = f"{prose(chance, 60)}{number}"
        slide.notes_slide.notes_text_frame.text = HIDDEN[3]
    made.core_properties.title = HIDDEN[2]
    room = io.BytesIO()
    made.save(room)
    return room.getvalue()


def converted(folder: Path, name: str, content: bytes, endings: list[str]) -> dict[str, bytes]:
    """Return what LibreOffice makes of a file."""
    (folder / name).write_bytes(content)
    made = {}
    for ending in endings:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(folder)]
        subprocess.run([*command, str(folder / name)], check=True, capture_output=True)
        made[ending] = (folder / name).with_suffix(f".{ending}").read_bytes()
    return made


def by_docx(content: bytes) -> str:
    """Read with python-docx."""
    opened = docx.Document(io.BytesIO(content))
    cells = [cell.text for rows in opened.tables for row in rows.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in opened.paragraphs] + cells)


def by_pptx(content: bytes) -> str:
    """Read with python-pptx."""
    opened = pptx.Presentation(io.BytesIO(content))
    return "\n".join(
        shape.text_frame.text for slide in opened.slides for shape in slide.shapes if shape.has_text_frame
    )


def by_calamine(content: bytes) -> str:
    """Read with calamine."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return "\n".join(
        str(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
    )


def by_pdfium(content: bytes) -> str:
    """Read with pypdfium2."""
    paper = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in paper)


def by_email(content: bytes) -> str:
    """Read with the standard library."""
    return str(message_from_bytes(content, policy=default).get_body().get_content())


def ours(content: bytes) -> str:
    """Read as a scan does."""
    read = extract(content)
    assert not read.unreadable, read.unreadable
    return "\n".join(part.text for part in read.parts)


def seconds(reader: Reader, content: bytes, least: float) -> float:
    """Return the processor time of one reading, the best of three rounds."""
    best = float("inf")
    for _round in range(3):
        began, count = time.process_time(), 0
        while not count or time.process_time() - began < least / 3:
            reader(content)
            count += 1
        best = min(best, (time.process_time() - began) / count)
    return best


def encodings(chance: random.Random) -> None:
    """Print how many short texts are guessed right."""
    import charset_normalizer

    chinese = list(WORDS[:38])
    japanese = list(WORDS[38:])
    print("\nencodings guessed right, of 400 texts each: ours / charset-normalizer")
    for length in (4, 8, 20, 60):
        for codec, letters in (("gb18030", chinese), ("cp932", japanese), ("euc_jp", japanese)):
            right = rival = 0
            for _text in range(400):
                text = "".join(chance.choices(letters, k=length))
                raw = text.encode(codec)
                right += raw.decode(charset_of(raw), "replace") == text
                best = charset_normalizer.from_bytes(raw).best()
                rival += best is not None and str(best) == text
            print(f"  {codec:8} {length:3} characters  {right / 4:5.1f} % / {rival / 4:5.1f} %")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="of measuring, for each reader and format")
    args = parser.parse_args()
    chance = random.Random(4)  # noqa: S311 - test data
    numbers = [plant(chance) for _ in range(100)]
    text = "\n".join(f"{prose(chance, 60)}{number}" for number in numbers) * 5
    files: dict[str, bytes] = {
        "docx": word(chance, numbers),
        "xlsx": sheet(chance, numbers),
        "pptx": slides(chance, numbers),
        "txt gb18030": text.encode("gb18030"),
        "txt cp932": text.encode("cp932", "ignore"),
        "html": f"<html><body>{''.join(f'<p>{line}</p>' for line in text.splitlines())}</body>".encode(),
        "eml": eml("gb18030", "报价", text, "附件.txt", text.encode("gb18030")),
    }
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        files |= converted(folder, "a.docx", files["docx"], ["doc", "odt", "rtf", "pdf"])
        files |= converted(folder, "b.xlsx", files["xlsx"], ["xls", "ods"])
        files |= converted(folder, "c.pptx", files["pptx"], ["ppt", "odp"])
    files["zip"] = zipped({"文档.docx": files["docx"], "表.xls": files["xls"], "信.eml": files["eml"]}, "gbk")
    references: dict[str, tuple[str, Reader]] = {
        "docx": ("python-docx", by_docx),
        "pptx": ("python-pptx", by_pptx),
        **dict.fromkeys(("xlsx", "xls", "ods"), ("calamine", by_calamine)),
        "pdf": ("pypdfium2", by_pdfium),
        "eml": ("email", by_email),
        "txt gb18030": ("bytes.decode", lambda content: content.decode("gb18030")),
        "txt cp932": ("bytes.decode", lambda content: content.decode("cp932")),
    }
    print("format          KB   ours docs/s      MB/s   reference docs/s   ratio   hidden: ours / reference")
    for name, content in files.items():
        found = ours(content)
        planted = numbers[:40] if name in {"pptx", "ppt", "odp"} else numbers
        assert all(number in found for number in planted), name
        mine = 1 / seconds(ours, content, args.seconds)
        hidden = sum(each in found for each in HIDDEN)
        line = f"{name:12} {len(content) / 1000:6.0f} {mine:12.1f} {mine * len(content) / 1e6:10.1f}"
        if name in references:
            library, reader = references[name]
            theirs = 1 / seconds(reader, content, args.seconds)
            seen = sum(each in str(reader(content)) for each in HIDDEN)
            line += f"   {library:12} {theirs:8.1f} {mine / theirs:7.2f}   {hidden} / {seen}"
        else:
            line += f"{'':40}{hidden}"
        print(line)
    encodings(chance)


if __name__ == "__main__":
    main()
