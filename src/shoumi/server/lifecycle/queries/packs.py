"""What the pack of a legal entity says about cases: kinds, facts, days, parties, in the reader's language.

Source: the packs' `procedures.yaml`, by the engine.  Reads only.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.pack import Named, Pack
from shoumi.engine.jurisdiction.procedures import ProcedureTable, load_procedures
from shoumi.engine.jurisdiction.values import Texts
from shoumi.server.lifecycle.models import KINDS, PersonCase
from shoumi.server.people.models import LegalEntity

SOURCE = "procedures.yaml"
MAIN_DAYS = {
    "joining": "first_day",
    "transfer": "transfer_day",
    "leaving": "last_day",
    "cool-down": "last_day",
    "return": "return_day",
}
DAYS = {
    "joining": ("first_day",),
    "transfer": ("transfer_day",),
    "leaving": ("notice_day", "last_day", "found_day"),
    "cool-down": ("last_day", "found_day"),
    "return": ("return_day",),
}


def pack_of(entity: LegalEntity) -> Pack:
    """Return the law pack of a legal entity."""
    return load_pack(entity.pack)


def table_of(entity: LegalEntity) -> ProcedureTable:
    """Return what the pack says about cases."""
    return load_procedures(entity.pack)


def zone_of(entity: LegalEntity) -> ZoneInfo:
    """Return the time zone in which the entity's days begin."""
    return ZoneInfo(entity.time_zone)


@cache
def source_sha256(pack: str) -> str:
    """Return the hash of the file from which plans of a pack are made."""
    content = files("shoumi.packs").joinpath(pack, SOURCE).read_bytes()
    return hashlib.sha256(content).hexdigest()


def said(texts: Texts) -> str:
    """Return a pack's text in the reader's language."""
    return texts.in_language(get_language() or "en")


def named(known: dict[str, Named] | object, key: str) -> str:
    """Return the name of one of a pack's named things; the key itself if it has none."""
    found = known.get(key) if hasattr(known, "get") else None
    return said(found.names) if found is not None else key


def fact_words(case: PersonCase) -> list[tuple[str, str]]:
    """Return the facts of a case with their values, in words."""
    table = table_of(case.entity)
    return [
        (said(fact.names), said(fact.value(case.facts[fact.id]).names))
        for fact in table.facts.values()
        if case.facts.get(fact.id) in {value.id for value in fact.values}
    ]


def facts_asked(entity: LegalEntity, kind: str) -> list[str]:
    """Return the facts on which a step of this kind depends, in the order of the pack."""
    table = table_of(entity)
    used = set()
    for step in table.kinds[kind].steps:
        conditions = [*step.when, *(each for due in step.due for each in due.when)]
        used |= {name for condition in conditions for name in condition}
        used |= {name for due in step.due for name in (due.facts or {}).values()}
        if step.repeat:
            used |= set((step.repeat.until.facts or {}).values())
    return [name for name in table.facts if name in used]


def parties_asked(entity: LegalEntity, kind: str) -> list[str]:
    """Return the parties other than the person that a step of this kind names."""
    table = table_of(entity)
    used = {name for step in table.kinds[kind].steps for name in (*step.parties, *step.signers)}
    return [name for name in table.parties if name in used and name != "person"]


def kind_words(kind: str) -> str:
    """Return what a kind of case is called."""
    return str(dict(KINDS)[kind])
