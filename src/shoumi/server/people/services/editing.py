"""What all writes of the people app do alike: lock the row, compare the version, write the ledger, look anew.

Nobody's edit overwrites another's: a service is told the version that was on the screen.  Who may write what
is asked by each service before it opens its transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from django.db import models, transaction

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ConflictError, InputError
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import Tag

Row = TypeVar("Row", bound=models.Model)


class RecordUnknownError(InputError):
    """There is no such record."""

    code = "people.unknown"
    message = "There is no such record."


class RecordChangedError(ConflictError):
    """Somebody else changed the record since it was read."""

    code = "people.changed_meanwhile"
    message = "Somebody else changed this meanwhile; look at it again and repeat your change."


class FieldMissingError(InputError):
    """A field that must be filled is empty."""

    code = "people.field_missing"
    message = "“{field}” must be filled in."


class FieldTooLongError(InputError):
    """A text does not fit the record."""

    code = "people.field_too_long"
    message = "“{field}” has {found} characters, at most {limit} are allowed."


def locked(model: type[Row], key: UUID, expected_version: int | None) -> Row:
    """Return the row, locked until the transaction ends, after comparing its version.

    Raises:
        RecordUnknownError: there is none.
        RecordChangedError: `expected_version` is given and is not the present one.
    """
    row = model._default_manager.select_for_update(no_key=True).filter(pk=key).first()  # noqa: SLF001 - Django's own name
    if row is None:
        raise RecordUnknownError
    if expected_version is not None and row.version != expected_version:
        raise RecordChangedError
    return row


def text_of(model: type[models.Model], field: str, value: str, *, required: bool = False) -> str:
    """Return `value` trimmed, as the model's field takes it.

    Raises:
        FieldMissingError: it is empty and must not be.
        FieldTooLongError: it does not fit.
    """
    column = model._meta.get_field(field)  # noqa: SLF001 - Django's documented way
    text = " ".join(value.split())
    label = str(column.verbose_name)
    if required and not text:
        raise FieldMissingError(field=label)
    limit = column.max_length or 0
    if limit and len(text) > limit:
        raise FieldTooLongError(field=label, found=len(text), limit=limit)
    return text


def assign(row: models.Model, values: Mapping[str, object]) -> list[str]:
    """Give `row` the values and return the names of the fields that changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def record(tag: Tag, *, actor: User, subject: str, detail: Mapping[str, JSONValue]) -> None:
    """Write the ledger entry of a service as its last write, and look everybody's rights up anew."""
    append(tag, actor=actor.ledger_actor, subject=subject, detail=detail)
    gate.forget_subjects()
    transaction.on_commit(gate.forget_subjects)
