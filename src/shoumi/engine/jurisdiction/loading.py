"""Loads the pack of a country from its YAML files, once, and checks that the entries fit together.

Source of the content: the files under `shoumi.packs`, read as package data.  All faults of all files are told
together.  Examples in the files are run by the tests, not here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import combinations
from types import MappingProxyType

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import entries
from shoumi.engine.jurisdiction.entries import LEVELS
from shoumi.engine.jurisdiction.pack import Level, Pack, Provision, Rule
from shoumi.engine.jurisdiction.places import check_places, read_places
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_file
from shoumi.engine.jurisdiction.values import Origin, Status, Texts

FILES = (
    "pack.yaml",
    "rules.yaml",
    "concepts.yaml",
    "categories.yaml",
    "exclusions.yaml",
    "levels.yaml",
    "factors.yaml",
    "periods.yaml",
    "reminder.yaml",
    "declassification.yaml",
    "policy_principles.yaml",
    "operations.yaml",
    "destruction.yaml",
    "zones.yaml",
    "carriers.yaml",
)
_OF_EACH_RULE = Texts(zh="见每条规则", ja="各規則を見てください", en="see each rule")
_PLACES = ("sign_in", "screen", "document", "audio")


class UnknownPackError(InputError):
    """There is no pack for this country."""

    code = "jurisdiction.unknown_pack"
    message = "There is no law pack “{pack}”; there are: {known}."


def pack_ids(root: Traversable | None = None) -> tuple[str, ...]:
    """Return the ids of the packs that are there, sorted; our own are looked up once per process."""
    return _shipped() if root is None else _below(root)


@cache
def _shipped() -> tuple[str, ...]:
    return _below(files("shoumi.packs"))


def _below(folder: Traversable) -> tuple[str, ...]:
    return tuple(sorted(item.name for item in folder.iterdir() if item.joinpath("pack.yaml").is_file()))


@cache
def load_pack(pack_id: str, root: Traversable | None = None) -> Pack:
    """Return the pack of a country, such as `cn` or `jp`; read once per process.

    `root` is the folder of packs, for tests; work: about 0.1 s for the first call.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: the files have faults; all of them are listed.
    """
    known = pack_ids(root)
    if pack_id not in known:
        raise UnknownPackError(pack=pack_id, known=", ".join(known))
    folder = (root or files("shoumi.packs")).joinpath(pack_id)
    faults = Faults(pack_id)
    read: dict[str, Entry] = {}
    for name in FILES:
        file = folder.joinpath(name)
        path = f"{pack_id}/{name}"
        if file.is_file():
            read[name] = read_file(faults, path, file.read_text(encoding="utf-8"))
        else:
            faults.add(path, None, "the file is missing")
    faults.verify_none()
    pack = _assemble(pack_id, read)
    _check(pack, faults)
    faults.verify_none()
    return pack


def _assemble(pack_id: str, read: dict[str, Entry]) -> Pack:
    """Build the pack from its files; faults are remembered in the entries' `Faults`."""
    head, rules, concepts = read["pack.yaml"], read["rules.yaml"], read["concepts.yaml"]
    levels, factors = read["levels.yaml"], read["factors.yaml"]
    policy = read["policy_principles.yaml"]
    origins = {name: _origin(name, entry) for name, entry in read.items()}
    continuing = concepts.entry("continuing_acts") if concepts.has("continuing_acts") else None
    reserved, thresholds = levels.entry("reserved"), factors.entry("thresholds")
    reserved.text("cite")
    rules.day("read_on", required=True)
    factors.plain("examples")
    if (named := head.text("id")) != pack_id:
        head.fault(f"the id is {named}, the folder {pack_id}")
    edition = head.day("edition", required=True)
    reminders = {entry.text("id", among=_PLACES): entry for entry in read["reminder.yaml"].entries("texts")}
    pack = Pack(
        id=pack_id,
        names=head.texts("names"),
        edition=edition,  # type: ignore[arg-type]  # None was remembered as a fault and never leaves
        notice=head.texts("notice"),
        origins=MappingProxyType(origins),
        rules=tuple(entries.read_rule(entry) for entry in rules.entries("rules")),
        provisions=tuple(
            provision
            for entry in concepts.entries("concepts")
            for provision in entries.read_concept(entry, origins["concepts.yaml"].source)
        ),
        continuing_acts=continuing.text("law", among=("later",)) if continuing else "",
        continuing_cite=continuing.text("cite") if continuing else "",
        categories=tuple(
            entries.read_category(entry) for entry in read["categories.yaml"].entries("categories")
        ),
        state_secret=entries.read_state_secret(read["exclusions.yaml"].entry("state_secret")),
        exclusions=tuple(
            entries.read_exclusion(entry) for entry in read["exclusions.yaml"].entries("exclusions")
        ),
        levels=tuple(entries.read_level(entry) for entry in levels.entries("levels")),
        scope_kinds=tuple(entries.read_named(entry) for entry in levels.entries("scope_kinds")),
        reserved_words=reserved.words("words"),
        factors=tuple(entries.read_factor(entry) for entry in factors.entries("factors")),
        thresholds=MappingProxyType(
            {level: thresholds.number(level, lowest=0, highest=100) for level in LEVELS}
        ),
        floors=tuple(entries.read_floor(entry) for entry in factors.entries("floors")),
        periods=entries.read_periods(read["periods.yaml"]),
        reminder_version=read["reminder.yaml"].text("version"),
        reminders=MappingProxyType({place: _reminder(entry) for place, entry in reminders.items()}),
        reasons=tuple(
            entries.read_reason(entry) for entry in read["declassification.yaml"].entries("reasons")
        ),
        measures=tuple(
            entries.read_named(entry) for entry in read["declassification.yaml"].entries("measures")
        ),
        principles=tuple(entries.read_named(entry) for entry in policy.entries("principles")),
        programme_parts=tuple(entries.read_named(entry) for entry in policy.entries("programme_parts")),
        aims=tuple(entries.read_named(entry) for entry in policy.entries("aims"))
        if policy.has("aims")
        else (),
        operations=entries.read_operations(read["operations.yaml"], read["destruction.yaml"]),
        places=read_places(read["zones.yaml"]),
        carriers=entries.read_carriers(read["carriers.yaml"]),
    )
    if continuing:
        continuing.status()
        continuing.close()
    for entry in (reserved, thresholds, *read.values()):
        entry.close()
    return pack


def _reminder(entry: Entry) -> Texts:
    text = entry.texts("text")
    entry.close()
    return text


def _origin(name: str, entry: Entry) -> Origin:
    if name == "rules.yaml":  # each rule has a source of its own
        return Origin(_OF_EACH_RULE, Status.PRIMARY)
    return Origin(entry.quoted("source"), entry.status())


def _check(pack: Pack, faults: Faults) -> None:
    """Remember what does not fit together across entries and files."""
    groups = (
        ("categories.yaml", [entry.id for entry in pack.categories]),
        ("exclusions.yaml", [entry.id for entry in pack.exclusions]),
        ("levels.yaml", [entry.id for entry in pack.levels]),
        ("factors.yaml", [entry.id for entry in pack.factors]),
        ("declassification.yaml", [reason.id for reason in pack.reasons] + [act.id for act in pack.measures]),
    )
    for name, ids in groups:
        for twice in (id_ for id_, count in Counter(ids).items() if count > 1):
            faults.add(f"{pack.id}/{name}", None, f"the id {twice} stands twice")
    _check_periods(f"{pack.id}/rules.yaml", ((rule.id, rule) for rule in pack.rules), faults)
    _check_periods(f"{pack.id}/concepts.yaml", ((item.concept, item) for item in pack.provisions), faults)
    _check_levels(pack, faults)
    check_places(pack, faults)
    _check_carriers(pack, faults)
    factor_ids = {factor.id for factor in pack.factors}
    for floor in pack.floors:
        if floor.factor not in factor_ids:
            faults.add(f"{pack.id}/factors.yaml", None, f"the floor names an unknown factor {floor.factor}")
    if not pack.thresholds["core"] > pack.thresholds["important"] > pack.thresholds["general"] == 0:
        faults.add(f"{pack.id}/factors.yaml", None, "thresholds must fall from core to general, which is 0")
    if set(pack.reminders) != set(_PLACES):
        faults.add(f"{pack.id}/reminder.yaml", None, f"texts are needed for {', '.join(_PLACES)}")


def _check_periods(path: str, items: Iterable[tuple[str, Rule | Provision]], faults: Faults) -> None:
    for (one, first), (other, second) in combinations(tuple(items), 2):
        if one == other and first.period.overlaps(second.period):
            faults.add(path, None, f"{one} holds twice on the same day")


def _check_levels(pack: Pack, faults: Faults) -> None:
    path = f"{pack.id}/levels.yaml"
    ranks = [(level.id, level.rank) for level in pack.levels]
    if ranks != [("core", 3), ("important", 2), ("general", 1)]:
        faults.add(path, None, "the levels are core 3, important 2, general 1, in this order")
        return
    kinds = {kind.id for kind in pack.scope_kinds}
    for level in pack.levels:
        for kind in set(level.scope_allowed) - kinds:
            faults.add(path, None, f"the scope kind {kind} of {level.id} is not known")
        if not level.approval:
            faults.add(path, None, f"{level.id} has no approver steps")
    core = pack.levels[0]
    if "all_staff" in core.scope_allowed:
        faults.add(path, None, "a core secret is never open to all staff")
    weights = [_approval_weight(level) for level in pack.levels]
    if weights != sorted(weights, reverse=True):
        faults.add(path, None, "a higher level must not be easier to approve than a lower one")


def _check_carriers(pack: Pack, faults: Faults) -> None:
    path, table = f"{pack.id}/carriers.yaml", pack.carriers
    forms, manners = {item.id for item in table.mark_forms}, {item.id for item in table.keeping_manners}
    for unknown in sorted(set(table.marks.values()) - forms):
        faults.add(path, None, f"the mark form {unknown} is not known")
    for unknown in sorted({line.manner for line in table.keeping} - manners):
        faults.add(path, None, f"the manner of keeping {unknown} is not known")


def _approval_weight(level: Level) -> tuple[int, int]:
    """How hard the approval is: persons needed, then how many steps ask for the whole entity."""
    return (
        sum(step.quorum for step in level.approval),
        sum(step.within == "entity" for step in level.approval),
    )
