"""Which agreements and training certificates a step of a case rests on or waits for, and the way back.

Whose rule: the pack's `procedures.yaml` names kind and steps.  Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from shoumi.engine.jurisdiction.procedures import PlannedStep
from shoumi.engine.jurisdiction.procedures.values import ProcedureTable
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.libraries import kind_words
from shoumi.server.agreements.queries.visible import agreements_visible_to, new_resource
from shoumi.server.lifecycle.models import CaseStep, StepRecord
from shoumi.server.lifecycle.queries.access import step_resource
from shoumi.server.lifecycle.queries.packs import table_of
from shoumi.server.people.queries import today_of
from shoumi.server.training.models import Certificate
from shoumi.server.training.queries.access import certificates_visible
from shoumi.server.training.queries.learning import holding, is_trained

JOINING = "joining"  # only then what was settled before counts
State = Agreement.State


def kind_asked(table: ProcedureTable, asked: PlannedStep) -> str:
    """Return the kind of agreement whose signing satisfies a step, empty for none."""
    return table.agreements.get(asked.step.id, "")


def agreements_for(step: CaseStep, asked: PlannedStep) -> QuerySet[Agreement]:
    """Return the agreements that count for a step: in force, or refused before two witnesses."""
    case = step.case
    kind = kind_asked(table_of(case.entity), asked)
    witnessed = Q(state=State.REFUSED, refusal__paper__state=State.IN_FORCE)
    rows = Agreement.objects.filter(Q(state=State.IN_FORCE) | witnessed, person=case.person_id, kind=kind)
    if case.kind != JOINING:
        rows = rows.filter(created_at__gte=case.opened_at)
    return rows.select_related("pdf").order_by("offered_at", "pk")


def certificates_for(step: CaseStep) -> QuerySet[Certificate]:
    """Return the certificates that count for a step: they hold today, the newest first."""
    case = step.case
    rows = Certificate.objects.filter(holding(today_of(case.entity)), person=case.person_id)
    if case.kind != JOINING:
        rows = rows.filter(issued_at__gte=case.opened_at)
    return rows.select_related("person__user").order_by("-issued_at", "pk")


@dataclass(frozen=True, slots=True)
class Linked:
    """What a step waits for elsewhere, as far as the reader may see it."""

    kind: str  # of the agreement, empty for a training
    title: str
    agreements: tuple[Agreement, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    may_prepare: bool = False
    trained: bool = False


def linked_of(user: User, step: CaseStep, asked: PlannedStep | None) -> Linked | None:
    """Return what a step waits for elsewhere, None where it rests on itself."""
    if asked is None:
        return None
    case, table = step.case, table_of(step.case.entity)
    if kind := kind_asked(table, asked):
        rows = agreements_visible_to(user).filter(person=case.person_id, kind=kind).defer("library__form")
        wished = new_resource(case.entity, case.person, kind=kind)
        return Linked(
            kind=kind,
            title=kind_words(case.entity.pack, kind),
            agreements=tuple(rows.order_by("-created_at", "pk")[:5]),
            may_prepare=gate.permits(user, Action.AGREEMENT_PREPARE, wished),
        )
    if asked.step.id in table.training:
        rows_ = certificates_visible(user).filter(person=case.person_id).order_by("-issued_at", "pk")
        return Linked(kind="", title="", certificates=tuple(rows_[:5]), trained=is_trained(case.person))
    return None


def steps_resting_on(user: User, row: Agreement | Certificate) -> list[tuple[str, str]]:
    """Return text and address of the steps that an agreement or certificate proved."""
    name = "agreement" if isinstance(row, Agreement) else "certificate"
    records = StepRecord.objects.filter(**{name: row}).select_related(
        "step__case__person__user", "step__case__entity", "step__case__department__entity"
    )
    return [
        (f"{record.step.case.number} · {record.step.title}", record.step.get_absolute_url())
        for record in records
        if gate.permits(user, Action.PERSON_STEP_VIEW, step_resource(record.step))
    ]
