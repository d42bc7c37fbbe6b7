"""The clock of the register: notice before a period ends, and declassification by itself on the day after.

Follows the seed guide 四(五)1 (自行解密); the days of notice come from the pack or the company's own default.
Runs daily as the system; a secret that fails is told and the others go on.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import ExpiryNotice, Publication, TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.standards import level_standard
from shoumi.server.register.services.changes import change_lapse
from shoumi.server.register.services.editing import secret_locked
from shoumi.server.register.services.ending import secret_end
from shoumi.server.register.services.notices import tell_owner_and_office

SYSTEM = "system:register"
LONGEST_NOTICE_DAYS = 366
LIVE = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)
log = logging.getLogger(__name__)


def expiry_run() -> tuple[int, int]:
    """Send the notices that are due and end the periods that are over; return how many of each."""
    horizon = clock().now().date() + timedelta(days=LONGEST_NOTICE_DAYS)
    ending = Q(period_ends_on__lte=horizon)
    published = Q(period="until_publication", publication__confirmed_at__isnull=False)
    due = TradeSecret.objects.filter(ending | published, state__in=LIVE)
    noticed = ended = 0
    for secret_id in due.values_list("pk", flat=True):
        try:
            if secret_expire(secret_id=secret_id):
                ended += 1
            elif expiry_notice(secret_id=secret_id):
                noticed += 1
        except Exception:
            log.exception("The period of secret %s could not be looked after", secret_id)
    return noticed, ended


def expiry_notice(*, secret_id: UUID) -> bool:
    """Tell owner and office that a period ends soon, once per distance; return whether it was due."""
    with transaction.atomic():
        secret = secret_locked(secret_id)
        end = secret.period_ends_on
        standard = level_standard(secret.entity_id, pack_of(secret), secret.level)  # the days of now
        if end is None or standard is None or secret.state not in LIVE:
            return False
        left = (end - today_of(secret.entity)).days
        reached = [days for days in standard.notice_days if left <= days]
        if not reached:
            return False
        notice, fresh = ExpiryNotice.objects.get_or_create(
            secret=secret, ends_on=end, days_before=min(reached), defaults={"sent_at": clock().now()}
        )
        if not fresh:
            return False
        tell_owner_and_office(secret, "expires_soon", days=str(left), ends_on=end.isoformat())
        append(
            RegisterTag.EXPIRY_NOTICED,
            actor=SYSTEM,
            subject=secret.ledger_subject,
            detail={"ends_on": end.isoformat(), "days_before": str(notice.days_before)},
        )
    return True


def secret_expire(*, secret_id: UUID) -> bool:
    """Declassify a secret whose period is over or whose publication came; return whether it was due."""
    with transaction.atomic():
        secret = secret_locked(secret_id)
        if secret.state not in LIVE or not is_due(secret) or not notice_given(secret):
            return False
        change_lapse(secret)
        version = secret_end(secret, reason="DEC-01", transition="expire", actor=None)
        tell_owner_and_office(secret, "expired")
        append(
            RegisterTag.SECRET_EXPIRED,
            actor=SYSTEM,
            subject=secret.ledger_subject,
            detail={"reason": "DEC-01", "record_sha256": version.sha256, "record": version.snapshot},
        )
    return True


def notice_given(secret: TradeSecret) -> bool:
    """Tell whether owner and office were told on an earlier day; a publication is told when recorded."""
    if secret.period_ends_on is None:
        return True
    midnight = clock().now().astimezone(ZoneInfo(secret.entity.time_zone)).replace(hour=0, minute=0, second=0)
    return secret.expiry_notices.filter(ends_on=secret.period_ends_on, sent_at__lt=midnight).exists()


def is_due(secret: TradeSecret) -> bool:
    """Tell whether the last secret day has passed, or a confirmed publication has come."""
    today = today_of(secret.entity)
    if secret.period_ends_on is not None and secret.period_ends_on < today:
        return True
    row = Publication.objects.filter(secret=secret, confirmed_at__isnull=False).first()
    return secret.period == "until_publication" and row is not None and row.published_on <= today
