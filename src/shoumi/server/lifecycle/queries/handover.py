"""What a person holds that must be handed over, and the handover list in the order of its kinds.

Carriers are those of the register.  Reads only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from shoumi.engine.jurisdiction.procedures import PlannedStep
from shoumi.server.lifecycle.models import CaseStep, HandoverItem
from shoumi.server.lifecycle.queries.packs import said
from shoumi.server.people.models import Person
from shoumi.server.register.models import Carrier

GONE = (Carrier.Status.RETURNED, Carrier.Status.SCRAPPED, Carrier.Status.DESTROYED)


@dataclass(frozen=True, slots=True)
class Group:
    """The things of one kind."""

    key: str
    title: str
    things: tuple[HandoverItem, ...]

    @property
    def settled(self) -> bool:
        """Whether all of it has been received, or there is none."""
        return bool(self.things) and all(thing.received_at for thing in self.things)


def carriers_held(person: Person) -> QuerySet[Carrier]:
    """Return the carriers of designated secrets that the person keeps or uses."""
    rows = Carrier.objects.filter(number__isnull=False).exclude(status__in=GONE)
    return rows.filter(Q(keeper=person) | Q(holder=person)).order_by("number")


def groups_of(step: CaseStep, asked: PlannedStep) -> list[Group]:
    """Return the kinds of things of a handover step with what is on the list."""
    found: dict[str, list[HandoverItem]] = defaultdict(list)
    for row in step.things.select_related("handed_by", "received_by", "carrier"):
        found[row.group].append(row)
    return [Group(item.id, said(item.names), tuple(found[item.id])) for item in asked.step.items]
