"""Marks in PDF: a form per size of page, set over its content as an artifact; labels in XMP and docinfo.

Sources: ISO 32000-2, 8.10 (form XObjects), 14.8.2.2 (artifacts), 14.3.2 (metadata), 7.7.3.3 (boxes,
rotation). The content of a page is kept as it is between two streams of ours that bear the key
`/ShoumiMark`; the form's name begins with it, too.  Attachments are left as they are: they are files of
their own.
"""

# ruff: noqa: ANN401 - the objects of pikepdf are dynamic

from __future__ import annotations

import io
import math
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from shoumi.engine.marking.errors import (
    DamagedError,
    EncryptedError,
    SignedError,
    TooLargeError,
    UnsupportedFeatureError,
)
from shoumi.engine.marking.properties import LABEL_SET, PREFIX, labels_from, msip_pairs, pairs_of
from shoumi.engine.marking.typeface import Typeface, embedded, opened
from shoumi.engine.marking.values import Form, Labels, Mark
from shoumi.engine.marking.wording import (
    banner_lines,
    characters,
    footer_lines,
    header_line,
    watermark_line,
)
from shoumi.engine.marking.xmp import packet_with, packet_without

MOST_PAGES: Final = 5_000
KEY: Final = "/ShoumiMark"
_DEPTH: Final = 64  # of page trees and fields
_A4: Final = 595.0
_RED: Final = "0.70 0.15 0.12 rg 0.70 0.15 0.12 RG"


def mark_pdf(content: bytes, mark: Mark, form: Form) -> bytes:
    """Return `content` with this mark and no earlier one of ours.

    Raises:
        EncryptedError, SignedError, DamagedError, TooLargeError, UnsupportedFeatureError: see there.
        MarkTextError: `form` brings no font.
    """
    pdf = _opened(content)
    _erase(pdf)
    face = opened(form.typeface)
    resources = Dictionary(
        Font=Dictionary(M=embedded(pdf, face, characters(mark, form))),
        ExtGState=Dictionary(W=Dictionary(ca=0.16, CA=0.16), B=Dictionary(ca=0.85, CA=1.0)),
    )
    made: dict[tuple[float, float, bool], Any] = {}
    seen = set()
    for number, page in enumerate(pdf.pages):
        if page.obj.objgen in seen:
            continue  # one page shown twice
        seen.add(page.obj.objgen)
        left, bottom, right, top, turned = _visible(page)
        width, height = (top - bottom, right - left) if turned in {90, 270} else (right - left, top - bottom)
        banner = number == 0 and form.banner
        key = (round(width, 2), round(height, 2), banner)
        if key not in made:
            drawn = _drawn(face, mark, form, width=width, height=height, banner=banner)
            made[key] = pdf.make_indirect(
                Stream(pdf, drawn, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, *key[:2]]),
                       Resources=resources)
            )  # fmt: skip
        name = f"{KEY}{list(made).index(key)}"
        _overlay(pdf, page, name, made[key], _placed(left, bottom, right, top, turned))
    _label(pdf, mark, form)
    return _saved(pdf)


def unmark_pdf(content: bytes) -> bytes:
    """Return `content` without any mark of ours; the very bytes if there was none."""
    pdf = _opened(content)
    if not _erase(pdf):
        return content
    return _saved(pdf)


def read_pdf(content: bytes) -> Labels:
    """Return what the document information says."""
    pdf = _opened(content, read_only=True)
    info: Any = pdf.trailer.get("/Info")
    if not isinstance(info, Dictionary):
        return Labels()
    return labels_from({key[1:]: str(value) for key, value in info.items() if isinstance(value, String)})


def _opened(content: bytes, *, read_only: bool = False) -> Pdf:
    try:
        pdf = Pdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise EncryptedError from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise DamagedError(reason="it is no PDF, or broken beyond repair") from error
    if pdf.is_encrypted:
        raise EncryptedError
    if len(pdf.pages) > MOST_PAGES:
        raise TooLargeError(what="number of pages", limit=MOST_PAGES)
    if not pdf.pages:
        raise DamagedError(reason="it has no pages")
    if not read_only:
        _verify_markable(pdf)
    return pdf


def _verify_markable(pdf: Pdf) -> None:
    if "/DocMDP" in pdf.Root.get("/Perms", Dictionary()):
        raise SignedError
    forms: Any = pdf.Root.get("/AcroForm")
    if isinstance(forms, Dictionary):
        if _has_signature(forms.get("/Fields", Array()), 0):
            raise SignedError
        if "/XFA" in forms and pdf.Root.get("/NeedsRendering", False):
            raise UnsupportedFeatureError(reason="its pages are drawn by a form program (XFA)")


def _has_signature(fields: Any, depth: int) -> bool:
    if depth > _DEPTH or not isinstance(fields, Array):
        return False
    for field in fields:
        if not isinstance(field, Dictionary):
            continue
        if field.get("/FT") == Name.Sig and "/V" in field:
            return True
        if _has_signature(field.get("/Kids", Array()), depth + 1):
            return True
    return False


def _saved(pdf: Pdf) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream, deterministic_id=True, min_version="1.4", fix_metadata_version=False)
    return stream.getvalue()


# --- pages


def _inherited(node: Any, key: str, default: Any) -> Any:
    for _step in range(_DEPTH):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return default


def _box(value: Any) -> tuple[float, float, float, float] | None:
    try:
        x1, y1, x2, y2 = (float(number) for number in value)
    except (TypeError, ValueError):
        return None
    found = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    return found if all(map(math.isfinite, found)) and found[0] < found[2] and found[1] < found[3] else None


def _visible(page: Any) -> tuple[float, float, float, float, int]:
    """Return what of a page is shown, in its own coordinates, and by how many degrees it is turned."""
    media = _box(_inherited(page.obj, "/MediaBox", None)) or (0.0, 0.0, 612.0, 792.0)
    crop = _box(_inherited(page.obj, "/CropBox", None)) or media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if left >= right or bottom >= top:
        left, bottom, right, top = media
    try:
        turned = int(_inherited(page.obj, "/Rotate", 0)) % 360
    except (TypeError, ValueError):
        turned = 0
    return left, bottom, right, top, turned if turned in {90, 180, 270} else 0


def _placed(left: float, bottom: float, right: float, top: float, turned: int) -> str:
    """Return the matrix from what the reader sees, origin at its lower left, to the page."""
    matrix = {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, right, bottom),
        180: (-1, 0, 0, -1, right, top),
        270: (0, -1, 1, 0, left, top),
    }[turned]
    return " ".join(f"{number:g}" for number in matrix)


def _overlay(pdf: Pdf, page: Any, name: str, form: Any, matrix: str) -> None:
    """Set `form` over the content of a page."""
    node = page.obj
    resources: Any = _inherited(node, "/Resources", None)
    if not isinstance(resources, Dictionary):
        node.Resources = resources = Dictionary()
    if not isinstance(resources.get("/XObject"), Dictionary):
        resources.XObject = Dictionary()
    resources.XObject[name] = form
    before = pdf.make_stream(b"q\n")
    after = pdf.make_stream(
        b"\nQ\n/Artifact <</Type /Pagination /Subtype /Watermark>> BDC"
        + f" q {matrix} cm {name} Do Q EMC\n".encode()
    )
    for stream in (before, after):
        stream[KEY] = True
    node.Contents = Array([before, *_streams(node), after])


def _streams(node: Any) -> list[Any]:
    held = node.get("/Contents")
    if isinstance(held, Array):
        return [item for item in held if isinstance(item, Stream)]
    return [held] if isinstance(held, Stream) else []


def _erase(pdf: Pdf) -> bool:
    """Take out all that bears our sign; tell whether there was anything."""
    found = False
    for page in pdf.pages:
        node = page.obj
        streams = _streams(node)
        kept = [stream for stream in streams if KEY not in stream]
        if len(kept) < len(streams):
            found = True
            if kept:
                node.Contents = kept[0] if len(kept) == 1 else Array(kept)
            else:
                del node["/Contents"]
        resources: Any = _inherited(node, "/Resources", None)
        if isinstance(resources, Dictionary) and isinstance(resources.get("/XObject"), Dictionary):
            mine = [key for key in list(resources.XObject.keys()) if key.startswith(KEY)]
            for key in mine:
                del resources.XObject[key]
            if mine and not len(resources.XObject):
                del resources["/XObject"]
    return _unlabel(pdf) or found


# --- labels


def _label(pdf: Pdf, mark: Mark, form: Form) -> None:
    pairs = pairs_of(mark, form)
    metadata: Any = pdf.Root.get("/Metadata")
    packet = metadata.read_bytes() if isinstance(metadata, Stream) else b""
    new = packet_with(packet, pairs)
    pdf.Root.Metadata = pdf.make_stream(new, Type=Name.Metadata, Subtype=Name.XML)
    info: Any = pdf.trailer.get("/Info")
    if not isinstance(info, Dictionary):
        info = pdf.trailer.Info = pdf.make_indirect(Dictionary())
    held = " ".join(info.keys())
    if form.label and f"/MSIP_Label_{form.label.label_id}" not in held:
        pairs |= msip_pairs(form.label, form.content_bits) | {LABEL_SET: form.label.label_id}
    for key, value in pairs.items():
        info[f"/{key}"] = String(value)


def _unlabel(pdf: Pdf) -> bool:
    metadata: Any = pdf.Root.get("/Metadata")
    if isinstance(metadata, Stream):
        packet = metadata.read_bytes()
        left = packet_without(packet)
        if not left:
            del pdf.Root["/Metadata"]
        elif left != packet:
            pdf.Root.Metadata = pdf.make_stream(left, Type=Name.Metadata, Subtype=Name.XML)
    info: Any = pdf.trailer.get("/Info")
    if not isinstance(info, Dictionary):
        return False
    label = str(info.get(f"/{LABEL_SET}", ""))
    prefixes = (f"/{PREFIX}", f"/MSIP_Label_{label}_") if label else (f"/{PREFIX}",)
    mine = [key for key in list(info.keys()) if key.startswith(prefixes)]
    for key in mine:
        del info[key]
    if mine and not len(info):
        del pdf.trailer["/Info"]
    return bool(mine)


# --- what is drawn, in the coordinates that the reader sees


def _drawn(  # noqa: PLR0913 - words, looks and size
    face: Typeface, mark: Mark, form: Form, *, width: float, height: float, banner: bool
) -> bytes:
    scale = max(0.4, min(1.6, min(width, height) / _A4))
    lines = []
    if form.watermark:
        lines.append(_slanted(face, watermark_line(mark, form), width, height))
    if form.header:
        lines.append(_centred(face, header_line(mark), width, height - 11 * scale, 7 * scale))
    if form.footer:
        for at, line in enumerate(reversed(footer_lines(mark, form))):
            lines.append(_centred(face, line, width, (5 + 8.5 * at) * scale, 6.5 * scale))
    if banner:
        lines.append(_boxed(face, banner_lines(mark), width, height - 17 * scale, 8 * scale))
    return "\n".join(lines).encode()


def _fitting(face: Typeface, text: str, size: float, room: float) -> float:
    wide = face.width(text, size)
    return size if wide <= room else size * room / wide


def _centred(face: Typeface, text: str, width: float, y: float, size: float) -> str:
    size = _fitting(face, text, size, width * 0.96)
    x = (width - face.width(text, size)) / 2
    return f"BT {_RED} /M {size:.2f} Tf {x:.2f} {y:.2f} Td <{face.encoded(text)}> Tj ET"


def _boxed(face: Typeface, lines: list[str], width: float, top: float, size: float) -> str:
    size = min(_fitting(face, line, size, width * 0.9) for line in lines)
    wide = max(face.width(line, size) for line in lines) + 2 * size
    tall = len(lines) * size * 1.4 + size * 0.8
    x = (width - wide) / 2
    text = "\n".join(
        _centred(face, line, width, top - size * (1.2 + 1.4 * at), size) for at, line in enumerate(lines)
    )
    frame = f"q /B gs 1 1 1 rg 0.70 0.15 0.12 RG 0.8 w {x:.2f} {top - tall:.2f} {wide:.2f} {tall:.2f} re B Q"
    return f"{frame}\n{text}"


def _slanted(face: Typeface, text: str, width: float, height: float) -> str:
    angle = math.atan2(height, width)
    size = min(60.0, 0.72 * math.hypot(width, height) / max(1.0, face.width(text, 1)))
    half = face.width(text, size) / 2
    cos, sin = math.cos(angle), math.sin(angle)
    x = width / 2 - half * cos + size * 0.35 * sin
    y = height / 2 - half * sin - size * 0.35 * cos
    return (
        f"q /W gs BT 0.3 0.3 0.3 rg /M {size:.2f} Tf {cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f}"
        f" {x:.2f} {y:.2f} Tm <{face.encoded(text)}> Tj ET Q"
    )
