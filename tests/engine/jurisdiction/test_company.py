"""A company's own catalogue lies over the pack, entry by entry, and never changes the pack."""

from __future__ import annotations

import pytest

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import load_pack, suggest_level
from shoumi.engine.jurisdiction.company import (
    CATALOGUES,
    Override,
    items_of,
    overlaid,
    override_checked,
    pack_value,
)

NAMES = {"zh": "试", "ja": "試", "en": "Trial"}
ENTRIES = [
    (pack, name, item)
    for pack in ("cn", "jp")
    for name in CATALOGUES
    for item in items_of(load_pack(pack), name)
]


def laid(catalogue, item, value, pack="cn"):
    found = load_pack(pack)
    return overlaid(found, [override_checked(found, Override(catalogue, item, value))])


@pytest.mark.requirement("GEN-17")
@pytest.mark.parametrize(("pack", "name", "item"), ENTRIES, ids=str)
def test_the_default_of_every_entry_is_an_override_that_changes_nothing(pack, name, item):
    value = pack_value(load_pack(pack), name, item)
    assert pack_value(laid(name, item, value, pack), name, item) == value


@pytest.mark.requirement("GEN-17")
@pytest.mark.parametrize(
    ("catalogue", "item", "value", "read"),
    [
        (
            "categories", "OWN-LAB", {"names": NAMES, "group": "technical"},
            lambda p: p.categories[-1].names.en == "Trial",
        ),
        ("categories", "IDN-T1", {"names": NAMES}, lambda p: p.categories[0].names.zh == "试"),
        (
            "categories", "IDN-T1", {"names": NAMES, "used": False},
            lambda p: "IDN-T1" not in [row.id for row in p.categories],
        ),
        (
            "factors", "LVL-F2", {"names": NAMES, "weight": "9", "required": False},
            lambda p: p.factors[1].weight == 9,
        ),
        ("thresholds", "core", {"percent": 90}, lambda p: p.thresholds["core"] == 90),
        (
            "periods", "offered", {"codes": ["P2Y", "P2Y"]},
            lambda p: [one.code for one in p.periods.offered] == ["P2Y"],
        ),
        ("scope_kinds", "posts", {"names": NAMES}, lambda p: "Trial" in [k.names.en for k in p.scope_kinds]),
        (
            "exclusion_fields", "IDN-X1/OWN-1", {"names": NAMES, "record_when": "always"},
            lambda p: p.exclusions[0].fields[-1].id == "OWN-1",
        ),
        (
            "exclusion_fields", "IDN-X1/difference", {"names": NAMES, "record_when": "never"},
            lambda p: "difference" not in [field.id for field in p.exclusions[0].fields],
        ),
        ("marks", "core", {"names": NAMES}, lambda p: p.levels[0].labels.zh == "试"),
        ("due_days", "core/review", {"days": 1}, lambda p: p.levels[0].approval[0].due_days == 1),
    ],
)  # fmt: skip
def test_every_catalogue_can_be_edited(catalogue, item, value, read):
    assert read(laid(catalogue, item, value))
    assert not read(load_pack("cn"))


@pytest.mark.parametrize(
    ("catalogue", "item", "value"),
    [
        ("colours", "red", {}),
        ("categories", "IDN-Z9", {"names": NAMES, "group": "technical"}),
        ("categories", "OWN-LAB", {"names": NAMES, "group": "other"}),
        ("categories", "OWN-LAB", {"names": {**NAMES, "ja": " "}, "group": "technical"}),
        ("categories", "OWN-LAB", {"group": "technical"}),
        ("factors", "LVL-F1", {"names": NAMES, "weight": 0}),
        ("factors", "LVL-F1", {"names": NAMES, "weight": "many"}),
        ("factors", "OWN-1", {"names": NAMES}),
        ("thresholds", "core", {"percent": 40}),
        ("thresholds", "general", {"percent": 5}),
        ("periods", "offered", {"codes": []}),
        ("periods", "offered", {"codes": ["soon"]}),
        ("scope_kinds", "friends", {"names": NAMES}),
        ("exclusion_fields", "IDN-X1/other", {"names": NAMES, "record_when": "always"}),
        ("exclusion_fields", "IDN-X1/difference", {"names": NAMES, "record_when": "sometimes"}),
        ("marks", "core", {"names": {**NAMES, "zh": "绝密"}}),
        ("marks", "core", {"names": {**NAMES, "zh": "普通商密"}}),
        ("due_days", "core/review", {"days": 0}),
        ("due_days", "core/nobody", {"days": 3}),
        ("archive_access", "IDN-T1", {"clearance": 4}),
    ],
)
def test_what_does_not_fit_is_refused(catalogue, item, value):
    with pytest.raises(InputError):
        laid(catalogue, item, value)


@pytest.mark.requirement("GEN-17", "LVL-F1")
def test_the_suggestion_follows_the_companys_weights():
    pack = load_pack("cn")
    grades = {factor.id: 0 for factor in pack.factors if factor.required} | {"LVL-F1": 4}
    heavier = laid("factors", "LVL-F1", {"names": NAMES, "weight": 100, "required": True})
    assert suggest_level(pack, grades).level.id == "general"
    assert suggest_level(heavier, grades).level.id == "core"
