"""Takes consents, refusals and withdrawals: each for itself, at any time, and never asked for in a bundle.

Whose rule: the packs' bases and traits that need consent.  Withdrawing takes one step and no reason; what was
collected before stays lawful, and from that moment the gate is closed.
"""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import get_language, gettext

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Person
from shoumi.server.people.services.editing import record
from shoumi.server.privacy.models import Consent, Processing
from shoumi.server.privacy.queries.collecting import Collecting
from shoumi.server.privacy.queries.visible import own_resource
from shoumi.server.privacy.queries.words import kinds_words, purpose_words, scope_words, scopes_of_consent
from shoumi.server.privacy.services.errors import (
    AnsweredAlreadyError,
    EndedError,
    NotAskedError,
    NoticeTextError,
)


def question_of(processing: Processing, scope: str) -> tuple[str, str]:
    """Return what is asked in the reader's language, and its hash."""
    text = gettext(
        "Do you agree that “%(name)s” collects %(kinds)s for %(purpose)s? This is about: %(scope)s. "
        "You may refuse, and withdraw at any time; neither does you harm."
    ) % {
        "name": processing.name,
        "kinds": kinds_words(processing),
        "purpose": purpose_words(processing),
        "scope": scope_words(processing, scope),
    }
    return text, hashlib.sha256(text.encode()).hexdigest()


def consent_answer(  # noqa: PLR0913 - what is answered, by name
    *, actor: User, person: Person, processing: Processing, scope: str, agreed: bool, sha256: str
) -> Consent:
    """Agree or refuse; `sha256` is that of the question that was read.

    Raises:
        NotPermittedError: it is not the actor's own.
        EndedError, NotAskedError, NoticeTextError, AnsweredAlreadyError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_OWN, own_resource(person))
    if processing.ends_at is not None:
        raise EndedError(name=processing.name)
    now = clock().now()
    concerned = processing.pk in {row.pk for row in Collecting(person).concerning(now)}
    if scope not in scopes_of_consent(processing) or not concerned:
        raise NotAskedError
    text, expected = question_of(processing, scope)
    if sha256 != expected:
        raise NoticeTextError
    row = Consent(
        person=person,
        processing=processing,
        scope=scope,
        answer=Consent.Answer.GIVEN if agreed else Consent.Answer.REFUSED,
        text=text,
        sha256=expected,
        language=(get_language() or "en")[:8],
        answered_at=now,
    )
    try:
        with transaction.atomic():
            Person.objects.select_for_update(no_key=True).get(pk=person.pk)
            held = Consent.objects.filter(
                person=person,
                processing=processing,
                scope=scope,
                answer=Consent.Answer.GIVEN,
                withdrawn_at__isnull=True,
            )
            if held.exists():
                raise AnsweredAlreadyError
            row.save(force_insert=True)
            record(
                LedgerTag.PRIVACY_CONSENT_GIVEN if agreed else LedgerTag.PRIVACY_CONSENT_REFUSED,
                actor=actor,
                subject=row.ledger_subject,
                detail={
                    "person": person.ledger_subject,
                    "processing": processing.ledger_subject,
                    "scope": scope,
                    "sha256": expected,
                },
            )
    except IntegrityError as error:
        raise AnsweredAlreadyError from error
    return row


def consent_withdraw(*, actor: User, consent: Consent) -> Consent:
    """Withdraw one's own consent, from now on.

    Raises:
        NotPermittedError: it is not the actor's own.
        AnsweredAlreadyError: it was refused, or withdrawn before.
    """
    gate.require(actor, Action.PRIVACY_OWN, own_resource(consent.person))
    with transaction.atomic():
        row = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
        if row.answer != Consent.Answer.GIVEN or row.withdrawn_at is not None:
            raise AnsweredAlreadyError
        row.withdrawn_at = clock().now()
        row.save()
        record(
            LedgerTag.PRIVACY_CONSENT_WITHDRAWN,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "person": row.person.ledger_subject,
                "processing": row.processing.ledger_subject,
                "scope": row.scope,
            },
        )
    return row
