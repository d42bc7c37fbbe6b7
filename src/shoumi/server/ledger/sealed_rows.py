"""Rows beside the entries that carry a seal, so that one written by SQL is not believed: parties and audits.

Also verifies what parties gave: cosignatures and time-stamps.  Accepting a party is `parties`' task.
"""

from __future__ import annotations

import hmac

from shoumi.engine.clock import format_time
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
from shoumi.server.ledger.models import LedgerAudit, LedgerCosignature, LedgerParty, LedgerTimestamp


class PartyForgedError(EvidenceError):
    """The row that names a party was not written by this installation."""

    code = "evidence.party_forged"
    message = "The ledger's record of {name} was altered in the database."


def party_seal(kind: str, name: str, material: str) -> bytes:
    """Return the seal over the record of a party."""
    return seal_of_values(seal_key(), "party", str(kind), name, material)


def verify_party(party: LedgerParty) -> None:
    """Return if the record of `party` was written by this installation; raise otherwise.

    Raises:
        PartyForgedError: it was not.
    """
    if not hmac.compare_digest(party_seal(party.kind, party.name, party.material), bytes(party.seal)):
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


def audit_seal(row: LedgerAudit) -> bytes:
    """Return the seal over a result of the self-audit."""
    return seal_of_values(
        seal_key(),
        "audit",
        str(row.state),
        row.entries,
        row.checkpoint_size,
        row.first_bad_index,
        str(row.finding),
        format_time(row.started_at),
        format_time(row.ended_at),
    )


def audit_latest() -> LedgerAudit | None:
    """Return the result of the last self-audit; believe it after `audit_is_ours`."""
    return LedgerAudit.objects.order_by("-id").first()


def audit_is_ours(row: LedgerAudit) -> bool:
    """Tell whether this installation wrote the row."""
    return hmac.compare_digest(audit_seal(row), bytes(row.seal))
