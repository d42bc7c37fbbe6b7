"""Accepting witnesses and time-stamp authorities: each is believed with the key it had when first used.

A party that comes back with another key is refused until people have looked: replacing a key is an act,
not an accident.  Asking the parties is `anchors`' task.
"""

from __future__ import annotations

from django.db import transaction

from shoumi.engine.errors import EvidenceError
from shoumi.server.ledger.appending import append
from shoumi.server.ledger.models import LedgerParty
from shoumi.server.ledger.sealed_rows import party_seal, verify_party
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.ledger.times import clock


class PartyChangedError(EvidenceError):
    """A witness or authority came back with another key than the one accepted before."""

    code = "evidence.party_changed"
    message = "{name} does not use the key accepted for {known}; accept the new one if the change is meant."


def party_known(kind: LedgerParty.Kind, *, name: str, material: str) -> LedgerParty:
    """Return the party of this kind with this key or certificates; the first of its kind is accepted.

    Raises:
        PartyChangedError: another key was accepted before.
        PartyForgedError: the record in the database is not ours.
    """
    party = LedgerParty.objects.filter(kind=kind).order_by("-id").first()
    if party is None:
        return party_accept(kind, name=name, material=material, actor="system:ledger")
    verify_party(party)
    if (party.name, party.material) != (name, material):
        raise PartyChangedError(name=name, known=party.name)
    return party


def party_accept(kind: LedgerParty.Kind, *, name: str, material: str, actor: str) -> LedgerParty:
    """Believe this party from now on, in place of any earlier one of its kind, and say so in the ledger."""
    with transaction.atomic():
        party = LedgerParty.objects.create(
            kind=kind,
            name=name,
            material=material,
            since=clock().now(),
            seal=party_seal(kind, name, material),
        )
        append(
            LedgerTag.LEDGER_PARTY_ACCEPTED,
            actor=actor,
            subject=f"party:{party.pk}",
            detail={"kind": str(kind), "name": name, "material": material},
        )
    return party
