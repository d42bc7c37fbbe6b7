"""The nine fields of a ledger's line as the register tells them, and the chain of what a book wrote.

Follows the seed guide 五(二).  Values are plain: codes for level, period and forms, names for places and
people, so that a line can be read without this system.  Nothing is written here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from shoumi.engine.canonical import canonical_bytes
from shoumi.server.register.models import Carrier, TradeSecret
from shoumi.server.register.models.books import FILE_FORM, FORM_OF_CARRIER, BookLine, StorageForm
from shoumi.server.register.queries.exporting import SEPARATOR, scope_names

State, Standing = TradeSecret.State, BookLine.Standing
IN_BOOKS = (State.REGISTERED, State.CHANGING, State.DECLASSIFIED, State.DESTROYED)
STANDING = {State.DECLASSIFIED: Standing.DECLASSIFIED, State.DESTROYED: Standing.DESTROYED}
GONE = (Carrier.Status.RETURNED, Carrier.Status.SCRAPPED, Carrier.Status.DESTROYED)
ENCRYPTED_STORE = "Shoumi"  # where stored files lie


def standing_of(secret: TradeSecret) -> str:
    """Return what a line about `secret` stands for."""
    return STANDING.get(State(secret.state), Standing.IN_FORCE)


def drawn_values(secret: TradeSecret) -> dict[str, Any]:
    """Return the nine fields of a secret that `secrets_for_books` read; no query."""
    held = [row for row in secret.carriers_read if row.status not in GONE]
    carriers = sorted(held, key=lambda row: (row.kind, row.pk))
    stored = bool(secret.files_read)
    kinds = {row.kind for row in carriers} | ({FILE_FORM} if stored else set())
    forms = {str(FORM_OF_CARRIER.get(Carrier.Kind(row.kind), StorageForm.OTHER)) for row in carriers}
    places = [" ".join(part for part in (str(row.zone or ""), row.place) if part) for row in carriers]
    return {
        "name": secret.name,
        "level": secret.level,
        "period": period_value(secret),
        "owner": secret.owner_department.name,
        "carrier_form": sorted(kinds),
        "storage_place": SEPARATOR.join(
            dict.fromkeys([place for place in places if place] + ([ENCRYPTED_STORE] if stored else []))
        ),
        "storage_form": sorted(forms | ({str(StorageForm.FILES)} if stored else set())),
        "keeper": person_value(secret.custodian or secret.owner_department.owner),
        "reading_scope": SEPARATOR.join(scope_names(secret)),
    }


def period_value(secret: TradeSecret) -> str:
    """Return the period's code with the last secret day, where there is one: `P5Y/2031-03-01`."""
    end = secret.period_ends_on
    return f"{secret.period}/{end.isoformat()}" if end else secret.period


def person_value(person: Any) -> str:
    """Return a person as a book names them: name and number."""
    return f"{person.name}({person.number})" if person else ""


def entry_sha256(head: str, facts: Mapping[str, Any]) -> str:
    """Return the hash of an entry, chained to the one before it by `head`."""
    return hashlib.sha256(head.encode() + canonical_bytes(dict(facts))).hexdigest()


def entry_facts(  # noqa: PLR0913 - the facts of an entry, each named
    *, line: str, ordinal: int, cause: str, event: int | None, changes: Mapping[str, Any], reason: str
) -> dict[str, Any]:
    """Return what the hash of an entry covers besides its predecessor."""
    return {
        "line": line,
        "ordinal": ordinal,
        "cause": str(cause),
        "event": str(event or ""),
        "changes": dict(changes),
        "reason": reason,
    }


def book_sha256(heads: Iterable[tuple[str, str]]) -> str:
    """Return the hash over the lines of a book: pairs of secret and head, in the order of the secrets."""
    digest = hashlib.sha256()
    for secret, head in heads:
        digest.update(f"{secret} {head}\n".encode())
    return digest.hexdigest()
