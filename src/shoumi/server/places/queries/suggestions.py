"""Which departments and places the guide wants to see as secret zones and are none yet, with the reason.

Follows the seed guide 五(四)1 through the pack's groups; names are recognised, a person decides.  What was
declined stays declined until somebody accepts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shoumi.engine.jurisdiction import PlaceGroup, recognised_by
from shoumi.server.accounts.models import User
from shoumi.server.people.models import Department
from shoumi.server.places.models import Designation, SuggestionDecision, Zone
from shoumi.server.places.models.designations import NOT_OVER
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.places.queries.stored import GONE
from shoumi.server.places.queries.visible import departments_managed_by, zones_managed_by

HOLDS_CARRIERS = "ZON-04"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One department or zone that should be a secret zone."""

    group: PlaceGroup
    department: Department | None
    zone: Zone | None
    word: str  # by which it was recognised; empty: by the carriers that are kept there
    declined: SuggestionDecision | None = None

    @property
    def target(self) -> Department | Zone:
        """What it is about."""
        return self.zone or self.department


def suggestions_for(user: User) -> list[Suggestion]:
    """Return what is suggested within the user's remit, open ones first: five queries."""
    departments = list(departments_managed_by(user))
    zones = list(zones_managed_by(user).filter(closed_on__isnull=True))
    covered = {
        (zone.department_id, zone.ground) for zone in zones if zone.kind == Zone.Kind.SECRET and zone.ground
    }
    found = [*_of_departments(departments, covered), *_of_zones(zones)]
    declined = _declined()
    answered = [
        Suggestion(item.group, item.department, item.zone, item.word, declined.get(_key(item)))
        for item in found
    ]
    return sorted(answered, key=lambda item: (item.declined is not None, item.group.id, str(item.target)))


def _of_departments(
    departments: Iterable[Department], covered: set[tuple[object, str]]
) -> Iterable[Suggestion]:
    for department in departments:
        for group in rules_for(department.entity).must_be:
            word = recognised_by(group, department.name)
            if word and (department.pk, group.id) not in covered:
                yield Suggestion(group, department, None, word)


def _of_zones(zones: Iterable[Zone]) -> Iterable[Suggestion]:
    plain = [zone for zone in zones if zone.kind != Zone.Kind.SECRET]
    holding = set(
        Zone.objects.filter(pk__in=[zone.pk for zone in plain], carriers__isnull=False)
        .exclude(carriers__status__in=GONE)
        .values_list("pk", flat=True)
    )
    for zone in plain:
        for group in rules_for(zone.entity).must_be:
            word = recognised_by(group, zone.name)
            if word or (group.id == HOLDS_CARRIERS and zone.pk in holding):
                yield Suggestion(group, None, zone, word)


def _declined() -> dict[tuple[str, object, object], SuggestionDecision]:
    """Return the latest answer to each suggestion, as far as it was to decline."""
    latest: dict[tuple[str, object, object], SuggestionDecision] = {}
    for row in SuggestionDecision.objects.select_related("decided_by").order_by("decided_at", "pk"):
        latest[row.group, row.department_id, None if row.department_id else row.zone_id] = row
    return {key: row for key, row in latest.items() if row.outcome == SuggestionDecision.Outcome.DECLINED}


def _key(item: Suggestion) -> tuple[str, object, object]:
    return (
        item.group.id,
        item.department.pk if item.department else None,
        item.zone.pk if item.zone else None,
    )


@dataclass(frozen=True, slots=True)
class KeySuggestion:
    """A department that by its name deals much with secrets and is no key department yet."""

    department: Department
    kind: PlaceGroup
    word: str


def key_departments_suggested(user: User) -> list[KeySuggestion]:
    """Return the departments within the user's remit that should be key departments (sales among them)."""
    rows = list(departments_managed_by(user))
    known = set(
        Designation.objects.filter(department__in=rows, state__in=NOT_OVER).values_list(
            "department", flat=True
        )
    )
    return [
        KeySuggestion(department, kind, word)
        for department in rows
        if department.pk not in known
        for kind in rules_for(department.entity).key_departments
        if (word := recognised_by(kind, department.name))
    ]
