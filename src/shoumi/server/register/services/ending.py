"""What declassification or destruction does to a secret, and the measures that follow.

Follows the seed guide 四(五): reasons 1 to 3, and the measures that are to follow.
The measures are recorded one by one by those who carry them out; nothing here unseals a file.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.engine.workflow import SECRET, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.register.models import DeclassificationAct, LifeEvent, SecretVersion, TradeSecret
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.services.editing import SecretUnknownError, touch
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.services.registration import version_file

MARKS = "DEC-M2"  # the measure that is owed for every carrier and file
MEASURES = ("DEC-M1", MARKS, "DEC-M3")


def secret_end(
    secret: TradeSecret,
    *,
    reason: str,
    transition: str,
    actor: User | None,
    measures: Sequence[str] = MEASURES,
) -> SecretVersion:
    """Declassify a locked secret and file it twice; the caller appends the ledger entry.

    `transition` is `declassify` (approved) or `expire` (by itself); open marking tasks fall away, and the
    measures are laid out as acts to be recorded: marks for every carrier and file, the others once.
    """
    now = clock().now()
    secret.state = advance(SECRET, secret.state, transition)
    secret.declassified_at, secret.declassification_reason = now, reason
    touch(secret)
    secret.marking_tasks.filter(done_at=None).delete()
    acts = [DeclassificationAct(secret=secret, measure=measure) for measure in measures if measure != MARKS]
    if MARKS in measures:
        acts += [
            DeclassificationAct(secret=secret, measure=MARKS, carrier=row) for row in secret.carriers.all()
        ]
        acts += [DeclassificationAct(secret=secret, measure=MARKS, file=row) for row in secret.files.all()]
    DeclassificationAct.objects.bulk_create(acts)
    version = version_file(secret, cause=SecretVersion.Cause.DECLASSIFIED, at=now)
    life_event_record(secret=secret, kind=LifeEvent.Kind.DECLASSIFIED, actor=actor, note=reason)
    return version


def secret_destroy(secret: TradeSecret, *, reason: str) -> SecretVersion:
    """End a locked secret of which nothing is left, and file it twice; the caller tells the ledger.

    The operation behind it was approved and witnessed, and every carrier and file is accounted for.
    """
    if secret.state == TradeSecret.State.REGISTERED:
        secret.state = advance(SECRET, secret.state, "open_change")
    secret.state = advance(SECRET, secret.state, "destroy")
    secret.outcome_reason = reason
    touch(secret)
    secret.marking_tasks.filter(done_at=None).delete()
    return version_file(secret, cause=SecretVersion.Cause.DESTROYED, at=clock().now())


def declassification_act_record(*, actor: User, act_id: int, note: str) -> DeclassificationAct:
    """Record that a measure was carried out, by whom and how.

    Raises:
        SecretUnknownError: there is no such act.
        NotPermittedError: the actor does not belong to those who look after the secret.
    """
    act = DeclassificationAct.objects.select_related("secret").filter(pk=act_id).first()
    if act is None:
        raise SecretUnknownError
    gate.require(actor, Action.EVIDENCE_VIEW, secret_resource(act.secret, of="evidence"))
    with transaction.atomic():
        act.note, act.done_by, act.done_at = note.strip(), actor, clock().now()
        act.save(update_fields=["note", "done_by", "done_at"])
        append(
            RegisterTag.MEASURE_RECORDED,
            actor=actor.ledger_actor,
            subject=act.secret.ledger_subject,
            detail={"measure": act.measure, "note": act.note},
        )
    return act
