"""Makes, changes, moves and closes legal entities and departments.

The tree is kept by paths: moving a department rewrites the paths of everything below it in one transaction.
Written for forms, the API, imports and a later SCIM adapter alike: plain values in, rows out.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Country, Department, Engagement, LegalEntity, Person
from shoumi.server.people.models.organisation import DEEPEST
from shoumi.server.people.queries import (
    company_resource,
    department_resource,
    department_subtree,
    entity_resource,
    not_over,
    today_of,
)
from shoumi.server.people.services.editing import FieldMissingError, assign, locked, record, text_of


class CodeTakenError(ConflictError):
    """Another record has this code."""

    code = "people.code_taken"
    message = "The code “{value}” is in use already."


class UnknownCountryError(InputError):
    """No law pack describes this country."""

    code = "people.unknown_country"
    message = "“{country}” is not a country whose law is described here."


class TreeError(ConflictError):
    """A department cannot stand below itself, in another entity, below a closed one, or too deep."""

    code = "people.tree"
    message = "The department cannot stand there: {reason}"


class DepartmentInUseError(ConflictError):
    """Somebody still works there, or departments below are open."""

    code = "people.department_in_use"
    message = "{count} persons or departments still belong to it; move or end them first."


def entity_create(
    *, actor: User, code: str, country: str, names: dict[str, str], registration_number: str = ""
) -> LegalEntity:
    """Store a legal entity; `names` maps `zh`, `ja`, `en` to its names, at least one.

    Raises:
        NotPermittedError: the actor does not manage people of the whole company.
        CodeTakenError, UnknownCountryError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.ORGANISATION_EDIT, company_resource())
    entity = LegalEntity(created_at=clock().now())
    _describe(entity, code, country, names, registration_number)
    with transaction.atomic():
        _refuse_taken(LegalEntity.objects.filter(code=entity.code), entity.code)
        entity.save(force_insert=True)
        record(
            LedgerTag.PEOPLE_ENTITY_CREATED,
            actor=actor,
            subject=entity.ledger_subject,
            detail={"code": entity.code, "country": entity.country},
        )
    return entity


def entity_change(  # noqa: PLR0913 - the fields of the form
    *,
    actor: User,
    entity: LegalEntity,
    expected_version: int,
    code: str,
    names: dict[str, str],
    registration_number: str = "",
) -> LegalEntity:
    """Change code, names or registration number; the country stays.

    Raises:
        NotPermittedError, RecordChangedError, CodeTakenError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.ORGANISATION_EDIT, entity_resource(entity))
    with transaction.atomic():
        row = locked(LegalEntity, entity.pk, expected_version)
        before = {name: getattr(row, name) for name in ENTITY_FIELDS}
        _describe(row, code, row.country, names, registration_number)
        _refuse_taken(LegalEntity.objects.filter(code=row.code).exclude(pk=row.pk), row.code)
        changed = [name for name in ENTITY_FIELDS if before[name] != getattr(row, name)]
        if changed:
            row.version += 1
            row.save()
            record(
                LedgerTag.PEOPLE_ENTITY_CHANGED,
                actor=actor,
                subject=row.ledger_subject,
                detail={"fields": list(changed)},
            )
    return row


ENTITY_FIELDS = ("code", "name_zh", "name_ja", "name_en", "registration_number")


def _describe(
    entity: LegalEntity, code: str, country: str, names: dict[str, str], registration_number: str
) -> None:
    if country not in Country.values:
        raise UnknownCountryError(country=country)
    entity.country = country
    entity.code = text_of(LegalEntity, "code", code, required=True).upper()
    for language in ("zh", "ja", "en"):
        setattr(entity, f"name_{language}", text_of(LegalEntity, f"name_{language}", names.get(language, "")))
    if not (entity.name_zh or entity.name_ja or entity.name_en):
        raise FieldMissingError(field=str(LegalEntity._meta.get_field("name_en").verbose_name))  # noqa: SLF001
    entity.registration_number = text_of(LegalEntity, "registration_number", registration_number)


def department_create(  # noqa: PLR0913 - the fields of the form
    *,
    actor: User,
    entity: LegalEntity,
    code: str,
    name: str,
    parent: Department | None = None,
    owner: Person | None = None,
) -> Department:
    """Store a department of `entity`, below `parent` or at the top.

    Raises:
        NotPermittedError: the actor does not manage people there.
        CodeTakenError, TreeError, FieldMissingError: each as it says.
    """
    gate.require(
        actor, Action.ORGANISATION_EDIT, department_resource(parent) if parent else entity_resource(entity)
    )
    with transaction.atomic():
        department = department_made(entity=entity, code=code, name=name, parent=parent, owner=owner)
        _refuse_taken(Department.objects.filter(entity=entity, code=department.code), department.code)
        department.save(force_insert=True)
        record(
            LedgerTag.PEOPLE_DEPARTMENT_CREATED,
            actor=actor,
            subject=department.ledger_subject,
            detail={
                "code": department.code,
                "entity": str(entity.pk),
                "parent": str(parent.pk) if parent else "",
            },
        )
    return department


def department_made(
    *, entity: LegalEntity, code: str, name: str, parent: Department | None, owner: Person | None
) -> Department:
    """Return a department that is not stored yet, with its place in the tree checked.

    Raises:
        TreeError, FieldMissingError, FieldTooLongError: each as it says.
    """
    department = Department(
        id=uuid4(),
        entity=entity,
        parent=parent,
        owner=owner,
        code=text_of(Department, "code", code, required=True),
        name=text_of(Department, "name", name, required=True),
        created_at=clock().now(),
    )
    check_place(department, parent)
    department.path = f"{parent.path if parent else ''}{department.pk.hex}/"
    return department


def check_place(department: Department, parent: Department | None, height: int = 1) -> None:
    """Return if `department`, with `height` levels of its own, can stand below `parent`.

    Raises:
        TreeError: says why not.
    """
    if parent is None:
        return
    if parent.entity_id != department.entity_id:
        raise TreeError(reason="the department above belongs to another legal entity.")
    if not parent.is_open:
        raise TreeError(reason="the department above is closed.")
    if department.pk.hex in parent.path.split("/"):
        raise TreeError(reason="it would stand below itself.")
    if parent.depth + 1 + height > DEEPEST:
        raise TreeError(reason="too many departments would stand above one another.")


def department_change(  # noqa: PLR0913 - the fields of the form
    *,
    actor: User,
    department: Department,
    expected_version: int,
    code: str,
    name: str,
    owner: Person | None,
) -> Department:
    """Change code, name or head of a department.

    Raises:
        NotPermittedError, RecordChangedError, CodeTakenError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.ORGANISATION_EDIT, department_resource(department))
    with transaction.atomic():
        row = locked(Department, department.pk, expected_version)
        values = {
            "code": text_of(Department, "code", code, required=True),
            "name": text_of(Department, "name", name, required=True),
            "owner_id": owner.pk if owner else None,
        }
        others = Department.objects.filter(entity=row.entity_id, code=values["code"]).exclude(pk=row.pk)
        _refuse_taken(others, code)
        changed = assign(row, values)
        if changed:
            row.version += 1
            row.save()
            record(
                LedgerTag.PEOPLE_DEPARTMENT_CHANGED,
                actor=actor,
                subject=row.ledger_subject,
                detail={"fields": list(changed)},
            )
    return row


def department_move(
    *, actor: User, department: Department, expected_version: int, parent: Department | None
) -> Department:
    """Hang a department with everything below it under `parent`, or to the top of its entity.

    Raises:
        NotPermittedError: the actor does not manage people here and there.
        RecordChangedError, TreeError: each as it says.
    """
    gate.require(actor, Action.ORGANISATION_EDIT, department_resource(department))
    target = department_resource(parent) if parent else entity_resource(department.entity)
    gate.require(actor, Action.ORGANISATION_EDIT, target)
    with transaction.atomic():
        row = locked(Department, department.pk, expected_version)
        if parent is not None:
            parent = locked(Department, parent.pk, None)
        before = str(row.parent_id or "")
        subtree_move(row, parent)
        record(
            LedgerTag.PEOPLE_DEPARTMENT_MOVED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"from": before, "to": str(parent.pk) if parent else ""},
        )
    return row


def subtree_move(row: Department, parent: Department | None) -> None:
    """Write the new place of `row` and of everything below it; part of the caller's transaction.

    Raises:
        TreeError: it cannot stand there.
    """
    subtree = list(department_subtree(row).select_for_update(no_key=True))
    check_place(row, parent, height=1 + max(item.depth for item in subtree) - row.depth)
    old, new = row.path, f"{parent.path if parent else ''}{row.pk.hex}/"
    for item in subtree:
        item.path = new + item.path.removeprefix(old)
    Department.objects.bulk_update(subtree, ["path"])
    row.parent, row.path = parent, new
    row.version += 1
    row.save()


def department_close(
    *, actor: User, department: Department, expected_version: int, closed_on: date | None = None
) -> Department:
    """Close a department in which nobody works and below which nothing is open.

    Raises:
        NotPermittedError, RecordChangedError, DepartmentInUseError: each as it says.
    """
    gate.require(actor, Action.ORGANISATION_EDIT, department_resource(department))
    with transaction.atomic():
        row = locked(Department, department.pk, expected_version)
        below = department_subtree(row).exclude(pk=row.pk).filter(closed_on__isnull=True).count()
        staffed = Engagement.objects.filter(not_over(), department=row).count()
        if below + staffed:
            raise DepartmentInUseError(count=below + staffed)
        row.closed_on = closed_on or today_of(row.entity)
        row.version += 1
        row.save()
        row.posts.filter(closed_on__isnull=True).update(closed_on=row.closed_on)
        record(
            LedgerTag.PEOPLE_DEPARTMENT_CLOSED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"closed_on": row.closed_on.isoformat()},
        )
    return row


def _refuse_taken(others: QuerySet[Any], value: str) -> None:
    if others.exists():
        raise CodeTakenError(value=value)
