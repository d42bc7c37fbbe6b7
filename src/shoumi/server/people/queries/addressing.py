"""To whom something for a person is addressed: to them by name, or to the company that sends them.

The packs say what labour law lets be addressed to a worker of another company by name, by country and day
(`engine.jurisdiction.outsiders`).  Every service that gives somebody a task asks here.  Who answers for the
other company is known to an app above, which registers a function when it starts.  Reads only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language

from shoumi.engine.errors import ConflictError
from shoumi.engine.jurisdiction.outsiders import AddressingRule, Purpose, address, load_outsiders
from shoumi.server.accounts.models import User
from shoumi.server.people.models import Engagement, EngagementKind, LegalEntity, Person
from shoumi.server.people.queries.days import engaged_now, today_of


class WorkerAddressedError(ConflictError):
    """It may not be addressed to this worker by name."""

    code = "people.worker_addressed"
    message = "Ask {company} instead of its worker by name. {reason}"


@dataclass(frozen=True, slots=True)
class Manager:
    """Who answers for the company that sends a worker."""

    company: str
    name: str = ""
    user: User | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom it goes; `rule` says why it is not the worker, or how far it may be."""

    by_name: bool
    manager: Manager | None = None  # of the other company, for somebody who is sent by one
    rule: AddressingRule | None = None


_manager_of: list[Callable[[Engagement], Manager | None]] = []


def managers_register(function: Callable[[Engagement], Manager | None]) -> None:
    """Have `function` say who answers for the company that sends a worker; the last one registered counts."""
    _manager_of[:] = [function]


def addressee_of(person: Person, purpose: Purpose = Purpose.WORK) -> Addressee:
    """Return to whom something for `purpose` goes; whoever is an employee beside is addressed by name."""
    rows = person.engagements.filter(engaged_now()).select_related("department__entity")
    current = sorted(rows, key=lambda row: (row.kind != EngagementKind.EMPLOYEE, row.starts_on))
    if not current or current[0].kind == EngagementKind.EMPLOYEE:
        return Addressee(by_name=True)
    engagement = current[0]
    entity = engagement.department.entity
    found = address(load_outsiders(entity.pack), engagement.kind, purpose, today_of(entity))
    known = next((each(engagement) for each in _manager_of), None)
    manager = known or (Manager(engagement.contractor) if engagement.contractor else None)
    return Addressee(found.by_name, manager, found.rule)


def verify_by_name(person: Person | None, purpose: Purpose = Purpose.WORK) -> None:
    """Return if something for `purpose` may be addressed to `person` by name; nobody is nobody's worker.

    Raises:
        WorkerAddressedError: it goes to the company that sends them; the fields say which, and why.
    """
    if person is None:
        return
    found = addressee_of(person, purpose)
    if found.by_name or found.rule is None:
        return
    raise WorkerAddressedError(
        company=_called(found.manager, found.rule),
        reason=found.rule.reason.in_language(get_language() or "en"),
    )


def by_name(rows: QuerySet[Person], entity: LegalEntity, purpose: Purpose = Purpose.WORK) -> QuerySet[Person]:
    """Return those of `rows` to whom something for `purpose` may be addressed by name in `entity` today."""
    pack, today = load_outsiders(entity.pack), today_of(entity)
    barred = [kind for kind in EngagementKind.values if not address(pack, kind, purpose, today).by_name]
    current = Engagement.objects.filter(engaged_now(), person=OuterRef("pk"))
    return rows.exclude(Exists(current.filter(kind__in=barred)) & ~Exists(current.exclude(kind__in=barred)))


def _called(manager: Manager | None, rule: AddressingRule) -> str:
    if manager is None:
        return rule.names.in_language(get_language() or "en")
    return f"{manager.company} ({manager.name})" if manager.name else manager.company
