"""The plan of a year against what the pack asks: what is planned, what took place, and what a year misses.

Follows the guide 五(五)2(1).  A training in a room took place when it was recorded; one that is learned by a
course, when a campaign of it was closed or is done by everybody it asked.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from shoumi.engine.jurisdiction.training import Audience, ContentPart, Session, coverage
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.training.models import Assignment, Campaign, Course, CourseVersion, PlannedSession
from shoumi.server.training.queries.audiences import audience_persons
from shoumi.server.training.queries.courses import table_of
from shoumi.server.training.queries.learning import certificates_holding


@dataclass(frozen=True, slots=True)
class PartCell:
    """One part for one audience in one year."""

    part: ContentPart
    asked: bool
    planned: bool
    held: bool


@dataclass(frozen=True, slots=True)
class AudienceLine:
    """One audience with its parts."""

    audience: Audience
    cells: tuple[PartCell, ...]

    @property
    def missing(self) -> int:
        """How many parts no training of the year teaches."""
        return sum(cell.asked and not cell.planned for cell in self.cells)


@dataclass(frozen=True, slots=True)
class YearCoverage:
    """What the trainings of a year cover of what the pack asks."""

    year: int
    lines: tuple[AudienceLine, ...]

    @property
    def missing(self) -> int:
        """How many pairs of audience and part the plan lacks."""
        return sum(line.missing for line in self.lines)

    @property
    def not_held(self) -> int:
        """How many pairs are planned, but no training took place yet."""
        return sum(cell.planned and not cell.held for line in self.lines for cell in line.cells)


def sessions_of(entity: LegalEntity, year: int) -> list[PlannedSession]:
    """Return the trainings of a year, each with `took_place`."""
    rows = PlannedSession.objects.filter(entity=entity, day__year=year, struck_on=None)
    waiting = Assignment.objects.filter(campaign=OuterRef("pk"), done_at=None)
    over = Campaign.objects.filter(course=OuterRef("course"), created_at__year=year).filter(
        Q(state=Campaign.State.CLOSED) | Q(state=Campaign.State.OPEN) & ~Exists(waiting)
    )
    rows = rows.select_related("course", "entity").annotate(
        campaign_over=Exists(over), heads=Count("attended")
    )
    found = list(rows.order_by("day", "pk"))
    for row in found:
        row.took_place = row.held_on is not None or row.campaign_over
    return found


def coverage_of_year(entity: LegalEntity, year: int, sessions: Iterable[PlannedSession]) -> YearCoverage:
    """Return what a year covers; `sessions` are those of `sessions_of`."""
    table = table_of(entity)
    rows = list(sessions)
    planned = coverage(table, [_session(row) for row in rows], year)
    held = coverage(table, [_session(row) for row in rows if row.took_place], year)
    return YearCoverage(
        year,
        tuple(
            AudienceLine(
                audience,
                tuple(
                    PartCell(
                        part,
                        asked=part.id in audience.parts,
                        planned=bool(planned.sessions.get((audience.id, part.id))),
                        held=bool(held.sessions.get((audience.id, part.id))),
                    )
                    for part in table.parts
                ),
            )
            for audience in table.audiences
        ),
    )


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """How many of everybody hold a certificate of one course."""

    course: Course
    persons: int
    certified: int

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down; all of nobody is everybody."""
        return 100 * self.certified // self.persons if self.persons else 100


def standing_of_courses(entity: LegalEntity) -> list[CourseStanding]:
    """Return, for each course in force, how many of those who work here hold a certificate today."""
    everybody = audience_persons(entity, "all")
    persons = everybody.count()
    courses = Course.objects.filter(
        entity=entity, retired_on=None, versions__state=CourseVersion.State.PUBLISHED
    ).select_related("entity")
    return [
        CourseStanding(
            course,
            persons,
            certificates_holding(course)
            .filter(person__in=everybody.values("pk"))
            .aggregate(count=Count("person", distinct=True))["count"],
        )
        for course in courses.order_by("title")
    ]


def _session(row: PlannedSession) -> Session:
    return Session(str(row.pk), row.day, tuple(row.audiences), tuple(row.parts))


def year_of(entity: LegalEntity) -> int:
    """Return the year it is where a legal entity sits."""
    return today_of(entity).year
