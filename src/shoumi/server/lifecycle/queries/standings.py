"""How a case stands: its newest plan, the records that count, and what the engine says of both.

Follows `engine.jurisdiction.procedures.standing`; a record of a step that a newer plan no longer has stays
filed and counts for nothing.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.utils.dateparse import parse_datetime

from shoumi.engine.canonical import JSONValue
from shoumi.engine.jurisdiction.procedures import (
    Gate,
    ItemAnswer,
    ItemState,
    Plan,
    Record,
    Standing,
    StepStanding,
    restored,
    standing,
)
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.lifecycle.models import Attestation, CaseStep, PersonCase, PlanVersion, StepRecord
from shoumi.server.people.models import Person

PLANS_READ = 256  # that stay read: a plan never changes once it is kept


def who(user: User) -> str:
    """Return the name under which the records of a case know somebody: their person, else their account."""
    person = Person.objects.filter(user=user).values_list("pk", flat=True).first()
    return str(person) if person else f"account:{user.pk}"


def version_of(case: PersonCase) -> PlanVersion:
    """Return the plan that holds."""
    return case.plans.order_by("-number")[0]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A plan as it was kept, known by its hash."""

    sha256: str
    plan: Mapping[str, JSONValue] = field(compare=False)


def plan_of(case: PersonCase) -> Plan:
    """Return the plan that holds, as it was kept."""
    version = version_of(case)
    return _restored(_Kept(version.plan_sha256, version.plan))


@lru_cache(maxsize=PLANS_READ)
def _restored(kept: _Kept) -> Plan:
    return restored(kept.plan)


def records_of(steps: Iterable[CaseStep], plan: Plan) -> list[Record]:
    """Return what counts of the records of these steps, as the engine takes it."""
    known = {step.pk: step.key for step in steps if plan.step(step.key)}
    rows = StepRecord.objects.filter(step__in=known, counts_from__isnull=False)
    found = rows.prefetch_related("attestations").order_by("recorded_at", "pk")
    return [_value(row, known[row.step_id]) for row in found]


def standing_of(case: PersonCase, plan: Plan | None = None, now: datetime | None = None) -> Standing:
    """Return how a case stands now."""
    plan = plan or plan_of(case)
    return standing(plan, records_of(case.steps.all(), plan), now or clock().now())


def waits_for(case: PersonCase, gate: Gate, found: Standing) -> list[CaseStep]:
    """Return the steps that keep a gate closed, in their order."""
    return list(case.steps.filter(key__in=found.gates[gate].waiting_for))


def _value(row: StepRecord, key: str) -> Record:
    witnesses = [
        _who(item) for item in row.attestations.all() if item.part == Attestation.Part.WITNESS and item.agreed
    ]
    return Record(
        step=key,
        at=row.happened_at,
        by=tuple(row.by),
        items={
            name: ItemAnswer(ItemState(answer["state"]), _moment(answer["at"]))
            for name, answer in row.items.items()
        },
        signed=dict(row.signed),
        refused=frozenset(row.refused),
        witnesses=tuple(witnesses),
    )


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _who(item: Attestation) -> str:
    return who(item.user)


def next_step(found: Standing) -> StepStanding | None:
    """Return what is to be done next: the open step that is due first, those without a day last."""
    open_ = [each for each in found.steps if each.state.value == "open"]
    far = max((each.planned.due.at for each in open_ if each.planned.due.at), default=found.at)
    return min(open_, key=lambda each: each.planned.due.at or far, default=None)
