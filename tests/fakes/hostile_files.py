"""Valid files of every format, the same with damage, and files made to exhaust or crash who reads them.

Damage is drawn from a seed: cut, bytes changed, stretches taken out, zeroed or doubled, extreme lengths.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from functools import cache

import libarchive
from PIL import Image

from tests.fakes import office_files, old_files
from tests.fakes.open_files import eml, odf, zipped

Bomb = tuple[str, Callable[[], bytes]]
TEXT = "客户名单：张三 13800000000，社外秘の資料です。"
TABLE = (
    "<office:spreadsheet><table:table table:name='t'><table:table-row>"
    "<table:table-cell table:number-columns-repeated='3'><text:p>1</text:p></table:table-cell>"
    "</table:table-row></table:table></office:spreadsheet>"
)
RTF = rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 S;}}\f0 \'bb\'fa\'c3\'dc{\*\x y}\u26426?\par}"
EXTREMES = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\1\0\0\0")


@cache
def seeds() -> dict[str, bytes]:
    """Return one valid file of every format."""
    html = f"<html><body><p>{TEXT}</p><table><tr><td>a</td></tr></table></body></html>"
    return {
        "a.docx": office_files.document(),
        "a.xlsx": office_files.workbook(),
        "a.pptx": office_files.presentation(),
        "a.doc": old_files.doc(),
        "a.xls": old_files.xls(),
        "a.ppt": old_files.ppt(),
        "a.wps": old_files.doc(TEXT),
        "a.msg": old_files.msg(),
        "a.odt": odf("text", f"<office:text><text:p>{TEXT}</text:p></office:text>"),
        "a.ods": odf("spreadsheet", TABLE),
        "a.odp": odf("presentation", "<draw:page><text:p>x</text:p></draw:page>"),
        "a.pdf": pdf(f"BT /F 12 Tf 72 720 Td (plain 13800000000) Tj ET {' ' * 200}".encode()),
        "a.rtf": RTF * 3,
        "a.html": html.encode("gb18030"),
        "a.eml": eml("iso-2022-jp", "見積書", "本文です", "図面.zip", zipped({"内.txt": TEXT.encode()})),
        "a.csv": "姓名,电话\n张三,13800000000\n".encode("gb18030") * 20,
        "a.json": json.dumps({"名": TEXT}, ensure_ascii=False).encode() * 5,
        "a.txt": "この資料は極秘です。\n".encode("cp932") * 20,
        "wide.txt": TEXT.encode("utf-16"),
        "a.zip": zipped({"机密/图纸.txt": TEXT.encode("gbk"), "b.docx": office_files.document()}, "gbk"),
        "a.7z": packed("7zip", None),
        "a.tar": packed("gnutar", None),
        "a.iso": packed("iso9660", None)[:120_000],
        "a.cpio": packed("cpio_newc", None),
        "a.tar.zst": packed("gnutar", "zstd"),
        "a.txt.gz": gzip.compress(TEXT.encode() * 50, mtime=0),
        "a.txt.bz2": bz2.compress(TEXT.encode() * 50),
        "a.txt.xz": lzma.compress(TEXT.encode() * 50),
        "a.db": database(),
        "a.png": picture("PNG"),
        "a.jpg": picture("JPEG"),
        "a.tif": picture("TIFF"),
    }  # fmt: skip


def packed(form: str, codec: str | None) -> bytes:
    """Return an archive that libarchive writes."""
    blocks: list[bytes] = []
    with libarchive.custom_writer(
        lambda block: blocks.append(bytes(block)) or len(block), form, codec
    ) as writer:
        for name in ("one.txt", "two.txt"):
            content = TEXT.encode() * 40
            writer.add_file_from_memory(name, len(content), content, mtime=0)
    return b"".join(blocks)


def database() -> bytes:
    """Return a database of one table."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (姓名 TEXT, 电话 INTEGER)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", [(TEXT, number) for number in range(60)])
    connection.commit()
    return connection.serialize()


def picture(form: str) -> bytes:
    """Return a small picture."""
    room = io.BytesIO()
    Image.linear_gradient("L").resize((64, 64)).save(room, form)
    return room.getvalue()


PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F<</Type/Font"
    b"/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</X 5 0 R>>>>>>"
)


def pdf(content: bytes, *more: bytes, kids: bytes = b"[3 0 R]", stream: bytes = b"") -> bytes:
    """Return a PDF of one page; `more` are objects from number 5 on."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids " + kids + b"/Count 1>>",
        PAGE,
        b"<<" + stream + b"/Length %d>>stream\n" % len(content) + content + b"\nendstream",
        *more,
    ]
    made, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj" % number + each + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return `content` with damage of one of several sorts."""
    made = bytearray(content)
    place, length = chance.randrange(len(made)), chance.choice((1, 4, 64, 1024))
    sort = chance.randrange(8)
    if sort == 0:
        return bytes(made[:place])
    if sort == 1:
        made[place : place + length] = b""
    elif sort == 2:
        made[place : place + length] = bytes(len(made[place : place + length]))
    elif sort == 3:
        made[place:place] = made[:length]
    elif sort == 4:
        made[place : place + 4] = chance.choice(EXTREMES)
    elif sort == 5:
        made[place:] = chance.randbytes(len(made) - place)
    else:
        for _ in range(chance.choice((1, 8, 64))):
            made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def mutations(each: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Give so many damaged files of each format."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for name, content in seeds().items():
        for _ in range(each):
            yield name, damaged(content, chance)


def _zip(members: dict[str, bytes]) -> bytes:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return room.getvalue()


def _overlapping(count: int) -> bytes:
    """Return a ZIP whose directory names one and the same packed megabytes many times."""
    content = _zip({"a": bytes(8 << 20)})
    start = content.index(b"PK\1\2")
    end = content.index(b"PK\5\6")
    entry = content[start:end]
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(entry) * count, start, 0)
    return content[:start] + entry * count + tail


def bombs(only: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Give files that unfold, nest or turn in circles; `only` those named, if any are."""
    for name, made in (*_general_bombs(), *_xml_bombs(), *_pdf_bombs()):
        if not only or name in only:
            yield name, made()


def _zip_bomb() -> bytes:
    zeros = bytes(64 << 20)
    once = _zip({f"{number}.txt": zeros for number in range(8)})
    twice = _zip({f"{number}.zip": once for number in range(16)})
    return _zip({f"{number}.zip": twice for number in range(16)})


def _general_bombs() -> Iterator[Bomb]:
    yield "bomb.zip", _zip_bomb
    yield "overlapping.zip", lambda: _overlapping(2_000)
    yield "many.zip", lambda: _zip({f"{number}": b"" for number in range(30_000)})
    deep = TEXT.encode()
    for _ in range(60):
        deep = _zip({"a.zip": deep})
    yield "deep.zip", lambda: deep
    yield "bomb.gz", lambda: gzip.compress(bytes(1 << 28), 1)
    yield "bomb.bz2", lambda: bz2.compress(bytes(1 << 28))
    yield "bomb.xz", lambda: lzma.compress(bytes(1 << 28), preset=0)
    yield "gz.gz", lambda: gzip.compress(gzip.compress(gzip.compress(bytes(1 << 28), 9), 9), 9)
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w") as archive:
        info = tarfile.TarInfo("a")
        info.size = 1 << 40
        archive.addfile(info)
    yield "claims.tar", room.getvalue
    yield "deep.rtf", lambda: b"{\\rtf1" + b"{" * 2_000_000 + b"x"
    yield "bin.rtf", lambda: b"{\\rtf1\\bin2000000000 x" + b"\\u-1 " * 500_000 + b"}"
    yield "deep.html", lambda: b"<html>" + b"<div>" * 300_000 + "机密".encode()
    yield "open.html", lambda: b"<html>" + b"<a href='" * 100_000
    parts = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(3_000))
    yield "deep.eml", lambda: b"From: a@x\r\nTo: b@x\r\nSubject: s\r\nMIME-Version: 1.0\r\n" + parts.encode()
    head = b"From: a@x\r\nTo: b@x\r\nSubject: s\r\n"
    yield (
        "many.eml",
        lambda: head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 60_000,
    )
    yield "cycle.doc", lambda: _cyclic(old_files.doc())
    yield (
        "giant.png",
        lambda: (
            b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">IIBBBBB", 1 << 30, 1 << 30, 8, 2, 0, 0, 0)
        ),
    )
    yield "line.txt", lambda: "密".encode() * (60 << 20)
    yield "nul.bin", lambda: bytes(50 << 20)


def _xml_bombs() -> Iterator[Bomb]:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
    laughs = f"<!DOCTYPE x [{entities}]><w:document><w:p><w:r><w:t>&e11;</w:t></w:r></w:p></w:document>"
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:p><w:t>&a;</w:t></w:p>'
    sound = office_files.document()
    yield "laughs.docx", lambda: office_files.with_members(sound, {"word/document.xml": laughs})
    yield "outside.docx", lambda: office_files.with_members(sound, {"word/document.xml": outside})
    yield (
        "laughs.xlsx",
        lambda: office_files.with_members(
            office_files.workbook(), {"xl/worksheets/sheet1.xml": laughs, "xl/sharedStrings.xml": laughs}
        ),
    )
    yield "laughs.odt", lambda: office_files.with_members(odf("text", ""), {"content.xml": laughs})
    deep = "<w:p>" * 1_000_000
    yield "deep.docx", lambda: office_files.with_members(sound, {"word/document.xml": deep})
    yield "open.docx", lambda: office_files.with_members(sound, {"word/document.xml": "<w:t " * 1_000_000})
    yield (
        "comments.docx",
        lambda: office_files.with_members(sound, {"word/document.xml": "<!--<![CDATA[" * 500_000}),
    )
    boxes = "<w:p><w:txbxContent>" * 200_000
    yield "boxes.docx", lambda: office_files.with_members(sound, {"word/document.xml": boxes})
    sheet = office_files.member(office_files.workbook(), "xl/worksheets/sheet1.xml")
    far = sheet.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    yield (
        "far.xlsx",
        lambda: office_files.with_members(office_files.workbook(), {"xl/worksheets/sheet1.xml": far}),
    )
    repeated = (
        "<office:spreadsheet><table:table><table:table-row table:number-rows-repeated='1048576'>"
        "<table:table-cell table:number-columns-repeated='16384'><text:p>x</text:p></table:table-cell>"
        "</table:table-row></table:table></office:spreadsheet>"
    )
    yield "repeated.ods", lambda: odf("spreadsheet", repeated)


def _pdf_bombs() -> Iterator[Bomb]:
    itself = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 5>>"
        b"stream\n/X Do\nendstream"
    )
    yield "form.pdf", lambda: pdf(b"/X Do", itself)
    yield "kids.pdf", lambda: pdf(b"", kids=b"[2 0 R 2 0 R 3 0 R]")
    flat = zlib.compress(b"(x) Tj " * (8 << 20))
    yield "flate.pdf", lambda: pdf(flat, stream=b"/Filter/FlateDecode")
    yield "filters.pdf", lambda: pdf(flat, stream=b"/Filter[" + b"/FlateDecode " * 500 + b"]")
    sound = pdf(b"")
    place = sound.rindex(b"startxref")
    yield "previous.pdf", lambda: sound.replace(b"/Size", b"/Prev %d/Size" % sound.rindex(b"xref\n0"), 1)
    yield "nested.pdf", lambda: sound[:place] + b"[" * 1_000_000
    picture = (
        b"<</Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Length 3>>stream\nabc\nendstream"
    )
    yield "picture.pdf", lambda: pdf(b"/X Do", picture)


def _cyclic(content: bytes) -> bytes:
    """Return a compound file whose chain of sectors bites its tail."""
    made = bytearray(content)
    (table,) = struct.unpack_from("<I", made, 76)
    struct.pack_into("<I", made, 512 + 512 * table, 0)
    return bytes(made)
