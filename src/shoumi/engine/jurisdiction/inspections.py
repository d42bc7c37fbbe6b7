"""What a pack says about inspections that come round: how often each kind, and its points.

Source of the content: `inspections.yaml` of each pack, which names its own sources.  Who inspects, and what
came out, is recorded elsewhere.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.reading import Entry, read_pack_file
from shoumi.engine.jurisdiction.values import Origin, Texts

FILE = "inspections.yaml"
LONGEST = 60  # months between two inspections of a kind


@dataclass(frozen=True, slots=True)
class InspectionKind:
    """One kind of inspection with its points in order."""

    id: str
    names: Texts
    every_months: int
    remind_days: tuple[int, ...]  # days before the next one is due on which the office is reminded
    points: tuple[Named, ...]

    def due_after(self, last: date) -> date:
        """Return the day on which the next one is due; a day that the month lacks becomes its last one."""
        months = last.year * 12 + last.month - 1 + self.every_months
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(last.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Inspections:
    """The whole file."""

    origin: Origin
    kinds: tuple[InspectionKind, ...]

    def kind(self, kind_id: str) -> InspectionKind | None:
        """Return a kind; None if inspections of that kind have no points and do not come round."""
        return next((kind for kind in self.kinds if kind.id == kind_id), None)


@cache
def load_inspections(pack_id: str) -> Inspections:
    """Return what the pack of a country says about inspections; read once per process.

    Raises:
        PackFaultsError: the file has faults; all of them are listed.
    """
    return read_inspections(pack_id)


def read_inspections(pack_id: str, root: Traversable | None = None) -> Inspections:
    """Read the file and run its examples; `root` is the folder of packs, for tests.

    Raises:
        PackFaultsError: as for `load_inspections`.
    """
    faults, _path, entry = read_pack_file(pack_id, FILE, root)
    found = Inspections(
        origin=Origin(entry.quoted("source"), entry.status()),
        kinds=tuple(_kind(item) for item in entry.entries("kinds")),
    )
    entry.close()
    faults.verify_none()
    return found


def _kind(entry: Entry) -> InspectionKind:
    days = entry.plain("remind_days", ())
    if not isinstance(days, tuple) or not all(isinstance(day, int) and day > 0 for day in days):
        entry.fault(Phrase("“{name}” must be a list of days", name="remind_days"), at="remind_days")
        days = ()
    kind = InspectionKind(
        id=entry.text("id"),
        names=entry.texts("names"),
        every_months=entry.number("every_months", lowest=1, highest=LONGEST),
        remind_days=tuple(day for day in days if isinstance(day, int)),
        points=tuple(_point(item) for item in entry.entries("points")),
    )
    if len({point.id for point in kind.points}) < len(kind.points):
        entry.fault(Phrase("two points have the same id"), at="points")
    _run_examples(entry.entry("examples"), kind)
    entry.close()
    return kind


def _point(entry: Entry) -> Named:
    point = Named(id=entry.text("id"), names=entry.texts("names"))
    entry.close()
    return point


def _run_examples(entry: Entry, kind: InspectionKind) -> None:
    """Compute each example; what should come out must, and what should not must not."""
    for name, wanted in (("match", True), ("refuse", False)):
        for item in entry.entries(name):
            last, due = item.day("last", required=True), item.day("due", required=True)
            item.close()
            if last and due and (kind.due_after(last) == due) is not wanted:
                item.fault(Phrase("the example does not come out"))
    entry.close()
