"""Excel workbooks before xlsx, and WPS tables: cells by calamine; comments, boxes, headers by ourselves.

Source: MS-XLS 2.4.117 (FilePass), 2.4.329 (TxO), 2.4.136 and 2.4.124 (header and footer).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.extract.olddoc import read_documents
from shoumi.engine.inspection.extract.sheets import plain_header, read_workbook
from shoumi.engine.inspection.extract.storage import Storage, read_embedded, wrapped
from shoumi.engine.inspection.values import PartKind, Reason

_FILE_PASS, _TEXT_OBJECT, _CONTINUE, _HEADER, _FOOTER = 0x2F, 0x1B6, 0x3C, 0x14, 0x15


def read_xls(content: bytes, harvest: Harvest) -> None:
    """Read a workbook and what is embedded in it.

    Raises:
        ClosedError: encrypted or damaged.
    """
    if content[:8] != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        read_workbook(content, harvest)
        return
    storage = Storage(content, harvest)
    storage.tell_sealed()
    main = storage.stream("Workbook") or storage.stream("Book")
    records = list(_records(main))
    if any(record == _FILE_PASS for record, _body in records[:64]):
        raise ClosedError(Reason.ENCRYPTED, "a workbook with a password")
    try:
        read_workbook(content, harvest)
    finally:
        _tell_rest(records, harvest)
        storage.properties()
        read_embedded(storage)
        read_documents(storage)
        for prefix in storage.prefixes("Workbook"):
            if prefix:
                inner = wrapped("Workbook", storage.stream(f"{prefix}Workbook"))
                harvest.nested(f"{prefix}Workbook", inner)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        record, size = struct.unpack_from("<HH", stream, place)
        yield record, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _tell_rest(records: list[tuple[int, bytes]], harvest: Harvest) -> None:
    """Add comments, text boxes, headers and footers."""
    for place, (record, body) in enumerate(records):
        if record in {_HEADER, _FOOTER} and len(body) > 3:  # noqa: PLR2004 - length and sign of width
            kind = PartKind.HEADER if record == _HEADER else PartKind.FOOTER
            harvest.text(kind, plain_header(_characters(body[2:])))
        elif record == _TEXT_OBJECT and len(body) >= 12:  # noqa: PLR2004 - where the count ends
            (count,) = struct.unpack_from("<H", body, 10)
            texts = []
            for following, text in records[place + 1 : place + 1 + 64]:
                if following != _CONTINUE or count <= 0 or not text:
                    break
                texts.append(_characters(text)[:count])
                count -= len(texts[-1])
            harvest.text(PartKind.COMMENT, "".join(texts))


def _characters(body: bytes) -> str:
    wide = body[:1] == b"\1"
    return body[1:].decode("utf-16-le" if wide else "cp1252", "replace")
