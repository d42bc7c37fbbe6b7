"""The records of a step as its page shows them: who did what when, who confirmed it, and whether it counts.

Names are those of the persons as they are called today.  Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction.procedures import Plan
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.lifecycle.models import Attestation, CaseStep, StepRecord
from shoumi.server.lifecycle.queries.packs import named, said, table_of
from shoumi.server.people.models import Person


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record in words."""

    row: StepRecord
    by: str
    items: str
    signed: tuple[tuple[str, str], ...]  # party, who
    refused: str
    files: tuple[StoredFile, ...]
    attestations: tuple[Attestation, ...]
    counts: bool


def record_lines(step: CaseStep, plan: Plan) -> list[RecordLine]:
    """Return the records of a step, newest first."""
    rows = list(
        step.records.select_related("recorded_by")
        .prefetch_related("files__file", "attestations__user")
        .order_by("-recorded_at", "-pk")
    )
    names = names_of({name for row in rows for name in (*row.by, *row.signed.values())})
    table = table_of(step.case.entity)
    asked = plan.step(step.key)
    items = {item.id: said(item.names) for item in asked.step.items} if asked else {}
    return [
        RecordLine(
            row=row,
            by=", ".join(names.get(name, name) for name in row.by),
            items=", ".join(
                _("%(item)s: %(state)s")
                % {"item": items.get(name, name), "state": state_words(answer["state"])}
                for name, answer in row.items.items()
            ),
            signed=tuple(
                (named(table.parties, party), names.get(person, person))
                for party, person in row.signed.items()
            ),
            refused=", ".join(named(table.parties, party) for party in row.refused),
            files=tuple(item.file for item in row.files.all()),
            attestations=tuple(row.attestations.all()),
            counts=row.counts_from is not None,
        )
        for row in rows
    ]


def names_of(keys: set[str]) -> dict[str, str]:
    """Return what the persons and accounts are called that records name."""
    persons = [UUID(key) for key in keys if ":" not in key]
    users = [key.partition(":")[2] for key in keys if key.startswith("account:")]
    found = {str(row.pk): row.name for row in Person.objects.filter(pk__in=persons)}
    return found | {f"account:{row.pk}": str(row) for row in User.objects.filter(pk__in=users)}


def state_words(state: str) -> str:
    """Return what a state of an item is called."""
    words = {"settled": _("settled"), "not_held": _("there is none"), "missing": _("missing")}
    return words.get(state, state)
