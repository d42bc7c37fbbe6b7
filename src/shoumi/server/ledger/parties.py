"""Witnesses and time-stamp authorities this ledger knows, each pinned with its key when it is first used.

A party that comes back with another key is refused until people have looked: replacing a key is an act, not an
accident.  Asking the parties is `anchors`' task.
"""

from __future__ import annotations

import hmac

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
from shoumi.server.ledger.times import clock


class PartyForgedError(EvidenceError):
    """The row that names a party was not written by this installation."""

    code = "evidence.party_forged"
    message = "The ledger's record of {name} was altered in the database."


def party_pin(kind: LedgerParty.Kind, *, name: str, material: str) -> LedgerParty:
    """Return the party of this kind with this key or certificate; it is recorded if it is new.

    Raises:
        PartyForgedError: the record in the database is not ours.
    """
    for party in LedgerParty.objects.filter(kind=kind, name=name, material=material):
        verify_party(party)
        return party
    seal = _seal(kind, name, material)
    return LedgerParty.objects.create(kind=kind, name=name, material=material, since=clock().now(), seal=seal)


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
    """Return if the stored token was made over the checkpoint `note` by its pinned authority; raise otherwise.

    Raises:
        PartyForgedError, TimestampShapeError, TimestampMismatchError, TimestampUntrustedError: it was not.
    """
    verify_party(row.party)
    token = parse_token(bytes(row.token))
    verify_token(token, stamped_bytes(note), row.party.material.encode())
