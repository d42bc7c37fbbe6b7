"""Records what authority and persons were told of a breach, word for word, and the proof that it arrived.

The text is drafted from the pack and may be changed before it is recorded; afterwards nothing changes it.
Sending it is done outside, by the authority's portal or by letter; mail to persons goes out by `mailing`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_opening_record
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import writing
from shoumi.server.privacy.models import Breach, BreachNotice
from shoumi.server.privacy.queries.breaches import LANGUAGES, breach_resource, table_for
from shoumi.server.privacy.services.agreeing import lines_of
from shoumi.server.privacy.services.breaches.reporting import open_breach
from shoumi.server.privacy.services.errors import AnsweredAlreadyError, MomentError, WordUnknownError

LONGEST_NOTICE = 40_000


@dataclass(frozen=True, slots=True)
class BreachNoticeWish:
    """What was told, to whom, how and when."""

    country: str
    duty: str
    language: str
    text: str
    channel: str
    recipient: str
    sent_at: datetime
    receipt: StoredFile | None = None


def breach_tell(*, actor: User, breach: Breach, wish: BreachNoticeWish) -> BreachNotice:
    """Record a notice that went out.

    Raises:
        NotPermittedError, BreachStateError, WordUnknownError, MomentError: each as it says.
        TextEmptyError, FieldMissingError, FieldTooLongError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MATTER_WORK,
        resource=breach_resource(breach),
        tag=LedgerTag.PRIVACY_BREACH_TOLD,
    ) as entry:
        found = open_breach(breach)
        duty = table_for(wish.country).duty(wish.duty) if wish.country in found.countries else None
        for word, known in (
            (wish.duty, duty is not None),
            (wish.language, wish.language in LANGUAGES),
            (wish.channel, wish.channel in BreachNotice.Channel.values),
        ):
            if not known:
                raise WordUnknownError(word=word)
        now = clock().now()
        if not found.noticed_at <= wish.sent_at <= now:
            raise MomentError
        label = BreachNotice._meta.get_field("text").verbose_name  # noqa: SLF001 - Django's documented way
        text = lines_of(label, wish.text, limit=LONGEST_NOTICE, required=True)
        row = BreachNotice.objects.create(
            breach=found,
            country=wish.country,
            duty=wish.duty,
            language=wish.language,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            channel=wish.channel,
            recipient=text_of(BreachNotice, "recipient", wish.recipient, required=True),
            sent_at=wish.sent_at,
            recorded_by=actor,
            recorded_at=now,
            receipt=wish.receipt,
        )
        entry.subject = found.ledger_subject
        entry.detail = {
            "notice": str(row.pk),
            "country": row.country,
            "duty": row.duty,
            "language": row.language,
            "sha256": row.sha256,
            "channel": row.channel,
            "sent_at": row.sent_at.isoformat(),
            "receipt_sha256": row.receipt.sha256 if row.receipt else "",
        }
    return row


def breach_receipt_add(*, actor: User, notice: BreachNotice, receipt: StoredFile) -> BreachNotice:
    """Add the proof that a notice arrived, once.

    Raises:
        NotPermittedError: the actor does not work on the breach.
        AnsweredAlreadyError: there is a receipt.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MATTER_WORK,
        resource=breach_resource(notice.breach),
        tag=LedgerTag.PRIVACY_BREACH_RECEIPT_ADDED,
    ) as entry:
        row = locked(BreachNotice, notice.pk, None)
        if row.receipt_id is not None:
            raise AnsweredAlreadyError
        row.receipt = receipt
        row.save()
        entry.subject = notice.breach.ledger_subject
        entry.detail = {"notice": str(row.pk), "receipt_sha256": receipt.sha256}
    return row


def breach_receipt_open(*, actor: User, notice: BreachNotice) -> StoredFile:
    """Return a receipt after writing down who opens it.

    Raises:
        NotPermittedError: the actor may not see the breach.
    """
    gate.require(actor, Action.PRIVACY_MATTER_VIEW, breach_resource(notice.breach))
    with transaction.atomic():
        file_opening_record(actor=actor, stored=notice.receipt, purpose=notice.breach.ledger_subject)
    return notice.receipt
