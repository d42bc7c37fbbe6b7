"""A copy of a document or slide show bears its number on every page that LibreOffice prints."""

from __future__ import annotations

import io
import subprocess

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Mm
from PIL import Image
from pptx import Presentation
from tests.fakes import pages
from tests.fakes.foreign_files.documents import changed, documents, parts
from tests.fakes.foreign_files.slides import presentations
from tests.fakes.foreign_files.workbooks import workbooks
from tests.fakes.marks import CHINESE, form

from shoumi.engine.marking.errors import DamagedError, KindUnknownError, UnsupportedFeatureError
from shoumi.engine.marking.marking import Kind, mark
from shoumi.engine.marking.tiles import decode
from shoumi.engine.marking.tiles.laying import laid, parameters_of

KEY, NUMBER = bytes(range(32)), 0x0123456789AB


def copy_of(content: bytes, kind: Kind) -> bytes:
    return laid(content, parameters_of(str(kind), NUMBER, KEY))[0]


def document() -> bytes:
    """Two pages of text, the second one across."""
    made = Document()
    made.add_paragraph("烧结曲线与涂层配方的试验记录。" * 60)
    section = made.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    made.add_paragraph("电池隔膜的工艺参数。" * 60)
    return saved(made)


def show() -> bytes:
    made = Presentation()
    for _ in range(2):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = "涂层配方 2026"
    return saved(made)


def saved(made) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def printed(folder, files):
    """Return, by name, the pages of each file as LibreOffice prints them, at 150 dots to the inch."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder / "out"]
    subprocess.run(
        [*command, *(folder / name for name in files)], check=True, capture_output=True, timeout=300
    )
    for name in files:
        pdf = folder / "out" / f"{name.rsplit('.', 1)[0]}.pdf"
        subprocess.run(["pdftoppm", "-r", "150", "-png", pdf, folder / name], check=True, timeout=120)
        yield name, [Image.open(file).convert("RGB") for file in sorted(folder.glob(f"{name}-*.png"))]


@pytest.mark.requirement("MRK-07")
def test_every_printed_page_is_traced_also_after_a_visible_mark_and_jpeg(tmp_path):
    files = {
        "plain.docx": copy_of(document(), Kind.DOCX),
        "marked.docx": copy_of(mark(document(), Kind.DOCX, CHINESE, form()), Kind.DOCX),
        "show.pptx": copy_of(show(), Kind.PPTX),
    }
    for name, shown in printed(tmp_path, files):
        assert len(shown) >= 2, name
        for at, page in enumerate(shown):
            found = [each for each in decode(pages.jpeg(50)(page), [KEY]) if each.accepted]
            assert [each.copy_id for each in found] == [NUMBER], (name, at)


def test_foreign_documents_and_shows_stay_sound():
    for name in list(documents())[::3]:
        content = documents()[name]
        Document(io.BytesIO(as_document(copy_of(content, Kind.DOCX))))
    empty = 0
    for file in list(presentations())[1::2]:
        content = presentations()[file]
        if not any(name.startswith("ppt/slides/slide") for name in parts(content)):
            empty += 1
            with pytest.raises(UnsupportedFeatureError):
                copy_of(content, Kind.PPTX)
            continue
        twice = parts(copy_of(copy_of(content, Kind.PPTX), Kind.PPTX))
        assert {"ppt/media/copy-tile-1.png", "ppt/media/copy-tile-2.png"} <= set(twice)
    assert empty


def as_document(content: bytes) -> bytes:
    """Return a template or a file with macros as python-docx wants to open it."""
    types = parts(content)["[Content_Types].xml"]
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    for other in (
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
        b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ):
        types = types.replace(other, main)
    return changed(content, "[Content_Types].xml", lambda _: types)


def test_a_workbook_bears_none_and_what_is_no_document_is_refused():
    with pytest.raises(KindUnknownError):
        copy_of(next(iter(workbooks().values())), Kind.XLSX)
    with pytest.raises(DamagedError):
        copy_of(b"no document", Kind.DOCX)
