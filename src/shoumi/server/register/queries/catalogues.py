"""The pack as a company has it at a moment: its own catalogue entries laid over the pack's.

Follows the seed guide's purpose (its defaults are for reference).  A secret that was decided keeps the
catalogues of that moment; a draft, a change and a new proposal see those of now.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from shoumi.engine.jurisdiction import Pack, load_pack
from shoumi.engine.jurisdiction.company import CATALOGUES, Override, items_of, overlaid, pack_value
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models import CatalogueEntry, TradeSecret


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One entry as the page shows it: what the pack says and what the company has."""

    item: str
    pack_value: dict[str, Any]
    value: dict[str, Any]
    own: CatalogueEntry | None  # in force; None: as in the pack


def entries_at(entity_id: object, at: datetime) -> QuerySet[CatalogueEntry]:
    """Return the entries of its own that a legal entity had at a moment, oldest first."""
    held = Q(replaced_at=None) | Q(replaced_at__gt=at)
    return CatalogueEntry.objects.filter(held, entity_id=entity_id, confirmed_at__lte=at).order_by("pk")


def entries_waiting(entity_id: object) -> QuerySet[CatalogueEntry]:
    """Return the entries that were proposed and wait for a second person."""
    rows = CatalogueEntry.objects.filter(entity_id=entity_id, replaced_at=None, confirmed_at=None)
    return rows.select_related("set_by")


def company_pack(entity_id: object, pack_id: str, at: datetime | None = None) -> Pack:
    """Return the pack as a legal entity had it at a moment, by default now; one query."""
    rows = entries_at(entity_id, at or clock().now()).values_list("catalogue", "item", "value")
    texts = tuple((catalogue, item, json.dumps(value, sort_keys=True)) for catalogue, item, value in rows)
    return _laid(pack_id, texts) if texts else load_pack(pack_id)


def pack_of(secret: TradeSecret) -> Pack:
    """Return the pack by whose catalogues a secret is or was decided; one query per object and moment."""
    held: tuple[object, Pack] | None = secret.__dict__.get("_pack_of")
    wanted = (secret.entity_id, secret.pack, secret.standard_at)
    if held is None or held[0] != wanted:
        held = (wanted, company_pack(*wanted))
        secret.__dict__["_pack_of"] = held
    return held[1]


def catalogue_rows(entity: LegalEntity, catalogue: str) -> list[CatalogueRow]:
    """Return every entry of a catalogue, those of the pack first, with what the company has instead."""
    pack = load_pack(entity.pack)
    own = {
        row.item: row
        for row in entries_at(entity.pk, clock().now())
        .filter(catalogue=catalogue)
        .select_related("set_by", "confirmed_by")
    }
    items = [*items_of(pack, catalogue), *(item for item in own if item not in items_of(pack, catalogue))]
    rows = []
    for item in items:
        default = dict(pack_value(pack, catalogue, item))
        row = own.get(item)
        rows.append(CatalogueRow(item, default, row.value if row else default, row))
    return rows


def clearances_needed(entity_id: object) -> dict[str, int]:
    """Return for which categories a legal entity wants more than the level of the line to read a ledger."""
    rows = entries_at(entity_id, clock().now()).filter(catalogue=CatalogueEntry.Catalogue.ARCHIVE_ACCESS)
    return {row.item: row.value["clearance"] for row in rows}


def known_catalogues() -> tuple[str, ...]:
    """Return the names of all catalogues, as the engine has them."""
    return tuple(CATALOGUES)


@lru_cache(maxsize=256)
def _laid(pack_id: str, entries: tuple[tuple[str, str, str], ...]) -> Pack:
    """Return the pack with these entries laid over it; the same ones are laid once per process."""
    overrides = [Override(catalogue, item, json.loads(value)) for catalogue, item, value in entries]
    return overlaid(load_pack(pack_id), overrides)
