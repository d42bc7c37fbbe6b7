"""Reading and acknowledging a rule, version by version, and reminding those who have not.

An acknowledgement keeps the hash of the words that were on the screen: it proves what was read, not only
that.
"""

from __future__ import annotations

from uuid import UUID

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import RuleAcknowledgement, RuleVersion
from shoumi.server.assurance.queries.rules import persons_unread, rule_resource
from shoumi.server.assurance.services.notices import tell
from shoumi.server.assurance.services.rules.drafting import verify_state, version_found
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Person
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import locked
from shoumi.server.people.services.writing import writing


class OtherWordsError(ConflictError):
    """What was on the screen is not what the version says."""

    code = "assurance.other_words"
    message = "What you read is not the version in force any more. Read it again."


def rule_acknowledge(*, actor: User, version_id: UUID, text_sha256: str) -> RuleAcknowledgement:
    """Acknowledge a published rule that binds the actor; `text_sha256` is the hash of what was shown.

    A second time changes nothing and returns the first.

    Raises:
        NotPermittedError, OtherWordsError, RecordUnknownError: each as it says.
    """
    found = version_found(version_id)
    with writing(
        actor=actor,
        action=Action.RULE_ACKNOWLEDGE,
        resource=rule_resource(found),
        tag=LedgerTag.ASSURANCE_RULE_ACKNOWLEDGED,
    ) as entry:
        version = locked(RuleVersion, version_id, None)
        if text_sha256 != version.sha256:
            raise OtherWordsError
        person = Person.objects.get(user=actor)
        row, _made = RuleAcknowledgement.objects.get_or_create(
            version=version,
            person=person,
            defaults={"text_sha256": text_sha256, "acknowledged_at": clock().now()},
        )
        entry.subject = version.ledger_subject
        entry.detail = {"person": str(person.pk), "text_sha256": text_sha256}
    return row


def rule_remind(*, actor: User, version_id: UUID) -> int:
    """Remind everybody whom a version binds and who has not acknowledged it; return how many were told."""
    found = version_found(version_id)
    with writing(
        actor=actor,
        action=Action.RULE_PUBLISH,
        resource=rule_resource(found),
        tag=LedgerTag.ASSURANCE_RULE_REMINDED,
    ) as entry:
        version = locked(RuleVersion, version_id, None)
        verify_state(version, (RuleVersion.State.IN_FORCE,))
        told = unread_remind(version)
        entry.subject = version.ledger_subject
        entry.detail = {"told": told}
    return told


def unread_remind(version: RuleVersion) -> int:
    """Tell those who have not read a version, inside the caller's transaction; return how many."""
    users = [person.user for person in persons_unread(version).select_related("user") if person.user_id]
    tell(users, "rule_unread", {"rule": version.title})
    version.reminded_on = today_of(version.document.entity)
    version.save(update_fields=["reminded_on"])
    return len(users)


def reminder_record(version: RuleVersion, told: int) -> None:
    """Write the ledger entry of a reminder that the daily task sent."""
    append(
        LedgerTag.ASSURANCE_RULE_REMINDED,
        actor="system:assurance",
        subject=version.ledger_subject,
        detail={"told": told},
    )
