"""Designates key departments and key places, changes their measures and rule, and withdraws them in order.

Follows the knowledge Q&A 十一: a key department deals much with secrets; a key place is dedicated, fixed,
independently controlled and minimal, has measures of all three defences and a secrecy rule of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.policy import Action
from shoumi.engine.workflow import DESIGNATION, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.places.models import Designation, KeyMeasure, Zone
from shoumi.server.places.models.designations import NOT_OVER
from shoumi.server.places.queries.resources import unit_of
from shoumi.server.places.queries.standards import rules_for, said
from shoumi.server.places.services.asking import request_for_designation
from shoumi.server.places.services.errors import (
    DesignatedAlreadyError,
    DesignationFaultyError,
    ReasonMissingError,
    StateError,
)

Kind, State = Designation.Kind, Designation.State
LONGEST_RULE = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Measure:
    """One protective measure or piece of equipment."""

    defence: str  # people | physical | technical
    description: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What a key place needs beside the reason."""

    conditions: Mapping[str, str] = field(default_factory=dict)  # condition id → how it is met
    measures: Sequence[Measure] = ()
    rule: str = ""


def department_designate(*, actor: User, department: Department, reason: str) -> Designation:
    """Propose a department as a key department: it often creates, passes on, uses and manages secrets.

    Raises:
        NotPermittedError: the actor does not manage places there.
        ReasonMissingError, DesignatedAlreadyError: each as it says.
    """
    gate.require(actor, Action.ZONE_DESIGNATE, department_resource(department))
    row = Designation(kind=Kind.DEPARTMENT, entity=department.entity, department=department)
    return _propose(actor, row, reason, PlaceFacts())


def place_designate(*, actor: User, zone: Zone, reason: str, facts: PlaceFacts) -> Designation:
    """Propose a secret zone as a key place, with its conditions, measures and secrecy rule.

    Raises:
        NotPermittedError: the actor does not manage places there.
        DesignationFaultyError: something is missing; all of it is named.
        ReasonMissingError, DesignatedAlreadyError: each as it says.
    """
    gate.require(actor, Action.ZONE_DESIGNATE, unit_of(zone.entity, zone.department))
    _verify_place(zone, facts)
    return _propose(actor, Designation(kind=Kind.PLACE, entity=zone.entity, zone=zone), reason, facts)


def place_describe(
    *, actor: User, designation: Designation, expected_version: int, facts: PlaceFacts
) -> Designation:
    """Change conditions, measures or rule of a key place; a rule that reads otherwise is a new version.

    Raises:
        NotPermittedError, RecordChangedError, StateError, DesignationFaultyError: each as it says.
    """
    zone = designation.zone
    gate.require(actor, Action.ZONE_DESIGNATE, unit_of(zone.entity, zone.department))
    _verify_place(zone, facts)
    with transaction.atomic():
        row = locked(Designation, designation.pk, expected_version)
        if row.state not in NOT_OVER:
            raise StateError(state=row.get_state_display())
        _describe(row, facts)
        row.version += 1
        row.save()
        record(
            LedgerTag.PLACES_DESIGNATION_CHANGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"rule": row.rule, "rule_version": str(row.rule_version)},
        )
    return row


def withdrawal_propose(
    *, actor: User, designation: Designation, expected_version: int, reason: str
) -> Designation:
    """Propose to end a designation; it holds until a second person has decided.

    Raises:
        NotPermittedError, RecordChangedError, TransitionRefusedError, ReasonMissingError: each as it says.
    """
    gate.require(actor, Action.ZONE_DESIGNATE, _unit(designation))
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        row = locked(Designation, designation.pk, expected_version)
        row.state = advance(DESIGNATION, row.state, "open_withdrawal")
        row.withdrawal_reason = text_of(Designation, "withdrawal_reason", reason)
        row.request_id = request_for_designation(row, requester=actor).pk
        row.version += 1
        row.save()
        record(
            LedgerTag.PLACES_WITHDRAWAL_PROPOSED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"reason": row.withdrawal_reason},
        )
    return row


# --- what follows from a decision; called by `handlers` inside its transaction


def designation_decided(row: Designation, *, actor: User, approved: bool, reason: str) -> Designation:
    """Carry out what was decided about a proposal or a proposed withdrawal."""
    opens = row.state == State.PROPOSED
    steps = {
        (True, True): ("approve", LedgerTag.PLACES_DESIGNATION_APPROVED),
        (True, False): ("reject", LedgerTag.PLACES_DESIGNATION_REJECTED),
        (False, True): ("withdraw", LedgerTag.PLACES_WITHDRAWAL_APPROVED),
        (False, False): ("keep", LedgerTag.PLACES_WITHDRAWAL_REJECTED),
    }
    step, tag = steps[opens, approved]
    row.state = advance(DESIGNATION, row.state, step)
    if step == "approve":
        row.decided_by, row.in_force_since = actor, today_of(row.entity)
    elif step == "reject":
        row.decided_by = actor
    elif step == "withdraw":
        row.withdrawn_on = today_of(row.entity)
    row.version += 1
    row.save()
    append(tag, actor=actor.ledger_actor, subject=row.ledger_subject, detail={"reason": reason})
    return row


def _propose(actor: User, row: Designation, reason: str, facts: PlaceFacts) -> Designation:
    text = text_of(Designation, "reason", reason)
    if not text:
        raise ReasonMissingError
    with transaction.atomic():
        target = {"department": row.department} if row.department else {"zone": row.zone}
        locked(type(row.target), row.target.pk, None)
        if Designation.objects.filter(state__in=NOT_OVER, **target).exists():
            raise DesignatedAlreadyError
        row.reason, row.proposed_by, row.proposed_at = text, actor, clock().now()
        row.save(force_insert=True)
        if row.kind == Kind.PLACE:
            _describe(row, facts)
        row.request_id = request_for_designation(row, requester=actor).pk
        row.save()
        record(
            LedgerTag.PLACES_DESIGNATION_PROPOSED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"target": row.target.ledger_subject, "reason": text, "rule": row.rule},
        )
    return row


def _describe(row: Designation, facts: PlaceFacts) -> None:
    row.conditions = {key: text.strip() for key, text in facts.conditions.items()}
    rule = facts.rule.replace("\r\n", "\n").strip()
    if rule != row.rule:
        row.rule, row.rule_version = rule, row.rule_version + 1
    row.measures.all().delete()
    KeyMeasure.objects.bulk_create(
        KeyMeasure(
            designation=row,
            defence=item.defence,
            description=text_of(KeyMeasure, "description", item.description, required=True),
            number=text_of(KeyMeasure, "number", item.number),
        )
        for item in facts.measures
    )


def _verify_place(zone: Zone, facts: PlaceFacts) -> None:
    """Collect what a key place lacks."""
    rules = rules_for(zone.entity)
    faults = []
    if zone.kind != Zone.Kind.SECRET or not zone.is_open:
        faults.append(_("A key place lies in an open secret zone."))
    faults += [
        _("Say how “%(condition)s” is met.") % {"condition": said(condition.names)}
        for condition in rules.key_conditions
        if not facts.conditions.get(condition.id, "").strip()
    ]
    listed = {item.defence for item in facts.measures}
    faults += [
        _("No measure of “%(defence)s” is listed.") % {"defence": said(defence.names)}
        for defence in rules.defences
        if defence.id not in listed
    ]
    if not facts.rule.strip():
        faults.append(_("The key place needs a secrecy rule of its own."))
    elif len(facts.rule) > LONGEST_RULE:
        faults.append(_("The secrecy rule is too long."))
    if faults:
        raise DesignationFaultyError(faults=" ".join(faults), list=tuple(faults))


def _unit(row: Designation) -> object:
    if row.department is not None:
        return department_resource(row.department)
    return unit_of(row.zone.entity, row.zone.department)
