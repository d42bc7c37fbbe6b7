"""Erases by what a person who has left is known; what they did stays under their opaque name.

When that may be is decided by who calls.  Papers that they signed are kept by the rules of their own apps.
"""

from __future__ import annotations

from django.db import transaction

from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Person
from shoumi.server.people.queries.leaving import FORGOTTEN
from shoumi.server.people.services.editing import locked


def person_forget(*, person_id: object, actor: str, reason: str) -> bool:
    """Erase name, number, reading, telephone and e-mail; return False if that was done already.

    Call it inside the caller's transaction; it cannot be undone.
    """
    with transaction.atomic():
        row = locked(Person, person_id, None)
        if row.name == FORGOTTEN:
            return False
        row.name, row.number = FORGOTTEN, f"x-{row.pk.hex[:12]}"
        row.reading = row.search = row.phone = row.email = ""
        row.version += 1
        row.save()
        if row.user is not None:
            row.user.display_name, row.user.email = FORGOTTEN, ""
            row.user.save(update_fields=["display_name", "email"])
        append(
            LedgerTag.PEOPLE_PERSON_FORGOTTEN,
            actor=actor,
            subject=row.ledger_subject,
            detail={"reason": reason},
        )
    return True
