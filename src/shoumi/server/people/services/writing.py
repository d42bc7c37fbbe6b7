"""The frame of a write: permission first, one transaction, the ledger entry last.

Who wants to change a row says which version was on the screen (`editing.locked`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import models, transaction

from shoumi.engine.canonical import JSONValue
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import Tag


@dataclass(slots=True)
class Entry:
    """What the ledger will say: about what, and which facts."""

    subject: str = ""
    detail: dict[str, JSONValue] = field(default_factory=dict)


@contextmanager
def writing(*, actor: User, action: Action, resource: Resource, tag: Tag) -> Iterator[Entry]:
    """Yield inside one transaction after asking permission; on leaving, write the ledger entry.

    Raises:
        NotPermittedError: the gate refuses `action`.
    """
    gate.require(actor, action, resource)
    with transaction.atomic():
        entry = Entry()
        yield entry
        append(tag, actor=actor.ledger_actor, subject=entry.subject, detail=entry.detail)


def counted(row: models.Model) -> None:
    """Count one more version and save."""
    row.version += 1
    row.save()
