"""What happened to a zone, told from the ledger: about itself, its designations and its permissions.

Visits have a page of their own; entries at the door stand in the log, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoumi.server.accounts.models import User
from shoumi.server.ledger.queries import entries_about
from shoumi.server.ledger.tags import LedgerTag as Tag
from shoumi.server.places.models import Zone

LONGEST = 200  # entries on one page
SENTENCES: dict[str, Any] = {
    Tag.PLACES_ZONE_CREATED: gettext_lazy("The zone was entered"),
    Tag.PLACES_ZONE_CHANGED: gettext_lazy("The zone was changed"),
    Tag.PLACES_ZONE_CLOSED: gettext_lazy("The zone was closed"),
    Tag.PLACES_SUGGESTION_ACCEPTED: gettext_lazy("A suggestion was accepted"),
    Tag.PLACES_SUGGESTION_DECLINED: gettext_lazy("A suggestion was declined"),
    Tag.PLACES_ENTRANCE_ADDED: gettext_lazy("An entrance was named"),
    Tag.PLACES_ENTRANCE_CLOSED: gettext_lazy("An entrance was closed"),
    Tag.PLACES_SIGN_PRINTED: gettext_lazy("Signs were printed"),
    Tag.PLACES_SIGN_ADDED: gettext_lazy("A sign was put up"),
    Tag.PLACES_SIGN_REMOVED: gettext_lazy("A sign was taken down"),
    Tag.PLACES_GUARD_ADDED: gettext_lazy("A guard or device was listed"),
    Tag.PLACES_GUARD_ENDED: gettext_lazy("A guard or device was taken off the list"),
    Tag.PLACES_ISOLATION_RECORDED: gettext_lazy("The isolation was proved by a photo"),
    Tag.PLACES_INSPECTION_RECORDED: gettext_lazy("The zone was inspected"),
    Tag.PLACES_TASK_CLOSED: gettext_lazy("A gap was closed"),
    Tag.PLACES_DESIGNATION_PROPOSED: gettext_lazy("Proposed as a key place"),
    Tag.PLACES_DESIGNATION_APPROVED: gettext_lazy("Became a key place"),
    Tag.PLACES_DESIGNATION_REJECTED: gettext_lazy("The proposal as a key place was refused"),
    Tag.PLACES_DESIGNATION_CHANGED: gettext_lazy("Measures or rule of the key place were changed"),
    Tag.PLACES_WITHDRAWAL_PROPOSED: gettext_lazy("The end of the key place was proposed"),
    Tag.PLACES_WITHDRAWAL_APPROVED: gettext_lazy("It is a key place no longer"),
    Tag.PLACES_WITHDRAWAL_REJECTED: gettext_lazy("It stays a key place"),
    Tag.PLACES_PERMISSION_REQUESTED: gettext_lazy("An entry permission was asked for"),
    Tag.PLACES_PERMISSION_APPROVED: gettext_lazy("An entry permission was given"),
    Tag.PLACES_PERMISSION_REJECTED: gettext_lazy("An entry permission was refused"),
    Tag.PLACES_PERMISSION_REVOKED: gettext_lazy("An entry permission was taken back"),
    Tag.PLACES_PASSAGE_REFUSED: gettext_lazy("Somebody was not let in"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as the page shows it."""

    index: int
    at: datetime
    text: str
    actor: str


def timeline_of(zone: Zone) -> list[Event]:
    """Return what happened, the newest first."""
    subjects = [zone.ledger_subject]
    subjects += [row.ledger_subject for row in zone.key_designations.all()]
    subjects += [row.ledger_subject for row in zone.entry_permissions.all()]
    rows = list(entries_about(subjects, SENTENCES)[:LONGEST])
    names = _names({row.actor for row in rows})
    return [
        Event(row.index, row.time, str(SENTENCES[row.tag]), names.get(row.actor, row.actor)) for row in rows
    ]


def _names(actors: set[str]) -> dict[str, str]:
    """Return the names behind opaque actors; the system is called so."""
    keys = [actor.removeprefix("user:") for actor in actors if actor.startswith("user:")]
    names = {user.ledger_actor: str(user) for user in User.objects.filter(pk__in=keys)}
    return names | {actor: _("Shoumi itself") for actor in actors if actor.startswith("system:")}
