"""The frame of every write of assurance: permission first, one transaction, the ledger entry last.

Who wants to change a row says which version was on the screen (`people.services.editing.locked`).  What the
ledger keeps are opaque ids; the words of a record stand in its detail only.
"""

from __future__ import annotations

from datetime import date

from django.db import models

from shoumi.engine.errors import ConflictError, InputError
from shoumi.server.people.services.editing import FieldMissingError, FieldTooLongError

LONGEST_TEXT = 20_000  # characters of a text of several lines


class DaysReversedError(InputError):
    """Something would end before it begins."""

    code = "assurance.days_reversed"
    message = "The last day lies before the first one."


class FutureDayError(InputError):
    """Something that has happened is dated in the future."""

    code = "assurance.future_day"
    message = "The day lies in the future; record what has happened."


class AlreadyEndedError(ConflictError):
    """What shall be changed is over already."""

    code = "assurance.already_ended"
    message = "This is closed already and is kept as it is."


class StandsTwiceError(ConflictError):
    """There is one of these already, and there may be only one."""

    code = "assurance.stands_twice"
    message = "There is one already; end or change that one first."


def subject_of(row: models.Model) -> str:
    """Return the opaque name under which the ledger knows a row of this app."""
    return f"{row._meta.model_name}:{row.pk}"  # noqa: SLF001 - Django's documented way to a model's name


def lines_of(model: type[models.Model], field: str, value: str, *, required: bool = True) -> str:
    """Return a text of several lines without blank ends, as the model's field takes it.

    Raises:
        FieldMissingError, FieldTooLongError: it is empty and must not be, or is too long.
    """
    text = "\n".join(line.rstrip() for line in value.strip().splitlines())
    label = str(model._meta.get_field(field).verbose_name)  # noqa: SLF001 - Django's documented way
    if required and not text:
        raise FieldMissingError(field=label)
    if len(text) > LONGEST_TEXT:
        raise FieldTooLongError(field=label, found=len(text), limit=LONGEST_TEXT)
    return text


def verify_order(since: date, until: date | None) -> None:
    """Return if a stretch does not end before it begins.

    Raises:
        DaysReversedError: it would.
    """
    if until is not None and until < since:
        raise DaysReversedError


def verify_past(day: date, today: date) -> None:
    """Return if `day` is not in the future.

    Raises:
        FutureDayError: it is.
    """
    if day > today:
        raise FutureDayError
