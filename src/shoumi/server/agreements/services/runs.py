"""Runs over many persons: counting who needs what, and renewals after a change of the library.

A run goes in small steps, each a transaction that moves its counter on: it can be stopped between any two,
goes on where it was, and tells nobody twice, whichever worker takes it over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django_tasks import task

from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement, Renewal, Run
from shoumi.server.agreements.queries import coverage
from shoumi.server.agreements.queries.drafts import inputs_of
from shoumi.server.agreements.services.coverage import needs_count
from shoumi.server.agreements.services.drafting import Wish, draft_made, library_keep
from shoumi.server.agreements.services.errors import NothingToRenewError, RunStateError
from shoumi.server.agreements.services.offering import offer_made
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource

SYSTEM: Final = "system:agreements"
PERSONS: Final = 200  # counted in one step
RENEWED: Final = 5  # in one step: each has its papers made
SILENT: Final = timedelta(minutes=2)  # after this a run without progress is taken over
TOLD_ANEW: Final = frozenset(  # facts and fields that the register of persons tells as they are today
    {"engagement", "level", "leaving", "non_compete_signed", "company", "person", "department", "post"}
)
State, Purpose, Outcome = Run.State, Run.Purpose, Renewal.Outcome


def coverage_start(*, actor: User, entity: LegalEntity) -> Run:
    """Begin to count who of an entity needs what.

    Raises:
        NotPermittedError: the actor does not run this for the entity.
        RunStateError: one is under way.
    """
    gate.require(actor, Action.AGREEMENT_CAMPAIGN, entity_resource(entity))
    total = Person.objects.filter(entity=entity).count()
    return _begin(actor, Run(purpose=Purpose.COVERAGE, entity=entity, total=total), [])


def renewal_start(*, actor: User, entity: LegalEntity, kind: str) -> Run:
    """Begin to offer a kind anew to everybody of an entity who signed another text of it.

    Raises:
        NotPermittedError: the actor does not run this for the entity.
        NothingToRenewError: nobody did.
        RunStateError: one is under way.
    """
    gate.require(actor, Action.AGREEMENT_CAMPAIGN, entity_resource(entity))
    old = list(coverage.to_renew(entity, kind).values_list("pk", flat=True))
    if not old:
        raise NothingToRenewError
    library = library_keep(entity.pack)
    run = Run(purpose=Purpose.RENEWAL, entity=entity, kind=kind, library=library, total=len(old))
    return _begin(actor, run, old)


def _begin(actor: User, run: Run, old: list[UUID]) -> Run:
    run.asked_by, run.asked_at = actor, clock().now()
    try:
        with transaction.atomic():
            run.save(force_insert=True)
            Renewal.objects.bulk_create((Renewal(run=run, old_id=key) for key in old), batch_size=500)
            append(
                LedgerTag.AGREEMENTS_RUN_BEGUN,
                actor=actor.ledger_actor,
                subject=run.ledger_subject,
                detail={"purpose": run.purpose, "kind": run.kind, "total": run.total},
            )
    except IntegrityError as error:
        raise RunStateError from error
    transaction.on_commit(lambda: run_go_on.enqueue(str(run.pk)))
    return run


def run_stop(*, actor: User, run: Run) -> Run:
    """Stop a run after the step it is in; what is done stays done.

    Raises:
        NotPermittedError: the actor does not run this for the entity.
        RunStateError: it is not under way.
    """
    gate.require(actor, Action.AGREEMENT_CAMPAIGN, entity_resource(run.entity))
    return _changed(actor, run, State.RUNNING, State.STOPPED, LedgerTag.AGREEMENTS_RUN_STOPPED)


def run_resume(*, actor: User, run: Run) -> Run:
    """Go on with a stopped run; nobody who was told is told again.

    Raises:
        NotPermittedError: the actor does not run this for the entity.
        RunStateError: it is not stopped.
    """
    gate.require(actor, Action.AGREEMENT_CAMPAIGN, entity_resource(run.entity))
    row = _changed(actor, run, State.STOPPED, State.RUNNING, LedgerTag.AGREEMENTS_RUN_RESUMED)
    transaction.on_commit(lambda: run_go_on.enqueue(str(run.pk)))
    return row


def _changed(actor: User, run: Run, before: State, after: State, tag: Tag) -> Run:
    with transaction.atomic():
        row = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
        if row.state != before:
            raise RunStateError
        row.state, row.beat_at = after, None
        row.save(update_fields=["state", "beat_at"])
        append(tag, actor=actor.ledger_actor, subject=row.ledger_subject, detail={"done": row.done})
    return row


@task()
def run_go_on(run_id: str) -> None:
    """Move a run on until it is done or stopped; a worker that dies leaves it to the schedule."""
    key = UUID(run_id)
    if run_take(key):
        while run_step(key):
            pass


def run_take(run_id: UUID) -> bool:
    """Take a run that is under way and that no worker moves; tell whether it was taken."""
    now = clock().now()
    with transaction.atomic():
        row = Run.objects.select_for_update(no_key=True).filter(pk=run_id, state=State.RUNNING).first()
        if row is None or (row.beat_at is not None and now - row.beat_at < SILENT):
            return False
        row.beat_at = now
        row.save(update_fields=["beat_at"])
    return True


def run_step(run_id: UUID) -> bool:
    """Do one step of a run; tell whether there is more to do and nobody stopped it."""
    with transaction.atomic():
        run = Run.objects.select_for_update(no_key=True).get(pk=run_id)
        if run.state != State.RUNNING:
            return False
        more = _count(run) if run.purpose == Purpose.COVERAGE else _renew(run)
        run.beat_at = clock().now()
        if not more:
            run.state, run.done, run.ended_at = State.DONE, run.total, clock().now()
        run.save()
        if not more:
            append(
                LedgerTag.AGREEMENTS_RUN_ENDED,
                actor=SYSTEM,
                subject=run.ledger_subject,
                detail={"purpose": run.purpose, "total": run.total},
            )
    return more


def runs_waiting() -> list[UUID]:
    """Return the runs that are under way and that no worker moves."""
    now = clock().now()
    rows = Run.objects.filter(state=State.RUNNING).order_by("asked_at")
    return [row.pk for row in rows if row.beat_at is None or now - row.beat_at >= SILENT]


def _count(run: Run) -> bool:
    rows = Person.objects.filter(entity=run.entity).order_by("pk")
    if run.cursor:
        rows = rows.filter(pk__gt=run.cursor)
    keys = list(rows.values_list("pk", flat=True)[:PERSONS])
    if keys:
        needs_count(keys)
        run.cursor, run.done = keys[-1], min(run.total, run.done + len(keys))
    return len(keys) == PERSONS


def _renew(run: Run) -> bool:
    rows = run.renewals.filter(outcome=Outcome.WAITING).order_by("pk")
    found = list(rows.select_related("old__person", "old__entity", "old__inputs__key")[:RENEWED])
    for row in found:
        _renew_one(run, row)
        run.done += 1
    return len(found) == RENEWED


def _renew_one(run: Run, row: Renewal) -> None:
    """Offer one agreement anew; what cannot be made is set aside for people, and nothing of it is kept."""
    old = row.old
    if old.state != Agreement.State.IN_FORCE:
        row.outcome = Outcome.OVER
    else:
        try:
            with transaction.atomic():
                row.new = _offered_anew(run, old)
                row.outcome = Outcome.OFFERED
        except ShoumiError as error:
            row.new, row.outcome, row.fault = None, Outcome.WORK, type(error).code
    row.save()


def _offered_anew(run: Run, old: Agreement) -> Agreement:
    actor = run.asked_by.ledger_actor
    values = inputs_of(old).get("values", {})
    wish = Wish(
        entity=old.entity,
        kind=old.kind,
        person=old.person,
        known={name: value for name, value in old.known.items() if name not in TOLD_ANEW},
        values={name: value for name, value in values.items() if name not in TOLD_ANEW},
        ends_on=old.ends_on,
        replaces=old,
    )
    made = draft_made(wish=wish, prepared_by=run.asked_by, actor=actor)
    made.optional, made.own_changes = old.optional, old.own_changes
    return offer_made(made, actor=actor, owner=run.asked_by)
