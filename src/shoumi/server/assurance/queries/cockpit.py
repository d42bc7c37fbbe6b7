"""The cockpit as its page and the board's report show it: figures of the last count, each with its rows.

Everything comes from one kept row per day and place; nothing is counted while somebody waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.server.assurance.models import AssuranceSnapshot
from shoumi.server.assurance.queries.answers.asking import address
from shoumi.server.people.models import Department, LegalEntity

MONTHS = 12
LEVELS = ("core", "important", "general")
LIVE = "state=registered&state=changing"


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with the rows behind it; `need` 0 says that nothing is recorded yet."""

    key: str
    label: str
    have: int
    need: int
    url: str
    absent: str = ""  # what to say while nothing is there

    @property
    def percent(self) -> int:
        """The share in percent, rounded down so that 100 means all."""
        return 100 * self.have // self.need if self.need else 0

    @property
    def tenth(self) -> int:
        """The share in steps of ten, for the width of the bar."""
        return self.percent // 10 * 10


@dataclass(frozen=True, slots=True)
class Number:
    """One number with its rows; `bad` if it should be nothing."""

    key: str
    label: str
    count: int
    url: str
    bad: bool = True


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One kind of measure over the levels: strength in percent and the rows behind each cell."""

    key: str
    label: str
    cells: list[tuple[str, int | None, str, str]]  # level, percent, tone, address


@dataclass(slots=True)
class Cockpit:
    """Everything the page shows."""

    entity: LegalEntity
    department: Department | None
    day: date | None = None
    counted_at: datetime | None = None
    total: float | None = None
    secrets: int = 0
    reached: int = 0
    missing: int = 0
    notice: str = ""
    status: str = ""
    source: str = ""
    heat: list[HeatRow] = field(default_factory=list)
    coverage: list[Bar] = field(default_factory=list)
    lived: list[Bar] = field(default_factory=list)
    overdue: list[Number] = field(default_factory=list)
    designation: dict[str, Any] = field(default_factory=dict)
    differences: Number | None = None
    trend: list[tuple[date, float | None, int]] = field(default_factory=list)


def cockpit_of(entity: LegalEntity, department: Department | None, language: str) -> Cockpit:
    """Return the cockpit of `entity`, or of one department with all below it; three queries."""
    rows = AssuranceSnapshot.objects.filter(entity=entity, department=department).order_by("-day")
    newest = rows.first()
    measures = load_assurance(entity.pack).measures
    shown = Cockpit(
        entity=entity,
        department=department,
        notice=measures.notice.in_language(language),
        status=str(measures.origin.status),
        source=measures.origin.source.in_language(language),
    )
    if newest is None:
        return shown
    figures = newest.figures
    place = f"&department={department.pk}" if department else ""
    shown.day, shown.counted_at = newest.day, newest.counted_at
    shown.secrets = sum(figures["secrets"].values())
    shown.total, shown.reached, shown.missing = figures["total"], figures["reached"], figures["missing"]
    shown.heat = [
        HeatRow(
            kind.id,
            kind.names.in_language(language),
            [_cell(figures, kind.id, level, place) for level in LEVELS],
        )
        for kind in measures.kinds
    ]
    shown.coverage = _coverage(figures, place)
    shown.lived = _lived(figures)
    shown.overdue = _overdue(figures, place)
    shown.designation = {
        **figures["over_designation"],
        "unread": figures["unread"],
        "unread_of": figures["unread_of"],
        "limits": measures.over_designation,
        "url": address("register:secret_list", LIVE + place),
        "url_none": address("register:secret_list", "state=not_a_secret" + place),
    }
    count = figures["ledger_differences"]
    shown.differences = Number(
        "ledger_differences",
        _("Differences between the two secrets ledgers"),
        count,
        _differences_address(place),
    )
    shown.trend = _trend(rows)
    return shown


def _differences_address(place: str) -> str:
    return address("register:difference_list") or address("register:secret_list", LIVE + place)


def _cell(figures: dict[str, Any], kind: str, level: str, place: str) -> tuple[str, int | None, str, str]:
    count = figures["secrets"][level]
    percent = figures["kinds"][level].get(kind) if count else None
    tone = "none" if percent is None else str(min(percent // 20, 4))
    return level, percent, tone, address("assurance:score_list", f"level={level}&sort={kind}{place}")


def _coverage(figures: dict[str, Any], place: str) -> list[Bar]:
    words = {
        "marks": (_("Marks on carriers and files"), "register:secret_list", f"marks=1{place}"),
        "zones": (_("Carriers in secret zones"), "register:secret_list", LIVE + place),
        "agreements": (_("Agreements of staff"), "assurance:measure_list", "proof=K1.staff"),
        "rules": (_("Rule documents in force"), "assurance:measure_list", "proof=K2.rules"),
        "training": (_("Training"), "assurance:measure_list", "proof=K2.training"),
        "reminders": (_("Duty acknowledged by those in the knowledge scope"), "assurance:score_list", ""),
    }
    absent = {
        "agreements": _("No agreement is recorded yet."),
        "training": _("No training is recorded yet."),
        "rules": _("No rule document is recorded yet."),
    }
    bars = []
    for key, (label, name, query) in words.items():
        have, need = figures["coverage"][key]
        nothing = absent.get(key, "") if not have else ""
        bars.append(Bar(key, label, have, need, address(name, query), nothing))
    return bars


def _lived(figures: dict[str, Any]) -> list[Bar]:
    rates = figures.get("lived", {})  # counted for the whole entity only
    nothing = _("Nothing has happened yet.")
    words = {
        "approvals": (_("Handled with approval"), "assurance:measure_list", "proof=X.bypass"),
        "marks": (_("Moved with a mark"), "register:secret_list", "marks=1"),
        "reminders": (_("Acknowledged the duty"), "people:person_list", ""),
        "log_reviews": (_("Logs reviewed on time"), "assurance:measure_list", "proof=K5.log_review"),
    }
    return [
        Bar(key, label, *rates[key], address(name, query), "" if rates[key][1] else nothing)
        for key, (label, name, query) in words.items()
        if key in rates
    ]


def _overdue(figures: dict[str, Any], place: str) -> list[Number]:
    words = {
        "marks_overdue": (_("Marks overdue"), "register:secret_list", f"marks=1{place}"),
        "approvals_overdue": (_("Approvals overdue"), "approvals:inbox", ""),
        "risks_overdue": (_("Reviews of risks overdue"), "assurance:risk_list", f"overdue=1{place}"),
        "risks_high": (_("High risks"), "assurance:risk_list", f"high=1{place}"),
        "leavers_open": (_("Leavers with missing steps"), "assurance:leaver_list", "open=1"),
        "expiring": (_("Periods that end within 90 days"), "register:secret_list", f"expiring=1{place}"),
    }
    return [
        Number(key, label, figures[key], address(name, query)) for key, (label, name, query) in words.items()
    ]


def _trend(rows: Any) -> list[tuple[date, float | None, int]]:
    """Return the last count of each of the last twelve months, the oldest first."""
    months: dict[tuple[int, int], tuple[date, float | None, int]] = {}
    for day, figures in rows.values_list("day", "figures")[: 31 * MONTHS]:
        months.setdefault((day.year, day.month), (day, figures["total"], sum(figures["secrets"].values())))
    return sorted(months.values())[-MONTHS:]
