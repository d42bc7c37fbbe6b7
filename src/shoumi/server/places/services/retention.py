"""Sets how long visitors' details are kept, and erases them when that time is over.

Personal data is kept no longer than it is needed.  The log of entries stays, without names; the pack proposes
a number of days, and a company may set another with its reason.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.services.editing import RecordChangedError, record, text_of
from shoumi.server.places.models import Passage, Visit, VisitorRetention
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.places.services.errors import DaysError, ReasonMissingError
from shoumi.server.privacy.queries.keeping import hold_on

SYSTEM = "system:places"
LONGEST_DAYS = 3650
log = logging.getLogger(__name__)


def retention_days(entity: LegalEntity) -> int:
    """Return how many days after a visit its visitors' details are kept."""
    row = VisitorRetention.objects.filter(entity=entity).first()
    return row.days if row else rules_for(entity).visitor_retention_days


def retention_set(
    *, actor: User, entity: LegalEntity, days: int, reason: str, expected_version: int
) -> VisitorRetention:
    """Set the number of days; `expected_version` is 0 where the pack's number held.

    Raises:
        NotPermittedError, ReasonMissingError, RecordChangedError: each as it says.
        DaysError: not between 1 and 3650.
    """
    gate.require(actor, Action.VISIT_SET_RETENTION, entity_resource(entity))
    text = text_of(VisitorRetention, "reason", reason)
    if not text:
        raise ReasonMissingError
    if not 1 <= days <= LONGEST_DAYS:
        raise DaysError(reason="between 1 and 3650 days are possible")
    with transaction.atomic():
        LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
        row = VisitorRetention.objects.filter(entity=entity).first() or VisitorRetention(
            entity=entity, version=0
        )
        if row.version != expected_version:
            raise RecordChangedError
        before = row.days or 0
        row.days, row.reason, row.set_by, row.set_at = days, text, actor, clock().now()
        row.version += 1
        row.save()
        record(
            LedgerTag.PLACES_RETENTION_CHANGED,
            actor=actor,
            subject=entity.ledger_subject,
            detail={"from": str(before), "to": str(days), "reason": text},
        )
    return row


def visitors_erase() -> int:
    """Erase the details of visitors whose time is over, unless a hold keeps them; return of how many visits.

    Runs daily as the system; a visit that fails is told and the others go on.
    """
    erased = 0
    for entity in LegalEntity.objects.all():
        before = clock().now() - timedelta(days=retention_days(entity))
        due = Visit.objects.filter(zone__entity=entity, ends_at__lt=before, erased_at__isnull=True)
        for visit in due.exclude(pk__in=visits_inside()).select_related("host"):
            if hold_on(visit.host) is not None:
                continue
            try:
                erased += _erase(visit.pk)
            except Exception:
                log.exception("The visitors of visit %s could not be erased", visit.pk)
    return erased


def visits_inside() -> QuerySet[Visit]:
    """Return the visits of which somebody is still inside, by their keys."""
    inside = Passage.objects.filter(left_at__isnull=True, refusal="", entered_at__isnull=False)
    return Visit.objects.filter(visitors__passages__in=inside).values("pk")


def _erase(visit_id: UUID) -> bool:
    with transaction.atomic():
        visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
        if visit.erased_at is not None:
            return False
        visit.organisation, visit.erased_at = "", clock().now()
        visit.version += 1
        visit.save(update_fields=["organisation", "erased_at", "version"])
        count = visit.visitors.update(name="", phone="")
        append(
            LedgerTag.PLACES_VISITOR_ERASED,
            actor=SYSTEM,
            subject=visit.ledger_subject,
            detail={"visitors": str(count)},
        )
    return True
