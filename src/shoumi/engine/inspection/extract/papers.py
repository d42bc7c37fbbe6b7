"""PDF: text of each page, form fields, annotations, attachments, properties, pictures, and scans for OCR.

Sources: ISO 32000-2; the interface of PDFium (fpdfview.h, fpdf_text.h, fpdf_annot.h, fpdf_attachment.h).
PDFium is started anew without a path to fonts: text needs none, and looking for a substitute of each CJK
font that is not embedded takes ten times as long as the rest.  Runs no script of the document.
"""

from __future__ import annotations

import ctypes
import io
import re
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.layout import laid_out
from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.extract.markup import all_text, attributes
from shoumi.engine.inspection.values import PartKind, Reason

_NO_FONTS: Final = b"/dev/null/no-fonts"
_XMP: Final = (b"<x:xmpmeta", b"</x:xmpmeta>")
_PACKETS_MOST: Final = 100
_XMP_MOST: Final = 1 << 20
_XMP_TAG: Final = re.compile(r"<rdf:Description\s([^>]*)>")
_NOTE_KEYS: Final = (b"Contents", b"T", b"RC", b"Subj")
_SCAN_SCALE: Final = 200 / 72  # dots an inch over points an inch
_SCAN_SIDE_MOST: Final = 6_000  # pixels
_FEW_LETTERS: Final = 20  # a page with a picture and no more text than that is a scan
_ATTACHMENTS_MOST: Final = 10_000
_ANNOTATIONS_MOST: Final = 5_000


def read_pdf(content: bytes, harvest: Harvest) -> None:
    """Read a PDF page by page; a broken page is noted and the next one read.

    Raises:
        ClosedError: it has a password, or is no PDF that can be repaired.
    """
    _start_without_fonts()
    try:
        paper = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise ClosedError(Reason.ENCRYPTED, "a PDF with a password") from error
        raise ClosedError(Reason.DAMAGED, "no PDF that PDFium can repair") from error
    try:
        _read_properties(paper, content, harvest)
        _read_attachments(paper, harvest)
        _read_pages(paper, harvest)
    finally:
        paper.close()


@cache
def _start_without_fonts() -> None:
    """Start PDFium of this process anew with an empty font path."""
    paths = (ctypes.c_char_p * 2)(_NO_FONTS, None)
    config = pdfium.FPDF_LIBRARY_CONFIG(version=2)
    config.m_pUserFontPaths = ctypes.cast(paths, type(config.m_pUserFontPaths))
    pdfium.FPDF_DestroyLibrary()
    pdfium.FPDF_InitLibraryWithConfig(config)


def _read_properties(paper: pypdfium2.PdfDocument, content: bytes, harvest: Harvest) -> None:
    for key, value in paper.get_metadata_dict(skip_empty=True).items():
        harvest.text(PartKind.PROPERTY, value, key)
    place = 0
    for _number in range(_PACKETS_MOST):
        first = content.find(_XMP[0], place)
        place = content.find(_XMP[1], first)
        if min(first, place) < 0:
            break
        text = content[first : min(place, first + _XMP_MOST)].decode("utf-8", "replace")
        for tag in _XMP_TAG.findall(text):
            for key, value in attributes(tag).items():
                if key not in {"about", "xmlns"} and not value.startswith("http://"):
                    harvest.text(PartKind.PROPERTY, value, f"XMP {key}")
        harvest.text(PartKind.PROPERTY, all_text(text), "XMP")


def _read_attachments(paper: pypdfium2.PdfDocument, harvest: Harvest) -> None:
    for place in range(min(paper.count_attachments(), _ATTACHMENTS_MOST)):
        try:
            attachment = paper.get_attachment(place)
            name = attachment.get_name() or f"attachment {place + 1}"
            data = bytes(attachment.get_data())
        except (pypdfium2.PdfiumError, ValueError) as error:
            harvest.closed(Reason.DAMAGED, f"an attachment that cannot be unpacked: {type(error).__name__}")
            continue
        harvest.nested(name, harvest.unpacked(data))


def _read_pages(paper: pypdfium2.PdfDocument, harvest: Harvest) -> None:
    count = len(paper)
    form = paper.init_forms() if paper.get_formtype() else None
    _ = form  # PDFium fills in the fields' faces while it lives
    broken = 0
    before = harvest.told
    for place in range(count):
        harvest.spend("pages", 1, harvest.limits.pages)
        try:
            page = paper[place]
        except pypdfium2.PdfiumError:
            broken += 1
            continue
        try:
            _read_page(page, str(place + 1), harvest)
        except pypdfium2.PdfiumError:
            broken += 1
        finally:
            page.close()
    if broken:
        harvest.closed(Reason.DAMAGED, f"{broken} of {count} pages cannot be read")
    elif not count:
        harvest.closed(Reason.DAMAGED, "no page")
    elif harvest.told == before:  # damaged, blank, or letters drawn as lines
        harvest.closed(Reason.UNKNOWN, f"neither text nor a picture on {count} pages")


def _read_page(page: pypdfium2.PdfPage, number: str, harvest: Harvest) -> None:
    letters = page.get_textpage()
    text = letters.get_text_range(errors="replace") if letters.count_chars() else ""
    text = laid_out(letters, text) if text else ""
    letters.close()
    text = text.replace("\ufffe", "").replace("\uffff", "")  # where PDFium met a hyphen at a line's end
    harvest.text(PartKind.PAGE, text, number)
    _read_annotations(page, number, harvest)
    pictures = _read_pictures(page, number, harvest)
    if harvest.outside.look and pictures and len(text.strip()) < _FEW_LETTERS:
        _render(page, number, harvest)


def _read_annotations(page: pypdfium2.PdfPage, number: str, harvest: Harvest) -> None:
    """Add fields of forms and what people have written on the page."""
    for place in range(min(pdfium.FPDFPage_GetAnnotCount(page), _ANNOTATIONS_MOST)):
        note = pdfium.FPDFPage_GetAnnot(page, place)
        if not note:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(note) == pdfium.FPDF_ANNOT_WIDGET:
                value = _annotation(note, b"V")
                harvest.text(PartKind.FORM, value, _annotation(note, b"T"))
                hint = _annotation(note, b"TU")
                harvest.text(PartKind.FORM, hint, "hint")
            else:
                for key in _NOTE_KEYS:
                    words = _annotation(note, key)
                    harvest.text(PartKind.COMMENT, all_text(words) if key == b"RC" else words, number)
        finally:
            pdfium.FPDFPage_CloseAnnot(note)


def _annotation(note: object, key: bytes) -> str:
    """Return a string of an annotation."""
    size = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
    if size <= 2:  # noqa: PLR2004 - nothing but the end mark of UTF-16
        return ""
    room = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFAnnot_GetStringValue(note, key, room, size)
    return bytes(room)[: size - 2].decode("utf-16-le", "replace")


def _read_pictures(page: pypdfium2.PdfPage, number: str, harvest: Harvest) -> int:
    """Keep the pictures of a page as they are stored, or as PNG where they are no file; return how many."""
    count = 0
    for found in _picture_objects(page):
        count += 1
        room = io.BytesIO()
        try:
            filters = found.get_filters()
            if filters and filters[-1] in {"DCTDecode", "JPXDecode"}:
                room.write(bytes(found.get_data(decode_simple=True)))
            else:
                wide, high = found.get_px_size()
                if wide * high > _SCAN_SIDE_MOST**2:
                    continue
                found.get_bitmap().to_pil().save(room, "PNG", compress_level=1)
        except (pypdfium2.PdfiumError, ValueError, OSError, zlib.error):
            continue  # a picture that does not show
        harvest.picture(room.getvalue(), number, look=False)
    return count


def _picture_objects(page: pypdfium2.PdfPage) -> Iterator[pypdfium2.PdfImage]:
    for found in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        if isinstance(found, pypdfium2.PdfImage):
            yield found


def _render(page: pypdfium2.PdfPage, number: str, harvest: Harvest) -> None:
    """Hand a page that is all picture to whoever reads pictures."""
    if not harvest.outside.look:
        return
    harvest.spend("scan_pages", 1, harvest.limits.scan_pages)
    scale = min(_SCAN_SCALE, _SCAN_SIDE_MOST / max(*page.get_size(), 1))
    room = io.BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(room, "PNG", compress_level=1)
    harvest.outside.look(room.getvalue(), harvest, number)
