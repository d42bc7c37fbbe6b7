"""Checking the ledger's part of a package: checkpoint, entries, details, exhibits and time-stamp.

Source: steps 3 to 7 of `docs/formats/evidence-package.md`.
The hashes of the files were taken, and the package's signature checked, by `check`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shoumi.engine.evidence.checkpoint import Checkpoint, stamped_bytes
from shoumi.engine.evidence.entry import CommitmentMismatchError, Entry, commit_bytes, parse_entry
from shoumi.engine.evidence.hashes import FileDigests
from shoumi.engine.evidence.package.build import EXHIBIT_COLUMNS, UNLOGGED
from shoumi.engine.evidence.package.reading import (
    MAX_DETAIL_BYTES,
    MAX_MANIFEST_BYTES,
    PackageShapeError,
    Texts,
)
from shoumi.engine.evidence.package.report import Findings
from shoumi.engine.evidence.proofs import verify_inclusion
from shoumi.engine.evidence.timestamp import parse_token, verify_token
from shoumi.engine.evidence.tlog_proof import parse_tlog_proof
from shoumi.engine.evidence.trust import TrustPolicy, trusted_checkpoint

_CHECKPOINT: Final = "proof/checkpoint"
_ENTRY = re.compile(r"proof/entry-([0-9]{10})\.(json|tlog-proof)")
_DETAIL = re.compile(r"data/details/([0-9]{10})-([a-z][a-z0-9_]{0,63})\.(json|salt)")
_EXHIBITS: Final = "data/exhibits/"


@dataclass(frozen=True, slots=True)
class Believed:
    """The keys this checking goes by, and where they came from."""

    policy: TrustPolicy
    roots: bytes | None  # PEM, from the reader; None: from the package
    given: bool  # True if the reader gave the policy

    @property
    def source(self) -> str:
        """Where the keys came from, as it stands in the report."""
        return "as you gave it" if self.given else "as written in the package itself"


def check_ledger(
    texts: Texts, believed: Believed, hashes: Mapping[str, FileDigests], findings: Findings
) -> None:
    """Record in `findings` what checking the ledger's part found."""
    checkpoint = None
    with findings.step("checkpoint"):
        checkpoint = _check_checkpoint(texts, believed, findings)
    entries = _check_entries(texts, checkpoint, findings)
    details = _check_details(texts, entries, findings)
    with findings.step("record"):
        _check_record(texts, details, findings)
    with findings.step("exhibit"):
        _check_exhibits(texts, details, hashes, findings)
    with findings.step("time-stamp"):
        _check_stamp(texts, believed, findings)


def _check_checkpoint(texts: Texts, believed: Believed, findings: Findings) -> Checkpoint:
    trusted = trusted_checkpoint(texts.read_text(_CHECKPOINT), believed.policy)
    checkpoint = trusted.checkpoint
    findings.holds(
        "checkpoint",
        f"{checkpoint.size} entries, signed by {checkpoint.origin}",
        f"the ledger's key, {believed.source}",
    )
    for each in trusted.cosignatures:
        findings.holds(
            "witness",
            f"{each.key.name} saw no other version, {each.time:%Y-%m-%d %H:%M:%S} UTC",
            f"the witness's key, {believed.source}, and its clock",
        )
    if not trusted.cosignatures:
        findings.note(
            "witness", "no witness believed here signed; that there is no second version rests on the ledger"
        )
    return checkpoint


def _check_entries(texts: Texts, checkpoint: Checkpoint | None, findings: Findings) -> dict[str, Entry]:
    """Return the entries whose proofs hold, by their position written with ten digits."""
    entries: dict[str, Entry] = {}
    positions: set[str] = set()
    for name in texts.names:
        if name.startswith("proof/entry-"):
            match = _ENTRY.fullmatch(name)
            if match is None:
                findings.fails("entry", f"{name} is misnamed")
            else:
                positions.add(match[1])
    if not positions:
        findings.fails("entry", "there is no ledger entry")
    for position in sorted(positions):
        with findings.step("entry"):
            entry = _check_entry(texts, position, checkpoint)
            entries[position] = entry
            findings.holds(
                "entry",
                f"{int(position)}, {entry.tag} at {entry.time:%Y-%m-%d %H:%M:%S} UTC",
                "the checkpoint; for the time the ledger's clock",
            )
    return entries


def _check_entry(texts: Texts, position: str, checkpoint: Checkpoint | None) -> Entry:
    data = texts.read(f"proof/entry-{position}.json")
    proof = parse_tlog_proof(texts.read_text(f"proof/entry-{position}.tlog-proof"))
    if proof.index != int(position) or proof.extra is not None:
        raise PackageShapeError(reason=f"the proof of entry {position} is of entry {proof.index}")
    if checkpoint is None or proof.checkpoint_note != texts.read_text(_CHECKPOINT):
        raise PackageShapeError(reason=f"the proof of entry {position} ends at no checkpoint that holds")
    entry = parse_entry(data)
    verify_inclusion(data, proof.inclusion_proof, checkpoint.root)
    return entry


def _check_details(texts: Texts, entries: Mapping[str, Entry], findings: Findings) -> dict[str, bytes]:
    """Return the details that their entries committed to, by file name without folder."""
    details: dict[str, bytes] = {}
    for name in sorted(texts.names):
        if not name.startswith("data/details/"):
            continue
        match = _DETAIL.fullmatch(name)
        if match is None:
            findings.fails("detail", f"{name} is misnamed")
        elif match[3] == "json":
            position, detail = match[1], match[2]
            with findings.step("detail"):
                data = texts.read(name, MAX_DETAIL_BYTES)
                salt = _salt(texts, name.removesuffix("json") + "salt")
                entry = entries.get(position)
                if entry is None or entry.commitments.get(detail) != commit_bytes(data, salt):
                    raise CommitmentMismatchError
                details[name.removeprefix("data/details/")] = data
                findings.holds("detail", f"{detail} is what entry {int(position)} committed to", "the entry")
    return details


def _salt(texts: Texts, name: str) -> bytes:
    text = texts.read_text(name)
    try:
        salt = base64.b64decode(text, validate=True)
    except ValueError as error:  # binascii.Error is one; a letter outside ASCII raises the plain one
        raise PackageShapeError(reason=f"{name} is not base64") from error
    if base64.b64encode(salt).decode() != text:
        raise PackageShapeError(reason=f"{name} is not spelled the one right way")
    return salt


def _check_record(texts: Texts, details: Mapping[str, bytes], findings: Findings) -> None:
    record = texts.read("data/record.json", MAX_DETAIL_BYTES)
    where = next((name for name, data in details.items() if data == record), None)
    if where is None:
        findings.note("record", "it is not in the ledger; the signature of the package alone covers it")
    else:
        findings.holds("record", f"it stands in the ledger ({where})", "the entry")


def _check_exhibits(
    texts: Texts, details: Mapping[str, bytes], hashes: Mapping[str, FileDigests], findings: Findings
) -> None:
    rows = texts.read_text("data/exhibits.tsv", MAX_MANIFEST_BYTES).removesuffix("\n").split("\n")
    if rows.pop(0).split("\t") != list(EXHIBIT_COLUMNS):
        raise PackageShapeError(reason="data/exhibits.tsv has other columns")
    left = {name for name in texts.names if name.startswith(_EXHIBITS)}
    for row in rows:
        fields = row.split("\t")
        if len(fields) != len(EXHIBIT_COLUMNS):
            raise PackageShapeError(reason="a row of data/exhibits.tsv is not understood")
        file, name, _, _, _, where = fields
        left.discard(_EXHIBITS + file)
        with findings.step("exhibit"):
            digests = hashes.get(_EXHIBITS + file)
            if digests is None or [str(digests.size_bytes), digests.sha256, digests.sm3] != fields[2:5]:
                raise PackageShapeError(reason=f"exhibit {file} is not as data/exhibits.tsv says")
            if where == UNLOGGED:
                findings.note(
                    "exhibit", f"{file} ({name}) is not in the ledger; the signature of the package covers it"
                )
            elif f'"{digests.sha256}"'.encode() in details.get(where, b""):
                findings.holds("exhibit", f"{file} ({name}) stands in the ledger ({where})", "the entry")
            else:
                raise PackageShapeError(reason=f"exhibit {file} is not in the ledger where it should be")
    for name in sorted(left):
        findings.fails("exhibit", f"{name} is not in the list of exhibits")


def _check_stamp(texts: Texts, believed: Believed, findings: Findings) -> None:
    if "proof/checkpoint.tsr" not in texts.names:
        findings.note("time-stamp", "none; the times rest on the clocks of the ledger and the witnesses")
        return
    token = parse_token(texts.read("proof/checkpoint.tsr"))
    roots = believed.roots or texts.read("proof/tsa.pem")
    verify_token(token, stamped_bytes(texts.read_text(_CHECKPOINT)), roots)
    label = _label(texts)
    source = "as you gave it" if believed.roots else "as it came with the package"
    findings.holds(
        "time-stamp",
        f"{token.time:%Y-%m-%d %H:%M:%S} UTC by {token.tsa_name or 'an unnamed signer'}; here called {label}",
        f"the authority's certificate, {source}, and its clock",
    )


def _label(texts: Texts) -> str:
    for line in texts.read_text("bag-info.txt").split("\n"):
        if line.startswith("Shoumi-Timestamp: "):
            return line.removeprefix("Shoumi-Timestamp: ")
    raise PackageShapeError(reason="bag-info.txt does not say whose time-stamp it is")
