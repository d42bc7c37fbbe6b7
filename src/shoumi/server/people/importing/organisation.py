"""Plans the rows of legal entities, departments and posts.

A department's place in the tree is checked when all rows are known: a parent may stand below its child in the
file.  The level of a post is the secrecy office's to set, in a file as on the page.
"""

from __future__ import annotations

from typing import Any

from shoumi.engine.policy import Action
from shoumi.server.files.tables import ParsedRow, ParsedTable
from shoumi.server.files.tables.cells import CellError, RequiredCellError
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.importing.specs import DEPARTMENTS, ENTITIES, POSTS
from shoumi.server.people.importing.work import Line, Planner
from shoumi.server.people.models import Department, LegalEntity, Post
from shoumi.server.people.models.organisation import DEEPEST
from shoumi.server.people.queries.days import today_of
from shoumi.server.people.services.editing import text_of
from shoumi.server.people.services.organisation import DepartmentInUseError, TreeError, department_made
from shoumi.server.people.services.posts import post_made

NAMES = ("name_zh", "name_ja", "name_en")


class CountryFixedError(CellError):
    """A legal entity does not move to another country."""

    code = "people.import_country"
    message = "The country of a legal entity does not change; it is {country}."


def plan_entities(planner: Planner, table: ParsedTable) -> None:
    """Plan one sheet of legal entities."""
    for row in table.rows:
        if not planner.may(row, Action.ORGANISATION_EDIT, frozenset({"company"})):
            continue
        if not any(row.values[name] for name in NAMES):
            planner.fault(row, RequiredCellError(column=str(ENTITIES.column("name_en").title)), "code")
            continue
        planner.attempt(row, "code", lambda row=row: _entity(planner, row))


def _entity(planner: Planner, row: ParsedRow) -> None:
    values = {
        name: text_of(LegalEntity, name, row.values[name])
        for name in (*NAMES, "registration_number")
        if name in row.cells
    }
    code = text_of(LegalEntity, "code", row.values["code"], required=True).upper()
    known = planner.directory.entity_by_code(code)
    if known is None:
        entity = LegalEntity(code=code, country=row.values["country"], created_at=clock().now(), **values)
        planner.directory.add_entity(entity)
        detail = {"code": code, "country": entity.country}
        planner.added(Line(row, ENTITIES.name, code), entity, LedgerTag.PEOPLE_ENTITY_CREATED, detail)
    elif known.country != row.values["country"]:
        planner.fault(row, CountryFixedError(country=known.country), "country")
    else:
        planner.altered(Line(row, ENTITIES.name, code), known, values, LedgerTag.PEOPLE_ENTITY_CHANGED)


def plan_departments(planner: Planner, table: ParsedTable) -> None:
    """Plan one sheet of departments."""
    placed: list[tuple[ParsedRow, Department]] = []
    for row in table.rows:
        entity = planner.attempt(
            row, "entity", lambda row=row: planner.directory.entity(row.values["entity"])
        )
        if entity is None:
            continue
        department = planner.attempt(
            row, "code", lambda row=row, entity=entity: _department(planner, row, entity)
        )
        if department is not None:
            placed.append((row, department))
    with planner.together():
        for row, department in placed:
            planner.attempt(row, "parent", lambda row=row, item=department: _place(planner, row, item))
        for row, department in placed:
            _check_place(planner, row, department)
    for row, department in placed:
        if row.values["owner"]:
            planner.later.append(lambda row=row, item=department: _owner(planner, row, item))
        if "closed_on" in row.cells and row.values["closed_on"] != department.closed_on:
            planner.later.append(lambda row=row, item=department: _close(planner, row, item))


def _department(planner: Planner, row: ParsedRow, entity: LegalEntity) -> Department | None:
    """Find or make the department of a row, without its place in the tree."""
    values = row.values
    known = planner.directory.department_by_code(entity, values["code"])
    line = Line(row, DEPARTMENTS.name, f"{values['code']} {values['name']}")
    if known is not None:
        if not planner.may(row, Action.ORGANISATION_EDIT, planner.directory.places([known], entity)):
            return None
        name = text_of(Department, "name", values["name"], required=True)
        tag = LedgerTag.PEOPLE_DEPARTMENT_CHANGED
        planner.altered(line, known, {"name": name}, tag)
        return known
    made = department_made(entity=entity, code=values["code"], name=values["name"], parent=None, owner=None)
    planner.directory.add_department(made)
    detail = {"code": made.code, "entity": str(entity.pk)}
    planner.added(line, made, LedgerTag.PEOPLE_DEPARTMENT_CREATED, detail)
    planner.work.moved_entities.add(entity.pk)
    return made


def _place(planner: Planner, row: ParsedRow, department: Department) -> None:
    """Hang the department where the row says; a missing column leaves it where it is."""
    if "parent" not in row.cells:
        return
    text = row.values["parent"]
    parent = planner.directory.department(text, department.entity) if text else None
    if (parent.pk if parent else None) == department.parent_id:
        return
    values: dict[str, Any] = {"parent": parent}
    tag = LedgerTag.PEOPLE_DEPARTMENT_MOVED
    detail = {"from": str(department.parent_id or ""), "to": str(parent.pk) if parent else ""}
    if department.pk in planner.fresh:
        department.parent = parent
    else:
        planner.altered(_line(row, department), department, values, tag, detail)
    planner.work.moved_entities.add(department.entity_id)


def _check_place(planner: Planner, row: ParsedRow, department: Department) -> None:
    """Look at the tree as it will be: no circles, not too deep, and within what the actor manages."""
    line = planner.directory.ancestry(department)
    if line[-1].parent is not None:
        planner.fault(row, TreeError(reason="it would stand below itself."), "parent")
    elif len(line) > DEEPEST:
        planner.fault(row, TreeError(reason="too many departments would stand above one another."), "parent")
    elif department.pk in planner.fresh or "parent" in row.cells:
        above = planner.directory.places(line[1:], department.entity)
        planner.may(row, Action.ORGANISATION_EDIT, above, "parent")


def _owner(planner: Planner, row: ParsedRow, department: Department) -> None:
    owner = planner.attempt(
        row, "owner", lambda: planner.directory.person(row.values["owner"], department.entity)
    )
    if owner is None or owner.pk == department.owner_id:
        return
    if department.pk in planner.fresh:
        department.owner = owner
        return
    tag = LedgerTag.PEOPLE_DEPARTMENT_CHANGED
    planner.altered(_line(row, department), department, {"owner": owner}, tag)


def _close(planner: Planner, row: ParsedRow, department: Department) -> None:
    """Close or open the department; nobody may still work in one that is closed."""
    closed_on = row.values["closed_on"]
    if closed_on is not None:
        today = today_of(department.entity)
        staffed = sum(
            engagement.department.pk == department.pk
            and (engagement.ends_on is None or engagement.ends_on > today)
            for engagements in planner.directory.engagements.values()
            for engagement in engagements
        )
        below = sum(
            item.parent_id == department.pk and item.is_open
            for item in planner.directory.departments.values()
        )
        if staffed + below:
            planner.fault(row, DepartmentInUseError(count=staffed + below), "closed_on")
            return
    if department.pk in planner.fresh:
        department.closed_on = closed_on
        return
    tag = LedgerTag.PEOPLE_DEPARTMENT_CLOSED if closed_on else LedgerTag.PEOPLE_DEPARTMENT_CHANGED
    detail = {"closed_on": closed_on.isoformat() if closed_on else ""}
    planner.altered(_line(row, department), department, {"closed_on": closed_on}, tag, detail)


def _line(row: ParsedRow, department: Department) -> Line:
    return Line(row, DEPARTMENTS.name, f"{department.code} {department.name}")


def plan_posts(planner: Planner, table: ParsedTable) -> None:
    """Plan one sheet of posts."""
    for row in table.rows:
        text = row.values["entity"]
        entity = (
            planner.attempt(row, "entity", lambda text=text: planner.directory.entity(text)) if text else None
        )
        if text and entity is None:
            continue
        department = planner.attempt(
            row,
            "department",
            lambda row=row, entity=entity: planner.directory.department(row.values["department"], entity),
        )
        if department is None:
            continue
        places = planner.directory.places([department], department.entity)
        if planner.may(row, Action.ORGANISATION_EDIT, places):
            planner.attempt(
                row, "title", lambda row=row, item=department, at=places: _post(planner, row, item, at)
            )


def _post(planner: Planner, row: ParsedRow, department: Department, places: frozenset[str]) -> None:
    values = row.values
    known = planner.directory.post_titled(department, values["title"])
    level = values["level"] if values["level"] is not None else (known.level if known else 0)
    changes_level = level != (known.level if known else 0)
    if changes_level and not planner.may(row, Action.POST_SET_LEVEL, places, "level"):
        return
    line = Line(row, POSTS.name, f"{department.name} · {values['title']}")
    if known is None:
        post = post_made(
            department=department, title=values["title"], level=level, level_reason=values["level_reason"]
        )
        post.closed_on = values["closed_on"]
        planner.directory.add_post(post)
        detail = {"department": str(department.pk), "title": post.title, "level": level}
        planner.added(line, post, LedgerTag.PEOPLE_POST_CREATED, detail)
        return
    reason = text_of(Post, "level_reason", values["level_reason"]) or known.level_reason
    if changes_level and not reason:
        planner.fault(row, RequiredCellError(column=str(POSTS.column("level_reason").title)), "level_reason")
        return
    wanted: dict[str, object] = {"level": level, "level_reason": reason}
    if "closed_on" in row.cells:
        wanted["closed_on"] = values["closed_on"]
    tag = LedgerTag.PEOPLE_POST_LEVEL_SET if changes_level else LedgerTag.PEOPLE_POST_CHANGED
    detail = {"before": known.level, "after": level, "reason": reason} if changes_level else None
    planner.altered(line, known, wanted, tag, detail)
