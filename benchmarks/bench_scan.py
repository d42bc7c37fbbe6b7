"""`shoumi scan` of many mixed files, beside `find … | sha256sum` over the same files in the same run.

Files: plain text in UTF-8, GB18030 and Shift_JIS, CSV, HTML, JSON, mail, docx, xlsx, zip with members and gz;
one in ten holds a planted value.  First the report is checked: every file is told once with the hash that
sha256sum prints, every planted value is found where it was planted, and a second scan with the state inspects
nothing and tells the same.  Then wall-clock rates and their ratio are printed; nothing is asserted of them.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl

WORDS = {
    "zh": "会议讨论了下一季度的生产安排和质量改进措施，各部门按照计划推进，按时提交总结材料。",
    "ja": "会議では来期の生産計画と品質改善について話し合い、各部門は計画どおりに進めることとした。",
    "en": "The meeting went through the plans of the quarter, and every department is to report in time. ",
}
CHANCE = random.Random(20261128)  # noqa: S311 - test data


def phone() -> str:
    """Return an invented mobile number, of which there are 10⁸ in the range that is used."""
    return f"139{CHANCE.randrange(10**8):08}"


def prose(language: str, planted: str) -> str:
    """Return some paragraphs, with what is planted in the middle."""
    lines = [WORDS[language] * CHANCE.randrange(2, 12) for _ in range(CHANCE.randrange(2, 20))]
    if planted:
        lines.insert(len(lines) // 2, f"手机：{planted}")
    return "\n".join(lines)


def as_docx(text: str) -> bytes:
    """Return a document with the lines as paragraphs."""
    document, stream = docx.Document(), io.BytesIO()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(stream)
    return stream.getvalue()


def as_xlsx(text: str) -> bytes:
    """Return a workbook with a line in each row."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for number, line in enumerate(text.splitlines()):
        book.active.append([number, line])
    book.save(stream)
    return stream.getvalue()


def as_zip(text: str) -> bytes:
    """Return an archive with the text in a folder."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("内部/正文.txt", text)
    return stream.getvalue()


def as_mail(text: str) -> bytes:
    """Return a message."""
    head = "From: a@example.com\nTo: b@example.com\nSubject: plan\nContent-Type: text/plain; charset=utf-8\n"
    return f"{head}Content-Transfer-Encoding: 8bit\n\n{text}\n".encode()


KINDS: list[tuple[str, str, int, Callable[[str], bytes]]] = [  # suffix, language, share, how
    (".txt", "zh", 30, str.encode),
    (".txt", "zh", 10, lambda text: text.encode("gb18030")),
    (".txt", "ja", 10, lambda text: text.encode("cp932", "replace")),
    (".md", "en", 15, str.encode),
    (
        ".csv",
        "zh",
        8,
        lambda text: "".join(f"{n},{line}\n" for n, line in enumerate(text.splitlines())).encode(),
    ),
    (
        ".html",
        "ja",
        8,
        lambda text: f"<html><body><p>{text.replace(chr(10), '</p><p>')}</p></body></html>".encode(),
    ),
    (".json", "en", 5, lambda text: json.dumps({"text": text}, ensure_ascii=False).encode()),
    (".eml", "zh", 4, as_mail),
    (".docx", "zh", 3, as_docx),
    (".xlsx", "ja", 2, as_xlsx),
    (".zip", "zh", 3, as_zip),
    (".gz", "en", 2, lambda text: gzip.compress(text.encode(), mtime=0)),
]


def generate(folder: Path, count: int) -> dict[str, str]:
    """Write `count` files; return what was planted, by path."""
    planted = {}
    weights = [share for _, _, share, _ in KINDS]
    for number in range(count):
        suffix, language, _, how = CHANCE.choices(KINDS, weights)[0]
        path = folder / f"{number % 100:02}" / f"{number:06}{suffix}"
        path.parent.mkdir(exist_ok=True)
        value = phone() if number % 10 == 0 else ""
        path.write_bytes(how(prose(language, value)))
        if value:
            planted[str(path)] = value
    return planted


def scanned(folder: Path, jobs: int, *more: str) -> tuple[list[dict], float]:
    """Return the lines of a report and how long the whole command took."""
    command = [
        sys.executable,
        "-m",
        "shoumi.cli",
        "scan",
        str(folder),
        "--format",
        "jsonl",
        "--jobs",
        str(jobs),
    ]
    began = time.perf_counter()
    done = subprocess.run([*command, *more], capture_output=True, check=False)
    taken = time.perf_counter() - began
    assert done.returncode in {0, 10, 11, 12}, done.stderr.decode()[-500:]
    return [json.loads(line) for line in done.stdout.splitlines()], taken


def summed(folder: Path) -> tuple[dict[str, str], float]:
    """Return what `find … | xargs sha256sum` prints, and how long it took."""
    began = time.perf_counter()
    done = subprocess.run(
        ["sh", "-c", 'find "$1" -type f -print0 | xargs -0 sha256sum', "sh", str(folder)],
        capture_output=True,
        check=True,
    )
    taken = time.perf_counter() - began
    return {line[66:]: line[:64] for line in done.stdout.decode().splitlines()}, taken


def check(lines: list[dict], sums: dict[str, str], planted: dict[str, str]) -> None:
    """Assert that the report is whole and right."""
    files = [line for line in lines if line["record"] == "file"]
    assert {line["path"]: line["sha256"] for line in files} == sums
    assert len(files) == len(sums)
    found: dict[str, set[str]] = {}
    for line in lines:
        if line["record"] == "finding" and line["id"].endswith(".mobile"):
            found.setdefault(line["path"].split("!/")[0], set()).add(line["text"])
    missed = [path for path, value in planted.items() if value not in found.get(path, set())]
    assert not missed, f"{len(missed)} planted values were missed, the first in {missed[0]}"


def main() -> None:
    """Generate, check, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shoumi-bench-") as scratch:
        folder = Path(scratch) / "share"
        folder.mkdir()
        planted = generate(folder, args.files)
        sums, _cold = summed(folder)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        lines, _taken = scanned(folder, args.jobs, "--reveal")
        check(lines, sums, planted)
        state = Path(scratch) / "state"
        lines, whole = scanned(folder, args.jobs, "--since", str(state))
        again, unchanged = scanned(folder, args.jobs, "--since", str(state))
        assert all(line["reused"] for line in again if line["record"] == "file")
        kept = ("record", "path", "id", "location", "text", "verdict")
        assert [[line.get(key) for key in kept] for line in again[:-1]] == [
            [line.get(key) for key in kept] for line in lines[:-1]
        ]
        _sums, reference = summed(folder)
    print(
        f"{args.files:,} files, {size / 1e6:.1f} MB, {len(planted):,} planted values found, {args.jobs} jobs"
    )
    for name, taken in (
        ("find | sha256sum", reference),
        ("shoumi scan", whole),
        ("shoumi scan, nothing changed", unchanged),
    ):
        rate = f"{args.files / taken:10,.0f} files/s {size / taken / 1e6:8.1f} MB/s"
        print(f"{name:30} {taken:8.2f} s {rate} {taken / reference:8.1f} × sha256sum")


if __name__ == "__main__":
    main()
