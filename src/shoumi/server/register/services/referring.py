"""The one way by which other parts refer to a secret: only what stands in the register can be referred to.

Follows the seed guide 三: designating the secret is the premise of everything else.  Controls, risks,
incidents, dossiers and operations take it from here; a draft or refused proposal is nothing to refer to.
"""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError

from shoumi.engine.errors import InputError
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.book_values import IN_BOOKS


class SecretNotRegisteredError(InputError):
    """What was named is not in the register."""

    code = "register.not_registered"
    message = "Only a registered trade secret can be referred to; “{named}” is none."


def secret_for_reference(named: UUID | str, *, lock: bool = False) -> TradeSecret:
    """Return the registered secret with this id or number; `lock` holds it until the transaction ends.

    Whether the asker may see it is the caller's question to the gate.

    Raises:
        SecretNotRegisteredError: there is none, or it never was registered.
    """
    rows = TradeSecret.objects.filter(state__in=IN_BOOKS)
    rows = rows.select_for_update(no_key=True) if lock else rows.select_related("entity", "owner_department")
    try:
        found = rows.filter(pk=named).first()
    except (ValueError, ValidationError):
        found = rows.filter(number=str(named)).first()
    if found is None:
        raise SecretNotRegisteredError(named=str(named))
    return found
