"""OpenDocument files, mails and archives in the encodings of East Asia, written by hand."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from collections.abc import Mapping

SPACES = " ".join(
    f'xmlns:{name}="urn:{name}"'
    for name in ("office", "text", "table", "draw", "presentation", "style", "dc", "meta", "manifest")
)


def odf(kind: str, body: str, *, encrypted: bool = False) -> bytes:
    """Return an OpenDocument file of this kind."""
    encryption = "<manifest:encryption-data/>" if encrypted else ""
    members = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "META-INF/manifest.xml": f"<manifest:manifest {SPACES}>{encryption}</manifest:manifest>",
        "content.xml": f"<office:document-content {SPACES}>{body}</office:document-content>",
        "styles.xml": f"<office:s {SPACES}><style:header><text:p>社外秘</text:p></style:header></office:s>",
        "meta.xml": f"<office:meta {SPACES}><dc:title>题目</dc:title>"
        '<meta:user-defined meta:name="部门">研发</meta:user-defined></office:meta>',
    }
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            package.writestr(name, text)
    return room.getvalue()


def zipped(members: Mapping[str, bytes], codec: str = "utf-8", *, encrypted: bool = False) -> bytes:
    """Return a ZIP whose names are written in `codec` without saying so, as Chinese and Japanese tools do."""
    room = io.BytesIO()
    names = {}
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(members.items()):
            raw = name.encode(codec)
            stand_in = f"{number}".rjust(len(raw), "_")
            names[stand_in.encode()] = raw
            archive.writestr(stand_in, content)
    content = room.getvalue()
    for stand_in, raw in names.items():
        content = content.replace(stand_in, raw)
    if encrypted:
        content = content.replace(b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\1\0")
        content = content.replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0")
    return content


def eml(codec: str, subject: str, body: str, name: str, attachment: bytes) -> bytes:
    """Return a mail with encoded heads, a body in `codec` and one attachment."""
    word = f"=?{codec}?B?{b64encode(subject.encode(codec)).decode()}?="
    file = f"=?{codec}?B?{b64encode(name.encode(codec)).decode()}?="
    head = (
        f"From: a@example.com\r\nTo: b@example.com\r\nSubject: {word}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain; charset={codec}\r\n\r\n"
    )
    tail = (
        f'\r\n--b\r\nContent-Type: application/octet-stream; name="{file}"\r\n'
        f'Content-Disposition: attachment; filename="{file}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        f"{b64encode(attachment).decode()}\r\n--b--\r\n"
    )
    return head.encode() + body.encode(codec) + tail.encode()
