"""Everything an evidence package needs from the ledger: entries, proofs, details, keys and a time-stamp.

Takes a fresh checkpoint and has it cosigned and stamped at once.  Who did not answer is named in `missing`,
and nothing is made up in their place.  Packing is `engine.evidence.package`'s task.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shoumi.engine.evidence.log import inclusion_proof
from shoumi.engine.evidence.notes import NoteSigner, VerifierKey
from shoumi.engine.evidence.package import Detail, LoggedEntry, Stamp
from shoumi.engine.evidence.timestamp import parse_token
from shoumi.server.ledger.anchors import anchor
from shoumi.server.ledger.checkpoints import checkpoint_make, checkpoint_note
from shoumi.server.ledger.keys import log_signer
from shoumi.server.ledger.models import LedgerCheckpoint, LedgerEntry, LedgerParty, LedgerTimestamp
from shoumi.server.ledger.ports import ports
from shoumi.server.ledger.queries import NoSuchEntryError, entry_details
from shoumi.server.ledger.sealed_rows import verify_cosignature, verify_timestamp, witness_key
from shoumi.server.ledger.tiles import node_reader

_LOOK_BACK: Final = 20  # checkpoints made while we waited for answers
Kind = LedgerParty.Kind


@dataclass(frozen=True, slots=True)
class EvidenceMaterial:
    """The ledger's part of a package; the fields are those of `engine.evidence.package.PackageContents`."""

    entries: tuple[LoggedEntry, ...]  # in order, with every detail that was not erased
    checkpoint_note: str
    log_key: VerifierKey
    witness_keys: tuple[VerifierKey, ...]
    stamp: Stamp | None  # the outside authority's if there is one, else the internal one
    signer: NoteSigner  # the ledger's key, for signing the package
    missing: tuple[str, ...]  # whose word is missing now: "witness", "internal", "external"


def evidence_material(subject: str, *more: str) -> EvidenceMaterial:
    """Return the material for all entries about `subject` (and `more`) as of now.

    Call it outside of transactions: it signs a checkpoint and waits for the witness and the authorities.

    Raises:
        NoSuchEntryError: there is no entry about any of them.
        LedgerBrokenError, LedgerRolledBackError: the ledger does not hold; see the self-audit.
        EvidenceError: (a leaf of it) a stored signature or time-stamp does not hold.
    """
    rows = list(LedgerEntry.objects.filter(subject__in=[subject, *more]).order_by("index"))
    if not rows:
        raise NoSuchEntryError(index=subject)
    latest = checkpoint_make()
    if latest is None:
        raise NoSuchEntryError(index=subject)
    anchor(latest, at_once=True)
    checkpoint = _best_checkpoint(rows[-1].index)
    nodes = node_reader(checkpoint.size, bytes(checkpoint.root))
    cosignatures = list(checkpoint.cosignatures.select_related("party").order_by("id"))
    for cosignature in cosignatures:
        verify_cosignature(cosignature, checkpoint.note)
    stamps = {row.party.kind: row for row in checkpoint.timestamps.select_related("party")}
    signer = log_signer()
    return EvidenceMaterial(
        entries=tuple(
            LoggedEntry(
                bytes(row.body), inclusion_proof(row.index, checkpoint.size, nodes), tuple(_details(row))
            )
            for row in rows
        ),
        checkpoint_note=checkpoint_note(checkpoint),
        log_key=signer.verifier_key,
        witness_keys=tuple(witness_key(row.party) for row in cosignatures),
        stamp=_stamp(stamps, checkpoint),
        signer=signer,
        missing=tuple(_missing(stamps, cosigned=bool(cosignatures))),
    )


def _best_checkpoint(index: int) -> LedgerCheckpoint:
    """Return the newest checkpoint over entry `index` that others said most about."""
    rows = LedgerCheckpoint.objects.filter(size__gt=index).order_by("-size")
    rows = rows.prefetch_related("cosignatures", "timestamps")[:_LOOK_BACK]
    return max(rows, key=lambda row: (len(row.cosignatures.all()) > 0, len(row.timestamps.all()), row.size))


def _details(row: LedgerEntry) -> Iterable[Detail]:
    for detail in entry_details(row):
        if detail.salt is not None:
            yield Detail(detail.name, detail.value, detail.salt)


def _stamp(stamps: dict[str, LedgerTimestamp], checkpoint: LedgerCheckpoint) -> Stamp | None:
    for kind, word in ((Kind.EXTERNAL_AUTHORITY, "external"), (Kind.INTERNAL_AUTHORITY, "internal")):
        row = stamps.get(kind)
        if row is not None:
            verify_timestamp(row, checkpoint.note)
            certificates = row.party.material.encode("ascii")
            return Stamp(parse_token(bytes(row.token)), row.party.name, word, certificates)
    return None


def _missing(stamps: dict[str, LedgerTimestamp], *, cosigned: bool) -> Iterable[str]:
    configured = ports()
    if not cosigned:
        yield Kind.WITNESS.value
    if Kind.INTERNAL_AUTHORITY not in stamps:
        yield Kind.INTERNAL_AUTHORITY.value
    if configured.external and Kind.EXTERNAL_AUTHORITY not in stamps:
        yield Kind.EXTERNAL_AUTHORITY.value
