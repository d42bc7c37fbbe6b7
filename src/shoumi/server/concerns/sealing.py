"""Seals the letters of a concern under its own content key, and opens them again.

How is the business of `files.storage.sealing`; the key is wrapped by the installation's key store.  Whoever
opens has asked the gate, or holds the passphrase.
"""

from __future__ import annotations

from shoumi.engine.errors import EvidenceError
from shoumi.server.concerns.models import Letter
from shoumi.server.files.storage import sealing


class SealedLetterError(EvidenceError):
    """What is stored is not what was sealed for this letter."""

    code = "concerns.sealed"
    message = "A letter of a concern does not open: it was altered or belongs to another one."


def seal(letter: Letter, text: str, secret: bytes) -> None:
    """Put `text` into `letter`, which is not saved."""
    letter.sealed = sealing.seal(text.encode(), secret, _bound_to(letter))


def unseal(letter: Letter, secret: bytes) -> str:
    """Return the text of `letter`; nothing if it was erased.

    Raises:
        SealedLetterError: it was altered, or moved from another row.
    """
    content = bytes(letter.sealed)
    if not content:
        return ""
    return sealing.unseal(content, secret, _bound_to(letter), error=SealedLetterError).decode()


def _bound_to(letter: Letter) -> bytes:
    return b"shoumi/concerns/" + letter.pk.bytes
