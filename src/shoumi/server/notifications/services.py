"""Tells people things: a row in the inbox at once, an e-mail soon after.

The row is written in the caller's transaction, so nobody is told of what did not happen, and nothing that
happened is lost.  The e-mail names no record: it says that something waits and where; what it is shows after
sign-in.  Mail that the server does not take is tried again, later and later, and given up after two days.
"""

from __future__ import annotations

import logging
import re
import smtplib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from shoumi.engine.errors import InputError
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.notifications.models import Notification
from shoumi.server.notifications.queries import fits

log = logging.getLogger(__name__)

ANYTHING = _("Something in Shoumi concerns you.")
CLAIM = timedelta(minutes=10)  # a sender that died leaves its mail to others after this time
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440))  # after each failure
FOR_GOOD = 500  # SMTP replies from here on are final
_PATH = re.compile(r"/(?!/)[A-Za-z0-9._~/-]*")


class LinkNotLocalError(InputError):
    """A notification leads to a page of this console and nowhere else."""

    code = "notifications.link_not_local"
    message = "“{link}” is no path of this console; a link has no host, no query and no fragment."


class MessageIncompleteError(InputError):
    """The text names a parameter that was not given."""

    code = "notifications.message_incomplete"
    message = "The message “{text}” does not fit its parameters."


def notify(  # noqa: PLR0913 - whom, what is said here and what by e-mail
    *,
    users: Iterable[User],
    message: str,
    parameters: Mapping[str, str | int],
    link: str,
    mail_text: str = ANYTHING,
    mail_lines: Sequence[tuple[str, int, str]] = (),
) -> list[Notification]:
    """Tell each active user once; returns the rows.

    `message` is English source text with `%(name)s` placeholders, marked with `gettext_noop` where it is
    written; `mail_text` likewise, without placeholders, because e-mail leaves the house; empty for none.
    `mail_lines` are kinds of things in source text, how many of them and the first day, below that sentence.
    `link` is a path such as `reverse(...)` returns.  A parameter called `level` may be a level's id.

    Raises:
        LinkNotLocalError: the link is no plain path.
        MessageIncompleteError: a placeholder has no parameter, or the e-mail text has a placeholder.
    """
    if not _PATH.fullmatch(link):
        raise LinkNotLocalError(link=link)
    for text, values in ((message, parameters), (mail_text, {}), *((line[0], {}) for line in mail_lines)):
        if not fits(text, values):
            raise MessageIncompleteError(text=text)
    now = clock().now()
    receivers = {user.pk: user for user in users if user.is_active}
    return Notification.objects.bulk_create(
        Notification(
            user=user,
            message=message,
            parameters=dict(parameters),
            link=link,
            created_at=now,
            mail_text=mail_text,
            mail_lines=[list(line) for line in mail_lines],
            mail_state=Notification.Mail.WAITING if mail_text and _mails(user) else Notification.Mail.NONE,
            mail_due_at=now if mail_text and _mails(user) else None,
        )
        for user in receivers.values()
    )


def notification_read(*, actor: User, notification_id: UUID) -> Notification | None:
    """Mark one of the actor's own notifications as read and return it; None if it is not theirs."""
    row = Notification.objects.filter(pk=notification_id, user=actor).first()
    if row and row.read_at is None:
        row.read_at = clock().now()
        row.save(update_fields=["read_at"])
    return row


def notifications_read_all(*, actor: User) -> int:
    """Mark everything the actor was told as read; return how many were not."""
    return Notification.objects.filter(user=actor, read_at__isnull=True).update(read_at=clock().now())


def mail_send_due(limit: int = 200) -> tuple[int, int]:
    """Send the e-mail that is due, oldest first, over one connection; return how many were sent and refused.

    Several workers may run it at once: each mail is claimed first.  A worker that dies between sending and
    writing that down sends a mail twice rather than never.
    """
    now = clock().now()
    due = Notification.objects.filter(mail_state=Notification.Mail.WAITING, mail_due_at__lte=now)
    sent = refused = 0
    connection: BaseEmailBackend | None = None
    for row in due.select_related("user").order_by("mail_due_at", "id")[:limit]:
        claimed = Notification.objects.filter(
            pk=row.pk, mail_state=Notification.Mail.WAITING, mail_due_at=row.mail_due_at
        ).update(mail_due_at=now + CLAIM)
        if not claimed:
            continue
        try:
            if connection is None:
                connection = mail.get_connection()
                connection.open()
            _letter(row, connection).send()
        except (OSError, smtplib.SMTPException) as error:
            refused += 1
            _put_off(row, error)
            if connection is not None:
                with suppress(OSError, smtplib.SMTPException):
                    connection.close()
            connection = None
        else:
            sent += 1
            Notification.objects.filter(pk=row.pk).update(
                mail_state=Notification.Mail.SENT, mailed_at=clock().now(), mail_due_at=None
            )
    if connection is not None:
        connection.close()
    return sent, refused


def _mails(user: User) -> bool:
    return bool(user.email) and settings.SHOUMI_MAIL_ENABLED


def _letter(row: Notification, connection: BaseEmailBackend) -> mail.EmailMessage:
    """Return the e-mail in the receiver's language; a sentence and an address, no name of a record."""
    with override(row.user.language):
        sentence = gettext(row.mail_text)
        body = "\n\n".join(
            (
                sentence,
                *(["\n".join(_lines(row))] if row.mail_lines else []),
                gettext("Sign in to see what it is about:")
                + "\n"
                + urljoin(settings.SHOUMI_PUBLIC_URL, row.link),
                gettext("This message holds no secret. Do not answer it with one."),
            )
        )
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return mail.EmailMessage(
        sentence, body + "\n", to=[row.user.email], headers=headers, connection=connection
    )


def _lines(row: Notification) -> list[str]:
    """Return the lines of a summary: what kind, how many, the first day."""
    return [
        gettext("%(what)s: %(count)s, first on %(day)s") % {"what": gettext(what), "count": count, "day": day}
        for what, count, day in row.mail_lines
    ]


def _put_off(row: Notification, error: Exception) -> None:
    """Write down that a mail was not taken: tried again later, or given up for good."""
    with transaction.atomic():
        row = Notification.objects.select_for_update(no_key=True).get(pk=row.pk)
        row.mail_attempts += 1
        hopeless = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
            code >= FOR_GOOD for code, _reason in error.recipients.values()
        )
        if hopeless or row.mail_attempts > len(WAITS):
            row.mail_state, row.mail_due_at = Notification.Mail.FAILED, None
        else:
            row.mail_due_at = clock().now() + WAITS[row.mail_attempts - 1]
        row.save(update_fields=["mail_attempts", "mail_state", "mail_due_at"])
    log.warning("Mail of notification %s was not taken: %s", row.pk, type(error).__name__)
