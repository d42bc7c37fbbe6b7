"""Seals the password of a directory's account under a content key of its own, and opens it for a reading.

How is the business of `files.storage.sealing`; the key is wrapped by the installation's key store, as those
of stored files are.  No page and no log ever shows it.
"""

from __future__ import annotations

from shoumi.engine.errors import EvidenceError
from shoumi.server.files.storage import sealing
from shoumi.server.files.storage.vault import new_content_key, open_content_key
from shoumi.server.provisioning.models import Directory


class SealedPasswordError(EvidenceError):
    """What is stored is not what was sealed for this directory."""

    code = "provisioning.sealed"
    message = "The sealed password of the directory does not open: it was altered. Enter it again."


def password_seal(row: Directory, password: str) -> None:
    """Keep `password` with a directory that is not saved yet; an empty one takes the old one away."""
    if not password:
        row.password = b""
        return
    if row.key is None:
        row.key, secret = new_content_key()
        row.key.save(force_insert=True)
    else:
        secret = open_content_key(row.key)
    row.password = sealing.seal(password.encode(), secret, _bound_to(row))


def password_open(row: Directory) -> str:
    """Return the password; nothing where there is none.

    Raises:
        SealedPasswordError: it was altered, or moved from another directory.
        WrappedKeyError, DestroyedKeyError, UnknownKeyError: see the key store.
    """
    content = bytes(row.password)
    if not content or row.key is None:
        return ""
    secret = open_content_key(row.key)
    return sealing.unseal(content, secret, _bound_to(row), error=SealedPasswordError).decode()


def _bound_to(row: Directory) -> bytes:
    return b"shoumi/directory/" + row.pk.bytes
