"""Takes what persons ask about their data and answers within the pack's clock; sets and releases holds.

Whose rule: the pack's clock `subject-request-answer`.  Who asks from their own page is known by the sign-in;
for anybody else the identity is checked first.  A refusal says why.  What a hold covers is not erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.clocks import due
from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.services.editing import record, text_of
from shoumi.server.privacy.models import Hold, SubjectRequest
from shoumi.server.privacy.queries.keeping import hold_on
from shoumi.server.privacy.queries.visible import own_resource
from shoumi.server.privacy.queries.words import table_of
from shoumi.server.privacy.services.errors import (
    EndedError,
    HeldError,
    OtherEntityError,
    RequestStateError,
    WordUnknownError,
)

CLOCK = "subject-request-answer"
OVERDUE = _("A request about personal data is overdue.")
DONE = _("Your request about your personal data was answered.")
BY_SIGN_IN = "sign-in"
State = SubjectRequest.State


def request_make(*, actor: User, person: Person, right: str, text: str) -> SubjectRequest:
    """Ask about one's own data, or record what a person asked for by letter or word of mouth.

    Raises:
        NotPermittedError: it is somebody else's, and the actor does not answer requests there.
        WordUnknownError, FieldMissingError: each as it says.
    """
    own = person.user_id == actor.pk
    if own:
        gate.require(actor, Action.PRIVACY_OWN, own_resource(person))
    else:
        gate.require(actor, Action.PRIVACY_ANSWER, entity_resource(person.entity))
    if right not in table_of(person.entity).rights:
        raise WordUnknownError(word=right)
    now = clock().now()
    row = SubjectRequest(
        person=person,
        right=right,
        text=text_of(SubjectRequest, "text", text, required=True),
        state=State.OPEN if own else State.RECEIVED,
        identity=BY_SIGN_IN if own else "",
        received_at=now,
        recorded_by=actor,
        due_at=_due(person.entity, now, extended="no"),
    )
    with transaction.atomic():
        row.save(force_insert=True)
        _record(LedgerTag.PRIVACY_REQUEST_RECEIVED, actor, row)
    return row


def request_identify(*, actor: User, request: SubjectRequest, how: str) -> SubjectRequest:
    """Record how the identity of who asks was checked.

    Raises:
        NotPermittedError, RequestStateError, FieldMissingError: each as it says.
    """
    _require(actor, request)
    with transaction.atomic():
        row = _locked(request, State.RECEIVED)
        row.identity = text_of(SubjectRequest, "identity", how, required=True)
        row.state = State.OPEN
        row.save()
        _record(LedgerTag.PRIVACY_REQUEST_IDENTIFIED, actor, row)
    return row


def request_extend(*, actor: User, request: SubjectRequest, reason: str) -> SubjectRequest:
    """Take more time, once, and say why.

    Raises:
        NotPermittedError, RequestStateError, FieldMissingError: each as it says.
    """
    _require(actor, request)
    with transaction.atomic():
        row = _locked(request, State.OPEN)
        if row.extension:
            raise RequestStateError(state=str(row.get_state_display()))
        row.extension = text_of(SubjectRequest, "extension", reason, required=True)
        row.due_at, row.escalated_at = _due(row.person.entity, row.received_at, extended="yes"), None
        row.save()
        _record(LedgerTag.PRIVACY_REQUEST_EXTENDED, actor, row)
    return row


def request_answer(*, actor: User, request: SubjectRequest, refused: bool, answer: str) -> SubjectRequest:
    """Answer a request, or refuse it with the reason.

    Raises:
        NotPermittedError, RequestStateError, FieldMissingError: each as it says.
        HeldError: deletion was granted although a litigation hold covers the person.
    """
    _require(actor, request)
    with transaction.atomic():
        row = _locked(request, State.OPEN)
        hold = hold_on(row.person)
        if row.right == "delete" and not refused and hold is not None:
            raise HeldError(name=hold.name)
        row.answer = text_of(SubjectRequest, "answer", answer, required=True)
        row.state = State.REFUSED if refused else State.ANSWERED
        row.answered_by, row.answered_at = actor, clock().now()
        row.save()
        if row.person.user:
            notify(
                users=[row.person.user],
                message=DONE,
                parameters={},
                link=reverse("privacy:mine"),
                mail_text=DONE,
            )
        tag = LedgerTag.PRIVACY_REQUEST_REFUSED if refused else LedgerTag.PRIVACY_REQUEST_ANSWERED
        _record(tag, actor, row)
    return row


def requests_escalate() -> int:
    """Tell legal of every request that is overdue, once each; return how many."""
    found = 0
    overdue = SubjectRequest.objects.filter(
        state__in=(State.RECEIVED, State.OPEN), due_at__lte=clock().now(), escalated_at__isnull=True
    )
    for key in overdue.values_list("pk", flat=True):
        with transaction.atomic():
            row = SubjectRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=key)
            if row.escalated_at is not None or row.answered_at is not None:
                continue
            row.escalated_at = clock().now()
            row.save()
            holders = [
                user
                for user in role_holders(Role.LEGAL)
                if gate.permits(user, Action.PRIVACY_ANSWER, entity_resource(row.person.entity))
            ]
            notify(
                users=holders, message=OVERDUE, parameters={}, link=row.get_absolute_url(), mail_text=OVERDUE
            )
            append(
                LedgerTag.PRIVACY_REQUEST_ESCALATED,
                actor="system:privacy",
                subject=row.ledger_subject,
                detail={"due_at": row.due_at.isoformat()},
            )
            found += 1
    return found


def hold_set(
    *, actor: User, entity: LegalEntity, name: str, reason: str, persons: Sequence[Person] = ()
) -> Hold:
    """Set a hold on the data of persons, or of everybody in the entity.

    Raises:
        NotPermittedError, OtherEntityError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_HOLD, entity_resource(entity))
    for each in persons:
        if each.entity_id != entity.pk:
            raise OtherEntityError(name=str(each))
    row = Hold(
        entity=entity,
        name=text_of(Hold, "name", name, required=True),
        reason=text_of(Hold, "reason", reason, required=True),
        set_by=actor,
        set_at=clock().now(),
    )
    with transaction.atomic():
        row.save(force_insert=True)
        row.persons.set(persons)
        record(
            LedgerTag.PRIVACY_HOLD_SET,
            actor=actor,
            subject=row.ledger_subject,
            detail={"reason": row.reason, "persons": [each.ledger_subject for each in persons]},
        )
    return row


def hold_release(*, actor: User, hold: Hold, reason: str) -> Hold:
    """Release a hold: from now on the retention rules decide again.

    Raises:
        NotPermittedError, EndedError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_HOLD, entity_resource(hold.entity))
    with transaction.atomic():
        row = Hold.objects.select_for_update(no_key=True).get(pk=hold.pk)
        if row.released_at is not None:
            raise EndedError(name=row.name)
        row.release_reason = text_of(Hold, "release_reason", reason, required=True)
        row.released_at = clock().now()
        row.save()
        record(
            LedgerTag.PRIVACY_HOLD_RELEASED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"reason": row.release_reason},
        )
    return row


def _due(entity: LegalEntity, start: datetime, *, extended: str) -> datetime:
    found = due(
        load_pack(entity.pack), CLOCK, start, zone=ZoneInfo(entity.time_zone), facts={"extended": extended}
    )
    return found.at or start  # this clock has a number in every pack


def _require(actor: User, request: SubjectRequest) -> None:
    gate.require(actor, Action.PRIVACY_ANSWER, entity_resource(request.person.entity))


def _locked(request: SubjectRequest, state: State) -> SubjectRequest:
    row = SubjectRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    if row.state != state:
        raise RequestStateError(state=str(row.get_state_display()))
    return row


def _record(tag: LedgerTag, actor: User, row: SubjectRequest) -> None:
    record(
        tag,
        actor=actor,
        subject=row.ledger_subject,
        detail={
            "person": row.person.ledger_subject,
            "right": row.right,
            "due_at": row.due_at.isoformat(),
            "reason": row.extension or "",
        },
    )
