"""Letters for formats that must carry their own: a small font cut out of a large one, and how PDF embeds it.

Sources: ISO 32000-2, 9.7 (composite fonts), 9.9 (embedded font programs), 9.10.3 (ToUnicode); OpenType
1.9. The large font comes in as bytes; which one, and from where, is the caller's matter.
"""

# ruff: noqa: ANN401 - the objects of pikepdf are dynamic

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, TTLibError

from shoumi.engine.marking.errors import MarkTextError

ASCII: Final = "".join(map(chr, range(0x20, 0x7F)))
_DROPPED: Final = ("GSUB", "GPOS", "BASE", "GDEF", "vhea", "vmtx", "VORG", "DSIG", "MATH", "COLR", "SVG ")


def cut_out(font: bytes, characters: str, *, number: int = 0) -> bytes:
    """Return a font with the glyphs of `characters` and of ASCII only; `number` chooses from a collection.

    The same arguments give the same bytes.

    Raises:
        MarkTextError: `font` is no font.
    """
    try:
        face = TTFont(io.BytesIO(font), fontNumber=number, lazy=True, recalcTimestamp=False)
        options = Options()
        options.layout_features = []
        options.drop_tables = [*options.drop_tables, *_DROPPED]
        options.name_IDs = [1, 6]
        options.hinting = False
        options.desubroutinize = True
        options.notdef_outline = True
        cutter = Subsetter(options)
        cutter.populate(text=characters + ASCII)
        cutter.subset(face)
        stream = io.BytesIO()
        face.save(stream)
    except (TTLibError, KeyError, AssertionError, OSError) as error:
        raise MarkTextError(reason="the font is damaged") from error
    return stream.getvalue()


@dataclass(frozen=True, slots=True)
class Typeface:
    """A small font, opened: codes and widths of its letters, and its program for PDF."""

    program: bytes
    is_cff: bool  # else TrueType
    codes: dict[int, int]  # by character: what stands for it in a PDF string
    widths: dict[int, int]  # by code, in thousandths of the size
    ascent: int
    descent: int
    box: tuple[int, int, int, int]

    def width(self, text: str, size: float) -> float:
        """Return how wide `text` is at `size`."""
        return sum(self.widths[self.code(letter)] for letter in text) * size / 1000

    def code(self, letter: str) -> int:
        """Return the code of a letter; 0, the empty box, where the font has none."""
        return self.codes.get(ord(letter), 0)

    def encoded(self, text: str) -> str:
        """Return `text` as the hexadecimal digits of a PDF string."""
        return "".join(f"{self.code(letter):04X}" for letter in text)


@lru_cache(maxsize=4)
def opened(font: bytes) -> Typeface:
    """Return the small font `font`, opened.

    Raises:
        MarkTextError: it is no font, or none was given.
    """
    try:
        face = TTFont(io.BytesIO(font), lazy=True)
        names = face.getGlyphOrder()
        is_cff = "CFF " in face
        cff = face["CFF "].cff if is_cff else None
        top = cff.topDictIndex[0] if cff else None
        by_cid = top is not None and hasattr(top, "ROS")
        code_of = {
            name: int(name[3:]) if by_cid and name[3:].isdigit() else at for at, name in enumerate(names)
        }
        per_em = face["head"].unitsPerEm
        scale = 1000 / per_em
        advances = face["hmtx"].metrics
        head, line = face["head"], face["hhea"]
        program = face.getTableData("CFF ") if is_cff else font
    except (TTLibError, KeyError, AttributeError, AssertionError) as error:
        raise MarkTextError(reason="the font is missing or damaged") from error
    widths = {code_of[name]: round(advances[name][0] * scale) for name in names}
    return Typeface(
        program, is_cff, {char: code_of[name] for char, name in face.getBestCmap().items()},
        {0: 1000} | widths, round(line.ascent * scale), round(line.descent * scale),
        tuple(round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)),
    )  # fmt: skip


def embedded(pdf: Any, face: Typeface, text: str) -> Any:
    """Return a font of `pdf` with which the letters of `text` are shown and can be searched and copied."""
    from pikepdf import Array, Dictionary, Name

    program = pdf.make_stream(face.program)
    if face.is_cff:
        program.Subtype = Name.CIDFontType0C
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/SHOUMI+Mark"), Flags=4, FontBBox=Array(face.box),
        ItalicAngle=0, Ascent=face.ascent, Descent=face.descent, CapHeight=face.ascent, StemV=80,
    )  # fmt: skip
    descriptor["/FontFile3" if face.is_cff else "/FontFile2"] = program
    letters = sorted(set(text))
    widths = Array()
    for code in sorted({face.code(letter) for letter in letters}):
        widths.append(code)
        widths.append(Array([face.widths[code]]))
    below = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0 if face.is_cff else Name.CIDFontType2,
        BaseFont=Name("/SHOUMI+Mark"), DW=1000, W=widths, FontDescriptor=pdf.make_indirect(descriptor),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
    )  # fmt: skip
    if not face.is_cff:
        below.CIDToGIDMap = Name.Identity
    mapping = pdf.make_stream(_to_unicode(face, letters))
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/SHOUMI+Mark"), Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(below)]), ToUnicode=mapping,
        )
    )  # fmt: skip


def _to_unicode(face: Typeface, letters: list[str]) -> bytes:
    lines = [f"<{face.code(letter):04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter in letters]
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    mapping = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{mapping}\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode()
