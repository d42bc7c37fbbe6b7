"""Tells persons of a breach by e-mail: begun, stopped and resumed by those who work on it, sent in batches.

Each address is claimed before its mail leaves, and what the mail server answered is kept.  A mail whose
answer never came stands as unclear and is not sent again: nobody is told twice.  What was sent is recorded as
a notice when the mailing is done.  The authority is told by its portal or on paper, not from here.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import make_msgid
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import ngettext, override
from django_tasks import task

from shoumi.engine.jurisdiction.breaches import Addressee
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import FOR_GOOD, WAITS
from shoumi.server.people.models import Person
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import writing
from shoumi.server.privacy.models import Breach, BreachMail, BreachMailing, BreachNotice
from shoumi.server.privacy.queries.breaches import LANGUAGES, breach_resource, table_for
from shoumi.server.privacy.services.agreeing import lines_of
from shoumi.server.privacy.services.breaches.reporting import open_breach
from shoumi.server.privacy.services.breaches.telling import LONGEST_NOTICE
from shoumi.server.privacy.services.errors import (
    AddressError,
    MailingStateError,
    MailOffError,
    NobodyToTellError,
    WordUnknownError,
)

log = logging.getLogger(__name__)
SYSTEM = "system:privacy"
BATCH = 100  # mails of one connection
CLAIM = timedelta(minutes=10)  # after this a sender that gave no sign has died
Running, Mail = BreachMailing.State, BreachMail.State


@dataclass(frozen=True, slots=True)
class MailingWish:
    """What goes to whom."""

    country: str
    duty: str
    language: str
    subject: str
    text: str
    addresses: str = ""  # one on each line
    everybody: bool = False  # all persons of the legal entity with an address


def breach_mailing_start(*, actor: User, breach: Breach, wish: MailingWish) -> BreachMailing:
    """Begin to send a text; addresses to which this duty has been met by an earlier mailing are left out.

    Raises:
        NotPermittedError, BreachStateError, WordUnknownError, AddressError, NobodyToTellError: as each says.
        TextEmptyError, FieldMissingError, FieldTooLongError, MailOffError: as each says.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MATTER_WORK,
        resource=breach_resource(breach),
        tag=LedgerTag.PRIVACY_BREACH_MAILING_STARTED,
    ) as entry:
        if not settings.SHOUMI_MAIL_ENABLED:
            raise MailOffError
        found = open_breach(breach)
        duty = table_for(wish.country).duty(wish.duty) if wish.country in found.countries else None
        if duty is None or duty.to is not Addressee.PERSONS:
            raise WordUnknownError(word=wish.duty)
        if wish.language not in LANGUAGES:
            raise WordUnknownError(word=wish.language)
        label = BreachMailing._meta.get_field("text").verbose_name  # noqa: SLF001 - Django's documented way
        text = lines_of(label, wish.text, limit=LONGEST_NOTICE, required=True)
        row = BreachMailing.objects.create(
            breach=found,
            country=wish.country,
            duty=wish.duty,
            language=wish.language,
            subject=text_of(BreachMailing, "subject", wish.subject, required=True),
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            made_by=actor,
            made_at=clock().now(),
        )
        told = _told(row)
        receivers = [pair for key, pair in _receivers(found, wish).items() if key not in told]
        if not receivers:
            raise NobodyToTellError
        BreachMail.objects.bulk_create(
            (
                BreachMail(mailing=row, address=address, person_id=person, due_at=row.made_at)
                for address, person in receivers
            ),
            batch_size=500,
        )
        entry.subject = found.ledger_subject
        entry.detail = {
            "mailing": str(row.pk),
            "country": row.country,
            "duty": row.duty,
            "language": row.language,
            "sha256": row.sha256,
            "addresses": len(receivers),
        }
        transaction.on_commit(lambda: breach_mailing_run.enqueue(str(row.pk)))
    return row


def breach_mailing_stop(*, actor: User, mailing: BreachMailing) -> BreachMailing:
    """Stop a mailing: no mail leaves after the one under way.

    Raises:
        NotPermittedError, MailingStateError: each as it says.
    """
    return _moved(actor, mailing, Running.RUNNING, Running.STOPPED, LedgerTag.PRIVACY_BREACH_MAILING_STOPPED)


def breach_mailing_resume(*, actor: User, mailing: BreachMailing) -> BreachMailing:
    """Go on with a stopped mailing, with those to whom it has not gone out.

    Raises:
        NotPermittedError, MailingStateError: each as it says.
    """
    row = _moved(actor, mailing, Running.STOPPED, Running.RUNNING, LedgerTag.PRIVACY_BREACH_MAILING_RESUMED)
    transaction.on_commit(lambda: breach_mailing_run.enqueue(str(row.pk)))
    return row


@task()
def breach_mailing_run(mailing_id: str) -> None:
    """Send until nothing is due; what the server puts off is left to the schedule."""
    while breach_mailing_go_on(UUID(mailing_id)):
        pass


def breach_mailings_go_on() -> int:
    """Carry on with every mailing that is going out; return how many mails left."""
    sent = 0
    for key in BreachMailing.objects.filter(state=Running.RUNNING).values_list("pk", flat=True):
        while number := breach_mailing_go_on(key):
            sent += number
    return sent


def breach_mailing_go_on(key: UUID) -> int:
    """Send the next mails over one connection, and finish the mailing if none is left; return how many."""
    now = clock().now()
    rows = BreachMail.objects.filter(mailing=key)
    rows.filter(state=Mail.SENDING, due_at__lt=now).update(state=Mail.UNCLEAR, due_at=None)
    due = rows.filter(state=Mail.WAITING, due_at__lte=now, mailing__state=Running.RUNNING)
    tried = _send_each(due.select_related("mailing").order_by("due_at", "pk")[:BATCH])
    if not tried:
        _finish(key)
    return tried


def _send_each(rows: Iterable[BreachMail]) -> int:
    connection: BaseEmailBackend | None = None
    tried = 0
    for row in rows:
        if connection is None:
            connection = mail.get_connection()
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as error:  # nothing has left: the schedule tries again
                log.warning("No mail server for mailing %s: %s", row.mailing_id, type(error).__name__)
                return tried
        claimed = BreachMail.objects.filter(
            pk=row.pk, state=Mail.WAITING, mailing__in=BreachMailing.objects.filter(state=Running.RUNNING)
        ).update(state=Mail.SENDING, due_at=clock().now() + CLAIM)
        if not claimed:
            continue
        tried += 1
        if not _send(row, connection):
            with suppress(OSError, smtplib.SMTPException):
                connection.close()
            connection = None
    if connection is not None:
        connection.close()
    return tried


def _send(row: BreachMail, connection: BaseEmailBackend) -> bool:
    """Send one claimed mail; return whether the connection can be used further."""
    number = make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost")
    letter = mail.EmailMessage(
        row.mailing.subject, row.mailing.text + "\n", to=[row.address], headers={"Message-ID": number},
        connection=connection,
    )  # fmt: skip
    try:
        letter.send()
    except (
        smtplib.SMTPResponseException,
        smtplib.SMTPRecipientsRefused,
    ) as error:  # an answer: it did not go
        _put_off(row, error)
    except (OSError, smtplib.SMTPException):  # no answer
        BreachMail.objects.filter(pk=row.pk).update(state=Mail.UNCLEAR, due_at=None, message_id=number)
    else:
        BreachMail.objects.filter(pk=row.pk).update(
            state=Mail.SENT, due_at=None, sent_at=clock().now(), message_id=number, attempts=row.attempts + 1
        )
        return True
    return False


def _put_off(row: BreachMail, error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> None:
    """Keep why a mail was not taken: it is tried again later, or given up for good."""
    answers = (
        list(error.recipients.values())
        if isinstance(error, smtplib.SMTPRecipientsRefused)
        else [(error.smtp_code, error.smtp_error)]
    )
    row.attempts += 1
    hopeless = all(code >= FOR_GOOD for code, _text in answers) or row.attempts > len(WAITS)
    row.state = Mail.FAILED if hopeless else Mail.WAITING
    row.due_at = None if hopeless else clock().now() + WAITS[row.attempts - 1]
    code, text = answers[0]
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    row.answer = f"{code} {words}".strip()[:200]
    row.save(update_fields=["attempts", "state", "due_at", "answer"])


def _finish(key: UUID) -> None:
    with transaction.atomic():
        row = locked(BreachMailing, key, None)
        left = row.mails.filter(state__in=(Mail.WAITING, Mail.SENDING)).exists()
        if row.state != Running.RUNNING or left:
            return
        row.state, row.finished_at = Running.DONE, clock().now()
        row.notice = _noticed(row)
        row.save()
        append(
            LedgerTag.PRIVACY_BREACH_MAILING_DONE,
            actor=SYSTEM,
            subject=row.breach.ledger_subject,
            detail={
                "mailing": str(row.pk),
                "notice": str(row.notice_id or ""),
                **{state: row.mails.filter(state=state).count() for state in ("sent", "failed", "unclear")},
                "deliveries_sha256": deliveries_sha256(row),
            },
        )


def deliveries_sha256(mailing: BreachMailing) -> str:
    """Return the hash of the list of what was taken: hash of the address, message number and moment."""
    listed = hashlib.sha256()
    for row in mailing.mails.filter(state=Mail.SENT).order_by("pk").iterator(chunk_size=500):
        address = hashlib.sha256(row.address.lower().encode()).hexdigest()
        listed.update(f"{address} {row.message_id} {row.sent_at.isoformat()}\n".encode())
    return listed.hexdigest()


def _noticed(row: BreachMailing) -> BreachNotice | None:
    """Return the notice that says what was sent; None if nothing was."""
    sent = row.mails.filter(state=Mail.SENT)
    first = sent.order_by("-sent_at").first()
    if first is None:
        return None
    with override(row.language):
        number = sent.count()
        recipient = ngettext("%(count)d person by e-mail", "%(count)d persons by e-mail", number)
    return BreachNotice.objects.create(
        breach=row.breach,
        country=row.country,
        duty=row.duty,
        language=row.language,
        text=row.text,
        sha256=row.sha256,
        channel=BreachNotice.Channel.MAIL,
        recipient=recipient % {"count": number},
        sent_at=first.sent_at,
        recorded_by=row.made_by,
        recorded_at=row.finished_at,
    )


def _moved(actor: User, mailing: BreachMailing, old: Running, new: Running, tag: LedgerTag) -> BreachMailing:
    resource = breach_resource(mailing.breach)
    with writing(actor=actor, action=Action.PRIVACY_MATTER_WORK, resource=resource, tag=tag) as entry:
        row = locked(BreachMailing, mailing.pk, None)
        if row.state != old:
            raise MailingStateError(state=str(row.get_state_display()))
        row.state = new
        row.save(update_fields=["state"])
        entry.subject, entry.detail = row.breach.ledger_subject, {"mailing": str(row.pk)}
    return row


def _told(mailing: BreachMailing) -> set[str]:
    """Return the addresses, small letters, to which this duty has been met, or may have been."""
    rows = BreachMail.objects.filter(
        mailing__breach=mailing.breach, mailing__country=mailing.country, mailing__duty=mailing.duty
    )
    return {each.lower() for each in rows.exclude(state=Mail.FAILED).values_list("address", flat=True)}


def _receivers(breach: Breach, wish: MailingWish) -> dict[str, tuple[str, UUID | None]]:
    """Return each address once, by its small letters, with the person if it is one of ours."""
    rows = Person.objects.filter(entity=breach.entity).exclude(email="").order_by("pk")
    ours = {address.lower(): (address, key) for address, key in rows.values_list("email", "pk")}
    found = dict(ours) if wish.everybody else {}
    for address in _typed(wish.addresses):
        found.setdefault(address.lower(), ours.get(address.lower(), (address, None)))
    return found


def _typed(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        address = line.strip()
        if not address:
            continue
        try:
            validate_email(address)
        except ValidationError as error:
            raise AddressError(line=number) from error
        yield address
