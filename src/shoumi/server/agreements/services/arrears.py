"""Looks daily after what is paid: alarms at the months the packs name, each told once; ends what is over.

Runs as the system.  A notice names the person and the months, never a sum.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.agreements.models import ArrearsAlarm, NonCompete
from shoumi.server.agreements.queries.noncompete import standing
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import locked

SYSTEM = "system:agreements"
TOLD = (Role.HR, Role.LEGAL)
BEHIND = gettext_noop("%(months)s months of non-compete compensation for %(person)s are not paid.")
BEHIND_MAIL = gettext_noop("Compensation for non-competition is in arrears.")


def arrears_look() -> int:
    """Look at all non-competition under way; return how many alarms were told."""
    keys = NonCompete.objects.filter(state=NonCompete.State.ACTIVE).values_list("pk", flat=True)
    return sum(arrears_of(key) for key in list(keys))


def arrears_of(key: UUID) -> int:
    """Look at one: note the months, tell new alarms, end it when it is over; return how many were told."""
    with transaction.atomic():
        row = locked(NonCompete, key, None)
        if row.state != NonCompete.State.ACTIVE:
            return 0
        found = standing(row).arrears
        row.months_behind = found.months
        if not found.months and row.ends_on < today_of(row.agreement.entity):
            row.state = NonCompete.State.OVER
        row.save(update_fields=["months_behind", "state"])
        told = 0
        for alarm in found.alarms:
            made, new = ArrearsAlarm.objects.get_or_create(
                non_compete=row,
                months=alarm.months,
                since=alarm.since,
                defaults={"employee_may_end": alarm.employee_may_end, "told_at": clock().now()},
            )
            if new:
                _tell(row, made)
                told += 1
    return told


def _tell(row: NonCompete, alarm: ArrearsAlarm) -> None:
    users: dict[object, User] = {
        user.pk: user for role in TOLD for user in role_holders(role, row.agreement.entity.scope)
    }
    own = row.agreement.person.user_id if row.agreement.person else None
    notify(
        users=[user for key, user in users.items() if key != own],
        message=BEHIND,
        parameters={"months": alarm.months, "person": row.agreement.party},
        link=reverse("agreements:nc_detail", args=[row.pk]),
        mail_text=BEHIND_MAIL,
    )
    append(
        LedgerTag.AGREEMENTS_ARREARS_ALARMED,
        actor=SYSTEM,
        subject=row.ledger_subject,
        detail={"months": alarm.months, "since": alarm.since.isoformat()},
    )
