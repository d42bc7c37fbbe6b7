"""A change of level, period, scope or custodian, and declassification: the same three steps, two new filings.

Follows the seed guide 四(五)2 and 3, and 四(六).  What shall hold is kept in the wish and applied only when
the last approver has decided; the old version stays.  Deciding itself is `approvals`' task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.engine.workflow import CHANGE_REQUEST, SECRET, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import Tag
from shoumi.server.people.models import Person
from shoumi.server.register.models import ScopeNotice, SecretChange, SecretVersion, TradeSecret
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.changes import change_faults, wished_limits
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.scope import persons_in_scope
from shoumi.server.register.queries.standards import level_of
from shoumi.server.register.services.deciding import request_for_change, request_stop
from shoumi.server.register.services.drafts import write_grading, write_limits
from shoumi.server.register.services.editing import SecretStateError, editing, secret_locked, touch
from shoumi.server.register.services.ending import MEASURES, secret_end
from shoumi.server.register.services.notices import tell_owner_and_office
from shoumi.server.register.services.registration import deviations_record, secret_designate
from shoumi.server.register.services.scope_notices import tell_scope
from shoumi.server.register.services.verifying import verify_limits, verify_row
from shoumi.server.register.values import FactorValue, Grading, Limits

Kind, ChangeState = SecretChange.Kind, SecretChange.State
OPEN_CHANGES = (
    ChangeState.DRAFT,
    ChangeState.UNDER_REVIEW,
    ChangeState.AWAITING_APPROVAL,
    ChangeState.RETURNED,
)


class ChangeFaultyError(InputError):
    """The change cannot be asked for as it is."""

    code = "register.change_faulty"
    message = "The change has faults: {faults}"


class DeclassificationReasonError(InputError):
    """A reason that no approval gives, or an event without its incident."""

    code = "register.declassification_reason"
    message = "Choose reason 2 or 3; for reason 3 name the incident."


def wish_of(*, limits: Limits, grading: Grading | None, custodian: str | None) -> dict[str, Any]:
    """Return what shall hold as plain JSON, the form in which a change keeps it."""
    return {
        "limits": asdict(limits),
        "grading": asdict(grading) if grading else None,
        "custodian": str(custodian) if custodian else None,
    }


def change_open(
    *, actor: User, secret_id: UUID, expected_version: int, wished: Mapping[str, Any], reason: str
) -> SecretChange:
    """Ask for a change; the secret stands at “being changed” until it is decided.

    Raises:
        ChangeFaultyError: nothing changes, no reason, or what shall hold has faults; all are named.
    """
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_CHANGE,
        tag=RegisterTag.CHANGE_OPENED,
        expected_version=expected_version,
        states=(TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING),
    ) as edit:
        _set_aside(edit.secret, actor)
        verify_limits(edit.secret, wished_limits(wished))
        verify_row(Person, wished.get("custodian"), "person")
        faults = change_faults(edit.secret, wished, reason)
        if faults:
            raise ChangeFaultyError(faults=" ".join(faults), list=tuple(faults))
        change = _open(edit.secret, actor, Kind.CHANGE, reason, wished=wished)
        edit.detail["change"] = str(change.id)
    return change


def declassification_open(  # noqa: PLR0913 - each part of the wish named
    *,
    actor: User,
    secret_id: UUID,
    expected_version: int,
    ground: str,
    reason: str,
    incident: str = "",
    measures: Sequence[str] = MEASURES,
) -> SecretChange:
    """Ask for declassification by reason 2 or 3 of the pack (`ground`), with the measures that are to follow.

    Raises:
        DeclassificationReasonError: another ground, no reason in words, or an event without its incident.
    """
    incident_needed = ground == "DEC-03" and not incident.strip()
    if ground not in {"DEC-02", "DEC-03"} or incident_needed or not reason.strip():
        raise DeclassificationReasonError
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_DECLASSIFY,
        tag=RegisterTag.CHANGE_OPENED,
        expected_version=expected_version,
        states=(TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING),
    ) as edit:
        _set_aside(edit.secret, actor)
        change = _open(edit.secret, actor, Kind.DECLASSIFY, reason, wished={})
        change.declassification_reason, change.incident = ground, incident.strip()
        change.measures = list(measures)
        change.save(update_fields=["declassification_reason", "incident", "measures"])
        edit.detail |= {"change": str(change.id), "ground": ground}
    return change


def change_withdraw(*, actor: User, change_id: UUID) -> SecretChange:
    """Take an open change back; the secret stands as it stood before."""
    change = SecretChange.objects.select_related("secret").get(pk=change_id)
    action = Action.SECRET_DECLASSIFY if change.kind == Kind.DECLASSIFY else Action.SECRET_CHANGE
    gate.require(actor, action, secret_resource(change.secret))
    with transaction.atomic():
        secret = secret_locked(change.secret_id, states=(TradeSecret.State.CHANGING,))
        change.refresh_from_db()
        request_stop(change.request_id, actor=actor)
        change_close(change, secret, step="withdraw", reason="")
        append(
            RegisterTag.CHANGE_WITHDRAWN,
            actor=actor.ledger_actor,
            subject=secret.ledger_subject,
            detail={"change": str(change.id)},
        )
    return change


def change_close(change: SecretChange, secret: TradeSecret, *, step: str, reason: str) -> None:
    """Move a change on without carrying it out; unless only sent back, the secret is “registered” again."""
    change.state = advance(CHANGE_REQUEST, change.state, step)
    change.closed_at = None if step == "send_back" else clock().now()
    change.outcome_reason = reason
    change.save(update_fields=["state", "closed_at", "outcome_reason"])
    if step != "send_back" and secret.state == TradeSecret.State.CHANGING:
        secret.state = advance(SECRET, secret.state, "drop_change")
        touch(secret)


def change_lapse(secret: TradeSecret) -> None:
    """Let an open change of a locked secret fall away because the secret ends."""
    change = secret.changes.filter(state__in=OPEN_CHANGES).first()
    if change:
        request_stop(change.request_id, actor=None)
        change.state = advance(CHANGE_REQUEST, change.state, "lapse")
        change.closed_at = clock().now()
        change.save(update_fields=["state", "closed_at"])


# --- what follows from decisions; called by `handlers` inside the transaction of the decision


def change_reviewed(change: SecretChange) -> None:
    """Pass a reviewed change on to the leaders."""
    change.state = advance(CHANGE_REQUEST, change.state, "pass_review")
    change.save(update_fields=["state"])


def change_approved(
    change: SecretChange, *, deciders: Sequence[dict[str, str]], actor: User
) -> SecretVersion:
    """Carry out an approved change: what was wished now holds, filed twice, the old version kept."""
    secret = secret_locked(change.secret_id, states=(TradeSecret.State.CHANGING,))
    change.state, change.closed_at = advance(CHANGE_REQUEST, change.state, "apply"), clock().now()
    change.save(update_fields=["state", "closed_at"])
    ends = change.kind == Kind.DECLASSIFY
    carry_out = _end if ends else _apply
    version = carry_out(secret, change, deciders, actor)
    append(
        RegisterTag.SECRET_DECLASSIFIED if ends else RegisterTag.CHANGE_APPLIED,
        actor=actor.ledger_actor,
        subject=secret.ledger_subject,
        detail={
            "change": str(change.pk),
            "reason": change.reason,
            "level": secret.level,
            "record_sha256": version.sha256,
            "record": version.snapshot,
            "deciders": [person["user"] for person in deciders],
        },
    )
    return version


def change_returned(change: SecretChange, *, actor: User, reason: str) -> None:
    """Send a change back to whoever asked for it; the secret stays “being changed” meanwhile."""
    _close(change, "send_back", RegisterTag.CHANGE_RETURNED, actor, reason)


def change_rejected(change: SecretChange, *, actor: User, reason: str) -> None:
    """End a refused change; what held goes on to hold."""
    _close(change, "reject", RegisterTag.CHANGE_REJECTED, actor, reason)


def _close(change: SecretChange, step: str, tag: Tag, actor: User, reason: str) -> None:
    secret = secret_locked(change.secret_id)
    change_close(change, secret, step=step, reason=reason)
    append(
        tag,
        actor=actor.ledger_actor,
        subject=secret.ledger_subject,
        detail={"change": str(change.pk), "reason": reason},
    )


def _end(
    secret: TradeSecret, change: SecretChange, deciders: Sequence[dict[str, str]], actor: User
) -> SecretVersion:
    secret.designated_by = list(deciders)
    version = secret_end(
        secret,
        reason=change.declassification_reason,
        transition="declassify",
        actor=actor,
        measures=change.measures,
    )
    tell_owner_and_office(secret, "declassified")
    return version


def _apply(
    secret: TradeSecret, change: SecretChange, deciders: Sequence[dict[str, str]], actor: User
) -> SecretVersion:
    secret.state = advance(SECRET, secret.state, "apply_change")
    secret.standard_at = None  # a change is judged by the catalogues of now
    before = {person.pk for person in persons_in_scope(secret)}
    grading, limits, custodian = _parts(change.wished)
    if grading:
        write_grading(secret, grading)
    secret.custodian_id = custodian or secret.custodian_id
    write_limits(secret, limits)
    touch(secret)
    deviations_record(secret, actor=change.requested_by)
    version = secret_designate(secret, deciders=deciders, actor=actor, cause=SecretVersion.Cause.CHANGED)
    tell_scope(secret, cause=ScopeNotice.Cause.CHANGED, except_for=before)
    tell_owner_and_office(secret, "changed")
    return version


def _set_aside(secret: TradeSecret, actor: User) -> None:
    """Let a change that was sent back make room for the next one of the same person.

    Raises:
        SecretStateError: a change is being decided, or belongs to somebody else.
    """
    if secret.state != TradeSecret.State.CHANGING:
        return
    change = secret.changes.filter(state=ChangeState.RETURNED, requested_by=actor).first()
    if change is None:
        raise SecretStateError(state=secret.get_state_display())
    change_close(change, secret, step="withdraw", reason=change.outcome_reason)


def _open(
    secret: TradeSecret, actor: User, kind: str, reason: str, *, wished: Mapping[str, Any]
) -> SecretChange:
    now = clock().now()
    change = SecretChange(
        secret=secret,
        kind=kind,
        wished=dict(wished),
        reason=reason.strip(),
        based_on=secret.version,
        requested_by=actor,
        requested_at=now,
    )
    change.state = advance(CHANGE_REQUEST, ChangeState.DRAFT, "submit")
    secret.state = advance(SECRET, secret.state, "open_change")
    change.request_id = request_for_change(change, level=_level_of(secret, wished)).pk
    change.save()
    return change


def _level_of(secret: TradeSecret, wished: Mapping[str, Any]) -> str:
    """Return the level whose approvers decide: the higher of what holds and what is wished."""
    pack = company_pack(secret.entity_id, secret.pack)
    grading = wished.get("grading") or {}
    levels = [level_of(pack, item) for item in (secret.level, grading.get("level", ""))]
    return max((level for level in levels if level), key=lambda level: level.rank).id


def _parts(wished: Mapping[str, Any]) -> tuple[Grading | None, Limits, str | None]:
    grading = wished.get("grading")
    factors = tuple(FactorValue(**factor) for factor in grading["factors"]) if grading else ()
    chosen = Grading(factors, grading["level"], grading["level_reason"]) if grading else None
    return chosen, wished_limits(wished), wished.get("custodian")
