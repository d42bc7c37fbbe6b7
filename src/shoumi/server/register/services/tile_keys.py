"""The keys of hidden tiles: made on first use, renewed once a year, the older ones kept for reading.

They are wrapped by the key store of this installation like the keys of files, so that its rotation takes
them along; the tile key itself is derived and leaves the process that marks or reads in no form.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction

from shoumi.server.files.storage.vault import new_content_key, open_content_key
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.register.models import TileKey

KEPT_IN_USE: Final = timedelta(days=365)
_PURPOSE: Final = b"shoumi/tile-key/v1"
_ACTOR: Final = "system:register"


def tile_key_current() -> TileKey:
    """Return the key that marks now; the first call makes it."""
    row = TileKey.objects.select_related("key").filter(retired_at=None).first()
    if row is not None:
        return row
    try:
        with transaction.atomic():
            return _made()
    except IntegrityError:  # another process was faster
        return TileKey.objects.select_related("key").get(retired_at=None)


def tile_keys_renew() -> bool:
    """Replace the key that marks when it has been in use for a year; return whether it was."""
    with transaction.atomic():
        row = TileKey.objects.select_for_update(no_key=True).filter(retired_at=None).first()
        if row is None or clock().now() - row.created_at < KEPT_IN_USE:
            return False
        row.retired_at = clock().now()
        row.save(update_fields=["retired_at"])
        _made()
    return True


def tile_key_secret(row: TileKey) -> bytes:
    """Return the 32 bytes that lay out the tile.

    Raises:
        WrappedKeyError, DestroyedKeyError, UnknownKeyError: see the key store.
    """
    return hashlib.sha256(_PURPOSE + b"\0" + open_content_key(row.key)).digest()


def tile_keys_open() -> list[bytes]:
    """Return every key, the newest first: what a search reads with."""
    return [tile_key_secret(row) for row in TileKey.objects.select_related("key")]


def _made() -> TileKey:
    key, _secret = new_content_key()
    key.save(force_insert=True)
    row = TileKey.objects.create(key=key, created_at=clock().now())
    append(RegisterTag.TILE_KEY_MADE, actor=_ACTOR, subject=f"tile-key:{row.pk}")
    return row
