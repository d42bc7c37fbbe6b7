"""What is looked after without being asked: steps that can be done now, that are late, that stay late.

Runs as the system.  Each notice is sent once: the step remembers it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from shoumi.engine.policy import Role
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import CaseStep, PersonCase
from shoumi.server.lifecycle.queries.access import LIVE, WITH_PLACES
from shoumi.server.lifecycle.queries.standing_in import with_stand_ins
from shoumi.server.lifecycle.services.cases import owners_of, tell_open_steps
from shoumi.server.lifecycle.services.planning import holders
from shoumi.server.lifecycle.services.telling import tell

SYSTEM = "system:lifecycle"
ESCALATED_AFTER = timedelta(days=3)
LATE = gettext_noop("“%(step)s” in the case %(case)s is overdue.")
STAYS_LATE = gettext_noop("“%(step)s” in the case %(case)s has been overdue for three days.")
SOMETHING_LATE = gettext_noop("A step of a case is overdue.")


def steps_tell() -> int:
    """Tell whose steps can be done by now; return how many cases were looked at."""
    rows = PersonCase.objects.filter(state=PersonCase.State.OPEN).select_related(*WITH_PLACES)
    count = 0
    for case in rows.iterator(chunk_size=500):
        with transaction.atomic():
            tell_open_steps(case)
        count += 1
    return count


def late_tell() -> int:
    """Tell whose steps are late, each once; return how many."""
    rows = _late().filter(late_told_at__isnull=True)
    count = 0
    for step in rows:
        with transaction.atomic():
            users = with_stand_ins(
                step.case, [step.given_to] if step.given_to else owners_of(step.case, step)
            )
            tell(users, LATE, step, mail_text=SOMETHING_LATE)
            CaseStep.objects.filter(pk=step.pk).update(late_told_at=clock().now())
        count += 1
    return count


def late_escalate() -> int:
    """Tell the secrecy office and leaders of what stays late, each once; return how many."""
    rows = _late().filter(due_at__lt=clock().now() - ESCALATED_AFTER, escalated_at__isnull=True)
    count = 0
    for step in rows:
        with transaction.atomic():
            above = [*holders(step.case, Role.SECRECY_OFFICER), *holders(step.case, Role.LEADER)]
            tell(above, STAYS_LATE, step, mail_text=SOMETHING_LATE)
            CaseStep.objects.filter(pk=step.pk).update(escalated_at=clock().now())
            append(
                LedgerTag.LIFECYCLE_STEP_ESCALATED,
                actor=SYSTEM,
                subject=step.case.ledger_subject,
                detail={"step": step.key},
            )
        count += 1
    return count


def _late() -> QuerySet[CaseStep]:
    places = [f"case__{name}" for name in WITH_PLACES]
    return CaseStep.objects.filter(
        case__state=PersonCase.State.OPEN, state__in=LIVE, due_at__lt=clock().now()
    ).select_related("given_to", *places)
