"""What the pages of carriers, storage and inventories do alike: find by the gate, and show one form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from shoumi.engine.policy import Action
from shoumi.server.people.views.asking import Page
from shoumi.server.register.models import Carrier, Inventory, StorageUnit
from shoumi.server.register.queries.carriers.visible import carrier_get
from shoumi.server.register.queries.inventory import inventory_get
from shoumi.server.register.queries.storage.visible import unit_get

TEMPLATE = "register/carriers/form.html"


def carrier_found(request: HttpRequest, carrier_id: UUID, action: Action = Action.CARRIER_VIEW) -> Carrier:
    """Return the carrier if the user may do `action` to it.

    Raises:
        Http404: there is no such carrier.
        NotPermittedError: the gate refuses.
    """
    return _there(carrier_get(request.user, carrier_id, action))


def unit_found(request: HttpRequest, unit_id: UUID, action: Action = Action.STORAGE_VIEW) -> StorageUnit:
    """Return the storage unit if the user may do `action` to it.

    Raises:
        Http404: there is no such unit.
        NotPermittedError: the gate refuses.
    """
    return _there(unit_get(request.user, unit_id, action))


def inventory_found(
    request: HttpRequest, inventory_id: UUID, action: Action = Action.INVENTORY_VIEW
) -> Inventory:
    """Return the inventory if the user may do `action` to it.

    Raises:
        Http404: there is no such inventory.
        NotPermittedError: the gate refuses.
    """
    return _there(inventory_get(request.user, inventory_id, action))


def asking(title: Any, submit: Any, back: str, said: Any, **more: Any) -> Page:
    """Return a page with one form, drawn by the template of this room."""
    more.setdefault("template", TEMPLATE)
    return Page(title=title, submit=submit, back=back, said=said, **more)


def chosen_ids(request: HttpRequest, limit: int = 400) -> list[UUID]:
    """Return the ids that the address names, those that are none left out."""
    found: list[UUID] = []
    for text in request.GET.getlist("id")[:limit]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _there(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
