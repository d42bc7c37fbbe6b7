"""Designates secret departments, posts and persons by risk: proposed, approved, reviewed, ended.

Follows the seed guide 四(一)6.  A person decides the level and says why; a core one takes a leader, too.
An approved designation of a post sets the level of the post, with which the clearance of its holders goes.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.duties import load_duties
from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import StepPlan, request_open, request_withdraw
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import Tag
from shoumi.server.people.models import LEVELS, Department, Post
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.people.services import post_level_apply
from shoumi.server.register.models import Duty
from shoumi.server.register.queries.duties import Target, department_of, highest_secret, proposal_for
from shoumi.server.register.services.notices import tell_duty_review

DUTY_KIND = "register.duty"
REVIEW_DAYS, APPROVE_DAYS = 5, 5
CORE = 3
State = Duty.State


class DutyError(InputError):
    """The designation lacks a grade, a reason or a department, or the level does not exist."""

    code = "register.duty"
    message = "Grade every factor with its reason, choose a level and say why it is right."


class DutyOpenError(ConflictError):
    """One waits already, or nothing is in force to be ended."""

    code = "register.duty_open"
    message = "This is not possible now: a designation waits for approval, or none is in force."


def duty_propose(
    *, actor: User, target: Target, grades: Mapping[str, Mapping[str, Any]], level: int, reason: str
) -> Duty:
    """Propose a designation; `grades` are {factor: {grade, reason}} for every factor of the pack.

    Raises:
        NotPermittedError: the actor does not look after the department.
        DutyError, DutyOpenError: each as it says.
    """
    department = department_of(target)
    if department is None:
        raise DutyError
    gate.require(actor, Action.DUTY_PROPOSE, department_resource(department))
    pack_id = department.entity.pack
    whole = {key: said.get("grade") for key, said in grades.items()}
    proposal = proposal_for(target, pack_id, whole)
    reasons = all(
        str(grades[factor.id].get("reason", "")).strip()
        for factor in load_duties(pack_id).factors
        if factor.id in grades
    )
    if proposal.missing or not reasons or level not in dict(LEVELS) or not reason.strip():
        raise DutyError
    named = _named(target)
    with transaction.atomic():
        if Duty.objects.filter(state=State.WAITING, **named).exists():
            raise DutyOpenError
        duty = Duty.objects.create(
            entity=department.entity,
            department=department,
            grades={
                key: {"grade": said["grade"], "reason": str(said["reason"]).strip()}
                for key, said in grades.items()
            },
            total=round(proposal.total, 1),
            highest_secret=highest_secret(target),
            proposed_level=proposal.level,
            level=level,
            reason=reason.strip(),
            proposed_by=actor,
            proposed_at=clock().now(),
            **{key: value for key, value in named.items() if key != "department"},
        )
        duty.request_id = _request(duty).pk
        duty.save(update_fields=["request_id"])
        _append(RegisterTag.DUTY_PROPOSED, duty, actor)
    return duty


def duty_withdraw(*, actor: User, duty_id: UUID) -> Duty:
    """Take a proposal back before it is decided."""
    duty = Duty.objects.get(pk=duty_id)
    if duty.state != State.WAITING:
        raise DutyOpenError
    with transaction.atomic():
        request = ApprovalRequest.objects.get(pk=duty.request_id)
        request_withdraw(request=request, actor=actor, from_subject=True)
        return duty_close(duty, state=State.WITHDRAWN, actor=actor, reason="")


def duty_end(*, actor: User, duty_id: UUID, reason: str) -> Duty:
    """End a designation in force, with the reason; the level of a post goes back to none.

    Raises:
        NotPermittedError: the actor may not set levels there.
        DutyOpenError: it is not in force.
        DutyError: no reason.
    """
    found = Duty.objects.select_related("department__entity", "post").filter(pk=duty_id).first()
    if found is None:
        raise DutyOpenError
    gate.require(actor, Action.POST_SET_LEVEL, department_resource(found.department))
    if not reason.strip():
        raise DutyError
    with transaction.atomic():
        duty = Duty.objects.select_for_update(no_key=True).get(pk=duty_id)
        if duty.state != State.IN_FORCE:
            raise DutyOpenError
        duty.state, duty.ended_at, duty.outcome_reason = State.ENDED, clock().now(), reason.strip()
        duty.save(update_fields=["state", "ended_at", "outcome_reason"])
        if found.post:
            post_level_apply(actor=actor, post=found.post, level=0, reason=reason.strip())
        _append(RegisterTag.DUTY_ENDED, duty, actor)
    return duty


def duties_review() -> int:
    """Remind the secrecy office and the owners of designations that are due for review; return how many."""
    due = Duty.objects.filter(state=State.IN_FORCE).select_related("entity", "department", "post", "person")
    told = 0
    for duty in due:
        if duty.review_on is not None and duty.review_on == today_of(duty.entity):
            with transaction.atomic():
                tell_duty_review(duty)
            told += 1
    return told


# --- what follows from decisions; called by `handlers` inside the transaction of the decision


def duty_approved(duty: Duty, *, actor: User) -> Duty:
    """Let an approved designation hold: the one before it is replaced, the post gets its level."""
    rows = Duty.objects.select_for_update(of=("self",), no_key=True).select_related("entity", "post")
    duty = rows.get(pk=duty.pk)
    if duty.state != State.WAITING:
        raise DutyOpenError
    now = clock().now()
    earlier = Duty.objects.filter(state=State.IN_FORCE, **_named(duty.target))
    earlier.update(state=State.REPLACED, ended_at=now)
    duty.state, duty.decided_at = State.IN_FORCE, now
    duty.review_on = months_after(today_of(duty.entity), load_duties(duty.entity.pack).review_months)
    duty.save(update_fields=["state", "decided_at", "review_on"])
    if duty.post:
        post_level_apply(actor=actor, post=duty.post, level=duty.level, reason=duty.reason)
    _append(RegisterTag.DUTY_DESIGNATED, duty, actor)
    return duty


def duty_close(duty: Duty, *, state: str, actor: User, reason: str) -> Duty:
    """End a proposal that was refused, sent back or withdrawn."""
    duty.state, duty.decided_at, duty.outcome_reason = state, clock().now(), reason
    duty.save(update_fields=["state", "decided_at", "outcome_reason"])
    _append(RegisterTag.DUTY_REFUSED, duty, actor)
    return duty


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _named(target: object) -> dict[str, Any]:
    """Return the columns that name a target."""
    if isinstance(target, Department):
        return {"kind": Duty.Kind.DEPARTMENT, "department": target}
    if isinstance(target, Post):
        return {"kind": Duty.Kind.POST, "post": target}
    return {"kind": Duty.Kind.PERSON, "person": target}


def _request(duty: Duty) -> ApprovalRequest:
    place = duty.entity.scope
    steps = [StepPlan("review", Role.SECRECY_OFFICER, place, due=timedelta(days=REVIEW_DAYS))]
    if CORE in (duty.level, duty.proposed_level):
        steps.append(StepPlan("approve", Role.LEADER, place, due=timedelta(days=APPROVE_DAYS)))
    title = _("Designation: %(target)s") % {"target": duty.target}
    return request_open(
        kind=DUTY_KIND,
        subject=duty.ledger_subject,
        title=title,
        requester=duty.proposed_by,
        scope=duty.department.scope,
        steps=steps,
        barred=[duty.person.user] if duty.person and duty.person.user else (),
    )


def _append(tag: Tag, duty: Duty, actor: User) -> None:
    append(
        tag,
        actor=actor.ledger_actor,
        subject=duty.ledger_subject,
        detail={
            "kind": duty.kind,
            "target": str(duty.target.pk),
            "level": str(duty.level),
            "proposed_level": str(duty.proposed_level),
            "reason": duty.outcome_reason or duty.reason,
        },
    )
