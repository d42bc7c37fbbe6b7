"""The way of a proposal: submitted, reviewed, approved, sent back, withdrawn, found to be no secret.

Follows the seed guide 四: the owner department proposes, the office reviews, the leader approves, both file.
Who may decide and how many must is `approvals`' task; what a decision does to the secret stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.engine.workflow import SECRET, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import Tag
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import ScopeNotice, SecretVersion, TradeSecret
from shoumi.server.register.queries.checks import faults_of
from shoumi.server.register.queries.snapshot import record_sha256, snapshot_of
from shoumi.server.register.services.deciding import request_for_secret, request_stop
from shoumi.server.register.services.editing import UNDECIDED, WAITING, editing, secret_locked, touch
from shoumi.server.register.services.notices import tell, tell_owner_and_office
from shoumi.server.register.services.registration import deviations_record, secret_designate
from shoumi.server.register.services.scope_notices import tell_scope

State = TradeSecret.State


class ProposalIncompleteError(InputError):
    """The draft still has faults; `fields["faults"]` lists all of them."""

    code = "register.proposal_incomplete"
    message = "The proposal is not complete ({count} faults): {first}"


class ReasonMissingError(InputError):
    """An outcome needs its reason."""

    code = "register.reason_missing"
    message = "Give the reason."


@gate.remembered_subjects()
def secret_submit(*, actor: User, secret_id: UUID, expected_version: int) -> TradeSecret:
    """Propose a complete draft to the secrecy office.

    Raises:
        ProposalIncompleteError: something is missing; all faults are named.
    """
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_SUBMIT,
        tag=RegisterTag.SECRET_PROPOSED,
        expected_version=expected_version,
    ) as edit:
        secret = edit.secret
        faults = [fault.text for fault in faults_of(secret, today_of(secret.entity))]
        if faults:
            raise ProposalIncompleteError(count=len(faults), first=faults[0], faults=tuple(faults))
        deviations = deviations_record(secret, actor=actor)
        secret.state = advance(SECRET, secret.state, "propose")
        secret.submitted_at, secret.outcome_reason = clock().now(), ""
        secret.request_id = request_for_secret(secret).pk
        edit.detail |= {
            "level": secret.level,
            "deviations": deviations,
            "record_sha256": record_sha256(snapshot_of(secret)),
        }
    return secret


def secret_withdraw(*, actor: User, secret_id: UUID, reason: str = "") -> TradeSecret:
    """Take a proposal back before it is decided."""
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_WITHDRAW,
        tag=RegisterTag.SECRET_WITHDRAWN,
        states=UNDECIDED,
        detail={"reason": reason},
    ) as edit:
        request_stop(edit.secret.request_id, actor=actor, reason=reason)
        edit.secret.state = advance(SECRET, edit.secret.state, "withdraw")
        edit.secret.outcome_reason = reason
    return edit.secret


def secret_find_not_a_secret(
    *, actor: User, secret_id: UUID, expected_version: int, reason: str
) -> TradeSecret:
    """Record that this is no trade secret, and why: an outcome like any other.

    The proposer may find so while drafting, the secrecy office while reviewing.
    """
    if not reason.strip():
        raise ReasonMissingError
    found = TradeSecret.objects.filter(pk=secret_id).values_list("state", flat=True).first()
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_REVIEW if found in WAITING else Action.SECRET_EDIT,
        tag=RegisterTag.SECRET_FOUND_NONE,
        expected_version=expected_version,
        states=UNDECIDED,
        detail={"reason": reason.strip()},
    ) as edit:
        request_stop(edit.secret.request_id, actor=actor)
        found_none(edit.secret, reason)
    return edit.secret


def found_none(secret: TradeSecret, reason: str) -> None:
    """Set the outcome “not a secret” on a locked secret and tell its proposer; the caller saves."""
    secret.state = advance(SECRET, secret.state, "find_not_a_secret")
    secret.outcome_reason = reason.strip()
    tell([secret.proposer], "not_a_secret", secret)


@gate.remembered_subjects()
def review_start(*, actor: User, secret_id: UUID) -> TradeSecret:
    """Move a proposal to “under review”, so that its proposer sees that the office has begun."""
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_REVIEW,
        tag=RegisterTag.SECRET_REVIEW_STARTED,
        states=(State.PROPOSED,),
    ) as edit:
        edit.secret.state = advance(SECRET, edit.secret.state, "start_review")
    return edit.secret


# --- what follows from decisions; called by `handlers` inside the transaction of the decision


def proposal_reviewed(secret_id: UUID) -> None:
    """Pass a reviewed proposal on to the leaders."""
    secret = secret_locked(secret_id)
    if secret.state == State.PROPOSED:
        secret.state = advance(SECRET, secret.state, "start_review")
    secret.state = advance(SECRET, secret.state, "pass_review")
    touch(secret)


def proposal_approved(secret_id: UUID, *, deciders: Sequence[dict[str, str]], actor: User) -> SecretVersion:
    """Register an approved proposal: number, version, two filings, marking tasks, notices."""
    secret = secret_locked(secret_id)
    faults = faults_of(secret, today_of(secret.entity))
    if faults:
        texts = tuple(fault.text for fault in faults)
        raise ProposalIncompleteError(count=len(texts), first=texts[0], faults=texts)
    secret.state = advance(SECRET, secret.state, "approve")
    version = registered(secret, deciders=deciders, actor=actor)
    append(
        RegisterTag.SECRET_REGISTERED,
        actor=actor.ledger_actor,
        subject=secret.ledger_subject,
        detail={
            "number": secret.number or "",
            "level": secret.level,
            "record_sha256": version.sha256,
            "record": version.snapshot,
            "deciders": [person["user"] for person in deciders],
        },
    )
    return version


def registered(
    secret: TradeSecret, *, deciders: Sequence[dict[str, str]], actor: User | None
) -> SecretVersion:
    """Designate a locked secret whose state was set, and tell owner, office and scope."""
    version = secret_designate(secret, deciders=deciders, actor=actor)
    tell_owner_and_office(secret, "registered")
    tell_scope(secret, cause=ScopeNotice.Cause.DESIGNATED)
    return version


def proposal_returned(secret_id: UUID, *, actor: User, reason: str) -> None:
    """Send a proposal back to its proposer."""
    _end(secret_id, "send_back", RegisterTag.SECRET_RETURNED, actor, reason)


def proposal_rejected(secret_id: UUID, *, actor: User, reason: str) -> None:
    """End a proposal that was refused: the finding is that it is not a trade secret."""
    _end(secret_id, "find_not_a_secret", RegisterTag.SECRET_FOUND_NONE, actor, reason)


def proposal_withdrawn(secret_id: UUID, *, actor: User) -> None:
    """Follow a request that its requester took back."""
    _end(secret_id, "withdraw", RegisterTag.SECRET_WITHDRAWN, actor, "")


def _end(secret_id: UUID, transition: str, tag: Tag, actor: User, reason: str) -> None:
    secret = secret_locked(secret_id)
    secret.state = advance(SECRET, secret.state, transition)
    secret.outcome_reason = reason
    touch(secret)
    append(tag, actor=actor.ledger_actor, subject=secret.ledger_subject, detail={"reason": reason})
