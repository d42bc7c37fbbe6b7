"""Proofs from the stored tiles of a ledger of 1,000,000 entries, and the self-audit that recomputes it.

Reference, in the same run: verifying the same proofs, which a stranger does with the same number of hashes
and no database.  Aim: a proof in less than 1 ms, also the first one under a fresh checkpoint.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench_ledger_append import prepare, records

ENTRIES = 1_000_000
BATCH = 10_000
PROOFS = 2_000
COLD = 50
AIM_SECONDS = 0.001


def fill(entries: int) -> float:
    """Append `entries` entries without details in large batches; return seconds."""
    from django.db import transaction

    from shoumi.server.ledger.services import append_many

    began = time.perf_counter()
    for _ in range(0, entries, BATCH):
        with transaction.atomic():
            append_many(records(BATCH, detail=False))
    return time.perf_counter() - began


def main() -> int:
    """Print the figures; return 0 if the aim is met."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--directory", type=Path, help="file system to measure on; default: the scratch one")
    options.add_argument("--entries", type=int, default=ENTRIES)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.directory) as scratch:
        prepare(Path(scratch))
        print(f"filled {chosen.entries:,} entries in {fill(chosen.entries):.0f} s")
        return 0 if measure(chosen.entries) else 1


def measure(entries: int) -> bool:
    """Print the times of checkpoint, proofs and audit; return whether the aim is met."""
    from shoumi.engine.evidence.proofs import verify_inclusion
    from shoumi.engine.evidence.tlog_proof import parse_tlog_proof
    from shoumi.server.ledger.audit import audit_run
    from shoumi.server.ledger.checkpoints import checkpoint_make
    from shoumi.server.ledger.queries import entry_get, proof_for
    from shoumi.server.ledger.tiles import node_reader

    began = time.perf_counter()
    checkpoint_make()
    print(f"signed and stored their tiles in {time.perf_counter() - began:.0f} s")
    chance = random.Random(1)  # noqa: S311 - places, not secrets
    cold = []
    for _ in range(COLD):
        node_reader.cache_clear()
        cold.append(timed(lambda: proof_for(chance.randrange(entries))))
    indexes = [chance.randrange(entries) for _ in range(PROOFS)]
    warm = [timed(lambda index=index: proof_for(index)) for index in indexes]
    proofs = [(parse_tlog_proof(proof_for(index)), bytes(entry_get(index).body)) for index in indexes]
    checked = [
        timed(lambda p=p, b=b: verify_inclusion(b, p.inclusion_proof, p.checkpoint.root)) for p, b in proofs
    ]
    reference = 1 / statistics.mean(checked)
    for name, times in (("first under a checkpoint", cold), ("any entry after that", warm)):
        rate = 1 / statistics.mean(times)
        print(
            f"proof {name:25} median {statistics.median(times) * 1000:.3f} ms  mean {1000 / rate:.3f} ms"
            f"  {rate:7,.0f}/s (aim < 1 ms)   verify {reference:7,.0f}/s  ratio {rate / reference:.2f}"
        )
    began = time.perf_counter()
    result = audit_run()
    seconds = time.perf_counter() - began
    print(f"self-audit {result.state} in {seconds:.0f} s, {entries / seconds:,.0f} entries/s")
    return statistics.median(cold) < AIM_SECONDS and statistics.median(warm) < AIM_SECONDS


def timed(run: object) -> float:
    """Return the seconds that `run()` takes."""
    began = time.perf_counter()
    run()  # type: ignore[operator]
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
