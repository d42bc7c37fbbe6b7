"""LibreOffice opens what was marked, and prints the mark on every page: one run over many files at once."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.fakes.foreign_files.documents import documents
from tests.fakes.foreign_files.slides import presentations
from tests.fakes.foreign_files.workbooks import workbooks
from tests.fakes.marks import CHANGED, CHINESE, JAPANESE, form

from shoumi.engine.marking.marking import Kind, mark, unmark

CHOSEN = {
    Kind.DOCX: ("3-111-rich", "3-000-landscape", "1-010-plain", "1-101-rich", "no-section", "text-box-first"),
    Kind.XLSX: ("openpyxl-all-rich-1", "openpyxl--hidden-0", "xlsxwriter-111", "xlsxwriter-010"),
    Kind.PPTX: ("rich-1", "layout6-0", "hidden-masters"),
}
FILES = {Kind.DOCX: documents(), Kind.XLSX: workbooks(), Kind.PPTX: presentations()}


def samples():
    """Yield kind, name and content of the chosen files."""
    for kind, stems in CHOSEN.items():
        for stem in stems:
            name = next(name for name in FILES[kind] if name.startswith(f"{stem}."))
            yield kind, name, FILES[kind][name]


def converted(folder: Path, files: dict[str, bytes]) -> dict[str, list[str]]:
    """Return the text of each printed page of each file."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder / "out"]
    subprocess.run(
        [*command, *(folder / name for name in files)], check=True, capture_output=True, timeout=300
    )
    pages = {}
    for name in files:
        made = folder / "out" / f"{Path(name).stem}.pdf"
        run = subprocess.run(["pdftotext", "-layout", made, "-"], capture_output=True, check=True)
        pages[name] = ["".join(page.split()) for page in run.stdout.decode().split("\f")[:-1]]
    return pages


@pytest.mark.slow
@pytest.mark.requirement("MRK-02", "MRK-07", "CPU-09")
def test_every_printed_page_carries_the_mark_and_none_does_after_it_is_taken_out(tmp_path):
    files: dict[str, bytes] = {}
    expected = {}
    for number, (kind, name, content) in enumerate(samples()):
        wanted = JAPANESE if number % 2 else CHINESE
        suffix = Path(name).suffix
        marked = mark(content, kind, wanted, form())
        files[f"marked{number}{suffix}"] = marked
        expected[f"marked{number}{suffix}"] = wanted
        if kind != Kind.XLSX or number % 2 == 0:
            files[f"changed{number}{suffix}"] = mark(marked, kind, CHANGED, form())
            files[f"restored{number}{suffix}"] = unmark(marked, kind)
            files[f"original{number}{suffix}"] = content
    pages = converted(tmp_path, files)
    for name, wanted in expected.items():
        number = name.removeprefix("marked")
        for page in pages[name]:
            for part in (wanted.level, wanted.title, wanted.period):
                assert "".join(part.split()) in page, (name, part, page[:80])
        assert "".join(wanted.reminder.split()) in "".join(pages[name])
        if f"changed{number}" in pages:
            text = "".join(pages[f"changed{number}"])
            assert CHANGED.level in text
            assert "核心商密" not in text
            assert wanted.level not in "".join(pages[f"restored{number}"])
            assert pages[f"restored{number}"] == pages[f"original{number}"]
