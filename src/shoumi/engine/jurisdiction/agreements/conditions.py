"""Whether a clause or a need fits the facts, and which facts say so.

Source of the content: the facts and conditions of the packs' agreements.  A fact that is not recorded leaves
a condition unknown unless another fact already decides it; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.agreements.values import Fact, FactKind, FactValue, Library, Test
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.noncompete import Condition
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.values import Texts


class FactError(InputError):
    """The library knows no such fact, or the fact has no such value."""

    code = "jurisdiction.agreement_fact"
    message = "“{value}” is no value of the fact “{fact}”; known are {known}."


@dataclass(frozen=True, slots=True)
class Because:
    """A fact that made a clause come or a need arise."""

    fact: str
    value: FactValue
    text: Texts


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether all conditions hold, and why."""

    condition: Condition
    because: tuple[Because, ...]  # of those that are met
    unknown: tuple[str, ...]  # facts that would decide it


def judge(library: Library, tests: tuple[Test, ...], known: Mapping[str, FactValue]) -> Judged:
    """Return whether all `tests` hold for facts that `verify_facts` let pass."""
    missing = tuple(test.fact for test in tests if test.fact not in known)
    if any(test.fact in known and not _holds(test, known[test.fact]) for test in tests):
        return Judged(Condition.NOT_MET, (), ())
    met = tuple(
        Because(test.fact, known[test.fact], because(library, test.fact, known[test.fact]))
        for test in tests
        if test.fact in known
    )
    return Judged(Condition.UNKNOWN if missing else Condition.MET, met, missing)


def verify_facts(library: Library, known: Mapping[str, FactValue]) -> None:
    """Return if every fact is one of the library and has a value of its kind.

    Raises:
        FactError: naming the first that is not.
    """
    for name, value in known.items():
        fact = library.facts.get(name)
        if fact is None:
            raise FactError(fact=name, value=str(value), known=", ".join(library.facts))
        if not fits(library.pack, fact, value):
            raise FactError(fact=name, value=str(value), known=", ".join(_values(library.pack, fact)))


def fits(pack_id: str, fact: Fact, value: object) -> bool:
    """Return whether `value` is a value of the fact; true is not 1 here."""
    if fact.kind is FactKind.FLAG:
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if fact.kind is FactKind.CHOICE:
        return any(each.id == value for each in fact.choices)
    return isinstance(value, int) and (
        not value or any(each.rank == value for each in load_pack(pack_id).levels)
    )


def value_names(library: Library, fact_id: str, value: FactValue) -> Texts | None:
    """Return what a value of a level or a choice is called; None for a flag."""
    fact = library.facts[fact_id]
    if fact.kind is FactKind.FLAG:
        return None
    if fact.kind is FactKind.LEVEL and value:
        return next(level.labels for level in load_pack(library.pack).levels if level.rank == value)
    named: Named = next(each for each in fact.choices if fact.kind is FactKind.LEVEL or each.id == value)
    return named.names


def because(library: Library, fact_id: str, value: FactValue) -> Texts:
    """Return why something is there, if this fact made it come."""
    fact = library.facts[fact_id]
    names = value_names(library, fact_id, value)
    if names is None:
        return fact.because if value or fact.because_not is None else fact.because_not
    zh, ja, en = (
        getattr(fact.because, code).replace("{value}", names.in_language(code)) for code in ("zh", "ja", "en")
    )
    return Texts(zh=zh, ja=ja, en=en)


def _holds(test: Test, value: FactValue) -> bool:
    if test.at_least is not None:
        return isinstance(value, int) and value >= test.at_least
    return value in test.values


def _values(pack_id: str, fact: Fact) -> tuple[str, ...]:
    if fact.kind is FactKind.LEVEL:
        return ("0", *sorted(str(level.rank) for level in load_pack(pack_id).levels))
    return tuple(each.id for each in fact.choices) if fact.choices else ("true", "false")
