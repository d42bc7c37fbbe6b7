"""Whether a condition fits the facts of a case, and why a step applies, in the readers' languages.

Three answers: it fits, it does not, or a fact is missing.  A step whose condition cannot be decided is kept
and says so: leaving it out in silence would be the worse error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.procedures.values import CaseFact, Condition
from shoumi.engine.jurisdiction.values import Texts

_ALWAYS = Texts(
    zh="此类事项均须办理",
    ja="この種類の事項では常に行います",
    en="it belongs to every case of this kind",
)


class CaseFactError(InputError):
    """The pack has no such fact, or the fact no such value."""

    code = "jurisdiction.case_fact"
    message = "The fact “{fact}” cannot be “{value}”; known are {known}."


def check_facts(known: Mapping[str, CaseFact], facts: Mapping[str, str]) -> None:
    """Return if every fact and its value are known.

    Raises:
        CaseFactError: one is not.
    """
    for name, value in facts.items():
        if name not in known:
            raise CaseFactError(fact=name, value=value, known=", ".join(known))
        values = [each.id for each in known[name].values]
        if value not in values:
            raise CaseFactError(fact=name, value=value, known=", ".join(values))


def holds(conditions: tuple[Condition, ...], facts: Mapping[str, str]) -> bool:
    """Return whether one of the conditions surely fits; none at all fits always."""
    return not conditions or any(_fits(condition, facts) for condition in conditions)


def missing_for(conditions: tuple[Condition, ...], facts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the facts whose absence leaves open whether a condition fits; empty if that is decided."""
    if holds(conditions, facts):
        return ()
    open_: dict[str, None] = {}
    for condition in conditions:
        if all(facts[name] in values for name, values in condition.items() if name in facts):
            open_.update(dict.fromkeys(name for name in condition if name not in facts))
    return tuple(open_)


def reasons(
    known: Mapping[str, CaseFact], conditions: tuple[Condition, ...], facts: Mapping[str, str]
) -> tuple[Texts, ...]:
    """Return why a step applies: the facts of each condition that fits, else the facts that are missing."""
    if not conditions:
        return (_ALWAYS,)
    fitting = [condition for condition in conditions if _fits(condition, facts)]
    told = [_joined(_because(known[name], facts[name]) for name in condition) for condition in fitting]
    return tuple(told) or tuple(_unknown(known[name]) for name in missing_for(conditions, facts))


def _fits(condition: Condition, facts: Mapping[str, str]) -> bool:
    return all(facts.get(name) in values for name, values in condition.items())


def _because(fact: CaseFact, value: str) -> Texts:
    names, given = fact.names, fact.value(value).names
    return Texts(zh=f"{names.zh}：{given.zh}", ja=f"{names.ja}：{given.ja}", en=f"{names.en}: {given.en}")


def _unknown(fact: CaseFact) -> Texts:
    names = fact.names
    return Texts(
        zh=f"尚未记录“{names.zh}”，因此保留此步骤",
        ja=f"「{names.ja}」が未記録のため、この手順を残しています",
        en=f"“{names.en}” is not recorded, so the step is kept",
    )


def _joined(parts: Iterable[Texts]) -> Texts:
    every = tuple(parts)
    return Texts(
        zh="，".join(each.zh for each in every),
        ja="、".join(each.ja for each in every),
        en=", ".join(each.en for each in every),
    )
