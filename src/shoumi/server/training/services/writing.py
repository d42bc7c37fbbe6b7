"""The frame of every write of training: permission first, one transaction, the ledger entry last.

Who wants to change a row says which version was on the screen (`people.services.editing.locked`).  What the
ledger keeps are opaque ids and hashes; no answer and no question stands in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.training import TrainingTable
from shoumi.server.people.services.editing import FieldMissingError, FieldTooLongError

SYSTEM = "system:training"
LONGEST_TEXT = 40_000  # characters of a text section


class TrainingStateError(ConflictError):
    """It is not in a state in which this can be done."""

    code = "training.state"
    message = "This has moved on meanwhile; look at it again."


class TitleTakenError(ConflictError):
    """Another one is called so already."""

    code = "training.title_taken"
    message = "There is one with this title already."


class UnknownPartError(InputError):
    """The pack has no such part or audience."""

    code = "training.unknown_part"
    message = "“{name}” is not known in this country."


class NothingChosenError(InputError):
    """At least one has to be chosen."""

    code = "training.nothing_chosen"
    message = "Choose at least one."


def lines_of(model: type[models.Model], name: str, value: str, *, limit: int = LONGEST_TEXT) -> str:
    """Return a text of several lines without blank ends; it may not be empty.

    Raises:
        FieldMissingError, FieldTooLongError: each as it says.
    """
    text = "\n".join(line.rstrip() for line in value.strip().splitlines())
    label = str(model._meta.get_field(name).verbose_name)  # noqa: SLF001 - Django's documented way
    if not text:
        raise FieldMissingError(field=label)
    if len(text) > limit:
        raise FieldTooLongError(field=label, found=len(text), limit=limit)
    return text


def verify_parts(table: TrainingTable, parts: Sequence[str]) -> list[str]:
    """Return the parts in the order of the pack.

    Raises:
        NothingChosenError: there is none.
        UnknownPartError: the pack has none of this name.
    """
    return _verify([part.id for part in table.parts], parts)


def verify_audiences(table: TrainingTable, audiences: Sequence[str]) -> list[str]:
    """Return the audiences in the order of the pack; raises as `verify_parts`."""
    return _verify([audience.id for audience in table.audiences], audiences)


def _verify(known: Sequence[str], chosen: Sequence[str]) -> list[str]:
    if not chosen:
        raise NothingChosenError
    for name in chosen:
        if name not in known:
            raise UnknownPartError(name=name)
    return [name for name in known if name in chosen]
