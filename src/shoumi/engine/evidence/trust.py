"""The policy of trust: which ledger keys and which witnesses a reader believes, and how many of them.

Source: C2SP tlog-policy, read and written as its text.  A policy is data; applying it is a function.
Where the policy came from (the package itself, or a file of the reader's own) is for the caller to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from shoumi.engine.errors import EvidenceError, InputError
from shoumi.engine.evidence.checkpoint import (
    Checkpoint,
    Cosignature,
    OriginMismatchError,
    parse_checkpoint,
    read_cosignatures,
)
from shoumi.engine.evidence.notes import SignatureKind, VerifierKey, open_note, parse_verifier_key

NO_QUORUM: Final = "none"
MAX_LINES: Final = 1024

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_THRESHOLD = re.compile(r"[1-9][0-9]{0,3}")


class TrustPolicyError(InputError):
    """A line of a policy cannot be understood, or contradicts another."""

    code = "input.trust_policy"
    message = "The trust policy cannot be used: {reason}."


class QuorumError(EvidenceError):
    """The checkpoint is signed by the ledger but not by enough of the witnesses asked for."""

    code = "evidence.quorum"
    message = "The witnesses who signed ({signed}) do not make up the quorum {quorum}."


@dataclass(frozen=True, slots=True)
class WitnessGroup:
    """So many of these witnesses or groups."""

    threshold: int  # 1 … number of members
    members: tuple[str, ...]  # names of witnesses or of groups defined before


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """Ledgers and witnesses believed, and the quorum among the witnesses."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey] = field(default_factory=dict)  # by a name of the policy's own
    groups: Mapping[str, WitnessGroup] = field(default_factory=dict)  # in order of definition
    quorum: str = NO_QUORUM  # the name of a witness or group, or `none`

    def __post_init__(self) -> None:
        object.__setattr__(self, "witnesses", MappingProxyType(dict(self.witnesses)))
        object.__setattr__(self, "groups", MappingProxyType(dict(self.groups)))
        _check_keys([*self.logs], SignatureKind.ED25519, "log")
        _check_keys([*self.witnesses.values()], SignatureKind.COSIGNATURE, "witness")
        defined, used = set(self.witnesses), set[str]()
        for name, group in self.groups.items():
            _check_group(name, group, defined, used)
            defined.add(name)
        if NO_QUORUM in defined or self.quorum not in defined | {NO_QUORUM}:
            raise TrustPolicyError(reason=f"the quorum {self.quorum} is not defined")

    def __str__(self) -> str:
        """Return the policy as the text other programs read."""
        lines = [f"log {key}" for key in self.logs]
        lines += [f"witness {name} {key}" for name, key in self.witnesses.items()]
        lines += [
            f"group {name} {group.threshold} {' '.join(group.members)}" for name, group in self.groups.items()
        ]
        return "\n".join([*lines, f"quorum {self.quorum}"]) + "\n"


def _check_keys(keys: list[VerifierKey], kind: SignatureKind, role: str) -> None:
    if any(key.kind is not kind for key in keys):
        raise TrustPolicyError(reason=f"a {role} has a key of another kind")
    if len({key.public_key for key in keys}) != len(keys):
        raise TrustPolicyError(reason=f"two lines name the same {role} key")


def _check_group(name: str, group: WitnessGroup, defined: set[str], used: set[str]) -> None:
    if name in defined or not set(group.members) <= defined:
        raise TrustPolicyError(reason=f"the group {name} is defined twice or names what is not defined")
    if used & set(group.members) or len(set(group.members)) != len(group.members):
        raise TrustPolicyError(reason=f"a member of the group {name} counts twice")
    if not 1 <= group.threshold <= len(group.members):
        raise TrustPolicyError(reason=f"the group {name} asks for {group.threshold} of its members")
    used.update(group.members)


def all_of(log_key: VerifierKey, *witness_keys: VerifierKey) -> TrustPolicy:
    """Return the policy that asks for the ledger's signature and for every witness's."""
    names = {f"w{number}": key for number, key in enumerate(witness_keys, start=1)}
    if not names:
        return TrustPolicy((log_key,))
    groups = {"witnesses": WitnessGroup(len(names), tuple(names))}
    return TrustPolicy((log_key,), names, groups, "witnesses")


def parse_trust_policy(text: str) -> TrustPolicy:
    """Return the policy written in `text`.

    Raises:
        TrustPolicyError: an unknown line, a name used before it is defined or defined twice, or not
            exactly one quorum.
        VerifierKeyError: a key in it is misspelled.
    """
    if _FORBIDDEN.search(text) or text.count("\n") > MAX_LINES:
        raise TrustPolicyError(reason="it has control characters in it, or too many lines")
    logs: list[VerifierKey] = []
    witnesses: dict[str, VerifierKey] = {}
    groups: dict[str, WitnessGroup] = {}
    quorums: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        match line.replace("\t", " ").split():
            case []:
                continue
            case [word, *_] if word.startswith("#"):
                continue
            case ["log", key] | ["log", key, _]:
                logs.append(parse_verifier_key(key))
            case ["witness", name, key] | ["witness", name, key, _] if name not in {*witnesses, *groups}:
                witnesses[name] = parse_verifier_key(key)
            case ["group", name, threshold, *members] if members and name not in {*witnesses, *groups}:
                _check_members(members, {*witnesses, *groups}, number)
                groups[name] = WitnessGroup(_threshold(threshold, len(members), number), tuple(members))
            case ["quorum", name] if name in {*witnesses, *groups, NO_QUORUM}:
                quorums.append(name)
            case _:
                raise TrustPolicyError(reason=f"line {number} is not understood")
    if len(quorums) != 1:
        raise TrustPolicyError(reason="it has not exactly one quorum")
    return TrustPolicy(tuple(logs), witnesses, groups, quorums[0])


def _check_members(members: list[str], defined: set[str], number: int) -> None:
    if not set(members) <= defined:
        raise TrustPolicyError(reason=f"line {number} names a member not defined before")


def _threshold(word: str, count: int, number: int) -> int:
    named = {"any": 1, "all": count}
    if word in named:
        return named[word]
    if not _THRESHOLD.fullmatch(word):
        raise TrustPolicyError(reason=f"line {number} has no number of members")
    return int(word)


@dataclass(frozen=True, slots=True)
class TrustedCheckpoint:
    """A checkpoint that satisfied a policy, and by whose signatures."""

    checkpoint: Checkpoint
    log_key: VerifierKey
    cosignatures: tuple[Cosignature, ...]  # the verified ones, of the policy's witnesses


def trusted_checkpoint(note: str, policy: TrustPolicy) -> TrustedCheckpoint:
    """Return the checkpoint in `note` if `policy` believes it; raise otherwise.

    Trusted are the keys in `policy` and nothing else.

    Raises:
        NoteShapeError, CheckpointShapeError: malformed.
        SignatureMismatchError: a line by a key of the policy does not verify.
        UnknownSignerError: no ledger of the policy signed it.
        OriginMismatchError: the ledger that signed has another name than the checkpoint's origin.
        QuorumError: too few witnesses signed.
    """
    parsed, verified = open_note(note, policy.logs)
    checkpoint = parse_checkpoint(parsed.text)
    matching = [key for key in verified if key.name == checkpoint.origin]
    if not matching:
        raise OriginMismatchError(origin=checkpoint.origin, expected=verified[0].name)
    cosignatures = read_cosignatures(parsed, policy.witnesses.values())
    signed = {each.key for each in cosignatures}
    reached = {name for name, key in policy.witnesses.items() if key in signed}
    for name, group in policy.groups.items():
        if len(reached & set(group.members)) >= group.threshold:
            reached.add(name)
    if policy.quorum not in reached | {NO_QUORUM}:
        names = ", ".join(sorted(key.name for key in signed)) or "none"
        raise QuorumError(signed=names, quorum=policy.quorum)
    return TrustedCheckpoint(checkpoint, matching[0], cosignatures)
