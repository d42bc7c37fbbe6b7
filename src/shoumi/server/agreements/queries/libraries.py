"""The libraries of agreements, in the reader's language, and what is known of a person for their clauses.

Source of the content: the packs' `agreements`, through `engine.jurisdiction.agreements`.  A fact that nobody
recorded stays out; nothing is guessed.  Reads no sealed inputs.
"""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language

from shoumi.engine.jurisdiction import Texts
from shoumi.engine.jurisdiction.agreements import (
    AgreementKind,
    FactKind,
    FactValue,
    Library,
    UnknownAgreementError,
    load_agreements,
)
from shoumi.engine.jurisdiction.agreements.conditions import fits
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.server.people.models import EngagementKind, LegalEntity, Person

ENGAGEMENTS = {
    EngagementKind.EMPLOYEE: "employee",
    EngagementKind.DISPATCHED_WORKER: "dispatched",
    EngagementKind.CONTRACTORS_WORKER: "contractor_worker",
    EngagementKind.ADVISER: "expert",
}
TAGS = {"zh": "zh-hans", "ja": "ja"}  # language of a library → of the console
REFUSAL_RECORD = "refused_signature_record"
NON_COMPETE = "non_compete"


@cache
def library_for(pack_id: str) -> Library:
    """Return the library of a country's pack."""
    return load_agreements(pack_id)


def library_of(entity: LegalEntity) -> Library:
    """Return the library of the country in which `entity` sits."""
    return library_for(entity.pack)


def said(texts: Texts) -> str:
    """Return a pack's text in the reader's language."""
    return texts.in_language(get_language() or "en")


def kind_or_none(pack_id: str, kind_id: str) -> AgreementKind | None:
    """Return a kind of agreement, None if the present library has it no longer."""
    try:
        return library_for(pack_id).kind(kind_id)
    except UnknownAgreementError:
        return None


def kind_words(pack_id: str, kind_id: str) -> str:
    """Return what a kind of agreement is called; its id if the present library has it no longer."""
    kind = kind_or_none(pack_id, kind_id)
    return said(kind.names) if kind else kind_id


def kind_choices(pack_id: str) -> list[tuple[str, str]]:
    """Return the kinds of a country with their names, in the order of the library."""
    return [(kind.id, said(kind.names)) for kind in sorted(library_for(pack_id).kinds, key=lambda k: k.order)]


def fact_words(library: Library, fact_id: str, value: FactValue) -> str:
    """Return what a value of a fact is called; flags are the caller's, empty here."""
    fact = library.facts[fact_id]
    if fact.kind is FactKind.FLAG:
        return ""
    return dict(fact_choices(library, fact_id)).get(str(value), str(value))


def fact_choices(library: Library, fact_id: str) -> list[tuple[str, str]]:
    """Return the values of a level or a choice with their names."""
    fact = library.facts[fact_id]
    if fact.kind is FactKind.CHOICE:
        return [(each.id, said(each.names)) for each in fact.choices]
    levels = sorted(load_pack(library.pack).levels, key=lambda level: level.rank)
    named = [(str(level.rank), said(level.labels)) for level in levels if level.rank]
    return [("0", said(fact.choices[0].names)), *named]


def facts_of_kind(kind: AgreementKind) -> tuple[str, ...]:
    """Return the facts on which the clauses of a kind depend, in the order in which they come."""
    return tuple(dict.fromkeys(test.fact for clause in kind.clauses for test in clause.when))


def typed_fact(library: Library, fact_id: str, text: object) -> FactValue | None:
    """Return the value that a form's text means, None for nothing or for no value of the fact."""
    fact = library.facts.get(fact_id)
    if fact is None or text in (None, ""):
        return None
    value: object = text
    if fact.kind is FactKind.FLAG and isinstance(text, str):
        value = {"yes": True, "no": False}.get(text)
    if fact.kind is FactKind.LEVEL and isinstance(text, str):
        value = int(text) if text.isascii() and text.isdigit() else None
    return value if isinstance(value, bool | int | str) and fits(library.pack, fact, value) else None


def level_of(person: Person) -> int:
    """Return the secrecy level of a person's posts today; the person comes from `people.persons`."""
    return max((item.post.level for item in person.current if item.post), default=0)


def known_of(person: Person) -> dict[str, FactValue]:
    """Return the facts that the register of persons tells; the person comes from `people.persons`.

    Whoever holds a post with a level deals with secrets; without one it is not known here.
    """
    known: dict[str, FactValue] = {}
    if person.current:
        kinds = {item.kind for item in person.current}
        first = next(kind for kind in ENGAGEMENTS if kind in kinds)  # an employee is one, whatever else
        known = {"engagement": ENGAGEMENTS[first], "level": level_of(person), "leaving": "stays"}
        if known["level"]:
            known["knows_secrets"] = True
    return known


def values_of(person: Person) -> dict[str, str]:
    """Return the fields that the register of persons tells, as they are stored."""
    values = company_values(person.entity) | {"person": person.name}
    if person.current:
        latest = person.current[-1]
        values["department"] = latest.department.name
        values["post"] = latest.post.title if latest.post else ""
        values["contract_day"] = min(item.starts_on for item in person.current).isoformat()
    return {name: value for name, value in values.items() if value}


def company_values(entity: LegalEntity) -> dict[str, str]:
    """Return the company's own fields, in the language of its country where there is a name in it."""
    own = entity.name_ja if entity.country == "JP" else entity.name_zh
    return {"company": own or entity.name_zh or entity.name_ja or entity.name_en}
