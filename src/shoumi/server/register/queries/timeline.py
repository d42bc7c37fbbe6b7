"""What happened to a secret, told from the ledger: one sentence per entry, with who and when.

Whoever may see the evidence sees everything; others see the designation and what changed, not who opened
what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.tags import LedgerTag as Tag
from shoumi.server.register.models import Operation, TradeSecret
from shoumi.server.register.queries.resources import secret_resource

LONGEST = 300  # entries on one page
SENTENCES: dict[str, Any] = {
    Tag.APPROVALS_DECISION_APPROVED: gettext_lazy("Approved at this step"),
    Tag.APPROVALS_DECISION_REJECTED: gettext_lazy("Refused at this step"),
    Tag.APPROVALS_DECISION_RETURNED: gettext_lazy("Sent back at this step"),
    Tag.APPROVALS_REQUEST_ESCALATED: gettext_lazy("The decision is overdue and was passed on"),
    Tag.APPROVALS_REQUEST_EXPIRED: gettext_lazy("The request is no longer needed"),
    Tag.APPROVALS_REQUEST_OPENED: gettext_lazy("Put to review and approval"),
    Tag.APPROVALS_REQUEST_WITHDRAWN: gettext_lazy("The request was withdrawn"),
    RegisterTag.CARRIER_MARKED: gettext_lazy("A file or carrier was marked"),
    RegisterTag.CHANGE_APPLIED: gettext_lazy("The change was approved and carried out"),
    RegisterTag.CHANGE_OPENED: gettext_lazy("A change was asked for"),
    RegisterTag.CHANGE_REJECTED: gettext_lazy("The change was refused"),
    RegisterTag.CHANGE_RETURNED: gettext_lazy("The change was sent back"),
    RegisterTag.CHANGE_WITHDRAWN: gettext_lazy("The change was withdrawn"),
    RegisterTag.EXPIRY_NOTICED: gettext_lazy("Notice was given that the period ends"),
    RegisterTag.EXTRACT_PRINTED: gettext_lazy("A register extract was printed"),
    RegisterTag.FILE_ATTACHED: gettext_lazy("Files were attached"),
    RegisterTag.FILE_DETACHED: gettext_lazy("A file was taken off"),
    RegisterTag.FILE_OPENED: gettext_lazy("A file was opened"),
    RegisterTag.LABEL_PRINTED: gettext_lazy("A label was printed"),
    RegisterTag.LEGACY_REGISTERED: gettext_lazy("Taken over from an older register"),
    RegisterTag.MEASURE_RECORDED: gettext_lazy("A measure after declassification was recorded"),
    RegisterTag.OPERATION_APPROVED: gettext_lazy("An operation was approved"),
    RegisterTag.OPERATION_CARRIED_OUT: gettext_lazy("An operation was carried out"),
    RegisterTag.OPERATION_CLOSED: gettext_lazy("An operation was closed"),
    RegisterTag.OPERATION_CONFIRMED: gettext_lazy("A receipt was confirmed, or a destruction witnessed"),
    RegisterTag.OPERATION_GIVEN_BACK: gettext_lazy("Something came back"),
    RegisterTag.OPERATION_LINE_DROPPED: gettext_lazy("An approved operation was not carried out"),
    RegisterTag.OPERATION_LINE_REFUSED: gettext_lazy("A line of an operation was refused"),
    RegisterTag.OPERATION_SUBMITTED: gettext_lazy("An operation was asked for"),
    RegisterTag.PACKAGE_TAKEN: gettext_lazy("An evidence package was taken"),
    RegisterTag.PROPOSAL_LED_OUT: gettext_lazy("Led out: it may concern state secrets"),
    RegisterTag.PUBLICATION_CONFIRMED: gettext_lazy("The publication was confirmed"),
    RegisterTag.PUBLICATION_RECORDED: gettext_lazy("A publication was recorded"),
    RegisterTag.SECRET_DECLASSIFIED: gettext_lazy("Declassified"),
    RegisterTag.SECRET_DESTROYED: gettext_lazy("Destroyed with everything that bore it"),
    RegisterTag.SECRET_DISCARDED: gettext_lazy("The draft was deleted"),
    RegisterTag.SECRET_DRAFTED: gettext_lazy("The draft was begun"),
    RegisterTag.SECRET_EXPIRED: gettext_lazy("Declassified by itself"),
    RegisterTag.SECRET_FOUND_NONE: gettext_lazy("Found not to be a trade secret"),
    RegisterTag.SECRET_PROPOSED: gettext_lazy("Proposed to the secrecy office"),
    RegisterTag.SECRET_REGISTERED: gettext_lazy("Approved, registered and filed twice"),
    RegisterTag.SECRET_RETURNED: gettext_lazy("Sent back"),
    RegisterTag.SECRET_REVIEWED: gettext_lazy("Reviewed by the secrecy office"),
    RegisterTag.SECRET_REVIEW_STARTED: gettext_lazy("The secrecy office began its review"),
    RegisterTag.SECRET_SAVED: gettext_lazy("The draft was saved"),
    RegisterTag.SECRET_WITHDRAWN: gettext_lazy("Withdrawn"),
}
MILESTONES = (
    RegisterTag.SECRET_PROPOSED,
    RegisterTag.SECRET_REGISTERED,
    RegisterTag.LEGACY_REGISTERED,
    RegisterTag.CHANGE_APPLIED,
    RegisterTag.EXPIRY_NOTICED,
    RegisterTag.SECRET_DECLASSIFIED,
    RegisterTag.SECRET_EXPIRED,
    RegisterTag.SECRET_DESTROYED,
)
OPERATIONS: dict[str, Any] = dict(Operation.Kind.choices)
SHOWN_DETAILS = {
    "kind": gettext_lazy("operation"),
    "number": gettext_lazy("number"),
    "reason": gettext_lazy("reason"),
    "note": gettext_lazy("what was done"),
    "ends_on": gettext_lazy("last secret day"),
    "days_before": gettext_lazy("days before"),
    "purpose": gettext_lazy("purpose"),
    "published_on": gettext_lazy("day of publication"),
    "record_sha256": gettext_lazy("hash of the record"),
    "sha256": gettext_lazy("hash of the file"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as the page shows it."""

    index: int
    at: datetime
    text: str
    actor: str
    details: tuple[tuple[str, str], ...]


def timeline_of(secret: TradeSecret, user: User) -> list[Event]:
    """Return what happened, the newest first; what `user` may not see is left out."""
    entries = entries_of(secret.ledger_subject)
    if not gate.permits(user, Action.EVIDENCE_VIEW, secret_resource(secret, of="evidence")):
        entries = entries.filter(tag__in=[tag.value for tag in MILESTONES])
    rows = list(entries.order_by("-index")[:LONGEST])
    names = _names({row.actor for row in rows})
    return [
        Event(
            index=row.index,
            at=row.time,
            text=str(SENTENCES.get(row.tag, row.tag)),
            actor=names.get(row.actor, row.actor),
            details=tuple(
                (str(SHOWN_DETAILS[item.name]), str(OPERATIONS.get(item.value, item.value)))
                for item in entry_details(row)
                if item.name in SHOWN_DETAILS
                and item.value
                and (item.name != "kind" or item.value in OPERATIONS)
            ),
        )
        for row in rows
    ]


def proofs_of(secret: TradeSecret) -> list[Event]:
    """Return the ledger entries that prove the designation and what followed, the oldest first."""
    rows = entries_of(secret.ledger_subject).filter(tag__in=[tag.value for tag in MILESTONES])
    return [Event(row.index, row.time, str(SENTENCES[row.tag]), "", ()) for row in rows]


def _names(actors: set[str]) -> dict[str, str]:
    """Return the names behind opaque actors; the system is called so."""
    keys = [actor.removeprefix("user:") for actor in actors if actor.startswith("user:")]
    names = {user.ledger_actor: str(user) for user in User.objects.filter(pk__in=keys)}
    return names | {actor: _("Shoumi itself") for actor in actors if actor.startswith("system:")}
