"""The letters of a concern, opened in order.  Whoever asks has asked the gate, or holds the passphrase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shoumi.server.accounts.models import User
from shoumi.server.concerns.models import Concern, Enclosure
from shoumi.server.concerns.sealing import unseal
from shoumi.server.files.storage.vault import open_content_key


@dataclass(frozen=True, slots=True)
class Read:
    """One letter as it is read."""

    sent_at: datetime
    author: User | None  # nobody: whoever reported it
    text: str
    enclosures: Sequence[Enclosure]


def letters_of(concern: Concern) -> list[Read]:
    """Return the letters of a concern, the first one first.

    Raises:
        SealedLetterError, WrappedKeyError, DestroyedKeyError, UnknownKeyError: see the key store.
    """
    secret = open_content_key(concern.key)
    rows = concern.letters.select_related("author").prefetch_related("enclosures__file")
    return [Read(row.sent_at, row.author, unseal(row, secret), list(row.enclosures.all())) for row in rows]
