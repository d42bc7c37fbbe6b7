"""Counts the figures of a day and the scores of all secrets, and keeps them for the cockpit.

What is kept can be counted anew from the records at any time, so nothing of it goes into the ledger.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django_tasks import task

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import AssuranceSnapshot, SecretScore
from shoumi.server.assurance.queries.figures import figures_of
from shoumi.server.assurance.queries.grades import SecretScoreOnDay, scores_on
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource, today_of

BATCH = 2000


def figures_count(entity: LegalEntity) -> AssuranceSnapshot:
    """Count today's figures and scores of `entity` and keep them in place of earlier ones of the day."""
    day, now = today_of(entity), clock().now()
    _weights, scores = scores_on(entity, day)
    made = figures_of(entity, day, scores)
    with transaction.atomic():
        AssuranceSnapshot.objects.filter(entity=entity, day=day).delete()
        AssuranceSnapshot.objects.bulk_create(
            AssuranceSnapshot(entity=entity, department_id=place, day=day, figures=figures, counted_at=now)
            for place, figures in made.items()
        )
        SecretScore.objects.filter(secret__entity=entity).exclude(
            secret__state__in=("registered", "changing")
        ).delete()
        SecretScore.objects.bulk_create(
            (
                SecretScore(
                    secret_id=item.secret.id,
                    total=round(10 * item.score.total),
                    pass_mark=item.score.pass_mark,
                    reached=item.score.reached,
                    kinds=kinds_of(item),
                    missing=len(item.missing),
                    counted_at=now,
                )
                for item in scores
            ),
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["secret"],
            update_fields=["total", "pass_mark", "reached", "kinds", "missing", "counted_at"],
        )
    return AssuranceSnapshot.objects.get(entity=entity, department=None, day=day)


def kinds_of(item: SecretScoreOnDay) -> dict[str, int]:
    """Return the strength of each kind in percent."""
    return {share.kind.id: round(100 * share.strength) for share in item.score.kinds}


@task()
def figures_count_task(entity_id: str) -> int:
    """Count the figures of one legal entity; return how many secrets it has."""
    snapshot = figures_count(LegalEntity.objects.get(pk=UUID(entity_id)))
    return sum(snapshot.figures["secrets"].values())


def figures_count_ask(*, actor: User, entity: LegalEntity) -> None:
    """Have the figures counted anew in the background.

    Raises:
        NotPermittedError: the gate refuses.
    """
    gate.require(actor, Action.ASSURANCE_VIEW, entity_resource(entity))
    figures_count_task.enqueue(str(entity.pk))
