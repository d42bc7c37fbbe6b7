"""Lets somebody see whom masked data are about: with a reason, by a second person, for a few hours.

Whose rule: `engine/policy/cedar/privacy.cedar`.  Each look is in the ledger under the person, who reads there
who looked, when and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.border import border_of
from shoumi.server.people.models import Person
from shoumi.server.people.queries import person_resource
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.privacy.models import Unmasking
from shoumi.server.privacy.queries.visible import unmasking_resource
from shoumi.server.privacy.services.errors import DecidedAlreadyError

HOURS = 8  # that a look stays open
DECIDED = _("Your wish to see somebody unmasked was decided on.")
State = Unmasking.State


def unmasking_ask(*, actor: User, person: Person, purpose: str) -> Unmasking:
    """Ask to see a person unmasked, saying why.

    Raises:
        NotPermittedError: the person is not within the actor's remit, or no reason was given.
        FieldTooLongError: the reason is too long.
    """
    gate.require(actor, Action.PRIVACY_UNMASK, person_resource(person), purpose=purpose)
    row = Unmasking(
        person=person,
        purpose=text_of(Unmasking, "purpose", purpose, required=True),
        requester=actor,
        asked_at=clock().now(),
    )
    with transaction.atomic():
        row.save(force_insert=True)
        record(
            LedgerTag.PRIVACY_UNMASKING_ASKED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"person": person.ledger_subject, "purpose": row.purpose},
        )
    return row


def unmasking_decide(*, actor: User, unmasking: Unmasking, agreed: bool, reason: str) -> Unmasking:
    """Agree or refuse, as somebody else than who asked and whom it is about.

    Raises:
        NotPermittedError: the actor may not decide on it.
        DecidedAlreadyError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.UNMASKING_DECIDE, unmasking_resource(unmasking))
    with transaction.atomic():
        row = Unmasking.objects.select_for_update(of=("self",), no_key=True).get(pk=unmasking.pk)
        if row.state != State.ASKED:
            raise DecidedAlreadyError
        now = clock().now()
        row.state = State.GRANTED if agreed else State.REFUSED
        row.decided_by, row.decided_at = actor, now
        row.reason = text_of(Unmasking, "reason", reason, required=True)
        row.until = now + timedelta(hours=HOURS) if agreed else None
        row.save()
        notify(
            users=[row.requester],
            message=DECIDED,
            parameters={},
            link=reverse("privacy:unmasking_detail", args=[row.pk]),
            mail_text=DECIDED,
        )
        record(
            LedgerTag.PRIVACY_UNMASKING_GRANTED if agreed else LedgerTag.PRIVACY_UNMASKING_REFUSED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"person": row.person.ledger_subject, "reason": row.reason},
        )
    return row


def unmasking_look(*, actor: User, unmasking: Unmasking) -> Mapping[str, str]:
    """Return who the person is, and write down that they were looked at.

    Raises:
        NotPermittedError: the actor did not ask, nobody agreed, or the time is over.
        BorderError: the actor sits in another country, and no basis for that is recorded.
    """
    gate.require(actor, Action.UNMASKING_LOOK, unmasking_resource(unmasking))
    border_of(actor).require(unmasking.person)
    with transaction.atomic():
        person = locked(Person, unmasking.person_id, None)
        record(
            LedgerTag.PRIVACY_PERSON_UNMASKED,
            actor=actor,
            subject=person.ledger_subject,
            detail={"unmasking": unmasking.ledger_subject, "purpose": unmasking.purpose},
        )
    return {
        "name": person.name,
        "number": person.number,
        "phone": person.phone,
        "email": person.email,
    }
