"""Signed notes: a text and the signatures under it, readable by people and by programs.

Source: C2SP signed-note (Ed25519, type 0x01) and tlog-cosignature (type 0x04, which signs a time too).
Private keys are handed in; nothing is stored.  What the text means is the caller's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shoumi.engine.errors import EvidenceError, InputError

MAX_NOTE_BYTES: Final = 1 << 20
MAX_SIGNATURES: Final = 64  # the specification asks for 16 at least
DASH: Final = "\u2014 "  # an em dash and a space open each signature line

_KEY_ID_BYTES: Final = 4
_PUBLIC_KEY_BYTES: Final = 32
_TIME_BYTES: Final = 8
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE_LINE = re.compile(rf"{DASH}([^\s+]+) ([A-Za-z0-9+/]+={{0,2}})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class VerifierKeyError(InputError):
    """A verifier key is misspelled, of an unknown type, or its id does not belong to it."""

    code = "input.verifier_key"
    message = "This is not a verifier key: {reason}."


class NoteShapeError(EvidenceError):
    """The note is not written the one way a note may be written."""

    code = "evidence.note_shape"
    message = "This is not a signed note: {reason}."


class SignatureMismatchError(EvidenceError):
    """A signature by a known key does not fit the text: one of them was altered."""

    code = "evidence.signature_mismatch"
    message = "The signature of {name} does not fit the text."


class UnknownSignerError(EvidenceError):
    """No signature under the note is by a key that is trusted here."""

    code = "evidence.unknown_signer"
    message = "The note is not signed by {names}."


class SignatureKind(IntEnum):
    """The signature types this program knows, by their assigned byte."""

    ED25519 = 1
    COSIGNATURE = 4


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under; `str()` gives its one-line form."""

    name: str
    kind: SignatureKind
    public_key: bytes  # Ed25519, 32 bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise VerifierKeyError(reason="its name is empty or has a space or a plus sign in it")
        if len(self.public_key) != _PUBLIC_KEY_BYTES:
            raise VerifierKeyError(reason=f"{len(self.public_key)} bytes where 32 are needed")

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of the SHA-256 over name, newline, type and key."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key
        return hashlib.sha256(named).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return `name+id+key`, as other programs read it."""
        encoded = base64.b64encode(bytes([self.kind]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


def parse_verifier_key(text: str) -> VerifierKey:
    """Return the key written as `name+id+key`.

    Raises:
        VerifierKeyError: another form, an unknown type, or an id that does not belong to name and key.
    """
    parts = text.split("+", 2)
    if len(parts) != 3:  # noqa: PLR2004 - name, id, key
        raise VerifierKeyError(reason="it has not three parts joined by plus signs")
    try:
        raw = base64.b64decode(parts[2], validate=True)
        key = VerifierKey(parts[0], SignatureKind(raw[0]), raw[1:])
    except (binascii.Error, IndexError) as error:
        raise VerifierKeyError(reason="its last part is not base64") from error
    except ValueError as error:
        raise VerifierKeyError(reason="its type is not known") from error
    if str(key) != text:
        raise VerifierKeyError(reason="its id does not belong to its name and key")
    return key


class NoteSigner(Protocol):
    """A private key, here or in a device, that signs bytes."""

    @property
    def verifier_key(self) -> VerifierKey:
        """The public half, with its name and kind."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of `message`, 64 bytes."""
        ...


class Ed25519Signer:
    """A `NoteSigner` over a private key in memory."""

    __slots__ = ("_private_key", "verifier_key")

    def __init__(
        self, name: str, private_key: Ed25519PrivateKey, kind: SignatureKind = SignatureKind.ED25519
    ) -> None:
        self._private_key = private_key
        self.verifier_key = VerifierKey(name, kind, private_key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the signature, as `NoteSigner` says."""
        return self._private_key.sign(message)


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line under a note."""

    name: str
    key_id: bytes  # 4 bytes
    signature: bytes  # what follows the id; for a cosignature 8 bytes of time and 64 of signature

    @property
    def line(self) -> str:
        """The line as it stands in the note, with its newline."""
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Tell whether the line claims to be by `key`; nothing is verified."""
        return self.name == key.name and self.key_id == key.key_id


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a newline, and the signatures under it, none verified."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        """Return the note as it is stored and sent."""
        return f"{self.text}\n{''.join(signature.line for signature in self.signatures)}"


def parse_note(note: str) -> Note:
    """Return the parts of `note` without verifying anything.

    Raises:
        NoteShapeError: any other bytes than those `str(Note)` would give back.
    """
    if len(note) > MAX_NOTE_BYTES:
        raise NoteShapeError(reason="it is too long")
    if _CONTROL.search(note):
        raise NoteShapeError(reason="it has control characters in it")
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteShapeError(reason="no signatures after a blank line")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteShapeError(reason=f"more than {MAX_SIGNATURES} signatures")
    parsed = Note(text + "\n", tuple(map(parse_signature_line, lines)))
    if str(parsed) != note:
        raise NoteShapeError(reason="a signature is not spelled the one right way")
    return parsed


def parse_signature_line(line: str) -> NoteSignature:
    """Return one signature line, given without its newline.

    Raises:
        NoteShapeError: not an em dash, a name, and base64 of more than 4 bytes.
    """
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None:
        raise NoteShapeError(reason="a line below the blank one is no signature")
    try:
        raw = base64.b64decode(match[2], validate=True)
    except ValueError as error:
        raise NoteShapeError(reason="a signature is not base64") from error
    if len(raw) <= _KEY_ID_BYTES:
        raise NoteShapeError(reason="a signature is too short")
    return NoteSignature(match[1], raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])


def sign_text(text: str, signer: NoteSigner) -> NoteSignature:
    """Return the signature of `signer`, of kind Ed25519, under `text`.

    Raises:
        NoteShapeError: `text` does not end in a newline or has control characters in it.
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise NoteShapeError(reason="its text does not end in a newline, or has control characters")
    key = signer.verifier_key
    return NoteSignature(key.name, key.key_id, signer.sign(text.encode()))


def sign_note(text: str, signer: NoteSigner, *others: NoteSigner) -> str:
    """Return `text` as a note signed by `signer` and `others`, in this order.

    Raises:
        NoteShapeError: as `sign_text`.
    """
    return str(Note(text, tuple(sign_text(text, each) for each in (signer, *others))))


def open_note(note: str, keys: Iterable[VerifierKey]) -> tuple[Note, tuple[VerifierKey, ...]]:
    """Return the note, and those of `keys` whose signature under it was verified; at least one.

    Signatures by other keys are ignored.  Trusted are `keys` and nothing else.

    Raises:
        NoteShapeError: the note is malformed.
        SignatureMismatchError: a line by one of `keys` does not verify.
        UnknownSignerError: no line is by any of `keys`.
    """
    parsed = parse_note(note)
    known = tuple(keys)
    verified = tuple(key for key in known if find_signature(parsed, key) is not None)
    if not verified:
        raise UnknownSignerError(names=", ".join(key.name for key in known) or "any known key")
    return parsed, verified


def find_signature(note: Note, key: VerifierKey) -> NoteSignature | None:
    """Return the verified signature of `key` under `note`, or None if there is no line by it.

    Raises:
        SignatureMismatchError: there is a line by `key` and it does not verify.
    """
    found = [line for line in note.signatures if line.is_by(key)]
    for line in found:
        verify_signature(note.text, line, key)
    return found[0] if found else None


def cosigned_message(text: str, seconds: int) -> bytes:
    """Return what a cosignature at `seconds` since 1970 signs: a header, the time, the note's text."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def split_cosignature(line: NoteSignature) -> tuple[int, bytes]:
    """Return the time in seconds since 1970 and the bare signature of a cosignature line."""
    return int.from_bytes(line.signature[:_TIME_BYTES], "big"), line.signature[_TIME_BYTES:]


def verify_signature(text: str, line: NoteSignature, key: VerifierKey) -> None:
    """Return if `line` is a signature of `key` under `text`; raise otherwise.

    Raises:
        SignatureMismatchError: it is not.
    """
    message, signature = text.encode(), line.signature
    if key.kind is SignatureKind.COSIGNATURE:
        seconds, signature = split_cosignature(line)
        message = cosigned_message(text, seconds)
    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise SignatureMismatchError(name=key.name) from error
