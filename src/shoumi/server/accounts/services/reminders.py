"""Records that a user has read the reminder of the duty of confidentiality.

The wording comes from the law packs; which wording a user gets is told by `queries.reminder_for`.
"""

from __future__ import annotations

from django.db import transaction

from shoumi.server.accounts.models import ReminderAcknowledgement, User
from shoumi.server.accounts.queries import Reminder
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag


def reminder_acknowledge(*, actor: User, reminder: Reminder) -> ReminderAcknowledgement:
    """Record the acknowledgement, once per wording; a second one changes and records nothing."""
    with transaction.atomic():
        acknowledgement, made = ReminderAcknowledgement.objects.get_or_create(
            user=actor,
            pack=reminder.pack,
            text_version=reminder.version,
            defaults={
                "text_sha256": reminder.sign_in_sha256,
                "language": reminder.language,
                "acknowledged_at": clock().now(),
            },
        )
        if made:
            append(
                LedgerTag.ACCOUNTS_REMINDER_ACKNOWLEDGED,
                actor=actor.ledger_actor,
                subject=actor.ledger_actor,
                detail={
                    "pack": reminder.pack,
                    "version": reminder.version,
                    "language": reminder.language,
                    "text_sha256": reminder.sign_in_sha256,
                },
            )
    return acknowledgement
