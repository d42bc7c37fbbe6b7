"""Compares the two ledgers line by line and field by field, in portions, and keeps what differs on record.

Follows the seed guide 五(二): the archives of both departments must correspond.  An interrupted run goes on
where it stopped.  It changes neither book; `books` does, by a correction with its reason.
"""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.db import transaction
from django_tasks import task

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models import BookDifference, BookLine, Reconciliation
from shoumi.server.register.models.books import FIELDS, Side
from shoumi.server.register.queries.books import (
    Book,
    book_resource,
    differences_open,
    events_entered,
    secrets_to_compare,
)

SYSTEM = "system:register"
PORTION = 1000  # secrets in one transaction
AT_ONCE = 2000  # secrets; more are compared in the background
log = logging.getLogger(__name__)
Found = dict[tuple[str, int | None], tuple[Any, Any]]  # (field, event) → values of owner and office


def reconciliation_start(*, actor: User, entity: LegalEntity) -> Reconciliation:
    """Begin a comparison of the books of a legal entity; one that runs already is returned instead.

    A small register is compared within this call, a large one in the background with progress.
    """
    gate.require(actor, Action.BOOK_RECONCILE, book_resource(Book(entity)))
    run = _opened(entity, actor)
    if run.total <= AT_ONCE:
        reconciliation_continue(run_id=run.pk)
    else:
        compare.enqueue(str(run.pk))
    run.refresh_from_db()
    return run


def reconciliations_run() -> int:
    """Compare the books of every legal entity as the clock; return how many differences are open."""
    found = 0
    for entity in LegalEntity.objects.all():
        if secrets_to_compare(entity).exists():
            try:
                found += reconciliation_continue(run_id=_opened(entity, None).pk).found
            except Exception:
                log.exception("The ledgers of entity %s could not be compared", entity.pk)
    return found


@task()
def compare(run_id: str) -> int:
    """Finish a comparison; return how many differences are open."""
    return reconciliation_continue(run_id=UUID(run_id)).found


def reconciliation_continue(*, run_id: UUID) -> Reconciliation:
    """Compare portion after portion until the run is done, and return it."""
    while (run := _portion(run_id)).state == Reconciliation.State.RUNNING:
        pass
    return run


def _opened(entity: LegalEntity, actor: User | None) -> Reconciliation:
    with transaction.atomic():
        LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
        run = Reconciliation.objects.filter(entity=entity, state=Reconciliation.State.RUNNING).first()
        return run or Reconciliation.objects.create(
            entity=entity,
            asked_by=actor,
            started_at=clock().now(),
            total=secrets_to_compare(entity).count(),
        )


def _portion(run_id: UUID) -> Reconciliation:
    """Compare the next secrets of a run in one transaction; the last portion ends the run."""
    with transaction.atomic():
        run = (
            Reconciliation.objects.select_for_update(of=("self",), no_key=True)
            .select_related("entity", "asked_by")
            .get(pk=run_id)
        )
        if run.state != Reconciliation.State.RUNNING:
            return run
        rows = secrets_to_compare(run.entity)
        if run.last_secret:
            rows = rows.filter(pk__gt=run.last_secret)
        keys = list(rows.values_list("pk", flat=True)[:PORTION])
        _record(run, compare_secrets(keys))
        run.done += len(keys)
        run.last_secret = keys[-1] if keys else run.last_secret
        if len(keys) < PORTION:
            run.state, run.finished_at = Reconciliation.State.DONE, clock().now()
            run.found = differences_open(run.entity).count()
        run.save()
        if run.state == Reconciliation.State.DONE:
            append(
                RegisterTag.BOOKS_COMPARED,
                actor=run.asked_by.ledger_actor if run.asked_by else SYSTEM,
                subject=run.ledger_subject,
                detail={
                    "entity": str(run.entity_id),
                    "secrets": str(run.done),
                    "differences": str(run.found),
                },
            )
    return run


def compare_secrets(keys: list[UUID]) -> dict[UUID, Found]:
    """Return for each secret where its two lines differ; three queries for all of them."""
    lines: dict[UUID, dict[str, BookLine]] = {key: {} for key in keys}
    for line in BookLine.objects.filter(secret__in=keys):
        lines[line.secret_id][line.side] = line
    entered = events_entered([line.pk for pair in lines.values() for line in pair.values()])
    return {key: _differences(pair, entered) for key, pair in lines.items()}


def _differences(pair: dict[str, BookLine], entered: dict[object, set[int]]) -> Found:
    owner, office = pair.get(Side.OWNER), pair.get(Side.OFFICE)
    if owner is None or office is None:
        here = [line.name if line else None for line in (owner, office)]
        return {(BookDifference.LINE, None): (here[0], here[1])}
    found: Found = {
        (field, None): (getattr(owner, field), getattr(office, field))
        for field in FIELDS
        if getattr(owner, field) != getattr(office, field)
    }
    ours, theirs = entered.get(owner.pk, set()), entered.get(office.pk, set())
    for event in sorted(ours ^ theirs):
        held = event in ours
        found[BookDifference.EVENT, event] = (event if held else None, None if held else event)
    return found


def _record(run: Reconciliation, found: dict[UUID, Found]) -> None:
    """Keep new differences, leave known ones, and close those that are no more."""
    now = clock().now()
    known = {
        (row.secret_id, row.field, row.event_id): row
        for row in BookDifference.objects.filter(secret__in=list(found), resolved_at=None)
    }
    fresh = []
    for secret, differences in found.items():
        for (field, event), (owner, office) in differences.items():
            row = known.pop((secret, field, event), None)
            if row is None:
                fresh.append(
                    BookDifference(
                        run=run,
                        secret_id=secret,
                        field=field,
                        event_id=event,
                        owner_value=owner,
                        office_value=office,
                        found_at=now,
                    )
                )
            elif (row.owner_value, row.office_value) != (owner, office):
                row.owner_value, row.office_value = owner, office
                row.save(update_fields=["owner_value", "office_value"])
    BookDifference.objects.bulk_create(fresh)
    gone = [row.pk for row in known.values()]
    BookDifference.objects.filter(pk__in=gone).update(resolved_at=now)
