"""Checking an evidence package: every file, every proof, and what each check had to believe.

Source: `docs/formats/evidence-package.md`; the same steps as `verify.sh` and the read-me, in their order.
A fault does not end the checking: all faults are reported.  Believed are the keys given, or, if none
are given, those in the package, and the report says which.  Files come through `PackageFiles`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shoumi.engine.evidence.checkpoint import parse_checkpoint
from shoumi.engine.evidence.hashes import FileDigests, digests_of
from shoumi.engine.evidence.notes import open_note, parse_note
from shoumi.engine.evidence.package.archive import NAME
from shoumi.engine.evidence.package.build import SIGNED_HEADER
from shoumi.engine.evidence.package.ledger_part import Believed, check_ledger
from shoumi.engine.evidence.package.reading import (
    MAX_MANIFEST_BYTES,
    PackageFiles,
    PackageShapeError,
    Texts,
)
from shoumi.engine.evidence.package.report import Findings, PackageReport
from shoumi.engine.evidence.package.texts import SCRIPTS, script
from shoumi.engine.evidence.trust import TrustPolicy, parse_trust_policy

_HASH_DIGITS: Final = 64
_SIGNATURE: Final = "signature"
_TAGS: Final = "tagmanifest-sha256.txt"
_PAYLOAD: Final = "manifest-sha256.txt"
_PAYLOAD_SM3: Final = "manifest-sm3.txt"


@dataclass(frozen=True, slots=True)
class Trust:
    """What the reader believes, from a source other than the package."""

    policy: TrustPolicy
    roots: bytes | None = None  # PEM; None: the time-stamp's certificate is taken from the package


def check_package(files: PackageFiles, trust: Trust | None = None) -> PackageReport:
    """Return what checking the package in `files` found; faults are in the report, not raised.

    Work: each file is read once for its hashes, small ones once more.

    Raises:
        SM3MissingError: this Python cannot compute the second hash.
        OSError: a file could not be read for another reason than its content.
    """
    findings, texts = Findings(), Texts(files)
    policy = _policy_of(texts, trust, findings)
    believed = Believed(policy, trust.roots if trust else None, given=trust is not None)
    _check_signature(texts, believed, findings)
    hashes = _check_files(texts, findings)
    check_ledger(texts, believed, hashes, findings)
    _note_scripts(texts, findings)
    if trust is None:
        findings.note(
            "trust", "the keys came with the package; compare them with a source of your own, or give --trust"
        )
    return PackageReport(tuple(findings.checks), own_keys=trust is None)


def _policy_of(texts: Texts, trust: Trust | None, findings: Findings) -> TrustPolicy:
    if trust is not None:
        return trust.policy
    with findings.step("trust"):
        return parse_trust_policy(texts.read_text("proof/policy"))
    return TrustPolicy(())


def _check_signature(texts: Texts, believed: Believed, findings: Findings) -> None:
    with findings.step("signature"):
        note, keys = open_note(texts.read_text(_SIGNATURE), believed.policy.logs)
        digest = hashlib.sha256(texts.read(_TAGS, MAX_MANIFEST_BYTES)).hexdigest()
        if len(note.signatures) != 1 or note.text != f"{SIGNED_HEADER}\n{digest}\n":
            raise PackageShapeError(reason="the signature is over another list of hashes")
        origin = parse_checkpoint(parse_note(texts.read_text("proof/checkpoint")).text).origin
        if origin != keys[0].name:
            raise PackageShapeError(reason=f"signed by {keys[0].name}, but its checkpoint is of {origin}")
        findings.holds(
            _SIGNATURE, f"the list of hashes is signed by {keys[0]}", f"that key, {believed.source}"
        )


def _check_files(texts: Texts, findings: Findings) -> Mapping[str, FileDigests]:
    """Compare every file with the manifests; return the hashes of all files there are."""
    faults = len(findings.checks)
    hashes = {name: _digests(texts.files, name, findings) for name in sorted(texts.names)}
    listed: dict[str, str] = {}
    listed_sm3: dict[str, str] = {}
    with findings.step("files"):
        listed.update(_manifest(texts, _TAGS))
        listed.update(_manifest(texts, _PAYLOAD))
        listed_sm3.update(_manifest(texts, _PAYLOAD_SM3))
    for name in sorted(texts.names - set(listed) - {_TAGS, _SIGNATURE}):
        findings.fails("files", f"{name} is not one of the package's files")
    for name, digest in sorted(listed.items()):
        if name not in hashes:
            findings.fails("files", f"{name} is missing")
        elif hashes[name].sha256 != digest:
            findings.fails("files", f"{name} was altered")
    payload = {name for name in listed if name.startswith("data/")}
    for name in sorted(payload ^ set(listed_sm3)):
        findings.fails("files", f"{name} has not both hashes listed")
    for name in sorted(payload & set(listed_sm3) & set(hashes)):
        if hashes[name].sm3 != listed_sm3[name]:
            findings.fails("files", f"{name} has another SM3 than listed")
    if len(findings.checks) == faults and listed:
        findings.holds("files", f"{len(texts.names)} files, each as listed (SHA-256, SM3) and no other")
    return hashes


def _digests(files: PackageFiles, name: str, findings: Findings) -> FileDigests:
    with findings.step("files"), files.open(name) as stream:
        return digests_of(stream)
    return FileDigests("", "", 0)


def _manifest(texts: Texts, name: str) -> dict[str, str]:
    hashes: dict[str, str] = {}
    for line in texts.read_text(name, MAX_MANIFEST_BYTES).removesuffix("\n").split("\n"):
        digest, spaces, path = (
            line[:_HASH_DIGITS],
            line[_HASH_DIGITS : _HASH_DIGITS + 2],
            line[_HASH_DIGITS + 2 :],
        )
        if spaces != "  " or not NAME.fullmatch(path) or path in hashes:
            raise PackageShapeError(reason=f"a line of {name} is not understood")
        hashes[path] = digest
    return hashes


def _note_scripts(texts: Texts, findings: Findings) -> None:
    for name in SCRIPTS:
        with findings.step("scripts"):
            if texts.read(name) != script(name):
                findings.note("scripts", f"{name} is not the one this version of Shoumi publishes")
