"""Joiners, changes and leavers as an identity provider tells them, by the services that people use too.

A new account makes a person, an engagement from today and the joining case; an account that is no longer
active opens the leaving case, in which people end the engagement and close what is open; nothing is deleted.
Another department or post moves the person.  Every right is asked of the services for whoever the token is.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import PersonCase
from shoumi.server.lifecycle.queries.packs import MAIN_DAYS
from shoumi.server.lifecycle.services.cases import CaseFacts, case_open
from shoumi.server.people import services as people
from shoumi.server.people.models import Department, LegalEntity, Person, Post
from shoumi.server.people.queries import today_of
from shoumi.server.people.services import Terms
from shoumi.server.provisioning.errors import (
    LeavingUnderWayError,
    ScimUniquenessError,
    ScimValueError,
    ScimVersionError,
)
from shoumi.server.provisioning.models import Account
from shoumi.server.provisioning.queries.filters import ENTERPRISE
from shoumi.server.provisioning.queries.resources import accounts_of, groups_of, version_of, work_of
from shoumi.server.provisioning.queries.schemas import KINDS

JOINING, LEAVING = "joining", "leaving"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a resource says, as far as it is ours."""

    user_name: str
    external_id: str
    name: str
    number: str
    department: Department
    post: Post | None
    kind: str
    active: bool
    manager: Person | None
    contact: Mapping[str, str]  # e-mail and telephone, as far as they were sent


def wish_of(entity: LegalEntity, resource: Mapping[str, Any]) -> Wish:
    """Return what `resource` asks for.

    Raises:
        ScimValueError: a value is missing, of the wrong form, or names nothing that there is.
    """
    extension = resource.get(ENTERPRISE) or {}
    named = resource.get("name") or {}
    if not isinstance(extension, Mapping) or not isinstance(named, Mapping):
        raise ScimValueError(attribute="name")
    full = "".join(_text(named, part) for part in ("familyName", "givenName"))
    if full.isascii():
        full = " ".join(filter(None, (_text(named, "givenName"), _text(named, "familyName"))))
    department = _department(entity, _needed(extension, "department"))
    kind = _text(resource, "userType").lower() or KINDS[0]
    active = resource.get("active", True)
    if kind not in KINDS:
        raise ScimValueError(attribute="userType")
    if isinstance(active, str) and active.lower() in {"true", "false"}:
        active = active.lower() == "true"  # as some providers send it
    if not isinstance(active, bool):
        raise ScimValueError(attribute="active")
    name = _text(resource, "displayName") or _text(named, "formatted") or full
    if not name:
        raise ScimValueError(attribute="displayName")
    return Wish(
        user_name=_needed(resource, "userName"),
        external_id=_text(resource, "externalId"),
        name=name,
        number=_needed(extension, "employeeNumber"),
        department=department,
        post=_post(department, _text(resource, "title")),
        kind=kind,
        active=active,
        manager=_manager(entity, extension.get("manager")),
        contact={
            field: _first(resource[key])
            for key, field in (("emails", "email"), ("phoneNumbers", "phone"))
            if key in resource
        },
    )


def user_create(*, actor: User, entity: LegalEntity, resource: Mapping[str, Any]) -> Account:
    """Take a joiner in: person, engagement, joining case; or tie an account to a person known by number.

    Raises:
        NotPermittedError: the actor does not manage people there.
        ScimValueError, ScimUniquenessError: each as it says.
        InputError, ConflictError: what the services of people and cases refuse.
    """
    wish = wish_of(entity, resource)
    with transaction.atomic():
        if accounts_of(entity).filter(user_name__iexact=wish.user_name).exists():
            raise ScimUniquenessError
        person = Person.objects.filter(entity=entity, number=wish.number, provisioned__isnull=True).first()
        if person is None:
            person = people.person_create(
                actor=actor, entity=entity, number=wish.number, name=wish.name, department=wish.department,
                **wish.contact,
            )  # fmt: skip
        else:
            _change_person(actor, person, wish)
        try:
            with transaction.atomic():
                row = Account.objects.create(
                    person=person, entity=entity, user_name=wish.user_name, external_id=wish.external_id,
                    manager=wish.manager, active=wish.active, changed_at=clock().now(),
                )  # fmt: skip
        except IntegrityError as error:
            raise ScimUniquenessError from error
        if wish.active and not _works(person):
            _join(actor, row, wish)
        _record(LedgerTag.PROVISIONING_ACCOUNT_MADE, actor, row)
    return row


def user_replace(*, actor: User, account: Account, resource: Mapping[str, Any], version: str = "") -> Account:
    """Make the person what the resource says; see the module for what follows from it.

    Raises:
        NotPermittedError, ScimValueError, ScimUniquenessError, ScimVersionError: each as it says.
        LeavingUnderWayError: it is to become active while a leaving case is under way.
        InputError, ConflictError: what the services of people and cases refuse.
    """
    wish = wish_of(account.entity, resource)
    with transaction.atomic():
        row = _locked(account, version)
        others = accounts_of(row.entity).exclude(pk=row.pk)
        if others.filter(user_name__iexact=wish.user_name).exists():
            raise ScimUniquenessError
        _change_person(actor, row.person, wish)
        became = wish.active - row.active
        row.user_name, row.external_id = wish.user_name, wish.external_id
        row.manager, row.active = wish.manager, wish.active
        _save(row)
        if became < 0:
            _leave(actor, row)
        elif became > 0:
            _return(actor, row, wish)
        elif wish.active:
            _move(actor, row, wish)
        _record(LedgerTag.PROVISIONING_ACCOUNT_CHANGED, actor, row)
    return row


def user_remove(*, actor: User, account: Account, version: str = "") -> None:
    """Take an account out of the provider's sight; the person stays, and the leaving case is opened.

    Raises:
        NotPermittedError, ScimVersionError: each as it says.
        InputError, ConflictError: what the services of cases refuse.
    """
    with transaction.atomic():
        row = _locked(account, version)
        was_active, row.active, row.removed_at = row.active, False, clock().now()
        _save(row)
        if was_active:
            _leave(actor, row)
        _record(LedgerTag.PROVISIONING_ACCOUNT_REMOVED, actor, row)


def current(row: Account) -> dict[str, Any]:
    """Return what a PATCH begins from: the resource without what is worked out or kept in."""
    work, person = work_of(row.person), row.person
    extension: dict[str, Any] = {"employeeNumber": person.number}
    found: dict[str, Any] = {
        "userName": row.user_name, "externalId": row.external_id, "displayName": person.name,
        "active": row.active, ENTERPRISE: extension,
    }  # fmt: skip
    if work is not None:
        extension["department"] = str(work.department_id)
        found |= {"title": work.post.title if work.post else "", "userType": work.kind}
    if row.manager_id:
        extension["manager"] = {"value": str(row.manager_id)}
    return found


def _works(person: Person) -> bool:
    return person.engagements.filter(ends_on__isnull=True).exists()


def _join(actor: User, row: Account, wish: Wish) -> None:
    day = today_of(row.entity)
    terms = Terms(wish.kind, wish.department, day, post=wish.post)
    people.engagement_start(actor=actor, person=row.person, terms=terms)
    case_open(actor=actor, person=row.person, kind=JOINING, known=CaseFacts({}, {MAIN_DAYS[JOINING]: day}))


def _leave(actor: User, row: Account) -> None:
    """Open the leaving case unless one is under way; why somebody leaves, HR says in it."""
    if _open_case(row.person, LEAVING) or not _works(row.person):
        return
    known = CaseFacts({"reason": "orderly"}, {MAIN_DAYS[LEAVING]: today_of(row.entity)})
    case_open(actor=actor, person=row.person, kind=LEAVING, known=known)


def _return(actor: User, row: Account, wish: Wish) -> None:
    if _open_case(row.person, LEAVING):
        raise LeavingUnderWayError
    if _works(row.person):
        _move(actor, row, wish)
    else:
        _join(actor, row, wish)


def _open_case(person: Person, kind: str) -> bool:
    return PersonCase.objects.filter(person=person, kind=kind, state=PersonCase.State.OPEN).exists()


def _move(actor: User, row: Account, wish: Wish) -> None:
    work = work_of(row.person)
    if work is None or work.ends_on is not None:
        return
    if work.department_id == wish.department.pk and work.post_id == (wish.post.pk if wish.post else None):
        return
    terms = Terms(work.kind, wish.department, today_of(row.entity), post=wish.post)
    people.engagement_move(
        actor=actor, engagement=work, expected_version=work.version, terms=terms, note="SCIM"
    )


def _change_person(actor: User, person: Person, wish: Wish) -> None:
    wanted = {"name": wish.name, "number": wish.number, **wish.contact}
    values = {name: value for name, value in wanted.items() if getattr(person, name) != value}
    if values:
        people.person_change(actor=actor, person=person, expected_version=person.version, values=values)
        person.refresh_from_db()


def _locked(account: Account, version: str) -> Account:
    rows = Account.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("person__entity", "entity", "manager").get(pk=account.pk)
    if version and version not in {"*", version_of(row)}:
        raise ScimVersionError
    return row


def _save(row: Account) -> None:
    row.version += 1
    row.changed_at = clock().now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ScimUniquenessError from error


def _record(tag: LedgerTag, actor: User, row: Account) -> None:
    append(
        tag,
        actor=actor.ledger_actor,
        subject=row.person.ledger_subject,
        detail={"active": row.active, "version": row.version},
    )


def _text(where: Mapping[str, Any], name: str) -> str:
    value = where.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ScimValueError(attribute=name)
    return value.strip()


def _needed(where: Mapping[str, Any], name: str) -> str:
    value = _text(where, name)
    if not value:
        raise ScimValueError(attribute=name)
    return value


def _first(value: object) -> str:
    """Return the primary value of a list of addresses, else the first one, else nothing."""
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    chosen = next((row for row in rows if row.get("primary")), rows[0] if rows else {})
    return _text(chosen, "value")


def _department(entity: LegalEntity, name: str) -> Department:
    """Return a department by its key, its code or its name, if only one has it."""
    rows = groups_of(entity)
    found = list(rows.filter(code__iexact=name)[:1]) or list(rows.filter(name=name)[:2])
    with suppress(ValueError):
        found = found or list(rows.filter(pk=UUID(name)))
    if len(found) != 1:
        raise ScimValueError(attribute="department")
    return found[0]


def _post(department: Department, title: str) -> Post | None:
    if not title:
        return None
    post = Post.objects.filter(department=department, title=title, closed_on__isnull=True).first()
    if post is None:
        raise ScimValueError(attribute="title")
    return post


def _manager(entity: LegalEntity, value: object) -> Person | None:
    if isinstance(value, Mapping):
        value = value.get("value")
    if not value:
        return None
    try:
        found = Person.objects.filter(entity=entity, pk=UUID(str(value))).first()
    except ValueError:
        found = None
    if found is None:
        raise ScimValueError(attribute="manager")
    return found
