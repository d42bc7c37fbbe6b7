"""Records the steps of the playbook and the measures taken after a breach.

Whose rule: the playbook of `packs/world/breach.yaml`.  A step is recorded once, as done or as not needed.
"""

from __future__ import annotations

from datetime import datetime

from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.services.editing import text_of
from shoumi.server.people.services.writing import writing
from shoumi.server.privacy.models import Breach, BreachMeasure, BreachStep
from shoumi.server.privacy.queries.breaches import breach_resource, table_for
from shoumi.server.privacy.services.breaches.reporting import open_breach
from shoumi.server.privacy.services.errors import AnsweredAlreadyError, MomentError, WordUnknownError


def breach_step_record(*, actor: User, breach: Breach, step: str, needed: bool, note: str) -> BreachStep:
    """Record that a step was done, or why it was not needed.

    Raises:
        NotPermittedError, BreachStateError, WordUnknownError, AnsweredAlreadyError: each as it says.
        FieldMissingError, FieldTooLongError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MATTER_WORK,
        resource=breach_resource(breach),
        tag=LedgerTag.PRIVACY_BREACH_STEP_RECORDED,
    ) as entry:
        found = open_breach(breach)
        if step not in {each.id for each in table_for(found.entity.country).playbook}:
            raise WordUnknownError(word=step)
        if found.steps.filter(step=step).exists():
            raise AnsweredAlreadyError
        row = BreachStep.objects.create(
            breach=found,
            step=step,
            needed=needed,
            note=text_of(BreachStep, "note", note, required=True),
            recorded_by=actor,
            recorded_at=clock().now(),
        )
        entry.subject, entry.detail = found.ledger_subject, {"step": step, "needed": needed, "note": row.note}
    return row


def breach_measure_record(*, actor: User, breach: Breach, text: str, taken_at: datetime) -> BreachMeasure:
    """Record a measure and when it was taken.

    Raises:
        NotPermittedError, BreachStateError, MomentError: each as it says.
        FieldMissingError, FieldTooLongError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MATTER_WORK,
        resource=breach_resource(breach),
        tag=LedgerTag.PRIVACY_BREACH_MEASURE_RECORDED,
    ) as entry:
        found = open_breach(breach)
        if taken_at > clock().now():
            raise MomentError
        row = BreachMeasure.objects.create(
            breach=found,
            text=text_of(BreachMeasure, "text", text, required=True),
            taken_at=taken_at,
            recorded_by=actor,
        )
        entry.subject = found.ledger_subject
        entry.detail = {"measure": row.text, "taken_at": taken_at.isoformat()}
    return row
