"""Outlook messages: subject, people, bodies in each form, attachments, messages within messages.

Sources: MS-OXMSG 2.1 and 2.2 (the storages), MS-OXPROPS (the numbers of properties), MS-OXRTFCP.
"""

from __future__ import annotations

import re
from typing import Final

from shoumi.engine.inspection.extract.charsets import text_of
from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.extract.richtext import read_rtf, uncompressed
from shoumi.engine.inspection.extract.storage import Storage
from shoumi.engine.inspection.extract.texts import page_text
from shoumi.engine.inspection.values import PartKind

_PEOPLE: Final = {
    "0C1A": "From", "0C1F": "From", "5D01": "From", "0E04": "To", "0E03": "Cc", "0E02": "Bcc",
    "0037": "Subject",
}  # fmt: skip
_BODY, _HTML, _RTF, _HEADS = "1000", "1013", "1009", "007D"
_DATA, _LONG_NAME, _NAME, _SHOWN_NAME = "3701", "3707", "3704", "3001"
_ATTACHMENT: Final = re.compile(r"^(.*?__attach_version1\.0_#[0-9A-Fa-f]{8})/", re.IGNORECASE)
_RECIPIENT: Final = re.compile(
    r"__recip_version1\.0_#[0-9A-Fa-f]{8}/__substg1\.0_(3001|3003|39FE)001[EF]$", re.IGNORECASE
)


def read_msg(content: bytes, harvest: Harvest) -> None:
    """Read a message with all within it."""
    _read_message(Storage(content, harvest), "", harvest, 0)


def _read_message(storage: Storage, prefix: str, harvest: Harvest, depth: int) -> None:
    heads = [
        f"{head}: {value}" for number, head in _PEOPLE.items() if (value := _string(storage, prefix, number))
    ]
    heads += [
        _decoded(storage, name)
        for name in storage.paths
        if name.startswith(prefix)
        and "/" not in name[len(prefix) :].partition("/")[2]
        and _RECIPIENT.search(name)
    ]
    harvest.text(PartKind.MESSAGE, "\n".join(dict.fromkeys(heads)), "head")
    harvest.text(PartKind.MESSAGE, _string(storage, prefix, _BODY), "text/plain")
    html = storage.stream(f"{prefix}__substg1.0_{_HTML}0102")
    page = text_of(html) if html else _string(storage, prefix, _HTML)
    harvest.text(PartKind.MESSAGE, page_text(page) if page else "", "text/html")
    harvest.text(PartKind.PROPERTY, _string(storage, prefix, _HEADS), "other heads")
    packed = storage.stream(f"{prefix}__substg1.0_{_RTF}0102")
    if packed:
        try:
            read_rtf(uncompressed(packed, harvest.limits.content_bytes), harvest)
        except ClosedError as error:
            if type(error) is not ClosedError:
                raise
            harvest.closed(error.reason, error.detail, "rtf")
    for folder in _attachments(storage, prefix):
        _read_attachment(storage, folder, harvest, depth)


def _attachments(storage: Storage, prefix: str) -> list[str]:
    found = dict.fromkeys(
        match[1]
        for name in storage.paths
        if name.startswith(prefix) and (match := _ATTACHMENT.match(name[len(prefix) :]))
    )
    return [f"{prefix}{each}/" for each in found]


def _read_attachment(storage: Storage, folder: str, harvest: Harvest, depth: int) -> None:
    names = (_string(storage, folder, each) for each in (_LONG_NAME, _NAME, _SHOWN_NAME))
    name = next(filter(None, names), "attachment")
    content = storage.stream(f"{folder}__substg1.0_{_DATA}0102")
    if content:
        harvest.nested(name, content)
        return
    inner = f"{folder}__substg1.0_{_DATA}000D/"
    if any(each.startswith(inner) for each in storage.paths):
        within = harvest.inside(name)
        if within:
            _read_message(storage, inner, within, depth + 1)


def _string(storage: Storage, prefix: str, number: str) -> str:
    for kind in ("001F", "001E"):
        name = f"{prefix}__substg1.0_{number}{kind}"
        if storage.has(name):
            return _decoded(storage, name)
    return ""


def _decoded(storage: Storage, name: str) -> str:
    content = storage.stream(name)
    text = content.decode("utf-16-le", "replace") if name.upper().endswith("F") else text_of(content)
    return text.rstrip("\0")
