"""Makes and changes persons, ties them to sign-ins, and reveals what is masked.

Telephone and e-mail never go into the ledger; it holds which fields changed, and who looked, when and why.
A later SCIM adapter calls these services with plain values: `number` within the entity is its external id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import COMPANY, Action, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.border import border_of
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import department_places, person_resource
from shoumi.server.people.readings import reading_for, search_text
from shoumi.server.people.services.editing import assign, locked, record, text_of

REVEALED: Final = ("phone", "email")  # fields that stay masked until they are revealed
CHANGEABLE: Final = ("number", "name", "reading", "phone", "email")


class NumberTakenError(ConflictError):
    """Another person of the entity has this number."""

    code = "people.number_taken"
    message = "The number “{number}” is in use already."


class UserTakenError(ConflictError):
    """The sign-in belongs to another person."""

    code = "people.user_taken"
    message = "The sign-in belongs to another person already."


class UnknownFieldError(InputError):
    """Nothing of this name is masked."""

    code = "people.unknown_field"
    message = "There is no masked field “{field}”."


def person_create(  # noqa: PLR0913 - the fields of the form
    *,
    actor: User,
    entity: LegalEntity,
    number: str,
    name: str,
    reading: str = "",
    phone: str = "",
    email: str = "",
    user: User | None = None,
    department: Department | None = None,
) -> Person:
    """Store a person; `department` says where they will work, for permission only.

    Raises:
        NotPermittedError: the actor does not manage people there.
        NumberTakenError, UserTakenError, FieldMissingError, FieldTooLongError: each as it says.
    """
    person = person_made(
        entity=entity,
        values={"number": number, "name": name, "reading": reading, "phone": phone, "email": email},
    )
    person.user = user
    places = department_places(department) if department else frozenset()
    gate.require(
        actor, Action.PERSON_EDIT, resources.person(str(person.pk), {COMPANY, entity.scope, *places})
    )
    with transaction.atomic():
        _refuse_second(person)
        person.save(force_insert=True)
        record(
            LedgerTag.PEOPLE_PERSON_CREATED,
            actor=actor,
            subject=person.ledger_subject,
            detail={"entity": str(entity.pk), "number": person.number, "user": str(user.pk) if user else ""},
        )
    return person


def person_made(*, entity: LegalEntity, values: Mapping[str, str], key: UUID | None = None) -> Person:
    """Return a person that is not stored yet; a Chinese name gets its pinyin if no reading is given.

    Raises:
        FieldMissingError, FieldTooLongError: each as it says.
    """
    person = Person(id=key or uuid4(), entity=entity, created_at=clock().now())
    assign(person, person_values(entity, values))
    return person


def person_values(entity: LegalEntity, values: Mapping[str, str]) -> dict[str, str]:
    """Return the changeable fields as they are stored, and the text that searches look through.

    Raises:
        FieldMissingError, FieldTooLongError: each as it says.
    """
    kept = {
        field: text_of(Person, field, values.get(field, ""), required=field in {"number", "name"})
        for field in CHANGEABLE
    }
    kept["reading"] = reading_for(name=kept["name"], reading=kept["reading"], country=entity.country)
    kept["search"] = search_text(name=kept["name"], number=kept["number"], reading=kept["reading"])
    return kept


def person_change(*, actor: User, person: Person, expected_version: int, values: Mapping[str, str]) -> Person:
    """Change number, name, reading, telephone or e-mail; fields not in `values` stay.

    Raises:
        NotPermittedError: the actor does not manage this person, or it is their own record.
        RecordChangedError, NumberTakenError, FieldMissingError, FieldTooLongError: each as it says.
    """
    gate.require(actor, Action.PERSON_EDIT, person_resource(person))
    with transaction.atomic():
        row = locked(Person, person.pk, expected_version)
        present = {field: getattr(row, field) for field in CHANGEABLE}
        if values.get("name", row.name) != row.name and "reading" not in values:
            present["reading"] = ""  # derive it anew
        changed = assign(row, person_values(row.entity, {**present, **values}))
        _refuse_second(row)
        if changed:
            row.version += 1
            row.save()
            record(
                LedgerTag.PEOPLE_PERSON_CHANGED,
                actor=actor,
                subject=row.ledger_subject,
                detail={"fields": [field for field in changed if field != "search"]},
            )
    return row


def person_link(*, actor: User, person: Person, expected_version: int, user: User | None) -> Person:
    """Tie a person to a sign-in, which from then on has the rights of the person's engagements; None unties.

    Raises:
        NotPermittedError: the actor does not manage this person, or it is their own record.
        RecordChangedError, UserTakenError: each as it says.
    """
    gate.require(actor, Action.PERSON_EDIT, person_resource(person))
    with transaction.atomic():
        row = locked(Person, person.pk, expected_version)
        before, row.user = row.user_id, user
        _refuse_second(row)
        row.version += 1
        row.save()
        record(
            LedgerTag.PEOPLE_PERSON_LINKED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"before": str(before or ""), "after": str(user.pk) if user else ""},
        )
    return row


def person_reveal(*, actor: User, person: Person, field: str, purpose: str = "") -> str:
    """Return a masked field in full and record that it was seen; others than oneself say why.

    Raises:
        UnknownFieldError: `field` is none of `phone`, `email`.
        NotPermittedError: the rules refuse, or the purpose is missing.
        BorderError: the actor sits in another country, and no basis for that is on record.
    """
    if field not in REVEALED:
        raise UnknownFieldError(field=field)
    gate.require(actor, Action.PERSON_REVEAL, person_resource(person), purpose=purpose)
    border_of(actor).require(person)
    with transaction.atomic():
        value: str = getattr(Person.objects.get(pk=person.pk), field)
        record(
            LedgerTag.PEOPLE_PERSON_REVEALED,
            actor=actor,
            subject=person.ledger_subject,
            detail={"field": field, "purpose": purpose.strip()},
        )
    return value


def _refuse_second(person: Person) -> None:
    others = Person.objects.exclude(pk=person.pk)
    if others.filter(entity_id=person.entity_id, number=person.number).exists():
        raise NumberTakenError(number=person.number)
    if person.user_id and others.filter(user_id=person.user_id).exists():
        raise UserTakenError
