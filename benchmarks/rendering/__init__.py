"""Renders planted lines and tables as files of every format, the way programs of people break them up.

Used by the bench of accuracy.  Runs and tags part values in the middle, pages end lines in the middle, sheets
name the kind of a column only in its head, mails are encoded, and archives hold the others.  What cannot be
written in an older encoding is left out of its files.  LibreOffice writes the older formats where it is
installed.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from shutil import which

from benchmarks.rendering.office import as_docx, as_odt, as_pptx, as_rtf, as_xlsx
from benchmarks.rendering.pages import as_bare_pdf, as_html, as_pdf
from benchmarks.rendering.papers import Line, Paper, Random, Renderer, lines_of, table_of
from benchmarks.rendering.texts import as_csv, as_eml, as_sjis_csv, as_sjis_text, as_text
from tests.fakes.open_files import zipped

__all__ = ["FORMATS", "OLDER", "Line", "Paper", "lines_of", "older", "table_of"]

INNER: dict[str, Renderer] = {
    "报价.docx": as_docx,
    "名单.csv": as_csv,
    "来信.eml": as_eml,
    "说明.html": as_html,
}


def as_zip(paper: Paper, source: Random) -> bytes:
    """Return an archive with names in GBK that holds a share of the lines in each of several formats."""
    members = {}
    for number, (name, renderer) in enumerate(INNER.items()):
        share = Paper(paper.lines[number :: len(INNER)], paper.table)
        members[name] = renderer(share, source)
        paper.planted.extend(share.planted)
    deep = zipped({"内层/名单.csv": members.pop("名单.csv")}, "gbk")
    return zipped({**members, "内层.zip": deep}, "gbk")


FORMATS: dict[str, Renderer] = {
    "txt": as_text,
    "txt sjis": as_sjis_text,
    "csv gb": as_csv,
    "csv sjis": as_sjis_csv,
    "docx": as_docx,
    "xlsx": as_xlsx,
    "pptx": as_pptx,
    "pdf": as_pdf,
    "pdf bare": as_bare_pdf,
    "html": as_html,
    "eml": as_eml,
    "rtf": as_rtf,
    "odt": as_odt,
    "zip": as_zip,
}
OLDER = {"doc": as_docx, "xls": as_xlsx, "ppt": as_pptx}  # what LibreOffice makes them from


def older(papers: Sequence[Paper], ending: str, source: Random) -> list[bytes]:
    """Return the papers in an older format, written by LibreOffice; none where it is not installed."""
    office = which("soffice")
    if not office:
        return []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for number, paper in enumerate(papers):
            (folder / f"{number}.{ending}x").write_bytes(OLDER[ending](paper, source))
        command = [
            office,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            ending,
        ]
        command += ["--outdir", str(folder), *(str(folder / f"{n}.{ending}x") for n in range(len(papers)))]
        subprocess.run(command, check=True, capture_output=True)
        return [(folder / f"{number}.{ending}").read_bytes() for number in range(len(papers))]
