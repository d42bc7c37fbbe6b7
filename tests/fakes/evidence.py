"""A small ledger with witness and time-stamp authority, and packages made from it, all from fixed keys."""

from __future__ import annotations

import hashlib
import io
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shoumi.engine.evidence.checkpoint import (
    Checkpoint,
    add_signatures,
    cosign,
    sign_checkpoint,
    stamped_bytes,
)
from shoumi.engine.evidence.entry import Entry, commit
from shoumi.engine.evidence.hashes import digests_of, leaf_hash
from shoumi.engine.evidence.log import MemoryNodes, inclusion_proof, read_root
from shoumi.engine.evidence.notes import Ed25519Signer, SignatureKind
from shoumi.engine.evidence.package import Detail, Exhibit, LoggedEntry, PackageContents, Stamp, write_package

ORIGIN = "ledger.example.com/demo"
START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def signer(name: str, kind: SignatureKind = SignatureKind.ED25519) -> Ed25519Signer:
    """A key that depends on its name only, so that packages are the same in every run."""
    seed = hashlib.sha256(f"{name} {kind}".encode()).digest()
    return Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(seed), kind)


LOG = signer(ORIGIN)
WITNESS = signer("witness.example.com/1", SignatureKind.COSIGNATURE)
OTHER_WITNESS = signer("witness.example.com/2", SignatureKind.COSIGNATURE)


def salt_of(number: int) -> bytes:
    return hashlib.sha256(b"salt %d" % number).digest()


@dataclass
class MemoryLedger:
    """Entries in memory, as the server keeps them in its tables."""

    entries: list[bytes] = field(default_factory=list)

    def append(self, entry: Entry) -> int:
        self.entries.append(entry.to_bytes())
        return len(self.entries) - 1

    def fill(self, count: int) -> None:
        for number in range(count):
            self.append(entry_of(number))

    @property
    def nodes(self) -> MemoryNodes:
        return MemoryNodes([leaf_hash(entry) for entry in self.entries])

    def checkpoint(self, size: int | None = None) -> str:
        size = len(self.entries) if size is None else size
        return sign_checkpoint(Checkpoint(ORIGIN, size, read_root(size, self.nodes)), LOG)


def entry_of(number: int, **commitments: str) -> Entry:
    return Entry(
        time=START + timedelta(seconds=number),
        actor=f"person-{number % 7}",
        tag="register:secret:approved",
        subject=f"secret-{number % 11}",
        commitments=commitments,
    )


def exhibit_of(name: str, content: bytes, *, checked: bool = True) -> Exhibit:
    @contextmanager
    def opened():
        yield io.BytesIO(content)

    return Exhibit(name, opened, digests_of(io.BytesIO(content)) if checked else None)


def contents_of(  # noqa: PLR0913
    files: dict[str, bytes] | None = None,
    *,
    others: int = 20,
    witnesses: tuple[Ed25519Signer, ...] = (WITNESS,),
    authority=None,
    unlogged: dict[str, bytes] | None = None,
    record: object = None,
) -> PackageContents:
    """A package of one secret: proposed, reviewed and approved among `others` entries of other things."""
    if files is None:
        files = {"报价单 2026.xlsx": b"PK not really\x00\xff\n", "図面.pdf": b"%PDF-1.7 \xe5\x9b\xb3\n" * 50}
    ledger = MemoryLedger()
    ledger.fill(others // 2)
    record = {"number": "CN-2026-0001", "title": "配方", "level": "core"} if record is None else record
    file_list = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()
    ]
    values = [{"files": file_list}, {"opinion": "同意"}, {"record": record, "reason": {"why": ["承認", 1]}}]
    logged = []
    for step, details in enumerate(values):
        made = [
            Detail(name, value, salt_of(10 * step + at)) for at, (name, value) in enumerate(details.items())
        ]
        commitments = {detail.name: commit(detail.value, detail.salt) for detail in made}
        index = ledger.append(entry_of(1000 + step, hidden=commit("never shown", salt_of(99)), **commitments))
        logged.append((index, tuple(made)))
        ledger.fill(3)
    ledger.fill(others - others // 2)
    note = ledger.checkpoint()
    note = add_signatures(note, [cosign(note, witness, START + timedelta(hours=1)) for witness in witnesses])
    stamp = None
    if authority is not None:
        token = authority.stamp(stamped_bytes(note))
        stamp = Stamp(token, authority.name, authority.kind, authority.certificates)
    nodes, size = ledger.nodes, len(ledger.entries)
    return PackageContents(
        identifier="CN-2026-0001",
        title="配方 A · 調合 A · formula A",
        organization="示范公司 Example Ltd.",
        created=START + timedelta(hours=2),
        record=record,
        entries=tuple(
            LoggedEntry(ledger.entries[index], inclusion_proof(index, size, nodes), details)
            for index, details in logged
        ),
        checkpoint_note=note,
        log_key=LOG.verifier_key,
        witness_keys=tuple(witness.verifier_key for witness in witnesses),
        exhibits=tuple(
            exhibit_of(name, content) for name, content in [*files.items(), *(unlogged or {}).items()]
        ),
        stamp=stamp,
    )


def zip_of(contents: PackageContents) -> bytes:
    sink = io.BytesIO()
    write_package(contents, LOG, sink)
    return sink.getvalue()
