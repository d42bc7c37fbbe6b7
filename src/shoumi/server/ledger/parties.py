"""Witnesses and time-stamp authorities this ledger believes, each with the key it had when first used.

A party that comes back with another key is refused until people have looked: replacing a key is an act,
not an accident.  Asking the parties is `anchors`' task.
"""

from __future__ import annotations

import hmac

from django.db import transaction

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.checkpoint import stamped_bytes
from shoumi.engine.evidence.notes import (
    VerifierKey,
    parse_note,
    parse_signature_line,
    parse_verifier_key,
    verify_signature,
)
from shoumi.engine.evidence.timestamp import parse_token, verify_token
from shoumi.server.ledger.entries import seal_of_values
from shoumi.server.ledger.keys import seal_key
from shoumi.server.ledger.models import LedgerCosignature, LedgerParty, LedgerTimestamp
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.ledger.times import clock


class PartyChangedError(EvidenceError):
    """A witness or authority came back with another key than the one accepted before."""

    code = "evidence.party_changed"
    message = "{name} does not use the key accepted for {known}; accept the new one if the change is meant."


class PartyForgedError(EvidenceError):
    """The row that names a party was not written by this installation."""

    code = "evidence.party_forged"
    message = "The ledger's record of {name} was altered in the database."


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
            kind=kind, name=name, material=material, since=clock().now(), seal=_seal(kind, name, material)
        )
        append(
            LedgerTag.LEDGER_PARTY_ACCEPTED,
            actor=actor,
            subject=f"party:{party.pk}",
            detail={"kind": str(kind), "name": name, "material": material},
        )
    return party


def _seal(kind: str, name: str, material: str) -> bytes:
    return seal_of_values(seal_key(), "party", str(kind), name, material)


def verify_party(party: LedgerParty) -> None:
    """Return if the record of `party` was written by this installation; raise otherwise.

    Raises:
        PartyForgedError: it was not.
    """
    if not hmac.compare_digest(_seal(party.kind, party.name, party.material), bytes(party.seal)):
        raise PartyForgedError(name=party.name)


def witness_key(party: LedgerParty) -> VerifierKey:
    """Return the verifier key of the witness `party`."""
    return parse_verifier_key(party.material)


def verify_cosignature(row: LedgerCosignature, note: str) -> None:
    """Return if the stored cosignature stands under the checkpoint `note`; raise otherwise.

    Raises:
        PartyForgedError, NoteShapeError, SignatureMismatchError: it does not.
    """
    verify_party(row.party)
    verify_signature(parse_note(note).text, parse_signature_line(row.line), witness_key(row.party))


def verify_timestamp(row: LedgerTimestamp, note: str) -> None:
    """Return if the stored token was made over the checkpoint `note` by its authority; raise otherwise.

    Raises:
        PartyForgedError, TimestampShapeError, TimestampMismatchError, TimestampUntrustedError: it was not.
    """
    verify_party(row.party)
    token = parse_token(bytes(row.token))
    verify_token(token, stamped_bytes(note), row.party.material.encode())
