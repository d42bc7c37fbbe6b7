"""What a pack says about proving that secrets are kept: measures, risks, rows of the self-inspection.

Source: `measures.yaml`, `risks.yaml`, `self_inspection.yaml` of each pack, each with its own status.
Read apart from the rest of a pack, because only few pages need it.  The score itself is `measures`' task.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from shoumi.engine.jurisdiction.entries import LEVELS, read_named
from shoumi.engine.jurisdiction.loading import UnknownPackError, pack_ids
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_file
from shoumi.engine.jurisdiction.values import Origin, Status, Texts

FILES = ("measures.yaml", "risks.yaml", "self_inspection.yaml")
PERCENT = 100
SHARES = ("coverage", "fit", "lived", "recognisable")
MALUS = ("bypass", "open_to_all", "private", "private_countered", "public")
BANDS = ("high", "middle", "low")


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that can show a kind of measure, answered by the records or by a person."""

    id: str  # K4.mark
    kind: str  # K4
    names: Texts
    needed_from: str  # level id from which on it is expected
    answered_by: str  # data | recorded
    requirement: str  # id of the row of the guide, may be empty

    def needed_at(self, level_id: str) -> bool:
        """Tell whether a secret of this level is expected to have it."""
        return LEVELS.index(level_id) <= LEVELS.index(self.needed_from)


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """One of the seven kinds, with its weight in percent and its proofs."""

    id: str
    weight: int
    cite: str
    names: Texts
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Deduction:
    """What is taken off the total, in percent, when a circumstance holds."""

    id: str
    percent: int
    names: Texts


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """Everything the score is computed with; a proposal, so its status is shown beside every figure."""

    origin: Origin
    kinds_status: Status
    notice: Texts
    shares: Mapping[str, int]  # of a kind, percent, together 100
    pass_marks: Mapping[str, int]  # level id → total from which on it is called enough
    malus: Mapping[str, Deduction]
    lived_days: Mapping[str, int]
    over_designation: Mapping[str, int]
    kinds: tuple[MeasureKind, ...]

    def proof(self, proof_id: str) -> Proof | None:
        """Return the proof with this id."""
        return next((proof for kind in self.kinds for proof in kind.proofs if proof.id == proof_id), None)


@dataclass(frozen=True, slots=True)
class Channel:
    """A way on which secrets leak; `within` names the channel it is a part of."""

    id: str
    within: str
    names: Texts


@dataclass(frozen=True, slots=True)
class RiskTable:
    """The codes of the risk register and its scales from 1 to 5."""

    origin: Origin
    channels: tuple[Channel, ...]
    harms: tuple[Named, ...]
    likelihood: tuple[Named, ...]
    impact: tuple[Named, ...]
    bands: Mapping[str, int]  # lowest product of likelihood and impact
    review_months: int
    fields: tuple[Named, ...]  # the five fields of management

    def band(self, product: int) -> str:
        """Return `high`, `middle` or `low` for a product of likelihood and impact."""
        return next(name for name in BANDS if product >= self.bands[name])


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One row of the self-inspection: what the guide says, what is looked at, and what answers it."""

    id: str  # ZON-05
    group: str  # ZON
    field: str  # one of the five fields of management
    phrase: str  # of the source, in its own language
    checks: Texts
    figure: str  # name of the query that answers, with an argument behind a colon; `ask`: a person answers


@dataclass(frozen=True, slots=True)
class InspectionTable:
    """The rows of the self-inspection in the order of the source."""

    origin: Origin
    groups: tuple[Named, ...]
    rows: tuple[InspectionRow, ...]


@dataclass(frozen=True, eq=False)  # one object per country, compared by identity
class AssurancePack:
    """What one country says about measures, risks and self-inspection."""

    id: str
    measures: MeasureTable
    risks: RiskTable
    inspection: InspectionTable


@cache
def load_assurance(pack_id: str, root: Traversable | None = None) -> AssurancePack:
    """Return what the pack says about assurance; read once per process.

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
        if file.is_file():
            read[name] = read_file(faults, f"{pack_id}/{name}", file.read_text(encoding="utf-8"))
        else:
            faults.add(f"{pack_id}/{name}", None, "the file is missing")
    faults.verify_none()
    pack = AssurancePack(
        id=pack_id,
        measures=_read_measures(read["measures.yaml"]),
        risks=_read_risks(read["risks.yaml"]),
        inspection=_read_inspection(read["self_inspection.yaml"]),
    )
    _check(pack, faults)
    faults.verify_none()
    return pack


def _origin(entry: Entry) -> Origin:
    return Origin(entry.quoted("source"), entry.status())


def _numbers(
    entry: Entry, name: str, keys: Iterable[str], *, lowest: int = 1, highest: int = PERCENT
) -> Mapping[str, int]:
    inner = entry.entry(name)
    values = {key: inner.number(key, lowest=lowest, highest=highest) for key in keys}
    inner.close()
    return MappingProxyType(values)


def _read_measures(entry: Entry) -> MeasureTable:
    entry.plain("examples")
    malus = []
    for item in entry.entries("malus"):
        percent = item.number("percent", lowest=0, highest=PERCENT)
        malus.append(Deduction(item.text("id", among=MALUS), percent, item.texts("names")))
        item.close()
    table = MeasureTable(
        origin=_origin(entry),
        kinds_status=entry.status("kinds_status"),
        notice=entry.texts("notice"),
        shares=_numbers(entry, "shares", SHARES, lowest=0),
        pass_marks=_numbers(entry, "pass_marks", LEVELS, highest=PERCENT - 1),
        malus=MappingProxyType({item.id: item for item in malus}),
        lived_days=_numbers(
            entry, "lived_days", ("log_review", "marking", "leaver", "risk_review"), highest=3650
        ),
        over_designation=_numbers(
            entry,
            "over_designation",
            ("least_records", "marked_percent", "unread_percent", "unread_days"),
            highest=3650,
        ),
        kinds=tuple(_read_kind(item) for item in entry.entries("kinds")),
    )
    entry.close()
    return table


def _read_kind(entry: Entry) -> MeasureKind:
    kind_id = entry.text("id")
    proofs = []
    for item in entry.entries("proofs"):
        proofs.append(
            Proof(
                id=item.text("id"),
                kind=kind_id,
                names=item.texts("names"),
                needed_from=item.text("needed_from", among=LEVELS),
                answered_by=item.text("answered_by", among=("data", "recorded")),
                requirement=item.text("requirement", ""),
            )
        )
        if not proofs[-1].id.startswith(f"{kind_id}."):
            item.fault(f"a proof of {kind_id} begins with {kind_id}.", at="id")
        item.close()
    kind = MeasureKind(
        id=kind_id,
        weight=entry.number("weight", lowest=0, highest=PERCENT),
        cite=entry.text("cite"),
        names=entry.texts("names"),
        proofs=tuple(proofs),
    )
    entry.close()
    return kind


def _read_risks(entry: Entry) -> RiskTable:
    channels = []
    for item in entry.entries("channels"):
        channels.append(Channel(item.text("id"), item.text("within", ""), item.texts("names")))
        item.close()
    table = RiskTable(
        origin=_origin(entry),
        channels=tuple(channels),
        harms=tuple(read_named(item) for item in entry.entries("harms")),
        likelihood=tuple(read_named(item) for item in entry.entries("likelihood")),
        impact=tuple(read_named(item) for item in entry.entries("impact")),
        bands=_numbers(entry, "bands", BANDS, highest=25),
        review_months=entry.number("review_months", lowest=1, highest=60),
        fields=tuple(read_named(item) for item in entry.entries("fields")),
    )
    entry.close()
    return table


def _read_inspection(entry: Entry) -> InspectionTable:
    rows = []
    for item in entry.entries("rows"):
        rows.append(
            InspectionRow(
                id=item.text("id"),
                group=item.text("group"),
                field=item.text("field"),
                phrase=item.text("phrase"),
                checks=item.texts("checks"),
                figure=item.text("figure"),
            )
        )
        item.close()
    table = InspectionTable(
        origin=_origin(entry),
        groups=tuple(read_named(item) for item in entry.entries("groups")),
        rows=tuple(rows),
    )
    entry.close()
    return table


def _check(pack: AssurancePack, faults: Faults) -> None:
    """Remember what does not fit together across the entries."""
    measures, risks, inspection = pack.measures, pack.risks, pack.inspection
    if sum(measures.shares.values()) != PERCENT:
        faults.add(f"{pack.id}/measures.yaml", None, "the shares of a kind must add up to 100")
    marks = [measures.pass_marks[level] for level in LEVELS]
    if marks != sorted(marks, reverse=True):
        faults.add(f"{pack.id}/measures.yaml", None, "a higher level needs at least the mark of a lower one")
    if set(measures.malus) != set(MALUS):
        faults.add(f"{pack.id}/measures.yaml", None, f"deductions are needed for {', '.join(MALUS)}")
    proofs = [proof.id for kind in measures.kinds for proof in kind.proofs]
    channels = [channel.id for channel in risks.channels]
    groups = (
        ("measures.yaml", [kind.id for kind in measures.kinds] + proofs),
        ("risks.yaml", channels + [harm.id for harm in risks.harms] + [item.id for item in risks.fields]),
        ("self_inspection.yaml", [row.id for row in inspection.rows]),
    )
    for name, ids in groups:
        for twice in (id_ for id_, count in Counter(ids).items() if count > 1):
            faults.add(f"{pack.id}/{name}", None, f"the id {twice} stands twice")
    for channel in risks.channels:
        if channel.within and channel.within not in channels:
            faults.add(f"{pack.id}/risks.yaml", None, f"{channel.id} lies within an unknown channel")
    fields, known = {item.id for item in risks.fields}, {item.id for item in inspection.groups}
    for row in inspection.rows:
        if row.field not in fields or row.group not in known:
            faults.add(f"{pack.id}/self_inspection.yaml", None, f"{row.id} names an unknown group or field")
