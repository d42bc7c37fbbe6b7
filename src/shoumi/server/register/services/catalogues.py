"""Changes one entry of a company's catalogues, with the reason and a second person; the pack stays as it is.

Follows the seed guide's purpose: its defaults are for reference.  Rows are replaced, never deleted; what was
decided before keeps its standard.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.company import Override, override_checked, pack_value
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models import CatalogueEntry
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.resources import setting_resource
from shoumi.server.register.services.defaults import DefaultReasonError


class CatalogueEntryUnknownError(InputError):
    """No such entry waits."""

    code = "register.catalogue_unknown"
    message = "There is no such entry, or nothing waits for it."


def catalogue_propose(  # noqa: PLR0913 - the parts of an entry, each named
    *, actor: User, entity: LegalEntity, catalogue: str, item: str, value: Mapping[str, Any], reason: str
) -> CatalogueEntry:
    """Propose what the company has instead; it holds when another person has confirmed it.

    Raises:
        NotPermittedError: the actor may not change settings.
        DefaultReasonError: no reason.
        InputError: (a leaf of it) the value does not fit the catalogue.
    """
    gate.require(actor, Action.SETTINGS_EDIT, setting_resource(entity, "catalogue"))
    if catalogue not in CatalogueEntry.Catalogue.values:
        raise CatalogueEntryUnknownError
    if not reason.strip():
        raise DefaultReasonError
    now = clock().now()
    with transaction.atomic():
        LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
        checked = override_checked(company_pack(entity.pk, entity.pack), Override(catalogue, item, value))
        rows = CatalogueEntry.objects.filter(entity=entity, catalogue=catalogue, item=item)
        rows.filter(confirmed_at=None, replaced_at=None).update(replaced_at=now)
        row = CatalogueEntry.objects.create(
            entity=entity,
            catalogue=catalogue,
            item=item,
            value=dict(checked.value),
            pack_value=_of_pack(entity, catalogue, item),
            reason=reason.strip(),
            set_by=actor,
            set_at=now,
        )
        _append(row, actor, "proposed")
    return row


def catalogue_reset(
    *, actor: User, entity: LegalEntity, catalogue: str, item: str, reason: str
) -> CatalogueEntry:
    """Propose to go back to what the pack says; an entry of the company's own is no longer used then."""
    value = _of_pack(entity, catalogue, item)
    if not value:
        row = CatalogueEntry.objects.filter(
            entity=entity, catalogue=catalogue, item=item, confirmed_at__isnull=False, replaced_at=None
        ).first()
        if row is None or "used" not in row.value:
            raise CatalogueEntryUnknownError
        value = {**row.value, "used": False}
    return catalogue_propose(
        actor=actor, entity=entity, catalogue=catalogue, item=item, value=value, reason=reason
    )


def catalogue_confirm(*, actor: User, entry_id: int) -> CatalogueEntry:
    """Confirm a proposed entry as another person; the one before it is replaced.

    Raises:
        CatalogueEntryUnknownError: there is no such entry, or it does not wait.
        NotPermittedError: the actor may not, or proposed it.
    """
    found = CatalogueEntry.objects.select_related("entity").filter(pk=entry_id).first()
    if found is None:
        raise CatalogueEntryUnknownError
    setting = setting_resource(found.entity, "catalogue", str(found.set_by_id))
    gate.require(actor, Action.SETTINGS_APPROVE, setting)
    now = clock().now()
    with transaction.atomic():
        LegalEntity.objects.select_for_update(no_key=True).get(pk=found.entity_id)
        row = CatalogueEntry.objects.select_for_update(no_key=True).get(pk=entry_id)
        if row.confirmed_at is not None or row.replaced_at is not None:
            raise CatalogueEntryUnknownError
        pack = company_pack(found.entity_id, found.entity.pack)
        override_checked(pack, Override(row.catalogue, row.item, row.value))
        earlier = CatalogueEntry.objects.filter(entity=row.entity_id, catalogue=row.catalogue, item=row.item)
        earlier.filter(replaced_at=None, confirmed_at__isnull=False).update(replaced_at=now)
        row.confirmed_by, row.confirmed_at = actor, now
        if row.value == row.pack_value:  # back to the pack: nothing departs any more
            row.replaced_at = now
        row.save(update_fields=["confirmed_by", "confirmed_at", "replaced_at"])
        _append(row, actor, "confirmed")
    return row


def _of_pack(entity: LegalEntity, catalogue: str, item: str) -> dict[str, Any]:
    """Return what the pack says about an entry; empty for one that the company added."""
    try:
        return dict(pack_value(load_pack(entity.pack), catalogue, item))
    except KeyError:
        return {}


def _append(row: CatalogueEntry, actor: User, event: str) -> None:
    append(
        RegisterTag.CATALOGUE_CHANGED,
        actor=actor.ledger_actor,
        subject=f"entity:{row.entity_id}",
        detail={
            "event": event,
            "catalogue": row.catalogue,
            "item": row.item,
            "value": row.value,
            "pack_value": row.pack_value,
            "reason": row.reason,
        },
    )
