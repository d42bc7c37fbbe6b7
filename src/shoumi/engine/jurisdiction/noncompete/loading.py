"""Reads a pack's `non_compete.yaml`, tells its faults by file and line, and runs its examples.

Source of the content: the file, with rules named by id from the same pack.  Every part has a rule or a text
that says that none is recorded.  An example agreement that does not come out is a fault of the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Final, TypeVar

from shoumi.engine.errors import InputError, Phrase
from shoumi.engine.jurisdiction.basis import Force
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.noncompete.checking import check_agreement
from shoumi.engine.jurisdiction.noncompete.law import Law, law_of
from shoumi.engine.jurisdiction.noncompete.values import (
    STATEMENTS,
    Agreement,
    AgreementExample,
    NonCompeteTable,
    Part,
    PartRule,
    Person,
    PersonClass,
    Verdict,
)
from shoumi.engine.jurisdiction.pack import Pack
from shoumi.engine.jurisdiction.periods import LONG_TERM, Period, PeriodFormError, parse_period
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_pack_file, read_texts
from shoumi.engine.jurisdiction.values import Origin, Texts

FILE: Final = "non_compete.yaml"
# Part → the numbers it takes from its rule, and the further figures that its text may name.
_FIGURES: Final[Mapping[Part, tuple[frozenset[str], frozenset[str]]]] = MappingProxyType(
    {
        part: (frozenset(numbers.split()), frozenset(figures.split()))
        for part, numbers, figures in (
            (Part.PERSONS, "", "person_class"),
            (Part.BLANKET, "", "unfit persons"),
            (Part.SECRETS, "", ""),
            (Part.SECRETS_UNRECORDED, "", ""),
            (Part.TOLD, "", "person_class signed"),
            (Part.SCOPE, "", ""),
            (Part.TERRITORY, "", ""),
            (Part.TERM, "months", "end latest"),
            (Part.AGREED, "", ""),
            (Part.SHARE, "percent months", "floor monthly"),
            (Part.GUIDELINE_SHARE, "percent months", "floor monthly"),
            (Part.LONG_SHARE, "percent months longer_than", "floor monthly"),
            (Part.PENALTY_CEILING, "multiple", "penalty ceiling total"),
            (Part.NO_PENALTY, "", "penalty"),
            (Part.UNPAID, "months", "unpaid"),
            (Part.RELEASE, "months", ""),
            (Part.BREACH, "", ""),
            (Part.DUTY_STAYS, "", ""),
        )
    }
)
_MOST_WAGES: Final = 600
_MOST_ALARMS: Final = 120

_Word = TypeVar("_Word", bound=StrEnum)


@cache
def load_non_compete(pack_id: str) -> NonCompeteTable:
    """Return what a country says about non-competition; read once per process.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: the file has faults, or its examples do not come out; all are listed.
    """
    return read_non_compete(pack_id)


def law_on(pack_id: str, day: date) -> Law:
    """Return the rules of a country on non-competition as they hold on `day`.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: as for `load_non_compete`.
    """
    return law_of(load_pack(pack_id), load_non_compete(pack_id), day)


def read_non_compete(pack_id: str, root: Path | None = None) -> NonCompeteTable:
    """Read the file; `root` is the folder of packs, for tests.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: as for `load_non_compete`.
    """
    pack = load_pack(pack_id, root)
    faults, path, entry = read_pack_file(pack_id, FILE, root)
    faults.verify_none()
    parts = tuple(_part(item, pack) for item in entry.entries("parts"))
    unrecorded = tuple(pair for item in entry.entries("unrecorded") for pair in _unrecorded(item))
    table = NonCompeteTable(
        pack=pack_id,
        origin=Origin(entry.quoted("source"), entry.status()),
        currency=entry.text("currency"),
        digits=entry.number("digits", lowest=0, highest=4),
        classes=tuple(_class(item) for item in entry.entries("classes")),
        parts=MappingProxyType({rule.part: rule for rule in parts}),
        unrecorded=MappingProxyType(dict(unrecorded)),
        alarm_months=_alarms(entry),
        examples=_examples(entry.entry("examples")),
    )
    entry.close()
    counted = Counter([rule.part for rule in parts] + [part for part, _text in unrecorded])
    for part in (part for part in Part if counted[part] != 1):
        faults.add(
            path, None, Phrase("the part “{part}” has one rule, or one text that none is recorded", part=part)
        )
    faults.verify_none()
    for example in table.examples:
        _check_example(faults, path, pack, table, example)
    faults.verify_none()
    return table


def _word(entry: Entry, name: str, words: type[_Word], otherwise: _Word) -> _Word:
    value = entry.text(name, among=tuple(words))
    return words(value) if value in tuple(words) else otherwise


def _part(entry: Entry, pack: Pack) -> PartRule:
    part, rule = _word(entry, "part", Part, Part.PERSONS), entry.text("rule", "")
    found = PartRule(
        part=part,
        rule=rule,
        force=_word(entry, "force", Force, Force.LAW) if rule else Force.COMPANY,
        verdict=None if part in STATEMENTS else _word(entry, "verdict", Verdict, Verdict.REFUSED),
        overridable=entry.flag("overridable", default=False),
        params=_params(entry),
        text=entry.texts("text"),
        notes=tuple(read_texts(item) for item in entry.entries("notes")) if entry.has("notes") else (),
    )
    entry.close()
    numbers, figures = _FIGURES[part]
    if set(found.params) != numbers:
        wanted = ", ".join(sorted(numbers)) or "–"
        entry.fault(Phrase("the part “{part}” takes these numbers: {wanted}", part=part, wanted=wanted))
    for unknown in sorted(_named(found.text) - numbers - figures):
        entry.fault(Phrase("the text names an unknown figure “{name}”", name=unknown), at="text")
    versions = [each for each in pack.rules if each.id == rule]
    if rule and not versions:
        entry.fault(Phrase("the rule {rule} is not in this pack", rule=rule), at="rule")
    for name in found.params.values():
        if any(not _is_number(each.params.get(name)) for each in versions):
            entry.fault(Phrase("the rule {rule} has no number “{name}”", rule=rule, name=name), at="params")
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _named(text: Texts) -> set[str]:
    """Return the figures that any of the three languages names."""
    parsed = (Formatter().parse(each) for each in (text.zh, text.ja, text.en))
    return {name for pieces in parsed for _literal, name, _form, _conversion in pieces if name}


def _params(entry: Entry) -> Mapping[str, str]:
    if not entry.has("params"):
        return MappingProxyType({})
    params = entry.entry("params")
    return MappingProxyType({key: params.text(key) for key in params.keys()})  # noqa: SIM118 - no mapping


def _unrecorded(entry: Entry) -> tuple[tuple[Part, Texts], ...]:
    text, names = entry.texts("text"), entry.words("parts")
    for unknown in sorted(set(names).difference(Part)):
        entry.fault(Phrase("there is no part “{name}”", name=unknown), at="parts")
    entry.close()
    return tuple((Part(name), text) for name in names if name in tuple(Part))


def _class(entry: Entry) -> PersonClass:
    found = PersonClass(
        id=entry.text("id"),
        names=entry.texts("names"),
        bindable=entry.flag("bindable", default=False),
        must_be_told=entry.flag("must_be_told", default=False),
    )
    entry.close()
    return found


def _alarms(entry: Entry) -> tuple[int, ...]:
    value = entry.plain("alarm_months")
    found = value if isinstance(value, tuple) else ()
    months = tuple(each for each in found if _is_number(each) and isinstance(each, int))
    if not months or list(found) != sorted(set(months)) or months[-1] > _MOST_ALARMS:
        entry.fault(Phrase("“{name}” must be rising whole numbers", name="alarm_months"), at="alarm_months")
    return months


def _examples(entry: Entry) -> tuple[AgreementExample, ...]:
    """Return the examples; what one leaves out is as in the sound agreement, which is the first of them."""
    sound = _example(entry.entry("sound"), None)
    match = tuple(_example(item, sound) for item in entry.entries("match"))
    refuse = tuple(_example(item, sound) for item in entry.entries("refuse"))
    for each in refuse:
        if not each.refused:
            entry.fault(Phrase("an example under “refuse” says which parts refuse it"), at="refuse")
    if any(each.refused for each in (sound, *match)):
        entry.fault(Phrase("an example under “match” is refused by nothing"), at="match")
    entry.close()
    return (sound, *match, *refuse)


def _example(entry: Entry, sound: AgreementExample | None) -> AgreementExample:
    was = sound.agreement if sound else None
    told = entry.day("told") if entry.has("told") else (was.person.reasons_told if was else None)
    day = entry.day("day") if entry.has("day") else None
    on = day or (sound.day if sound else date.min)
    leaves = entry.day("service_ends") if entry.has("service_ends") else (was.service_ends if was else None)
    knew = entry.plain("knew_secrets", was.person.knew_secrets if was else None)
    agreement = Agreement(
        signed=on,
        person=Person(
            class_id=entry.text("class", was.person.class_id if was else None),
            knew_secrets=knew if isinstance(knew, bool) else None,
            reasons_told=told,
            secrets_told=told,
        ),
        term=_period(entry, was.term if was else LONG_TERM),
        scope=str(entry.plain("scope", was.scope if was else "")),
        territory=str(entry.plain("territory", was.territory if was else "")),
        service_ends=leaves,
        monthly=_sum(entry, "monthly", was.monthly if was else None),
        percent=_sum(entry, "percent", was.percent if was else None),
        wages=_wages(entry, was.wages if was else ()),
        minimum_wage=_sum(entry, "minimum_wage", was.minimum_wage if was else None),
        penalty=_sum(entry, "penalty", was.penalty if was else None),
    )
    example = AgreementExample(
        agreement=agreement,
        day=on,
        refused=_parts(entry, "refused"),
        warned=_parts(entry, "warned"),
        line=entry.line,
    )
    entry.close()
    return example


def _period(entry: Entry, otherwise: Period) -> Period:
    if not entry.has("term"):
        return otherwise
    code = str(entry.plain("term"))
    try:
        return parse_period(code)
    except PeriodFormError:
        entry.fault(Phrase("“{name}” is no period: {code}", name="term", code=code), at="term")
        return otherwise


def _sum(entry: Entry, name: str, otherwise: Decimal | None) -> Decimal | None:
    """Return an amount written as a text; null takes away that of the sound agreement."""
    if not entry.has(name):
        return otherwise
    value = entry.plain(name)
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        entry.fault(Phrase("“{name}” must be an amount of money", name=name), at=name)
        return otherwise


def _wages(entry: Entry, otherwise: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    if not entry.has("wages"):
        return otherwise
    wages = entry.entry("wages")
    each = _sum(wages, "each", None)
    months = wages.number("months", lowest=0, highest=_MOST_WAGES)
    wages.close()
    return (each,) * months if each is not None else ()


def _parts(entry: Entry, name: str) -> frozenset[Part]:
    names = entry.words(name)
    for unknown in sorted(set(names).difference(Part)):
        entry.fault(Phrase("there is no part “{name}”", name=unknown), at=name)
    return frozenset(Part(each) for each in names if each in tuple(Part))


def _check_example(
    faults: Faults, path: str, pack: Pack, table: NonCompeteTable, example: AgreementExample
) -> None:
    try:
        found = check_agreement(law_of(pack, table, example.day), example.agreement)
    except InputError as refused:
        faults.add(path, example.line, Phrase("the example is no agreement: {reason}", reason=str(refused)))
        return
    refused_by = {each.part for each in found.refused}
    warned_of = {each.part for each in found.warned}
    if (refused_by, warned_of) != (set(example.refused), set(example.warned)):
        faults.add(
            path,
            example.line,
            Phrase(
                "the example is refused by {refused} and warned of {warned}",
                refused=", ".join(sorted(refused_by)) or "–",
                warned=", ".join(sorted(warned_of)) or "–",
            ),
        )
