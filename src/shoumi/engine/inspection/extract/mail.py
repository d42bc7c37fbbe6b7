"""Mail: heads, bodies and attachments, in whatever encodings they were written.

Sources: RFC 5322, RFC 2045 to 2047, RFC 2231; RFC 8551 (S/MIME) and RFC 3156 (OpenPGP) for what is encrypted.
Heads with bare 8-bit letters, as old Chinese and Japanese programs write them, are decoded by their look.
"""

from __future__ import annotations

import email
import email.message
import email.policy
import re
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Final

from shoumi.engine.inspection.extract.charsets import charset_of, text_of
from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.texts import page_text
from shoumi.engine.inspection.values import PartKind, Reason

_HEADS: Final = frozenset({"From", "To", "Cc", "Bcc", "Reply-To", "Subject", "Date"})
_ENCRYPTED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURES: Final = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
_MBOX: Final = re.compile(rb"^From [^\r\n]+\r?\n(?=[!-9;-~]+:)", re.MULTILINE)


def read_eml(content: bytes, harvest: Harvest) -> None:
    """Read one mail, or a folder of mails in the mbox form."""
    starts = [found.start() for found in _MBOX.finditer(content)] if content.startswith(b"From ") else []
    if len(starts) < 2:  # noqa: PLR2004 - one mail
        _read_message(email.message_from_bytes(content, policy=email.policy.compat32), harvest)
        return
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(content)], strict=True), 1):
        one = content[content.index(b"\n", start) + 1 : end]
        harvest.nested(f"message {number}.eml", one)


def _read_message(message: email.message.Message, harvest: Harvest) -> None:
    heads: list[str] = []
    others: list[str] = []
    for name, value in message.raw_items():
        told = f"{name}: {decoded_head(value)}"
        (heads if name.title() in _HEADS else others).append(told)
    harvest.text(PartKind.MESSAGE, "\n".join(heads), "head")
    harvest.text(PartKind.PROPERTY, "\n".join(others), "other heads")
    for number, part in enumerate(_leaves(message), 1):
        harvest.spend("parts", 1, harvest.limits.parts)
        _read_leaf(part, number, harvest)
    if message.defects and any(part.defects for part in message.walk()):
        names = {type(each).__name__ for part in message.walk() for each in part.defects}
        harvest.closed(Reason.DAMAGED, ", ".join(sorted(names)))


def _leaves(message: email.message.Message) -> list[email.message.Message]:
    """Return what holds content, not going into mails within the mail."""
    leaves: list[email.message.Message] = []
    open_parts = [message]
    while open_parts:
        part = open_parts.pop()
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_type() != "message/rfc822":
            open_parts += [each for each in reversed(inside) if isinstance(each, email.message.Message)]
        else:
            leaves.append(part)
    return leaves


def _read_leaf(part: email.message.Message, number: int, harvest: Harvest) -> None:
    kind = part.get_content_type()
    name = decoded_head(part.get_filename() or "")
    inside = part.get_payload()
    if isinstance(inside, list):
        for each in inside:
            if isinstance(each, email.message.Message):
                harvest.nested(name or f"message {number}.eml", each.as_bytes(policy=email.policy.compat32))
        return
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content:
        return
    if kind in _ENCRYPTED and "signed" not in str(part.get_param("smime-type", "")):
        harvest.closed(Reason.ENCRYPTED, "an encrypted mail", name or f"part {number}")
    elif kind in _SIGNATURES:
        return
    elif kind == "application/octet-stream" and content.startswith(b"-----BEGIN PGP MESSAGE"):
        harvest.closed(Reason.ENCRYPTED, "an encrypted mail", name or f"part {number}")
    elif kind in {"text/plain", "text/html"} and not name:
        text = text_of(content, declared=str(part.get_content_charset() or ""))
        harvest.text(PartKind.MESSAGE, page_text(text) if kind == "text/html" else text, kind)
    else:
        harvest.nested(name or f"part {number}", content)


def decoded_head(value: object) -> str:
    """Return the value of a head as its writer saw it."""
    raw = str(value).encode("utf-8", "surrogateescape")
    text = text_of(raw) if not raw.isascii() else str(value)
    if "=?" not in text and "\x1b" not in text:
        return " ".join(text.split())
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return " ".join(text.split())
    said = ""
    for piece, charset in pieces:
        if isinstance(piece, str):
            said += piece
        else:
            said += piece.decode(charset_of(piece, declared=charset or ""), "replace")
    return " ".join(said.split())
