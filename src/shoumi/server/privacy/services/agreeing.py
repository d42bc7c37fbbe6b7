"""Records that an owner agrees: the one for the law or the one for security, each for their own half.

A row that is `JointlyAgreed` counts once both have.  Also trims texts of several lines.
"""

from __future__ import annotations

from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Person
from shoumi.server.privacy.models.owners import JointlyAgreed
from shoumi.server.privacy.services.errors import AgreedAlreadyError, OneOwnerError, TextEmptyError


def owners_verify(legal: Person, security: Person) -> None:
    """Return if two different persons answer; raise otherwise.

    Raises:
        OneOwnerError: it is one person.
    """
    if legal.pk == security.pk:
        raise OneOwnerError


def owner_agrees(row: JointlyAgreed, *, actor: User, legal: Person, security: Person) -> str:
    """Write the actor's half into the locked row, save it, and return which half it was.

    Raises:
        AgreedAlreadyError: that half is there, or the actor is neither owner.
    """
    now = clock().now()
    if legal.user_id == actor.pk and row.legal_agreed_at is None:
        row.legal_agreed_by, row.legal_agreed_at, half = actor, now, "legal"
    elif security.user_id == actor.pk and row.security_agreed_at is None:
        row.security_agreed_by, row.security_agreed_at, half = actor, now, "security"
    else:
        raise AgreedAlreadyError
    row.save()
    return half


def lines_of(field: object, value: str, *, limit: int, required: bool = False) -> str:
    """Return a text of several lines, trimmed; `field` is how a person calls it.

    Raises:
        TextEmptyError: it is empty and must not be, or too long.
    """
    text = "\n".join(line.rstrip() for line in value.replace("\r\n", "\n").strip().split("\n"))
    if (required and not text) or len(text) > limit:
        raise TextEmptyError(field=str(field), limit=limit)
    return text
