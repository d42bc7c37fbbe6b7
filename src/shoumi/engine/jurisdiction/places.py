"""What a pack says about places: must-be secret zones, key departments and places, defences, signs, visitors.

The content is the packs' own (`zones.yaml`, with its source); this module reads it, recognises places
by their names and fills in the rule of a key place.  Which zones a company has is not known here.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping

from shoumi.engine.jurisdiction.entries import read_named
from shoumi.engine.jurisdiction.pack import DefenceCheck, Pack, PlaceGroup, PlaceRules
from shoumi.engine.jurisdiction.reading import Entry, Faults
from shoumi.engine.jurisdiction.values import Texts

FILE = "zones.yaml"
COMPANY_CHOICE = "ZON-05"  # the one group that no name is recognised by
PLACEHOLDERS = ("{company}", "{place}", "{department}", "{level}")
_MOST_MONTHS = 60
_MOST_DAYS = 3_650


def recognised_by(group: PlaceGroup, name: str) -> str:
    """Return the word by which `name` seems to belong to the group, empty if it does not."""
    text = _plain(name)
    return next((word for word in group.words if _plain(word) in text), "")


def rule_text(rules: PlaceRules, language: str, words: Mapping[str, str]) -> str:
    """Return the secrecy rule of a key place with company, place, department and level filled in."""
    text = rules.rule_template.in_language(language)
    for placeholder in PLACEHOLDERS:
        text = text.replace(placeholder, words[placeholder.strip("{}")])
    return text.strip()


def read_places(entry: Entry) -> PlaceRules:
    """Return the rules of one file; faults are remembered in the entry's `Faults`."""
    key = entry.entry("key_departments")
    criterion = key.texts("criterion")
    rules = PlaceRules(
        version=entry.text("version"),
        inspection_months=entry.number("inspection_months", lowest=1, highest=_MOST_MONTHS),
        visitor_retention_days=entry.number("visitor_retention_days", lowest=1, highest=_MOST_DAYS),
        must_be=tuple(_read_group(item, item.texts("reason")) for item in entry.entries("must_be")),
        key_criterion=criterion,
        key_departments=tuple(_read_group(item, criterion) for item in key.entries("kinds")),
        key_conditions=tuple(read_named(item) for item in entry.entries("key_places")),
        defences=tuple(read_named(item) for item in entry.entries("defences")),
        checks=tuple(_read_check(item) for item in entry.entries("checks")),
        devices=tuple(read_named(item) for item in entry.entries("devices")),
        signs=tuple(read_named(item) for item in entry.entries("signs")),
        device_sign=entry.texts("device_sign"),
        key_sign=entry.texts("key_sign"),
        pledge=entry.texts("pledge"),
        rule_template=entry.texts("rule_template"),
    )
    key.close()
    return rules


def check_places(pack: Pack, faults: Faults) -> None:
    """Remember what does not fit together within the file."""
    path, rules = f"{pack.id}/{FILE}", pack.places
    lists = (rules.must_be, rules.key_departments, rules.key_conditions, rules.checks, rules.devices)
    ids = Counter(item.id for items in lists for item in items)
    for twice in (name for name, count in ids.items() if count > 1):
        faults.add(path, None, f"the id {twice} stands twice")
    if rules.group(COMPANY_CHOICE) is None:
        faults.add(path, None, f"the group {COMPANY_CHOICE} of the company's own choice is missing")
    known = {defence.id for defence in rules.defences}
    for check in rules.checks:
        if check.defence not in known:
            faults.add(path, None, f"the check {check.id} names an unknown defence {check.defence}")
    for defence in known - {check.defence for check in rules.checks if not check.key_only}:
        faults.add(path, None, f"the defence {defence} has no check for ordinary zones")
    for text in (rules.rule_template.zh, rules.rule_template.ja, rules.rule_template.en):
        for placeholder in PLACEHOLDERS:
            if placeholder not in text:
                faults.add(path, None, f"a rule template lacks {placeholder}")


def _read_group(entry: Entry, reason: Texts) -> PlaceGroup:
    group = PlaceGroup(entry.text("id"), entry.texts("names"), reason, entry.words("words"))
    entry.close()
    return group


def _read_check(entry: Entry) -> DefenceCheck:
    check = DefenceCheck(
        id=entry.text("id"),
        defence=entry.text("defence"),
        names=entry.texts("names"),
        key_only=entry.flag("key_only", default=False),
    )
    entry.close()
    return check


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
