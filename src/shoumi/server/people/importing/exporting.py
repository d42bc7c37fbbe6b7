"""Gives organisation and people out in the tables they come in with, for a round trip or another system.

An export is a permission of its own and a ledger entry with the hash of the bytes.  Telephone and e-mail
leave in full only for whoever may reveal them, with the purpose; otherwise these columns are left out.
Persons behind the border are left out whole: a masked name that comes back would overwrite the name.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from shoumi.engine.errors import InputError
from shoumi.engine.policy import COMPANY, Action, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.accounts.queries import places_of
from shoumi.server.files.tables import ColumnSpec, TableFormat, TableSpec, write_table, write_workbook
from shoumi.server.files.tables.levels import WORDS
from shoumi.server.files.tables.sheets import Value
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.border import border_of
from shoumi.server.people.importing.specs import DEPARTMENTS, ENGAGEMENTS, ENTITIES, PERSONS, POSTS
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person, Post
from shoumi.server.people.queries.listing import (
    departments_visible,
    entities_visible,
    persons_visible,
    posts_visible,
    scopes_of,
)

HIDDEN = ("phone", "email")
BATCH_ROWS = 2000


class UnknownTableError(InputError):
    """There is no such table, or no such format."""

    code = "people.export_unknown"
    message = "There is no table “{table}” in the format “{file_format}”."


@take_out
def people_export(*, actor: User, file_format: str, table: str = "", purpose: str = "") -> bytes:
    """Return the people and the organisation that the actor manages as one workbook, or one table as CSV.

    `purpose` asks for telephone and e-mail in full; without it these columns are left out.

    Raises:
        UnknownTableError: CSV needs one table, and the table and format must exist.
        NotPermittedError: the actor may not export people, or not reveal their details.
    """
    tables = {spec.name: (spec, rows) for spec, rows in _tables()}
    if file_format not in set(TableFormat) or (
        (table or file_format == TableFormat.CSV) and table not in tables
    ):
        raise UnknownTableError(table=table, file_format=file_format)
    scopes = _allowed(actor, purpose)
    hidden = () if purpose.strip() else HIDDEN
    chosen = [tables[table]] if table else list(tables.values())
    target = io.BytesIO()
    contents = [(str(spec.title), _columns(spec, hidden), rows(actor, hidden)) for spec, rows in chosen]
    if file_format == TableFormat.CSV:
        title, columns, rows = contents[0]
        write_table(target, columns, rows, file_format=TableFormat.CSV, title=title)
    else:
        write_workbook(target, contents)
    content = target.getvalue()
    with transaction.atomic():
        append(
            LedgerTag.PEOPLE_EXPORT_MADE,
            actor=actor.ledger_actor,
            subject="list:people",
            detail={
                "table": table,
                "form": file_format,
                "sha256": hashlib.sha256(content).hexdigest(),
                "places": sorted(scopes),
                "details": "" if hidden else purpose.strip(),
            },
        )
    return content


def exportable(actor: User) -> list[tuple[str, Any]]:
    """Return name and title of each table, after asking whether the actor may export at all.

    Raises:
        NotPermittedError: the actor may not export people.
    """
    _allowed(actor, "")
    return [(spec.name, spec.title) for spec, _rows in _tables()]


def _allowed(actor: User, purpose: str) -> frozenset[str]:
    """Ask for every place the actor manages, and for revealing when details are wanted; return the places."""
    scopes = scopes_of(actor, [Role.HR]) or frozenset({COMPANY})
    for scope in scopes:
        places = places_of("" if scope == COMPANY else scope)
        gate.require(actor, Action.PERSON_EXPORT, resources.unit(scope, places))
        if purpose.strip():
            anybody = resources.person("export", places)
            gate.require(actor, Action.PERSON_REVEAL, anybody, purpose=purpose)
    return scopes


def _columns(spec: TableSpec, hidden: Sequence[str]) -> list[ColumnSpec]:
    return [column for column in spec.columns if column.name not in hidden]


Rows = Callable[[User, Sequence[str]], Iterable[list[Value]]]


def _tables() -> tuple[tuple[TableSpec, Rows], ...]:
    return (
        (ENTITIES, _entities),
        (DEPARTMENTS, _departments),
        (POSTS, _posts),
        (PERSONS, _persons),
        (ENGAGEMENTS, _engagements),
    )


def _entities(actor: User, _hidden: Sequence[str]) -> Iterator[list[Value]]:
    rows: QuerySet[LegalEntity] = entities_visible(actor)
    for row in rows:
        names = [row.name_zh, row.name_ja, row.name_en]
        yield [row.code, str(row.get_country_display()), *names, row.registration_number]


def _departments(actor: User, _hidden: Sequence[str]) -> Iterator[list[Value]]:
    rows: QuerySet[Department] = departments_visible(actor)
    for row in rows:
        parent, owner = row.parent.code if row.parent else "", row.owner.number if row.owner else ""
        yield [row.entity.code, row.code, row.name, parent, owner, row.closed_on]


def _posts(actor: User, _hidden: Sequence[str]) -> Iterator[list[Value]]:
    rows: QuerySet[Post] = posts_visible(actor).order_by("department__path", "-level", "title")
    for row in rows:
        department = row.department
        yield [
            department.entity.code,
            department.code,
            row.title,
            WORDS[row.level],
            row.level_reason,
            row.closed_on,
        ]


def _managed(actor: User) -> QuerySet[Person]:
    return persons_visible(actor, [Role.HR]).prefetch_related(None).order_by("entity__code", "number")


def _persons(actor: User, hidden: Sequence[str]) -> Iterator[list[Value]]:
    border = border_of(actor)
    for row in _managed(actor).iterator(chunk_size=BATCH_ROWS):
        if not border.open(row):
            continue
        details = [getattr(row, name) for name in HIDDEN if name not in hidden]
        yield [row.entity.code, row.number, row.name, row.reading, *details]


def _engagements(actor: User, _hidden: Sequence[str]) -> Iterator[list[Value]]:
    rows = (
        Engagement.objects.filter(person__in=_managed(actor).order_by().values("pk"))
        .select_related("person__entity", "department", "post")
        .order_by("person__entity__code", "person__number", "starts_on")
    )
    border = border_of(actor)
    for row in rows.iterator(chunk_size=BATCH_ROWS):
        if not border.open(row.person):
            continue
        yield [
            row.person.entity.code,
            row.person.number,
            row.person.name,
            row.department.code,
            row.post.title if row.post else "",
            str(row.get_kind_display()),
            row.contractor,
            row.starts_on,
            row.ends_on,
            str(row.get_end_reason_display()) if row.end_reason else "",
        ]
