"""Finds the departments, posts and persons that an older register names, and tells every name it cannot find.

Works on `register.legacy.read_legacy`.  A name that fits nothing or several is a fault at its cell; nothing
is guessed and nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction import Pack
from shoumi.server.files.tables import Fault
from shoumi.server.files.tables.cells import CellError, folded
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.legacy import LegacyReading, LegacyRow
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.choosing import departments_of, persons_of, posts_of
from shoumi.server.register.queries.standards import ALL_STAFF, level_of

WORDS_FOR_CUSTODIAN = (
    "仅责任人",
    "责任人",
    "仅保管人",
    "仅限本人",
    "管理責任者のみ",
    "担当者のみ",
    "custodian only",
)
WORDS_FOR_ALL = (
    "全体员工",
    "全员",
    "全体",
    "公司全体",
    "全公司",
    "全社員",
    "全従業員",
    "社内全員",
    "全社",
    "all staff",
    "everybody",
)


class NameUnknownError(CellError):
    """No department, post or person of the entity is called so."""

    code = "register.legacy_name_unknown"
    message = "“{value}” is not found among the {kind} of this legal entity."


class NameAmbiguousError(CellError):
    """Several are called so."""

    code = "register.legacy_name_ambiguous"
    message = "“{value}” fits {count} {kind}; write the code or number instead."


class NumberTakenError(CellError):
    """The older number was imported before."""

    code = "register.legacy_number_taken"
    message = "“{value}” is in the register already, as {number}."


class ScopeTooWideError(CellError):
    """A core secret is never open to all staff, nor without a scope."""

    code = "register.legacy_scope_too_wide"
    message = "“{level}” needs a knowledge scope of named posts or persons, never all staff."


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an older register gave: rows as values for `LegacyRow`, and every fault."""

    rows: tuple[dict[str, Any], ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()  # what was decided for rows that said nothing


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a name stands, and where its fault goes."""

    row: LegacyRow
    column: str
    faults: list[Fault]


@dataclass(slots=True)
class _Directory:
    """Names of one entity, folded for comparison, each with what it may mean."""

    departments: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    persons: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, entity: LegalEntity) -> _Directory:
        """Read the entity's departments, posts and persons once."""
        directory = cls()
        for department in departments_of(entity.pk):
            for name in {department.name, department.code}:
                directory.departments[folded(name)].append(department)
        for post in posts_of(entity.pk):
            for name in (
                post.title,
                f"{post.title}({post.department.name})",
                f"{post.department.name}{post.title}",
            ):
                directory.posts[folded(name)].append(post)
        for person in persons_of(entity.pk):
            for name in {person.name, person.number, f"{person.name}({person.number})"}:
                directory.persons[folded(name)].append(person)
        return directory


def resolve(reading: LegacyReading, entity: LegalEntity, pack: Pack) -> Resolved:
    """Return the rows of an older register with ids for names, and all faults, the reader's own first."""
    directory = _Directory.of(entity)
    taken = dict(
        TradeSecret.objects.filter(entity=entity, legacy=True)
        .exclude(legacy_number="")
        .values_list("legacy_number", "number")
    )
    rows, faults = [], list(reading.faults)
    without_scope = 0
    for row in reading.rows:
        found: list[Fault] = []
        values = _values(row, directory, pack, found)
        if row.number and row.number in taken:
            found.append(
                row.fault(NumberTakenError(value=row.number, number=taken[row.number] or ""), "number")
            )
        if found:
            faults += found
            continue
        without_scope += not row.scope
        rows.append(values)
    notes = []
    if without_scope:
        text = _(
            "%(count)d rows name no knowledge scope; they get their owner department, "
            "core secrets their custodian."
        )
        notes.append(text % {"count": without_scope})
    return Resolved(tuple(rows), tuple(faults), tuple(notes))


def _values(row: LegacyRow, directory: _Directory, pack: Pack, faults: list[Fault]) -> dict[str, Any]:
    """Return the values of one row; faults are added to `faults`."""
    owner, keeper = row.owner_department, row.custodian
    hits = directory.departments.get(folded(owner), [])
    department = _one(_Cell(row, "owner_department", faults), owner, hits, _("departments"))
    custodian = None
    if row.custodian:
        hits = directory.persons.get(folded(keeper), [])
        custodian = _one(_Cell(row, "custodian", faults), keeper, hits, _("persons"))
    scope = list(_scope(row, directory, str(custodian.pk) if custodian else "", faults))
    level = level_of(pack, row.level)
    if not scope and row.level == "core" and custodian is not None:
        scope = [("persons", str(custodian.pk))]
    elif not scope and row.level != "core" and department is not None:
        scope = [("departments", str(department.pk))]
    if row.level == "core" and (not scope or any(kind == ALL_STAFF for kind, _key in scope)) and not faults:
        faults.append(row.fault(ScopeTooWideError(level=level.labels.en if level else row.level), "scope"))
    return {
        "number": row.number,
        "name": row.name,
        "category": row.category,
        "level": row.level,
        "period": row.period.code,
        "made_on": row.made_on.isoformat() if row.made_on else "",
        "owner_department": str(department.pk) if department else "",
        "department_name": str(department or ""),
        "custodian": str(custodian.pk) if custodian else "",
        "custodian_name": str(custodian or ""),
        "scope": [list(line) for line in dict.fromkeys(scope)],
        "scope_words": ", ".join(row.scope),
        "carriers": list(row.carriers),
        "place": row.place,
        "remarks": row.remarks,
        "position": row.position,
    }


def _scope(
    row: LegacyRow, directory: _Directory, custodian: str, faults: list[Fault]
) -> Iterable[tuple[str, str]]:
    """Yield the lines of the knowledge scope; a word for the custodian needs one in the row."""
    tables = (
        ("departments", directory.departments),
        ("posts", directory.posts),
        ("persons", directory.persons),
    )
    for name in row.scope:
        if folded(name) in {folded(word) for word in WORDS_FOR_ALL}:
            yield ALL_STAFF, ""
            continue
        if custodian and folded(name) in {folded(word) for word in WORDS_FOR_CUSTODIAN}:
            yield "persons", custodian
            continue
        for kind, table in tables:
            hits = table.get(folded(name), [])
            if len(hits) == 1 or (hits and kind == "posts"):
                yield from ((kind, str(hit.pk)) for hit in hits)
                break
        else:
            hits = directory.persons.get(folded(name), [])
            _one(_Cell(row, "scope", faults), name, hits, _("departments, posts and persons"))


def _one(place: _Cell, name: str, hits: list[Any], kind: str) -> Any:
    """Return the one thing of that name; otherwise add the fault and return None."""
    if len(hits) == 1:
        return hits[0]
    error = (
        NameAmbiguousError(value=name, kind=kind, count=len(hits))
        if hits
        else NameUnknownError(value=name, kind=kind)
    )
    place.faults.append(place.row.fault(error, place.column))
    return None
