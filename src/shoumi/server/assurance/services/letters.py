"""Letters of authorisation: each signed, hashed, written to the ledger, and resting on another one.

Follows the guide 二(一): the legal representative leads, or authorises somebody to.  A letter can give no
more time than the one it rests on; when a letter ends, everything below it ends with it.
"""

from __future__ import annotations

from datetime import date

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import AuthorisationLetter
from shoumi.server.assurance.services.writing import (
    AlreadyEndedError,
    StandsTwiceError,
    subject_of,
    verify_order,
)
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import counted, writing

Capacity = AuthorisationLetter.Capacity


class LetterGiverError(InputError):
    """The letter does not rest on a letter that could give it."""

    code = "assurance.letter_giver"
    message = "A letter rests on the letter of whoever signed it, in the same legal entity and in force then."


class LetterTooLongError(InputError):
    """The letter would hold longer than the one it rests on."""

    code = "assurance.letter_too_long"
    message = "The letter would hold until {until}, the one it rests on ends on {limit}."


def letter_record(  # noqa: PLR0913 - the parts of a letter, each named
    *,
    actor: User,
    entity: LegalEntity,
    capacity: str,
    holder: Person,
    scope: str,
    since: date,
    letter: StoredFile,
    parent: AuthorisationLetter | None = None,
    until: date | None = None,
) -> AuthorisationLetter:
    """Record a signed letter; its hash goes to the ledger, whose checkpoint is time-stamped.

    Without `parent` it names the legal representative, of whom there is one at a time.

    Raises:
        NotPermittedError, LetterGiverError, LetterTooLongError, StandsTwiceError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_LETTER_RECORDED,
    ) as entry:
        verify_order(since, until)
        _verify_giver(entity, Capacity(capacity), holder, parent, since, until)
        row = AuthorisationLetter.objects.create(
            entity=entity,
            parent=parent,
            capacity=Capacity(capacity),
            holder=holder,
            scope=text_of(AuthorisationLetter, "scope", scope, required=True),
            since=since,
            until=until,
            letter=letter,
            letter_sha256=letter.sha256,
            created_at=clock().now(),
        )
        entry.subject = subject_of(row)
        entry.detail = {
            "capacity": row.capacity,
            "holder": str(holder.pk),
            "parent": str(parent.pk) if parent else None,
            "since": since.isoformat(),
            "until": until.isoformat() if until else None,
            "letter_sha256": letter.sha256,
        }
    return row


def letter_revoke(
    *, actor: User, letter: AuthorisationLetter, expected_version: int, reason: str
) -> AuthorisationLetter:
    """Revoke a letter from today on, and with it everything that rests on it."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(letter.entity),
        tag=LedgerTag.ASSURANCE_LETTER_REVOKED,
    ) as entry:
        row = locked(AuthorisationLetter, letter.pk, expected_version)
        if row.revoked_on is not None:
            raise AlreadyEndedError
        row.revoked_on = today_of(letter.entity)
        row.revoked_reason = text_of(AuthorisationLetter, "revoked_reason", reason, required=True)
        counted(row)
        entry.subject = subject_of(row)
        entry.detail = {"revoked_on": row.revoked_on.isoformat(), "reason": row.revoked_reason}
    return row


def _verify_giver(  # noqa: PLR0913, PLR0917 - the parts of a letter, each named
    entity: LegalEntity,
    capacity: Capacity,
    holder: Person,
    parent: AuthorisationLetter | None,
    since: date,
    until: date | None,
) -> None:
    """Return if the letter rests on one that can carry it."""
    if capacity == Capacity.REPRESENTATIVE:
        if parent is not None:
            raise LetterGiverError
        for other in AuthorisationLetter.objects.filter(entity=entity, capacity=capacity):
            if (other.last_day is None or other.last_day >= since) and (
                until is None or until >= other.since
            ):
                raise StandsTwiceError
        return
    if (
        parent is None
        or parent.entity_id != entity.pk
        or parent.holder_id == holder.pk
        or parent.since > since
        or (parent.revoked_on is not None)
    ):
        raise LetterGiverError
    limit = parent.last_day
    if limit is not None and (until is None or until > limit):
        raise LetterTooLongError(until=until.isoformat() if until else "–", limit=limit.isoformat())
