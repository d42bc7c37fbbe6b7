"""Seals inputs under a content key of their own, and opens them again.

How is the business of `files.storage.sealing`; the key is wrapped by the installation's key store, as those
of stored files are.  Whoever opens has asked the gate.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.errors import EvidenceError
from shoumi.server.agreements.models import Sealed
from shoumi.server.files.storage import sealing
from shoumi.server.files.storage.vault import new_content_key, open_content_key


class SealedInputsError(EvidenceError):
    """What is stored is not what was sealed for this row."""

    code = "agreements.sealed"
    message = "Sealed inputs of an agreement do not open: they were altered or belong to another one."


def seal(values: Mapping[str, JSONValue], row: Sealed | None = None) -> Sealed:
    """Return a row with `values` sealed, new or in the place of what `row` held; part of a transaction."""
    if row is None:
        key, secret = new_content_key()
        key.save(force_insert=True)
        row = Sealed(key=key)
    else:
        secret = open_content_key(row.key)
    row.content = sealing.seal(canonical_bytes(dict(values)), secret, _bound_to(row.pk))
    row.save()
    return row


def unseal(row: Sealed | None) -> dict[str, Any]:
    """Return what was sealed; nothing for no row.

    Raises:
        SealedInputsError: it was altered, or moved from another row.
        WrappedKeyError, DestroyedKeyError, UnknownKeyError: see the key store.
    """
    if row is None:
        return {}
    secret = open_content_key(row.key)
    opened = sealing.unseal(bytes(row.content), secret, _bound_to(row.pk), error=SealedInputsError)
    values: dict[str, Any] = json.loads(opened)
    return values


def _bound_to(row_id: UUID) -> bytes:
    return b"shoumi/agreements/" + row_id.bytes
