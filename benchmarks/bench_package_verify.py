"""Seconds to verify a package of a thousand exhibits, beside sha256sum of the same files.

Reference, in the same run: `sha256sum` over the unpacked exhibits, one process for all of them.  Beside the
clock stands the processor time, in which others on the machine do not count; the ratios are of it.
Correctness first: the package holds for all three verifiers, and not after one byte of it was changed.
Aims: `shoumi verify` under 60 s; `verify.sh` under 1 s for each exhibit.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Iterator  # noqa: UP035

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shoumi.connectors.tsa import OpenSSLAuthority
from shoumi.engine.evidence.checkpoint import (
    Checkpoint,
    add_signatures,
    cosign,
    sign_checkpoint,
    stamped_bytes,
)
from shoumi.engine.evidence.entry import Entry, commit
from shoumi.engine.evidence.hashes import leaf_hash
from shoumi.engine.evidence.log import MemoryNodes, inclusion_proof, read_root
from shoumi.engine.evidence.notes import Ed25519Signer, SignatureKind
from shoumi.engine.evidence.package import Detail, Exhibit, LoggedEntry, PackageContents, Stamp, write_package

ROUNDS = 3
AIM_SECONDS, AIM_SHELL_SECONDS = 60.0, 1.0
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SALT = bytes(32)
COMMITMENTS = 10  # entries that a secret has in its life


def contents(folder: Path, exhibits: list[Path], others: int) -> tuple[PackageContents, Ed25519Signer]:
    """Return a package whose exhibits are named in one of ten entries among `others`."""
    log = Ed25519Signer("ledger.example.com/bench", Ed25519PrivateKey.generate())
    witness = Ed25519Signer("witness.example.com", Ed25519PrivateKey.generate(), SignatureKind.COSIGNATURE)
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in exhibits]
    details = [("files", hashes)] + [("step", number) for number in range(1, COMMITMENTS)]
    entries = [
        Entry(NOW, "p-1", "bench:other:entry", f"s-{number}", {}).to_bytes() for number in range(others)
    ]
    indexes = []
    for number, (name, value) in enumerate(details):
        index = number * max(1, others // COMMITMENTS)
        made = Entry(NOW, "p-1", "bench:secret:changed", "s-1", {name: commit(value, SALT)})
        entries.insert(index, made.to_bytes())
        indexes.append(index)
    indexes = [entries.index(entries[index]) for index in indexes]
    nodes, size = MemoryNodes([leaf_hash(entry) for entry in entries]), len(entries)
    note = sign_checkpoint(Checkpoint(log.verifier_key.name, size, read_root(size, nodes)), log)
    note = add_signatures(note, [cosign(note, witness, NOW)])
    authority = OpenSSLAuthority(folder / "tsa")
    stamp = Stamp(
        authority.stamp(stamped_bytes(note)), authority.name, authority.kind, authority.certificates
    )

    def opener(path: Path) -> object:
        @contextmanager
        def opened() -> Iterator[BinaryIO]:
            with path.open("rb") as stream:
                yield stream

        return opened

    made = PackageContents(
        identifier="bench",
        title="bench",
        organization="Example",
        created=NOW,
        record={"bench": True},
        entries=tuple(
            LoggedEntry(entries[index], inclusion_proof(index, size, nodes), (Detail(name, value, SALT),))
            for index, (name, value) in zip(indexes, details, strict=True)
        ),
        checkpoint_note=note,
        log_key=log.verifier_key,
        witness_keys=(witness.verifier_key,),
        exhibits=tuple(Exhibit(path.name, opener(path)) for path in exhibits),
        stamp=stamp,
    )
    return made, log


def spent() -> float:
    """Return the processor time of all child processes so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def seconds(command: list[object], status: int = 0) -> tuple[float, float]:
    """Return how long `command` takes by the clock and of the processor; it must end with `status`."""
    began, before = time.perf_counter(), spent()
    done = subprocess.run(list(map(str, command)), capture_output=True, check=False)
    took = time.perf_counter() - began, spent() - before
    assert done.returncode == status, (command, done.stdout[-2000:], done.stderr[-2000:])
    return took


def main() -> int:
    """Run, print, and return 0 if the aims were met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--exhibits", type=int, default=1_000)
    parser.add_argument("--kib", type=int, default=256, help="size of each exhibit")
    parser.add_argument("--entries", type=int, default=100_000, help="other entries in the ledger")
    args = parser.parse_args()
    source = random.Random(1)  # noqa: S311 - content to hash, the same in every run
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "originals").mkdir()
        paths = [folder / "originals" / f"{number}.bin" for number in range(args.exhibits)]
        for path in paths:
            path.write_bytes(source.randbytes(args.kib << 10))
        made, log = contents(folder, paths, args.entries)
        began = time.perf_counter()
        with (folder / "p.zip").open("wb") as sink:
            receipt = write_package(made, log, sink)
        print(
            f"{args.exhibits} exhibits of {args.kib} KiB, {len(made.entries)} entries of "
            f"{made.entries[0].proof.tree_size}; written in {time.perf_counter() - began:.1f} s, "
            f"{receipt.size_bytes >> 20} MiB"
        )
        subprocess.run(["unzip", "-q", folder / "p.zip", "-d", folder / "out"], check=True)
        package = folder / "out" / "bench"
        stored = sorted((package / "data/exhibits").iterdir())
        commands: dict[str, list[object]] = {
            "sha256sum (reference)": ["sha256sum", *stored],
            "shoumi verify, zip": [sys.executable, "-m", "shoumi.cli", "verify", folder / "p.zip"],
            "shoumi verify, folder": [sys.executable, "-m", "shoumi.cli", "verify", package],
            "verify.sh": ["dash", package / "verify.sh"],
            "verify.py": [sys.executable, "-I", package / "verify.py"],
        }
        took = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                took[name].append(seconds(command))
        changed = stored[-1].read_bytes()
        stored[-1].write_bytes(changed[:-1] + bytes([changed[-1] ^ 1]))
        for name in ("shoumi verify, folder", "verify.sh", "verify.py"):
            seconds(commands[name], status=1)
        print(f"{'':<24}{'clock':>10}{'processor':>12}{'an exhibit':>14}{'x reference':>13}")
        medians = {
            name: tuple(map(statistics.median, zip(*found, strict=True))) for name, found in took.items()
        }
        reference = medians["sha256sum (reference)"][1]
        for name, (clock, processor) in medians.items():
            each = 1000 * processor / args.exhibits
            print(
                f"{name:<24}{clock:>8.2f} s{processor:>10.2f} s{each:>11.2f} ms{processor / reference:>13.1f}"
            )
        print(f"aims: shoumi verify under {AIM_SECONDS} s, verify.sh under {AIM_SHELL_SECONDS} s an exhibit")
        shell = medians["verify.sh"][1] / args.exhibits
        return 0 if medians["shoumi verify, zip"][0] < AIM_SECONDS and shell < AIM_SHELL_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
