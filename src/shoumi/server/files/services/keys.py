"""Changes the key-encryption key under which the keys of contents are wrapped.

Rotation rewraps rows and touches no content.  Destroying an old key afterwards makes every copy of the
rows that it wrapped worthless: backups, dead rows in the database's files.  Both are offered to people by
way of the four-eyes procedure of `accounts` only.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from shoumi.connectors.keys.port import CurrentKeyError
from shoumi.engine.errors import ConflictError
from shoumi.server.accounts.models import User
from shoumi.server.files.models import ContentKey
from shoumi.server.files.storage.vault import key_store, open_content_key, rewrap
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag

_BATCH: Final = 500


class KeyInUseError(ConflictError):
    """Contents still depend on the key; destroying it would lose them."""

    code = "conflict.key_in_use"
    message = "The key {kid} still protects {count} contents; rotate first."


def content_keys_rotate(*, actor: User | str) -> int:
    """Make a new key-encryption key, wrap every content's key under it, and return how many there were.

    An interrupted rotation is finished by the next one; until then old and new key both open.
    """
    kid = key_store().rotate()
    count = 0
    while True:
        with transaction.atomic():
            rows = list(
                ContentKey.objects.select_for_update(no_key=True).exclude(kid=kid).order_by("pk")[:_BATCH]
            )
            if not rows:
                break
            for row in rows:
                rewrap(row, open_content_key(row))
            ContentKey.objects.bulk_update(rows, ["kid", "wrapped"])
            count += len(rows)
    with transaction.atomic():
        append(
            LedgerTag.FILES_KEY_ROTATED,
            actor=_actor(actor),
            subject=f"key:{kid}",
            detail={"rewrapped": count},
        )
    return count


def key_destroy(*, actor: User | str, kid: str) -> None:
    """Destroy an old key-encryption key that protects nothing any more.

    Raises:
        KeyInUseError: contents still depend on it.
        CurrentKeyError, UnknownKeyError: see the port.
    """
    store = key_store()
    if any(key.kid == kid and key.state == "current" for key in store.facts()):
        raise CurrentKeyError(kid=kid)
    with transaction.atomic():
        count = ContentKey.objects.filter(kid=kid).count()
        if count:
            raise KeyInUseError(kid=kid, count=count)
        append(LedgerTag.FILES_KEY_DESTROYED, actor=_actor(actor), subject=f"key:{kid}")
        store.destroy(kid)


def _actor(actor: User | str) -> str:
    return actor.ledger_actor if isinstance(actor, User) else actor
