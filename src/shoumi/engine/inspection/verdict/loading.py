"""Reads a policy from its YAML file and tells every fault with file and line; loads the ones that ship.

The shipped files lie in `shoumi.packs.verdict` and are described in `docs/formats/scan-policy.md`.  The
examples of a rule are run whenever its file is read: one that does not do what they say is a fault.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar

from shoumi.engine.errors import InputError, Phrase
from shoumi.engine.inspection.values import FindingKind
from shoumi.engine.inspection.verdict.judging import judge
from shoumi.engine.inspection.verdict.values import (
    Action,
    Counting,
    Example,
    Facts,
    Judged,
    Person,
    Place,
    Policy,
    PolicyRule,
    Reach,
)
from shoumi.engine.jurisdiction.reading import Entry, Faults, placed, read_file

LEVELS: Final = ("core", "important", "general")
MOST_BYTES: Final = 1 << 20
MOST_AMOUNT: Final = 1_000_000_000
_MOST_INVENTED: Final = 100_000  # findings of one example
_NAME: Final = "abcdefghijklmnopqrstuvwxyz0123456789_-"

_Word = TypeVar("_Word", bound=StrEnum)


class PolicyFaultsError(InputError):
    """A policy file has faults; `fields["faults"]` lists each with its file and line."""

    code = "inspection.policy_faults"
    message = "The policy has faults: {count}."


@dataclass(frozen=True, slots=True)
class Invented:
    """A finding of an example."""

    kind: FindingKind
    id: str
    score: float
    level: str
    counts_as: Hashable
    count: int = 1


def read_policy(name: str, text: str) -> Policy:
    """Return the policy that the file `name` with the content `text` states, its examples held.

    Raises:
        PolicyFaultsError: with every fault of the file.
    """
    faults = Faults(name)
    policy = _read(faults, name, text)
    if not faults.found:
        for rule in policy.rules:
            _check_examples(faults, policy, rule)
    _verify_none(faults)
    return policy


@cache
def default_policy() -> Policy:
    """Return the shipped rules of all files, in the order of their names.

    Raises:
        PolicyFaultsError: the installation is damaged.
    """
    folder = files("shoumi.packs").joinpath("verdict")
    found = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name
    )
    policies = [read_policy(item.name, item.read_text(encoding="utf-8")) for item in found]
    lists = {name: ids for policy in policies for name, ids in policy.lists.items()}
    return Policy("default", tuple(rule for policy in policies for rule in policy.rules), lists)


def _verify_none(faults: Faults) -> None:
    if faults.found:
        found = sorted(faults.found, key=lambda fault: fault[0].line or 0)
        told = tuple(placed(place, text) for place, text in found)
        raise PolicyFaultsError(count=len(told), faults=told)


def _read(faults: Faults, path: str, text: str) -> Policy:
    top = read_file(faults, path, text)
    if faults.found:
        return Policy("", (), {})
    own_id = top.text("policy")
    for key in ("source", "status"):  # where the figures come from; for people
        if top.has(key):
            _ = top.status() if key == "status" else top.text(key)
    lists: dict[str, tuple[str, ...]] = {}
    if top.has("lists"):
        named = top.entry("lists")
        lists = {name: named.words(name) for name in named.keys()}  # noqa: SIM118 - an Entry is no mapping
    rules = [_rule(entry, path, lists) for entry in top.entries("rules")]
    top.close()
    first: dict[str, PolicyRule] = {}
    for rule in rules:
        if rule.id in first:
            faults.add(
                path,
                rule.line,
                Phrase(
                    "the rule “{rule}” stands in line {line} already", rule=rule.id, line=first[rule.id].line
                ),
            )
        first.setdefault(rule.id, rule)
    return Policy(own_id, tuple(rules), lists)


def _rule(entry: Entry, path: str, lists: dict[str, tuple[str, ...]]) -> PolicyRule:
    rule_id = entry.text("id")
    if not set(rule_id) <= set(_NAME):
        entry.fault(Phrase("an id is made of a-z, 0-9, hyphen and underscore"), at="id")
    (action,) = _words(entry, "verdict", Action, (entry.text("verdict"),)) or (Action.ALLOW,)
    asked = entry.entry("when")
    rule = PolicyRule(
        id=rule_id,
        action=action,
        reason=entry.texts("reason"),
        kinds=_listed(asked, "kinds", FindingKind),
        ids=_ids(asked, lists),
        levels=_levels(asked),
        least_score=_score(asked, "least_score", 0.0),
        at_least=asked.number("at_least", lowest=1, highest=MOST_AMOUNT) if asked.has("at_least") else 1,
        counting=(_listed(asked, "count", Counting, one=True) or (Counting.DISTINCT,))[0],
        places=_listed(asked, "places", Place),
        reaches=_listed(asked, "reaches", Reach),
        names=asked.words("paths"),
        persons=_listed(asked, "persons", Person),
        unless_persons=_listed(asked, "unless_persons", Person),
        line=entry.line,
        file=path,
    )
    if not (rule.kinds or rule.ids or rule.levels):
        asked.fault(Phrase("a rule must ask for a kind, an id, a list or a level"))
    asked.close()
    examples = entry.entry("examples")
    rule = replace(rule, examples=(*_examples(examples, "match", rule), *_examples(examples, "refuse", rule)))
    for key in ("match", "refuse"):
        if not examples.has(key) or not examples.plain(key):
            examples.fault(Phrase("a rule needs an example under “{key}”", key=key))
    examples.close()
    entry.close()
    return rule


def _ids(asked: Entry, lists: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    ids = list(asked.words("ids"))
    for name in asked.words("lists"):
        if name not in lists:
            asked.fault(Phrase("there is no list “{name}” in this file", name=name), at="lists")
        ids += lists.get(name, ())
    return tuple(ids)


def _levels(asked: Entry) -> tuple[str, ...]:
    levels = asked.words("levels")
    for unknown in sorted(set(levels).difference(LEVELS)):
        asked.fault(_unknown("levels", LEVELS, unknown), at="levels")
    return levels


def _score(entry: Entry, name: str, default: float) -> float:
    value = entry.plain(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        entry.fault(Phrase("“{name}” must be a number from 0 to 1", name=name), at=name)
        return default
    return float(value)


def _listed(entry: Entry, name: str, words: type[_Word], *, one: bool = False) -> tuple[_Word, ...]:
    if not entry.has(name):
        return ()
    return _words(entry, name, words, (entry.text(name),) if one else entry.words(name))


def _words(entry: Entry, name: str, words: type[_Word], given: tuple[str, ...]) -> tuple[_Word, ...]:
    known = {str(word): word for word in words}
    for unknown in [word for word in given if word and word not in known]:
        entry.fault(_unknown(name, known, unknown), at=name)
    return tuple(known[word] for word in given if word in known)


def _unknown(name: str, known: Iterable[str], given: str) -> Phrase:
    return Phrase(
        "“{name}” must be one of {known}, not {value}", name=name, known=", ".join(known), value=given
    )


def _examples(entry: Entry, key: str, rule: PolicyRule) -> tuple[Example, ...]:
    if not entry.has(key):
        return ()
    return tuple(_example(each, speaks=key == "match", rule=rule) for each in entry.entries(key))


def _example(entry: Entry, *, speaks: bool, rule: PolicyRule) -> Example:
    """Return an invented case; what it leaves out is as the rule wants it."""
    found: tuple[Judged, ...] = ()
    for each in entry.entries("found"):
        found += _invented(each)
    place = _listed(entry, "place", Place, one=True) or rule.places or (Place.SHARE,)
    reach = _listed(entry, "reach", Reach, one=True) or rule.reaches or (Reach.INSIDE,)
    persons = _listed(entry, "persons", Person) or rule.persons[:1] or (Person.UNKNOWN,)
    facts = Facts(entry.text("path", "file.txt"), place[0], reach[0], frozenset(persons))
    entry.close()
    return Example(speaks, found, facts, entry.line)


def _invented(entry: Entry) -> tuple[Invented, ...]:
    kind = (_listed(entry, "kind", FindingKind, one=True) or (FindingKind.IDENTIFIER,))[0]
    level = entry.text("level", "")
    if level and level not in LEVELS:
        entry.fault(_unknown("level", LEVELS, level), at="level")
    amount = entry.number("amount", lowest=1, highest=_MOST_INVENTED) if entry.has("amount") else 1
    own_id, score = entry.text("id"), _score(entry, "score", 1.0)
    entry.close()
    return tuple(Invented(kind, own_id, score, level, number) for number in range(amount))


def _check_examples(faults: Faults, policy: Policy, rule: PolicyRule) -> None:
    alone = Policy(policy.id, (rule,), policy.lists)
    for example in rule.examples:
        spoke = bool(judge(example.findings, example.facts, alone).grounds)
        if spoke != example.speaks:
            text = (
                Phrase("the rule “{rule}” does not match this example, which it must match", rule=rule.id)
                if example.speaks
                else Phrase("the rule “{rule}” matches this example, which it must refuse", rule=rule.id)
            )
            faults.add(rule.file, example.line, text)
