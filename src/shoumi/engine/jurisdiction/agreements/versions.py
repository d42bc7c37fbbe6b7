"""The version of a library, and what changed between two: which clauses, and in what.

Our own form, canonical JSON by RFC 8785; its SHA-256 is the version.  A form is kept by whoever needs to
compare later, since files of an older edition are gone after an upgrade.  Whom a change concerns is not
decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.agreements.values import AgreementKind, Clause, Library, Test

FORMAT: Final = "shoumi-agreements-library-1"


class OtherLibraryError(InputError):
    """The two forms are not versions of one library."""

    code = "jurisdiction.agreement_other_library"
    message = "These are not two versions of one library of agreements: {one} and {other}."


class ChangeKind(StrEnum):
    """What happened to a clause, or to a whole kind of agreement."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"  # its heading or text; without a clause: title, opening or closing
    CONDITIONS = "conditions"  # for whom it is, or whether it is mandatory
    BASIS = "basis"  # the rules it rests on; nothing that a signer reads
    MOVED = "moved"  # its place among the clauses that are in both versions


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions."""

    kind: str
    clause: str  # empty: the whole kind
    what: ChangeKind

    @property
    def signed_text(self) -> bool:
        """Whether somebody who signed the old version may have signed another text than the new one."""
        return self.what is not ChangeKind.BASIS


def library_form(library: Library) -> dict[str, JSONValue]:
    """Return everything that decides what is assembled and who needs it."""
    return {
        "format": FORMAT,
        "pack": library.pack,
        "edition": library.edition,
        "forms": {name: getattr(library.forms, name) for name in library.forms.__slots__},
        "facts": {
            fact.id: [str(fact.kind), *(each.id for each in fact.choices)] for fact in library.facts.values()
        },
        "fields": {field.id: [str(field.kind), field.origin] for field in library.fields.values()},
        "forbidden": [
            [row.id, row.pattern.pattern, list(row.parties), list(row.except_kinds), row.rule]
            for row in library.forbidden
        ],
        "needs": [[row.kind, row.before, _when(row.when)] for row in library.needs],
        "kinds": {kind.id: _kind(kind) for kind in library.kinds},
    }


def library_sha256(library: Library) -> str:
    """Return the version: the hash of the canonical form, in hexadecimal."""
    return sha256(canonical_bytes(library_form(library))).hexdigest()


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what changed between two forms of one pack's library, by kind and clause.

    Raises:
        OtherLibraryError: one of them is no such form, or they are of different packs.
    """
    one, other = ((form.get("format"), form.get("pack")) for form in (old, new))
    if one != other or one[0] != FORMAT:
        raise OtherLibraryError(one=str(one), other=str(other))
    found: list[Change] = []
    before, after = old["kinds"], new["kinds"]
    for kind in dict.fromkeys((*before, *after)):
        if kind not in before or kind not in after:
            found.append(Change(kind, "", ChangeKind.ADDED if kind in after else ChangeKind.REMOVED))
            continue
        if any(before[kind][part] != after[kind][part] for part in ("title", "opening", "closing")):
            found.append(Change(kind, "", ChangeKind.REWORDED))
        found += _clauses(
            kind, *({row["id"]: row for row in side[kind]["clauses"]} for side in (before, after))
        )
    return tuple(found)


def _clauses(kind: str, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    found = []
    stayed = [each for each in before if each in after]
    now = [each for each in after if each in before]
    for clause in dict.fromkeys((*before, *after)):
        if clause not in before or clause not in after:
            found.append(Change(kind, clause, ChangeKind.ADDED if clause in after else ChangeKind.REMOVED))
            continue
        parts = (
            (ChangeKind.REWORDED, ("heading", "text")),
            (ChangeKind.CONDITIONS, ("when", "mandatory")),
            (ChangeKind.BASIS, ("rules", "guidelines")),
        )
        for what, names in parts:
            if any(before[clause][name] != after[clause][name] for name in names):
                found.append(Change(kind, clause, what))
        if stayed.index(clause) != now.index(clause):
            found.append(Change(kind, clause, ChangeKind.MOVED))
    return found


def _kind(kind: AgreementKind) -> dict[str, JSONValue]:
    return {
        "party": str(kind.party),
        "non_compete": kind.non_compete,
        "title": kind.title,
        "opening": kind.opening,
        "closing": kind.closing,
        "clauses": [_clause(clause) for clause in kind.clauses],
    }


def _clause(clause: Clause) -> dict[str, JSONValue]:
    return {
        "id": clause.id,
        "heading": clause.heading,
        "text": clause.text,
        "when": _when(clause.when),
        "mandatory": clause.mandatory,
        "rules": list(clause.rules),
        "guidelines": list(clause.guidelines),
    }


def _when(tests: tuple[Test, ...]) -> list[JSONValue]:
    return [[test.fact, list(test.values), test.at_least] for test in tests]
