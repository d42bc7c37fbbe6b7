"""Plans the rows of persons, engagements, and of rosters, which hold both in one row.

Blank cells of a roster leave what is known; engagements are history: a row can begin one, end one that still
runs, or correct the employing company, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shoumi.server.files.tables import ParsedRow, ParsedTable
from shoumi.server.files.tables.cells import CellError
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.importing.specs import ENGAGEMENTS, PERSONS, ROSTER
from shoumi.server.people.importing.work import Line, Planner
from shoumi.server.people.models import Department, EndReason, Engagement, LegalEntity, Person, Post
from shoumi.server.people.queries.days import today_of
from shoumi.server.people.queries.directory import UnknownPersonError
from shoumi.server.people.services.editing import text_of
from shoumi.server.people.services.engagements import (
    EngagementEndedError,
    Terms,
    check_overlap,
    engagement_made,
    facts_of,
)
from shoumi.server.people.services.persons import CHANGEABLE, person_made, person_values


class OtherNameError(CellError):
    """The number belongs to a person of another name."""

    code = "people.import_other_name"
    message = "The number {number} belongs to “{name}”."


class KindFixedError(CellError):
    """The kind of an engagement does not change."""

    code = "people.import_kind"
    message = "This engagement is of the kind “{kind}”; end it and begin another."


def plan_persons(planner: Planner, table: ParsedTable) -> None:
    """Plan one sheet of persons."""
    for row in table.rows:
        entity = planner.attempt(
            row, "entity", lambda row=row: planner.directory.entity(row.values["entity"])
        )
        if entity is not None:
            planner.attempt(
                row, "number", lambda row=row, entity=entity: _person(planner, row, entity, PERSONS.name)
            )


def plan_engagements(planner: Planner, table: ParsedTable) -> None:
    """Plan one sheet of engagements; the persons are known already."""
    for row in table.rows:
        entity = planner.attempt(
            row, "entity", lambda row=row: planner.directory.entity(row.values["entity"])
        )
        department, post = _where(planner, row, None)
        if entity is None or department is None:
            continue
        person = planner.directory.person_numbered(entity, row.values["number"])
        if person is None:
            planner.fault(row, UnknownPersonError(value=row.values["number"]), "number")
            continue
        named = "".join(row.values["check_name"].split())
        if named and named != "".join(person.name.split()):
            planner.fault(row, OtherNameError(number=person.number, name=person.name), "check_name")
            continue
        if row.values["post"] and post is None:
            continue
        stretch = Stretch(person, department, post, ENGAGEMENTS.name)
        planner.attempt(row, "starts_on", lambda row=row, stretch=stretch: _engagement(planner, row, stretch))


def plan_roster(planner: Planner, table: ParsedTable) -> None:
    """Plan one sheet with a person and an engagement in each row."""
    for row in table.rows:
        with planner.whole():
            _roster_row(planner, row)


def _roster_row(planner: Planner, row: ParsedRow) -> None:
    text = row.values["entity"]
    entity = planner.attempt(row, "entity", lambda: planner.directory.entity(text)) if text else None
    if text and entity is None:
        return
    department, post = _where(planner, row, entity)
    if department is None or (row.values["post"] and post is None):
        return
    person = planner.attempt(
        row,
        "number",
        lambda: _person(planner, row, entity or department.entity, ROSTER.name, department),
    )
    if person is not None:
        stretch = Stretch(person, department, post, ROSTER.name)
        planner.attempt(row, "starts_on", lambda: _engagement(planner, row, stretch))


def _where(
    planner: Planner, row: ParsedRow, entity: LegalEntity | None
) -> tuple[Department | None, Post | None]:
    """Return department and post of a row; what cannot be found is a fault."""
    department = planner.attempt(
        row, "department", lambda: planner.directory.department(row.values["department"], entity)
    )
    title = row.values["post"]
    if department is None or not title:
        return department, None
    return department, planner.attempt(row, "post", lambda: planner.directory.post(department, title))


def _person(
    planner: Planner, row: ParsedRow, entity: LegalEntity, table: str, department: Department | None = None
) -> Person | None:
    """Find or make the person of a row."""
    known = planner.directory.person_numbered(entity, row.values["number"])
    there = planner.directory.places([department] if department else [], entity)
    if known is None:
        person = person_made(entity=entity, values={name: row.values[name] or "" for name in CHANGEABLE})
        if not planner.may_person(row, person, there):
            return None
        planner.directory.add_person(person)
        detail = {"entity": str(entity.pk), "number": person.number, "user": ""}
        planner.undo.append(lambda: planner.directory.forget_person(person))
        planner.added(Line(row, table, _label(person)), person, LedgerTag.PEOPLE_PERSON_CREATED, detail)
        return person
    values = _person_values(row, known, keep_blank=table == ROSTER.name)
    differs = any(getattr(known, name) != value for name, value in values.items())
    if differs and not planner.may_person(row, known, planner.person_places(known)):
        return None
    if differs or table == PERSONS.name:
        line = Line(row, table, _label(known))
        planner.altered(line, known, values, LedgerTag.PEOPLE_PERSON_CHANGED)
    return known


def _person_values(row: ParsedRow, known: Person, *, keep_blank: bool) -> dict[str, str]:
    """Return what the row makes of the person's fields; a blank reading is derived anew or kept."""
    present = {name: getattr(known, name) for name in CHANGEABLE}
    for name in CHANGEABLE:
        value = row.values[name]
        if name in row.cells and (value or (name in {"phone", "email"} and not keep_blank)):
            present[name] = value or ""
    if present["name"] != known.name and not row.values["reading"]:
        present["reading"] = ""
    return person_values(known.entity, present)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whose engagement a row speaks of, and where."""

    person: Person
    department: Department
    post: Post | None
    table: str

    @property
    def label(self) -> str:
        """The engagement in words."""
        place = [self.department.name, self.post.title if self.post else ""]
        return " · ".join(part for part in (_label(self.person), *place) if part)


def _engagement(planner: Planner, row: ParsedRow, stretch: Stretch) -> None:
    """Begin the engagement of a row, or see what the row changes of one that is known."""
    held = planner.directory.engagements[stretch.person.pk]
    values = row.values
    wanted = (stretch.department.pk, stretch.post.pk if stretch.post else None, values["starts_on"])
    for item in held:
        if (item.department_id, item.post_id, item.starts_on) == wanted:
            _known_engagement(planner, row, item, stretch)
            return
    places = planner.directory.places([stretch.department], stretch.person.entity)
    if not planner.may_person(row, stretch.person, places):
        return
    terms = Terms(
        kind=values["kind"],
        department=stretch.department,
        post=stretch.post,
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        contractor=values["contractor"],
    )
    engagement = engagement_made(person=stretch.person, terms=terms)
    engagement.end_reason = values["end_reason"] if values["ends_on"] else ""
    check_overlap(engagement, held)
    held.append(engagement)
    planner.undo.append(lambda: held.remove(engagement))
    line = Line(row, stretch.table, stretch.label)
    planner.added(line, engagement, LedgerTag.PEOPLE_ENGAGEMENT_STARTED, facts_of(engagement))


def _known_engagement(planner: Planner, row: ParsedRow, known: Engagement, stretch: Stretch) -> None:
    """Let a row end an engagement that still runs, or correct its employing company."""
    if "kind" in row.cells and row.values["kind"] != known.kind:
        planner.fault(row, KindFixedError(kind=str(known.get_kind_display())), "kind")
        return
    wanted = _wanted(row, known)
    ends = wanted["ends_on"] != known.ends_on
    if known.ends_on is not None and ends and known.ends_on <= today_of(known.department.entity):
        planner.fault(row, EngagementEndedError(ends_on=known.ends_on.isoformat()), "ends_on")
        return
    differs = any(getattr(known, name) != value for name, value in wanted.items())
    if differs and not planner.may_person(row, known.person, planner.person_places(known.person)):
        return
    tag = LedgerTag.PEOPLE_ENGAGEMENT_ENDED if ends else LedgerTag.PEOPLE_ENGAGEMENT_CORRECTED
    detail = {
        "engagement": str(known.pk),
        "ends_on": wanted["ends_on"].isoformat() if wanted["ends_on"] else "",
        "reason": wanted["end_reason"],
        "contractor": wanted["contractor"],
    }
    planner.altered(Line(row, stretch.table, stretch.label), known, wanted, tag, detail)


def _wanted(row: ParsedRow, known: Engagement) -> dict[str, Any]:
    """Return the fields as the row wants them; blank cells never take an end or a company away."""
    values = row.values
    ends_on = values["ends_on"] or known.ends_on
    reason = values["end_reason"] if values["end_reason"] in EndReason.values else known.end_reason
    contractor = text_of(Engagement, "contractor", values["contractor"]) or known.contractor
    return {"ends_on": ends_on, "end_reason": reason if ends_on else "", "contractor": contractor}


def _label(person: Person) -> str:
    return f"{person.number} {person.name}"
