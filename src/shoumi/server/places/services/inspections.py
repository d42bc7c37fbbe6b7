"""Records how the checklist of the three defences was answered, and closes the gaps that it found.

Follows the knowledge Q&A 十一 (三防到位).  Each gap is a task until somebody says what was done; a question
that is in place again closes its task by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.places.models import Inspection, InspectionItem, Zone, ZoneTask
from shoumi.server.places.queries.checklist import Verdict, checks_of, next_after, percent_of
from shoumi.server.places.queries.resources import zone_resource
from shoumi.server.places.queries.standards import rules_for, said
from shoumi.server.places.services.errors import AnswersError, DaysError, OverError, ReasonMissingError

GAP_DAYS = {Verdict.MISSING: 14, Verdict.PARTLY: 30}  # within which a gap should be closed
NEEDS_WORDS = frozenset(Verdict) - {Verdict.MET}  # answers that say nothing without a note


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question; the note says what is missing."""

    verdict: str
    note: str = ""


def inspection_record(  # noqa: PLR0913 - the parts of an inspection
    *,
    actor: User,
    zone: Zone,
    answers: Mapping[str, Answer],
    inspected_on: date,
    next_on: date | None = None,
    note: str = "",
) -> Inspection:
    """Keep an inspection: every question answered, the score worked out, gaps opened and closed.

    `next_on` is when to look again; without it the pack's interval holds.

    Raises:
        NotPermittedError: the actor does not manage the zone.
        OverError: the zone is closed.
        DaysError: it lies in the future, or the next one does not lie after it.
        AnswersError: a question has no answer, or a gap has no words.
    """
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    today = today_of(zone.entity)
    following = next_on or next_after(inspected_on, rules_for(zone.entity).inspection_months)
    if inspected_on > today:
        raise DaysError(reason="an inspection cannot lie in the future")
    if following <= inspected_on:
        raise DaysError(reason="the next inspection must lie after this one")
    with transaction.atomic():
        row = locked(Zone, zone.pk, None)
        if not row.is_open:
            raise OverError
        checks = checks_of(row)
        _verify_answered({check.id: said(check.names) for check in checks}, answers)
        inspection = Inspection.objects.create(
            zone=row,
            inspected_on=inspected_on,
            next_on=following,
            inspector=actor,
            score=percent_of(answers[check.id].verdict for check in checks) or 0,
            note=text_of(Inspection, "note", note),
            recorded_at=clock().now(),
        )
        InspectionItem.objects.bulk_create(
            InspectionItem(
                inspection=inspection,
                check_id=check.id,
                verdict=answers[check.id].verdict,
                note=text_of(InspectionItem, "note", answers[check.id].note),
            )
            for check in checks
        )
        opened = _follow_up(inspection, {check.id: answers[check.id] for check in checks}, actor)
        latest = row.inspections.order_by("-inspected_on", "-recorded_at")[0]
        row.inspected_on, row.next_inspection_on = latest.inspected_on, latest.next_on
        row.score = latest.score
        row.save(update_fields=["inspected_on", "next_inspection_on", "score"])
        record(
            LedgerTag.PLACES_INSPECTION_RECORDED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "inspection": str(inspection.pk),
                "inspected_on": inspected_on.isoformat(),
                "next_on": following.isoformat(),
                "score": str(inspection.score),
                "gaps": str(opened),
            },
        )
    return inspection


def task_close(*, actor: User, task: ZoneTask, outcome: str) -> ZoneTask:
    """Close a gap by saying what was done about it.

    Raises:
        NotPermittedError, OverError, ReasonMissingError: each as it says.
    """
    gate.require(actor, Action.ZONE_EDIT, zone_resource(task.zone))
    text = text_of(ZoneTask, "outcome", outcome)
    if not text:
        raise ReasonMissingError
    with transaction.atomic():
        row = ZoneTask.objects.select_for_update(no_key=True).get(pk=task.pk)
        if row.done_at is not None:
            raise OverError
        _close(row, actor, text)
        record(
            LedgerTag.PLACES_TASK_CLOSED,
            actor=actor,
            subject=task.zone.ledger_subject,
            detail={"task": str(row.pk), "check": row.check_id, "outcome": text},
        )
    return row


def _verify_answered(questions: Mapping[str, str], answers: Mapping[str, Answer]) -> None:
    """Collect every question without an answer and every gap without words."""
    faults = []
    for key, question in questions.items():
        answer = answers.get(key)
        if answer is None or answer.verdict not in Verdict.values:
            faults.append(_("“%(question)s” is not answered.") % {"question": question})
        elif answer.verdict in NEEDS_WORDS and not answer.note.strip():
            faults.append(_("“%(question)s”: say what is missing.") % {"question": question})
    if faults:
        raise AnswersError(faults=" ".join(faults), list=tuple(faults))


def _follow_up(inspection: Inspection, answers: Mapping[str, Answer], actor: User) -> int:
    """Open a task for each new gap, close those of questions in place; return how many were opened."""
    known = {task.check_id: task for task in inspection.zone.tasks.filter(done_at__isnull=True)}
    opened = 0
    for key, answer in answers.items():
        days = GAP_DAYS.get(Verdict(answer.verdict))
        task = known.get(key)
        if days is None and task is not None:
            _close(
                task, actor, _("In place at the inspection on %(day)s.") % {"day": inspection.inspected_on}
            )
        elif days is not None and task is None:
            opened += 1
            ZoneTask.objects.create(
                zone=inspection.zone,
                inspection=inspection,
                check_id=key,
                gap=text_of(ZoneTask, "gap", answer.note),
                due_on=inspection.inspected_on + timedelta(days=days),
                opened_at=clock().now(),
            )
    return opened


def _close(task: ZoneTask, actor: User, outcome: str) -> None:
    task.done_at, task.done_by, task.outcome = clock().now(), actor, outcome
    task.save(update_fields=["done_at", "done_by", "outcome"])
