"""What goes into an evidence package, as plain values.

Rule: everything here is checked before a byte is written, so that a package that would not verify is
never made.  Bytes of exhibits are opened when needed and not kept; where they lie is the caller's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.errors import EvidenceError, InputError
from shoumi.engine.evidence.checkpoint import stamped_bytes
from shoumi.engine.evidence.entry import commit_bytes, parse_entry
from shoumi.engine.evidence.hashes import ByteStream, FileDigests
from shoumi.engine.evidence.notes import VerifierKey
from shoumi.engine.evidence.proofs import InclusionProof, verify_inclusion
from shoumi.engine.evidence.timestamp import AuthorityKind, TimestampToken, verify_token
from shoumi.engine.evidence.trust import TrustPolicy, all_of, trusted_checkpoint

MAX_NAME: Final = 255
MAX_SALT_BYTES: Final = 64  # the scripts write its length in one byte

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KEY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")
_NOT_SLUG = re.compile(r"[^A-Za-z0-9.-]+")
_MAX_SLUG: Final = 60
_CONTROL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


class PackageContentsError(InputError):
    """The parts given do not make a package: one is missing, misnamed, or contradicts another."""

    code = "input.package_contents"
    message = "These parts do not make an evidence package: {reason}."


class ExhibitChangedError(EvidenceError):
    """An exhibit read from storage has other hashes than those recorded for it."""

    code = "evidence.exhibit_changed"
    message = "The stored file of exhibit {name} is not the one that was recorded."


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail behind a commitment, disclosed together with its salt."""

    name: str  # as in the entry's commitments
    value: JSONValue
    salt: bytes  # 16 … 64 bytes


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """One ledger entry with its proof, and those of its details that are disclosed."""

    data: bytes  # the entry's canonical bytes
    proof: InclusionProof  # under the package's checkpoint
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An original file."""

    name: str  # as its owner called it; any script, no control characters
    open: Callable[[], AbstractContextManager[ByteStream]]  # called twice; each time from the start
    digests: FileDigests | None = None  # what was recorded; another content is refused


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp over the checkpoint, and who gave it."""

    token: TimestampToken  # over `stamped_bytes(checkpoint_note)`
    authority: str  # the name people know it by
    kind: AuthorityKind
    certificates: bytes  # PEM roots (and intermediates) it verifies under

    @property
    def label(self) -> str:
        """How the package calls it: never more than it is."""
        if self.kind == "internal":
            words = "internal time-stamp / 内部时间戳 / 内部タイムスタンプ"
        else:
            words = "time-stamp of an outside authority / 外部机构时间戳 / 外部機関タイムスタンプ"
        return f"{words} ({self.authority})"


@dataclass(frozen=True, slots=True)
class PackageContents:
    """Everything a package is made of."""

    identifier: str  # names the folder: ASCII letters, digits, `._-`
    title: str  # for the cover; one line
    organization: str  # who made it; one line
    created: datetime  # aware
    record: JSONValue
    entries: tuple[LoggedEntry, ...]
    checkpoint_note: str  # signed by the ledger first, cosigned by all `witness_keys`
    log_key: VerifierKey
    witness_keys: tuple[VerifierKey, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    stamp: Stamp | None = None

    @property
    def policy(self) -> TrustPolicy:
        """The policy written into the package: this ledger, and every one of these witnesses."""
        return all_of(self.log_key, *self.witness_keys)

    def verify(self) -> None:
        """Return if the parts fit each other and every proof holds; raise otherwise.

        Trusted are the keys and certificates in the contents themselves.

        Raises:
            PackageContentsError: a part is missing, misnamed or given twice.
            EvidenceError: (a leaf of it) a signature, proof, commitment or time-stamp does not hold.
        """
        self._check_names()
        root = trusted_checkpoint(self.checkpoint_note, self.policy).checkpoint
        for entry in self.entries:
            if entry.proof.tree_size != root.size:
                raise PackageContentsError(reason="an entry's proof is under another checkpoint")
            verify_inclusion(entry.data, entry.proof, root.root)
            commitments = parse_entry(entry.data).commitments
            for detail in entry.details:
                if not len(detail.salt) <= MAX_SALT_BYTES:
                    raise PackageContentsError(reason=f"a salt has more than {MAX_SALT_BYTES} bytes")
                made = commit_bytes(canonical_bytes(detail.value), detail.salt)
                if commitments.get(detail.name) != made:
                    raise PackageContentsError(reason=f"{detail.name} is not what its entry committed to")
        if self.stamp is not None:
            verify_token(self.stamp.token, stamped_bytes(self.checkpoint_note), self.stamp.certificates)

    def _check_names(self) -> None:
        if not _IDENTIFIER.fullmatch(self.identifier) or self.created.tzinfo is None:
            raise PackageContentsError(reason="its identifier is not plain ASCII, or its time has no zone")
        if not self.entries or len({entry.proof.leaf_index for entry in self.entries}) != len(self.entries):
            raise PackageContentsError(reason="it has no ledger entry, or one twice")
        for entry in self.entries:
            if len({detail.name for detail in entry.details}) != len(entry.details):
                raise PackageContentsError(reason="a detail is given twice")
        for key in (self.log_key, *self.witness_keys):
            if not _KEY_NAME.fullmatch(key.name):
                raise PackageContentsError(reason=f"the key name {key.name} is not plain ASCII")
        names = [exhibit.name for exhibit in self.exhibits]
        if self.stamp is not None:
            names.append(self.stamp.authority)
        for text in (self.title, self.organization, *names):
            if not 1 <= len(text) <= MAX_NAME or any(unicodedata.category(each) in _CONTROL for each in text):
                raise PackageContentsError(
                    reason=f"the name {text!r} is empty, too long or has control characters"
                )


def stored_name(number: int, name: str) -> str:
    """Return the name exhibit `number` (from 1) has in the package, plain ASCII on every system.

    The number keeps names apart; the original name stands in `data/exhibits.tsv`.
    """
    slug = _NOT_SLUG.sub("_", unicodedata.normalize("NFKC", name))
    stem, dot, extension = slug.rpartition(".")
    if not dot or len(extension) > 10:  # noqa: PLR2004 - longer is no file type
        stem, dot, extension = slug, "", ""
    stem = stem[:_MAX_SLUG].strip("._-")
    extension = extension.strip("._-")
    return f"{number:04d}" + (f"-{stem}" if stem else "") + (f".{extension}" if extension else "")
