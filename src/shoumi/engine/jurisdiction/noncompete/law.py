"""The rules on non-competition of a country as they hold on a day: each part with its basis and numbers.

Source: the packs' `non_compete.yaml`, which names rules of `rules.yaml`.  A part whose rule does not hold on
the day, or for which none is recorded, is missing and says so; nothing is invented in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.basis import Basis, basis_on, proposal
from shoumi.engine.jurisdiction.noncompete.values import (
    Figure,
    NonCompeteTable,
    Objection,
    Part,
    PartRule,
    PersonClass,
)
from shoumi.engine.jurisdiction.pack import Pack
from shoumi.engine.jurisdiction.rules import RuleNotInForceError
from shoumi.engine.jurisdiction.values import Texts

_NOT_IN_FORCE = Texts(
    zh="规则 {rule} 在 {day} 不施行，未据此检查。",
    ja="規則 {rule} は {day} には施行されておらず、この規則による確認はしていません。",
    en="The rule {rule} does not hold on {day}; nothing was checked against it.",
)


class UnknownPersonClassError(InputError):
    """The country has no such class of persons."""

    code = "jurisdiction.unknown_person_class"
    message = "There is no class of persons “{given}”; there are {known}."


@dataclass(frozen=True, slots=True)
class Held:
    """A part as it holds on the day."""

    rule: PartRule
    basis: Basis
    numbers: Mapping[str, int]  # those that the part's `params` name


@dataclass(frozen=True, slots=True)
class Law:
    """Everything a country says about non-competition on a day."""

    table: NonCompeteTable
    day: date
    held: Mapping[Part, Held]
    missing: Mapping[Part, Texts]  # why a part is not among those held

    def class_of(self, class_id: str) -> PersonClass:
        """Return a class of persons.

        Raises:
            UnknownPersonClassError: there is none with this id.
        """
        for found in self.table.classes:
            if found.id == class_id:
                return found
        known = ", ".join(each.id for each in self.table.classes)
        raise UnknownPersonClassError(given=class_id, known=known)

    def objection(self, part: Part, **figures: Figure) -> tuple[Objection, ...]:
        """Return the objection that `part` raises with these figures; nothing where the part is missing."""
        held = self.held.get(part)
        if held is None or held.rule.verdict is None:
            return ()
        told: dict[str, Figure] = {**held.numbers, **figures}
        text = filled(held.rule.text, told)
        frozen = MappingProxyType(told)
        return (Objection(part, held.rule.verdict, held.basis, text, frozen, held.rule.notes),)


def law_of(pack: Pack, table: NonCompeteTable, day: date) -> Law:
    """Return the rules of a table as they hold on `day`."""
    held: dict[Part, Held] = {}
    missing = dict(table.unrecorded)
    for part, rule in table.parts.items():
        if not rule.rule:
            held[part] = Held(rule, proposal(), MappingProxyType({}))
            continue
        try:
            basis, params = basis_on(pack, rule.rule, day, rule.force)
        except RuleNotInForceError:
            missing[part] = filled(_NOT_IN_FORCE, {"rule": rule.rule, "day": day})
            continue
        numbers = {figure: int(str(params[name])) for figure, name in rule.params.items()}
        held[part] = Held(rule, basis, MappingProxyType(numbers))
    return Law(table, day, MappingProxyType(held), MappingProxyType(missing))


def filled(text: Texts, figures: Mapping[str, Figure]) -> Texts:
    """Return the text with the figures in the places it names."""
    zh, ja, en = (
        getattr(text, code).format(**{name: _told(figure, code) for name, figure in figures.items()})
        for code in ("zh", "ja", "en")
    )
    return Texts(zh=zh, ja=ja, en=en)


def _told(figure: Figure, code: str) -> str:
    if isinstance(figure, Texts):
        return figure.in_language(code)
    if isinstance(figure, Decimal):
        return f"{figure:,f}"
    return figure.isoformat() if isinstance(figure, date) else str(figure)
