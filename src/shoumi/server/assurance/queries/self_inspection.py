"""Runs of the self-inspection as pages and papers show them, and what changed since the run before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from shoumi.engine.jurisdiction.assurance import InspectionRow, load_assurance
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import SelfInspection, SelfInspectionRow
from shoumi.server.assurance.queries.scoping import OVERSEEING, within
from shoumi.server.people.queries.listing import scopes_of

Result = SelfInspectionRow.Result
# from the worst to the best, for telling whether a row has become better
ORDER = {Result.GAP: 0, Result.ASK: 1, Result.PARTLY: 2, Result.SHOWN: 3, Result.NONE: 3}
TONES = {
    Result.SHOWN: "good",
    Result.PARTLY: "waiting",
    Result.GAP: "bad",
    Result.ASK: "active",
    Result.NONE: "off",
}


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row with the words of the pack and the result of the run before."""

    item: SelfInspectionRow
    row: InspectionRow
    before: str  # final result of the run before, empty if there is none

    @property
    def tone(self) -> str:
        """The tone of the state on the page."""
        return TONES[Result(self.item.final)]

    @property
    def label(self) -> str:
        """The result in words."""
        return str(Result(self.item.final).label)

    @property
    def change(self) -> str:
        """`better`, `worse` or empty, against the run before."""
        if not self.before or self.before == self.item.final:
            return ""
        now, then = ORDER[Result(self.item.final)], ORDER[Result(self.before)]
        return "better" if now > then else "worse" if now < then else ""


def runs_visible_to(user: User) -> QuerySet[SelfInspection]:
    """Return the runs of the legal entities that `user` oversees."""
    rows = SelfInspection.objects.select_related("entity", "opened_by", "frozen_by")
    whole = {place for place in scopes_of(user, OVERSEEING) if not place.startswith("department:")}
    return rows.filter(within(whole))


def run_before(run: SelfInspection) -> SelfInspection | None:
    """Return the frozen run before this one."""
    frozen = SelfInspection.objects.filter(entity=run.entity, state=SelfInspection.State.FROZEN)
    earlier = frozen.exclude(pk=run.pk).filter(opened_at__lte=run.opened_at)
    return earlier.order_by("-opened_at").first()


def rows_shown(run: SelfInspection) -> list[RowShown]:
    """Return the rows of a run in the order of the pack."""
    words = {row.id: row for row in load_assurance(run.pack).inspection.rows}
    earlier = run_before(run)
    before = {item.row: item.final for item in earlier.rows.all()} if earlier else {}
    rows = run.rows.select_related("override_file", "override_by", "finding__inspection").order_by("place")
    return [RowShown(item, words[item.row], before.get(item.row, "")) for item in rows if item.row in words]


def totals_of(rows: list[RowShown]) -> dict[str, int]:
    """Return how many rows have each result."""
    counted = Counter(row.item.final for row in rows)
    return {str(result): counted.get(str(result), 0) for result in Result}
