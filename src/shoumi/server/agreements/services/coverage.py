"""Keeps who needs which agreement: for single persons after each step, for everybody by a run.

Also records the facts on which needs depend.  What is needed is the packs' answer, never decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction

from shoumi.engine.jurisdiction.agreements import FactValue
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Need, PersonFacts
from shoumi.server.agreements.queries.coverage import RECORDED, needs_now
from shoumi.server.agreements.queries.libraries import level_of, library_of
from shoumi.server.agreements.queries.visible import new_resource
from shoumi.server.agreements.services.errors import FactsError
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Person
from shoumi.server.people.queries import persons
from shoumi.server.people.services.editing import RecordChangedError, record

KEPT = ("why", "unknown", "status", "level", "agreement", "checked_at")


def facts_record(
    *, actor: User, person: Person, expected_version: int, known: Mapping[str, FactValue | None]
) -> PersonFacts:
    """Record facts of a person; None takes one back.

    Raises:
        NotPermittedError, RecordChangedError: each as it says.
        FactsError: a fact is none of those recorded here.
    """
    gate.require(actor, Action.AGREEMENT_PREPARE, new_resource(person.entity, person, kind=""))
    facts = library_of(person.entity).facts
    if not set(known) <= set(RECORDED) & set(facts):
        raise FactsError
    with transaction.atomic():
        row = PersonFacts.objects.select_for_update(no_key=True).filter(pk=person.pk).first()
        if (row.version if row else 0) != expected_version:
            raise RecordChangedError
        row = row or PersonFacts(person=person, version=0)
        merged = {**row.known, **known}
        row.known = {name: value for name, value in merged.items() if value is not None}
        row.recorded_by, row.recorded_at = actor, clock().now()
        row.version += 1
        row.save()
        needs_count([person.pk])
        record(
            LedgerTag.AGREEMENTS_FACTS_RECORDED,
            actor=actor,
            subject=person.ledger_subject,
            detail={"facts": sorted(row.known)},
        )
    return row


def needs_count(person_ids: Collection[UUID]) -> int:
    """Count the needs of some persons anew, in the caller's transaction; return how many there are."""
    people = list(persons().filter(pk__in=person_ids))
    now = clock().now()
    rows = [
        Need(
            person=found.person,
            kind=found.kind,
            before=found.before,
            why=found.why,
            unknown=found.unknown,
            status=found.status,
            level=level_of(found.person),
            agreement=found.agreement,
            checked_at=now,
        )
        for found in needs_now(people)
    ]
    Need.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("person", "kind", "before"),
        update_fields=KEPT,
        batch_size=500,
    )
    wanted = {(row.person_id, row.kind, row.before) for row in rows}
    kept = Need.objects.filter(person__in=person_ids).values_list("pk", "person", "kind", "before")
    gone = [key for key, *what in kept if tuple(what) not in wanted]
    Need.objects.filter(pk__in=gone).delete()
    return len(rows)
