"""Office files of the years before XML, written byte by byte: just enough of each for its readers.

Sources: MS-CFB, MS-DOC, MS-XLS, MS-PPT, MS-OXMSG, MS-OLEPS.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from types import MappingProxyType

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END, FAT = 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams; `/` in a path makes storages."""
    entries: list[list] = [["Root Entry", 5, -1, END, 0, []]]  # name, kind, right, start, size, children
    places = {"": 0}
    data = b""
    for path, stream in streams.items():
        *folders, name = path.split("/")
        above = ""
        for folder in folders:
            inside = f"{above}/{folder}"
            if inside not in places:
                places[inside] = len(entries)
                entries[places[above]][5].append(len(entries))
                entries.append([folder, 1, -1, 0, 0, []])
            above = inside
        padded = stream.ljust(4096, b"\0")
        padded += bytes(-len(padded) % 512)
        entries[places[above]][5].append(len(entries))
        entries.append([name, 2, -1, len(data) // 512, max(len(stream), 4096), []])
        data += padded
    for entry in entries:
        for child, following in zip(entry[5], [*entry[5][1:], -1], strict=False):
            entries[child][2] = following
    chain = []
    for entry in entries:
        if entry[1] == 2:
            count = (entry[4] + 511) // 512
            chain += [*range(entry[3] + 1, entry[3] + count), END]
    directory = b"".join(_entry(*entry) for entry in entries)
    directory += bytes(-len(directory) % 512)
    first = len(chain)
    chain += [*range(first + 1, first + len(directory) // 512), END]
    tables = 1
    while tables * 128 < len(chain) + tables:
        tables += 1
    numbers = list(range(len(chain), len(chain) + tables))
    chain += [FAT] * tables
    header = MAGIC + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, first, 0, 4096, END, 0, END, 0)
    header += struct.pack(f"<{tables}I", *numbers)
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * 512, b"\xff")
    return header.ljust(512, b"\xff") + data + directory + fat


def _entry(*fields) -> bytes:
    name, kind, right, start, size, children = fields
    wide = (name + "\0").encode("utf-16-le")
    child = children[0] if children else -1
    return struct.pack("<64sHBBiii36xIQ", wide, len(wide), kind, 1, -1, right, child, start, size)


def summary(properties: Mapping[int, str], own: Mapping[str, str] | None = None) -> bytes:
    """Return a property set in UTF-8, with properties of one's own in a second section."""
    page = struct.pack("<IHxx", 2, 65001)
    sections = [_section({1: page, **{number: _string(text) for number, text in properties.items()}})]
    if own is not None:
        names = dict(enumerate(own, 2))
        dictionary = struct.pack("<I", len(names))
        for number, name in names.items():
            dictionary += struct.pack("<II", number, len(name.encode()) + 1) + name.encode() + b"\0"
        values = {number: _string(own[name]) for number, name in names.items()}
        sections.append(_section({0: dictionary, 1: page, **values}))
    head = struct.pack("<HHI16xI", 0xFFFE, 0, 0, len(sections))
    place = len(head) + 20 * len(sections)
    for section in sections:
        head += bytes(16) + struct.pack("<I", place)
        place += len(section)
    return head + b"".join(sections)


def _string(text: str) -> bytes:
    raw = text.encode() + b"\0"
    return struct.pack("<II", 0x1E, len(raw)) + raw + bytes(-len(raw) % 4)


def _section(properties: Mapping[int, bytes]) -> bytes:
    table = b""
    place = 8 + 8 * len(properties)
    for number, value in properties.items():
        table += struct.pack("<II", number, place)
        place += len(value)
    return struct.pack("<II", place, len(properties)) + table + b"".join(properties.values())


def doc(
    body: str = "正文\r姓名\x07电话\x07\x07张三\x07138",
    *,
    encrypted: bool = False,
    beside: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """Return a Word 97 document, its body in two pieces, the first of 8 bits; streams may stand `beside`."""
    latin, note, head = b"plain\r", "脚注\r", "社外秘\r"
    wide = (body + note + head).encode("utf-16-le")
    start = 2048
    main = bytearray(start) + latin + wide
    struct.pack_into("<HH", main, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", main, 0x0A, 0x0300 if encrypted else 0x0200)
    struct.pack_into("<8i", main, 0x4C, len(latin) + len(body), len(note), len(head), 0, 0, 0, 0, 0)
    pieces = struct.pack("<3I", 0, len(latin), len(latin) + len(wide) // 2)
    pieces += struct.pack("<HIH", 0, 0x40000000 | start * 2, 0) + struct.pack(
        "<HIH", 0, start + len(latin), 0
    )
    clx = b"\2" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", main, 0x01A2, 0, len(clx))
    return compound(
        {
            "WordDocument": bytes(main),
            "1Table": clx,
            "\x05SummaryInformation": summary({2: "题目", 4: "作者"}),
            "\x05DocumentSummaryInformation": summary({15: "公司"}, {"MSIP_Label_x_Name": "核心商密"}),
            "ObjectPool/_1/\x01Ole10Native": native("附件.txt".encode("gbk"), "内嵌机密材料".encode("gbk")),
            **beside,
        }
    )


def native(name: bytes, content: bytes) -> bytes:
    """Return a file as it lies in a document into which it was dropped."""
    path = b"C:\\x\\" + name + b"\0"
    inner = b"\2\0" + name + b"\0" + path + b"\0\0\3\0" + struct.pack("<I", len(path)) + path
    inner += struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(inner)) + inner


def _biff(record: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", record, len(body)) + body


def _short(text: str) -> bytes:
    return struct.pack("<BB", len(text), 1) + text.encode("utf-16-le")


def _long(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _begin(kind: int) -> bytes:
    return _biff(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 6))


def xls_stream(*, encrypted: bool = False) -> bytes:
    """Return the stream of a workbook of two sheets, the second very hidden."""
    strings = ("姓名", "张三", "藏着")
    start = _begin(5) + (_biff(0x2F, bytes(54)) if encrypted else b"")
    sst = _biff(0xFC, struct.pack("<II", 3, 3) + b"".join(map(_long, strings)))
    words = "批注在此"
    first = b"".join(
        (
            _begin(0x10),
            _biff(0x14, _long("&C极秘")),
            _biff(0xFD, struct.pack("<HHHI", 0, 0, 0, 0)),
            _biff(0xFD, struct.pack("<HHHI", 1, 0, 0, 1)),
            _biff(0x203, struct.pack("<HHHd", 1, 1, 0, 13800000000.0)),
            _biff(0x1B6, struct.pack("<HH6xHH4x", 0, 0, len(words), 16)),
            _biff(0x3C, b"\1" + words.encode("utf-16-le")),
            _biff(0x3C, bytes(16)),
            _biff(0x0A),
        )
    )
    second = _begin(0x10) + _biff(0xFD, struct.pack("<HHHI", 2, 1, 0, 2)) + _biff(0x0A)
    names = (("客户", 0), ("藏", 2))
    size = sum(len(_biff(0x85, bytes(6) + _short(name))) for name, _state in names)
    place = len(start) + size + len(sst) + 4
    sheets = b""
    for (name, state), body in zip(names, (first, second), strict=True):
        sheets += _biff(0x85, struct.pack("<IBB", place, state, 0) + _short(name))
        place += len(body)
    return start + sheets + sst + _biff(0x0A) + first + second


def xls(*, encrypted: bool = False) -> bytes:
    """Return a workbook."""
    return compound(
        {"Workbook": xls_stream(encrypted=encrypted), "\x05SummaryInformation": summary({2: "表"})}
    )


def _atom(record: int, body: bytes, instance: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4, record, len(body)) + body


def _box(record: int, *inner: bytes, instance: int = 0) -> bytes:
    body = b"".join(inner)
    return struct.pack("<HHI", instance << 4 | 0xF, record, len(body)) + body


def _cell(left: int, top: int, text: str) -> bytes:
    place = _atom(0xF00F, struct.pack("<iiii", left, top, left + 1, top + 1))
    return _box(0xF004, place, _box(0xF00D, _atom(0x0FA0, text.encode("utf-16-le"))))


def ppt(*, encrypted: bool = False) -> bytes:
    """Return a presentation of one slide with a box, a table, notes, a comment and an embedded storage."""
    cells = [(0, 0, "姓名"), (9, 0, "电话"), (9, 5, "无"), (0, 5, "姓名")]
    listed = _box(0x0FF0, _atom(0x03F3, bytes(20)), _atom(0x0FA0, "标题一".encode("utf-16-le")))
    slide = _box(
        0x03EE,
        _box(0xF00D, _atom(0x0FA8, b"latin box")),
        _box(0x2EE0, _atom(0x0FBA, "讲评".encode("utf-16-le"))),
        _box(0xF003, *(_cell(*cell) for cell in cells)),
    )
    notes = _box(0x03F0, _box(0xF00D, _atom(0x0FA0, "备注一".encode("utf-16-le"))))
    inner = doc("嵌入文档")
    packed = _atom(0x1011, struct.pack("<I", len(inner)) + zlib.compress(inner), instance=1)
    user = _atom(0x0FF6, struct.pack("<II", 20, 0xF3D1C4DF if encrypted else 0xE391C05F) + bytes(12))
    picture = _atom(0xF01E, bytes(17) + b"\x89PNG\r\n\x1a\n" + bytes(64))
    return compound(
        {
            "PowerPoint Document": _box(0x03E8, listed) + slide + notes + packed,
            "Current User": user,
            "Pictures": picture,
        }
    )


def ppt_with_leftovers(
    *, lost: bool = False, folder: str = "", beside: Mapping[str, bytes] = MappingProxyType({})
) -> bytes:
    """Return a presentation with bytes that nothing leads to between its records, and a package in one.

    With `lost`, its directory leads beyond its end; other streams may stand `beside` it.
    """
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as package:
        package.writestr("drs/layout.xml", "<sld><a:p><a:r><a:t>版式</a:t></a:r></a:p></sld>")
    first = _box(0x03EE, _atom(0x0FA0, "第一页".encode("utf-16-le")), _box(0x0428, room.getvalue()))
    second = _box(0x03EE, _atom(0x0FA0, "第二页".encode("utf-16-le")))
    leftovers = bytes(9) + b"\xff" * 60 + _atom(0x0FA0, bytes(400))[:40]
    where = len(first) + len(leftovers)
    directory = where + len(second)
    persisted = struct.pack("<3I", 2 << 20 | 1, 0, 1 << 30 if lost else where)
    edits = struct.pack("<II", 0, directory)
    edit = _atom(0x0FF5, bytes(8) + edits + bytes(12))
    records = first + leftovers + second + _atom(0x1772, persisted)
    user = _atom(0x0FF6, struct.pack("<III", 20, 0xE391C05F, len(records)) + bytes(8))
    return compound({f"{folder}PowerPoint Document": records + edit, f"{folder}Current User": user, **beside})


def _mail(prefix: str, subject: str) -> dict[str, bytes]:
    return {
        f"{prefix}__properties_version1.0": bytes(32),
        f"{prefix}__substg1.0_0037001F": subject.encode("utf-16-le"),
        f"{prefix}__substg1.0_0C1F001E": b"sender@example.com",
        f"{prefix}__substg1.0_1000001F": f"{subject}的正文".encode("utf-16-le"),
    }


def msg() -> bytes:
    """Return a message with a text attachment and a message within."""
    first, second = "__attach_version1.0_#00000000/", "__attach_version1.0_#00000001/"
    return compound(
        {
            **_mail("", "报价"),
            "__substg1.0_10130102": "<p>网页<b>正文</b></p>".encode("gb18030"),
            "__recip_version1.0_#00000000/__substg1.0_39FE001F": "to@example.com".encode("utf-16-le"),
            f"{first}__substg1.0_3707001F": "名单.txt".encode("utf-16-le"),
            f"{first}__substg1.0_37010102": "客户名单在此".encode("gb18030"),
            f"{second}__substg1.0_3001001F": "转发".encode("utf-16-le"),
            **_mail(f"{second}__substg1.0_3701000D/", "内层"),
        }
    )
