"""Which program encrypted a file, told by how it begins, and text that holds an encrypted message.

Sources: RFC 9580 chapters 4.2, 5.1, 5.3 and 6.2 (OpenPGP), RFC 5652 chapter 6 and RFC 5083 (CMS), the age
specification (age-encryption.org/v1), openssl-enc(1), the LUKS on-disk formats, KeePass's database heads,
MS-OXORMMS (messages under rights management), the Ansible Vault format.  Of two agents that encrypt on the
machines of a company, E-SafeNet (亿赛通) and one whose files begin with `%TSD-Header-###%`, no format is
public: these are the marks by which programs that meet such files tell them.
"""

from __future__ import annotations

import re
from typing import Final

_BEGINNINGS: Final = (
    (b"%TSD-Header-###%", "TSD"),
    (b"\x62\x14\x23\x65", "E-SafeNet"),
    (b"age-encryption.org/v1\n", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"-----BEGIN PGP MESSAGE-----", "OpenPGP"),
    (b"Salted__", "OpenSSL"),
    (b"LUKS\xba\xbe", "LUKS"),
    (b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5", "KeePass"),
    (b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", "KeePass"),
    (b"\x76\xe8\x04\x60\xc4\x11\xe3\x86", "Microsoft Rights Management"),
    (b"$ANSIBLE_VAULT;", "Ansible Vault"),
)
_AGENT_MARKS: Final = (b"E-SafeNet", b"LOCK", b"\0")
_AGENT_HEAD: Final = 256
_ENVELOPED: Final = re.compile(  # a sequence that begins with its type: envelopedData, authEnvelopedData
    rb"\x30[\x80-\x84].{0,4}?\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
    rb"|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17)",
    re.DOTALL,
)
_MESSAGE: Final = re.compile(
    r"^-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----\n(?:\w+: [^\n]*\n)*\n?[A-Za-z0-9+/]{16}",
    re.MULTILINE,
)
_SESSION_KEY, _PASSWORD = 1, 3  # OpenPGP: packets that an encrypted message begins with
_KEY_VERSIONS: Final = {_SESSION_KEY: (3, 6), _PASSWORD: (4, 5, 6)}
_BEHIND: Final = (_SESSION_KEY, _PASSWORD, 9, 18, 20)  # what may follow them: more of them, encrypted data


def encrypted_by(content: bytes) -> str:
    """Return the program that encrypted `content`; nothing if its beginning is not one of those known."""
    program = next((program for mark, program in _BEGINNINGS if content.startswith(mark)), "")
    if not program and all(mark in content[:_AGENT_HEAD] for mark in _AGENT_MARKS):
        program = "E-SafeNet"
    if not program and _ENVELOPED.match(content):
        program = "CMS"
    return program or "OpenPGP" * _begins_message(content)


def holds_message(text: str) -> bool:
    """Tell whether an encrypted message stands in a `text`, whose lines end with a line feed."""
    return "-----BEGIN " in text and _MESSAGE.search(text) is not None


def _begins_message(content: bytes) -> bool:
    """Tell whether a packet of OpenPGP with a key begins here, and one of an encrypted message follows."""
    first = _packet(content, 0)
    if first is None:
        return False
    tag, start, end = first
    version = int.from_bytes(content[start : start + 1], "big")
    following = _packet(content, end) if version in _KEY_VERSIONS.get(tag, ()) else None
    return following is not None and following[0] in _BEHIND


def _packet(content: bytes, at: int) -> tuple[int, int, int] | None:
    """Return the type of the packet at a place, and where its body begins and ends; nothing if none does."""
    head = content[at : at + 6]
    if len(head) < 6 or not head[0] & 0x80:  # noqa: PLR2004 - the longest head
        return None
    newer = head[0] & 0x40
    width, size = _newer_length(head) if newer else _older_length(head)
    return head[0] & 0x3F if newer else head[0] >> 2 & 0xF, at + width, at + width + size


def _newer_length(head: bytes) -> tuple[int, int]:
    """Return how long a packet's head and its body are (RFC 9580, 4.2.1)."""
    first = head[1]
    if first < 192:  # noqa: PLR2004 - see above
        return 2, first
    if first < 224:  # noqa: PLR2004 - see above
        return 3, ((first - 192) << 8) + head[2] + 192
    return (2, 0) if first < 255 else (6, int.from_bytes(head[2:6], "big"))  # noqa: PLR2004 - 0: in parts


def _older_length(head: bytes) -> tuple[int, int]:
    """Return the same for the older heads (RFC 9580, 4.2.2)."""
    width = 1 << (head[0] & 3)
    return (1, 0) if width == 8 else (1 + width, int.from_bytes(head[1 : 1 + width], "big"))  # noqa: PLR2004 - 8: to the end
