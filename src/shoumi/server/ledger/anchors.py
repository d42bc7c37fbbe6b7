"""Anchors checkpoints outside the database: the witness cosigns them, the authorities stamp them.

Source: C2SP tlog-witness, RFC 3161.  Whoever does not answer leaves a gap (`gaps`); nothing is made up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from shoumi.engine.evidence.checkpoint import stamped_bytes
from shoumi.engine.evidence.log import consistency_proof
from shoumi.engine.evidence.notes import parse_note, split_cosignature, verify_signature
from shoumi.engine.evidence.proofs import ConsistencyProof
from shoumi.engine.evidence.timestamp import TimestampAuthority, verify_token
from shoumi.engine.evidence.witness import WitnessStateError
from shoumi.server.ledger.checkpoints import checkpoint_note, refuse_fewer_than
from shoumi.server.ledger.gaps import ask
from shoumi.server.ledger.keys import log_signer
from shoumi.server.ledger.mirror import mirror_write
from shoumi.server.ledger.models import LedgerCheckpoint, LedgerCosignature, LedgerParty, LedgerTimestamp
from shoumi.server.ledger.parties import party_known
from shoumi.server.ledger.ports import Witness, ports
from shoumi.server.ledger.tiles import node_reader
from shoumi.server.ledger.times import clock

LOGGER = logging.getLogger(__name__)
STAMP_EVERY: Final = timedelta(minutes=1)  # a token covers everything before it; more would prove no more

Kind = LedgerParty.Kind


def anchor(checkpoint: LedgerCheckpoint, *, at_once: bool = False) -> None:
    """Have `checkpoint` cosigned and stamped by whoever is configured and due; failures become gaps.

    `at_once` asks everybody now, whenever they were asked last: for evidence packages.  Call it outside
    of transactions: it waits for others.
    """
    parties = ports()
    if parties.witness and not checkpoint.cosignatures.filter(party__kind=Kind.WITNESS).exists():
        ask(Kind.WITNESS, partial(_cosign, checkpoint, parties.witness), at_once=at_once)
    for kind, authority in (
        (Kind.INTERNAL_AUTHORITY, parties.internal),
        (Kind.EXTERNAL_AUTHORITY, parties.external),
    ):
        if authority and _stamp_is_due(checkpoint, kind, at_once=at_once):
            ask(kind, partial(_stamp, checkpoint, kind, authority), at_once=at_once)


def _cosign(checkpoint: LedgerCheckpoint, reach: Callable[[], Witness]) -> None:
    """Let the witness see what was added since it signed last, and keep its cosignature."""
    witness = reach()
    key = witness.verifier_key()
    party = party_known(Kind.WITNESS, name=key.name, material=str(key))
    seen = LedgerCosignature.objects.filter(party=party).aggregate(size=Max("checkpoint_id"))["size"] or 0
    try:
        line = witness.cosign(checkpoint.note, _growth_since(min(seen, checkpoint.size), checkpoint))
    except WitnessStateError as error:  # it signed another one last, and remembers better than we
        if error.size > checkpoint.size:
            refuse_fewer_than(error.size)
            return  # another process showed it a later checkpoint a moment ago
        line = witness.cosign(checkpoint.note, _growth_since(error.size, checkpoint))
    verify_signature(parse_note(checkpoint.note).text, line, key)
    seconds, _ = split_cosignature(line)
    _keep(
        LedgerCosignature(
            checkpoint=checkpoint,
            party=party,
            line=line.line.removesuffix("\n"),
            time=datetime.fromtimestamp(seconds, tz=UTC),
        )
    )
    mirror_write(checkpoint_note(checkpoint), checkpoint.size, log_signer().verifier_key)


def _growth_since(size: int, checkpoint: LedgerCheckpoint) -> ConsistencyProof:
    """Return the proof that `checkpoint` continues the ledger of `size` entries."""
    return consistency_proof(size, checkpoint.size, node_reader(checkpoint.size, bytes(checkpoint.root)))


def _stamp_is_due(checkpoint: LedgerCheckpoint, kind: LedgerParty.Kind, *, at_once: bool) -> bool:
    stamps = LedgerTimestamp.objects.filter(party__kind=kind).order_by("-checkpoint_id")
    last = stamps.select_related("checkpoint").first()
    if last is None:
        return True
    if last.checkpoint_id >= checkpoint.size:
        return False
    return at_once or clock().now() - last.checkpoint.time >= STAMP_EVERY


def _stamp(
    checkpoint: LedgerCheckpoint, kind: LedgerParty.Kind, reach: Callable[[], TimestampAuthority]
) -> None:
    """Let the authority stamp the checkpoint with the ledger's own signature, and keep its token."""
    authority = reach()
    data = stamped_bytes(checkpoint.note)
    token = authority.stamp(data)
    certificates = authority.certificates
    party = party_known(kind, name=authority.name, material=certificates.decode("ascii"))
    verify_token(token, data, certificates)
    _keep(LedgerTimestamp(checkpoint=checkpoint, party=party, token=token.der, time=token.time))


def _keep(row: LedgerCosignature | LedgerTimestamp) -> None:
    """Insert `row`, unless another process was faster with the same question."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        LOGGER.info("%s was kept by another process already", row)
