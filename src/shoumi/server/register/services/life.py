"""Writing life events: part of the caller's transaction, beside its ledger entry.

Follows the seed guide 五(二).  It asks nobody for permission; the service that calls it has done so.
"""

from __future__ import annotations

from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.register.models import Carrier, LifeEvent, TradeSecret


def life_event_record(
    *, secret: TradeSecret, kind: str, actor: User | None, carrier: Carrier | None = None, note: str = ""
) -> LifeEvent:
    """Write one life event of a secret, or of one of its carriers; `actor` None is the clock."""
    return LifeEvent.objects.create(
        secret=secret,
        carrier=carrier,
        kind=LifeEvent.Kind(kind),
        at=clock().now(),
        actor=actor,
        note=note[:300],
    )
