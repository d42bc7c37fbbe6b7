"""Copies that can be traced: made for one reader, issued in the transaction of the opening.

Every download of a secret's file is a copy of its own with a number of 48 random bits.  Pages, slides and
pictures bear it hidden (`engine.marking.tiles`); of other kinds of file only the register knows it.
The number says nothing by itself: reader, time and secret stand in `CopyIssue` and in the ledger.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shoumi.engine.errors import InputError
from shoumi.engine.marking.tiles.codeword import ID_BITS
from shoumi.engine.marking.tiles.laying import parameters_of
from shoumi.engine.marking.values import KIND_OF_TYPE, Kind
from shoumi.sandbox import Limits, call
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open
from shoumi.server.register.models import CopyIssue, TileKey, TradeSecret
from shoumi.server.register.services.tile_keys import tile_key_current, tile_key_secret

MOST_BYTES: Final = 128 * 1024 * 1024  # larger files are handed out without a hidden number
KINDS: Final = {kind: str(of) for kind, of in KIND_OF_TYPE.items() if of is not Kind.XLSX}
_LIMITS: Final = Limits(seconds=60, memory_bytes=3 << 30, answer_bytes=2 * MOST_BYTES)


@dataclass(frozen=True, slots=True)
class PreparedCopy:
    """A copy that is ready to be handed out, not issued yet."""

    number: int
    content: bytes | None  # None: the stored content itself, unchanged
    tile_key: TileKey | None  # None: no hidden number
    why_not: str  # code of the reason why it bears no hidden number; empty: it does
    sha256: str

    @property
    def code(self) -> str:
        """The number as people write it."""
        return f"{self.number:012x}"


def number_draw() -> int:
    """Return a number that no copy has."""
    while True:
        number = secrets.randbits(ID_BITS)
        if not CopyIssue.objects.filter(copy_id=number).exists():
            return number


def copy_prepare(*, stored: StoredFile, visible: bytes | None, number: int) -> PreparedCopy:
    """Return the copy with this number; `visible` are its bytes with visible marks, None: it has none.

    A content that cannot bear a hidden number is handed out without, and the reason recorded.
    """
    kind = KINDS.get(stored.media_type)
    if kind is None:
        return _unmarked(stored, visible, number, "kind")
    if stored.size_bytes > MOST_BYTES:
        return _unmarked(stored, visible, number, "too_large")
    content = _content_of(stored) if visible is None else visible
    key = tile_key_current()
    try:
        parameters = parameters_of(kind, number, tile_key_secret(key))
        laid = call("shoumi.engine.marking.tiles.laying:laid", content, parameters, limits=_LIMITS).content
    except InputError as error:
        return _unmarked(stored, visible, number, error.code)
    return PreparedCopy(number, laid, key, "", hashlib.sha256(laid).hexdigest())


def _content_of(stored: StoredFile) -> bytes:
    with file_open(stored) as reader:
        return reader.read()


def copy_issue(  # noqa: PLR0913 - who, what, of what, why and when, each named
    *,
    prepared: PreparedCopy,
    secret: TradeSecret,
    stored: StoredFile,
    reader: User,
    purpose: str,
    at: datetime,
) -> CopyIssue:
    """Write who was handed which copy, in the caller's transaction; the caller writes the ledger entry."""
    return CopyIssue.objects.create(
        copy_id=prepared.number,
        secret=secret,
        file=stored,
        reader=reader,
        purpose=purpose,
        at=at,
        form=CopyIssue.Form.HIDDEN if prepared.tile_key else CopyIssue.Form.NONE,
        tile_key=prepared.tile_key,
        sha256=prepared.sha256,
    )


def _unmarked(stored: StoredFile, content: bytes | None, number: int, reason: str) -> PreparedCopy:
    sha256 = stored.sha256 if content is None else hashlib.sha256(content).hexdigest()
    return PreparedCopy(number, content, None, reason, sha256)
