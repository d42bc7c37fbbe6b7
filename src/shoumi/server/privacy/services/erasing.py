"""Carries retention out: drafts what falls due, two persons let it be erased, the result is recorded.

Each thing is erased in a transaction of its own, after looking for a hold once more; a run that breaks off
goes on where it stopped.  The ledger loses details with their salts and stays whole.
"""

from __future__ import annotations

import logging
from collections import Counter
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _
from django_tasks import task

from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.keepers import SYSTEM, HeldAsEvidenceError, keepers
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import writing
from shoumi.server.privacy.models import Erasure, ErasureItem
from shoumi.server.privacy.queries.erasing import MOST_ITEMS, erasure_resource, falling_due, progress_of
from shoumi.server.privacy.queries.keeping import hold_on
from shoumi.server.privacy.services.errors import ErasureStateError, NothingDueError

log = logging.getLogger(__name__)

FALLEN_DUE = _("Personal data were kept as long as the register says: look through what is to be erased.")
TO_DECIDE = _("A plan of erasure waits for a second person.")
BATCH = 200
State, Outcome = Erasure.State, ErasureItem.Outcome


def erasure_draft(*, actor: User, entity: LegalEntity) -> Erasure:
    """Draft what falls due in an entity now.

    Raises:
        NotPermittedError: the actor does not keep its register.
        NothingDueError: nothing falls due.
        ErasureStateError: a plan is under way.
    """
    gate.require(actor, Action.PRIVACY_MANAGE, entity_resource(entity))
    return _draft(entity, actor.ledger_actor)


def erasures_propose() -> int:
    """Draft what falls due in each entity that has no plan under way, and tell who keeps its register."""
    found = 0
    for entity in LegalEntity.objects.exclude(pk__in=_under_way().values("entity")):
        try:
            with transaction.atomic():
                row = _draft(entity, SYSTEM)
                _tell(row, FALLEN_DUE)
        except NothingDueError:
            continue
        found += 1
    return found


def erasure_submit(*, actor: User, erasure: Erasure) -> Erasure:
    """Propose a draft after looking through it.

    Raises:
        NotPermittedError, ErasureStateError: each as it says.
    """
    where, tag = entity_resource(erasure.entity), LedgerTag.PRIVACY_ERASURE_SUBMITTED
    with writing(actor=actor, action=Action.PRIVACY_MANAGE, resource=where, tag=tag) as entry:
        row = _locked(erasure, State.DRAFT)
        row.state, row.proposed_by = State.WAITING, actor
        row.save()
        _tell(row, TO_DECIDE, but=actor)
        entry.subject, entry.detail = row.ledger_subject, {"things": row.items.count()}
    return row


def erasure_decide(*, actor: User, erasure: Erasure, agreed: bool, reason: str) -> Erasure:
    """Let a plan be carried out, or refuse it, as somebody else than who proposed it.

    Raises:
        NotPermittedError, ErasureStateError, FieldMissingError, FieldTooLongError: each as it says.
    """
    tag = LedgerTag.PRIVACY_ERASURE_APPROVED if agreed else LedgerTag.PRIVACY_ERASURE_REFUSED
    where = erasure_resource(erasure)
    with writing(actor=actor, action=Action.PRIVACY_MATTER_CONFIRM, resource=where, tag=tag) as entry:
        row = _locked(erasure, State.WAITING)
        if row.proposed_by_id != erasure.proposed_by_id:
            raise ErasureStateError(state=str(row.get_state_display()))
        row.reason = text_of(Erasure, "reason", reason, required=True)
        row.decided_by, row.decided_at = actor, clock().now()
        row.state = State.RUNNING if agreed else State.REFUSED
        row.save()
        entry.subject, entry.detail = row.ledger_subject, {"reason": row.reason}
        if agreed:
            transaction.on_commit(lambda: erasure_run.enqueue(str(row.pk)))
    return row


@task()
def erasure_run(erasure_id: str) -> None:
    """Move an approved plan on until it is done; a worker that dies leaves it to the schedule."""
    while erasure_go_on(UUID(erasure_id)):
        pass


def erasures_go_on() -> int:
    """Carry on with every approved plan; return how many are done now."""
    rows = Erasure.objects.filter(state=State.RUNNING).values_list("pk", flat=True)
    for key in rows:
        while erasure_go_on(key):
            pass
    return len(rows)


def erasure_go_on(key: UUID) -> bool:
    """Erase the next things of a plan; return whether some are left, and finish it if none is."""
    waiting = ErasureItem.objects.filter(erasure=key, erasure__state=State.RUNNING, outcome=Outcome.WAITING)
    items = list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
    for item in items:
        _erase(item)
    if items:
        return True
    with transaction.atomic():
        row = locked(Erasure, key, None)
        if row.state == State.RUNNING and not row.items.filter(outcome=Outcome.WAITING).exists():
            row.state, row.finished_at = State.DONE, clock().now()
            row.save()
            append(
                LedgerTag.PRIVACY_ERASURE_DONE,
                actor=SYSTEM,
                subject=row.ledger_subject,
                detail=progress_of(row),
            )
    return False


def _draft(entity: LegalEntity, actor: str) -> Erasure:
    found = list(islice((each for each in falling_due(entity) if each.keeping.hold is None), MOST_ITEMS))
    if not found:
        raise NothingDueError
    row = Erasure(entity=entity, made_at=clock().now())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            ErasureItem.objects.bulk_create(
                (
                    ErasureItem(
                        erasure=row,
                        keeper=each.keeper.name,
                        key=each.kept.key,
                        person_id=each.kept.person,
                        processing=each.processing,
                        collected_on=each.kept.collected_on,
                        last_day=each.keeping.last_day,
                    )
                    for each in found
                ),
                batch_size=500,
            )
            counted = Counter(each.keeper.name for each in found)
            append(
                LedgerTag.PRIVACY_ERASURE_DRAFTED,
                actor=actor,
                subject=row.ledger_subject,
                detail={"entity": entity.ledger_subject, "things": dict(counted)},
            )
    except IntegrityError as error:
        raise ErasureStateError(state=str(State.DRAFT.label)) from error
    return row


def _erase(item_id: int) -> None:
    try:
        with transaction.atomic():
            item = (
                ErasureItem.objects.select_for_update(of=("self",), no_key=True)
                .select_related("person")
                .get(pk=item_id)
            )
            if item.outcome != Outcome.WAITING:
                return
            keeper = keepers().get(item.keeper)
            if hold_on(item.person) is not None:
                item.outcome = Outcome.HELD
            elif keeper is None:
                item.outcome = Outcome.FAILED
            else:
                gone = not keeper.erase(item.key, f"erasure:{item.erasure_id}")
                item.outcome = Outcome.GONE if gone else Outcome.ERASED
            item.save(update_fields=["outcome"])
    except HeldAsEvidenceError:
        ErasureItem.objects.filter(pk=item_id, outcome=Outcome.WAITING).update(outcome=Outcome.HELD)
    except Exception:
        log.exception("Thing %s of a plan of erasure could not be erased", item_id)
        ErasureItem.objects.filter(pk=item_id, outcome=Outcome.WAITING).update(outcome=Outcome.FAILED)


def _under_way() -> object:
    return Erasure.objects.filter(state__in=Erasure.UNDER_WAY)


def _locked(erasure: Erasure, state: State) -> Erasure:
    row = locked(Erasure, erasure.pk, None)
    if row.state != state:
        raise ErasureStateError(state=str(row.get_state_display()))
    return row


def _tell(row: Erasure, message: str, but: User | None = None) -> None:
    where = entity_resource(row.entity)
    users = {
        user.pk: user
        for role in (Role.LEGAL, Role.SECRECY_OFFICER)
        for user in role_holders(role)
        if user != but and gate.permits(user, Action.PRIVACY_MANAGE, where)
    }
    notify(
        users=users.values(), message=message, parameters={}, link=row.get_absolute_url(), mail_text=message
    )
