"""Writing life events: part of the caller's transaction, beside its ledger entry.

Follows the seed guide 五(二).  Every event enters both ledgers, with what it changed in the nine fields.
It asks nobody for permission; the service that calls it has done so.
"""

from __future__ import annotations

from collections.abc import Sequence

from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.register.models import Carrier, LifeEvent, TradeSecret
from shoumi.server.register.services.book_writing import SidesRead, books_follow


def life_event_record(
    *, secret: TradeSecret, kind: str, actor: User | None, carrier: Carrier | None = None, note: str = ""
) -> LifeEvent:
    """Write one life event of a secret, or of one of its carriers; `actor` None is the clock.

    Call it when the rows that the event changed are saved: the ledgers read them anew.
    """
    event = LifeEvent.objects.create(**_values(secret, kind, actor), carrier=carrier, note=note[:300])
    books_follow([event], actor=actor)
    return event


def life_events_record(
    secrets: Sequence[TradeSecret],
    *,
    kind: str,
    actor: User | None,
    carriers: bool = False,
    read: SidesRead | None = None,
) -> None:
    """Write the same event for each of `secrets`, and for all their carriers; enter them at once.

    `read` is what each side has read of the secrets since they were last changed, if it has.
    """
    events = [LifeEvent(**_values(secret, kind, actor)) for secret in secrets]
    if carriers:
        of = {secret.pk: secret for secret in secrets}
        events += [
            LifeEvent(**_values(of[carrier.secret_id], kind, actor), carrier=carrier)
            for carrier in Carrier.objects.filter(secret__in=of)
        ]
    books_follow(LifeEvent.objects.bulk_create(events), actor=actor, read=read)


def _values(secret: TradeSecret, kind: str, actor: User | None) -> dict[str, object]:
    return {"secret": secret, "kind": LifeEvent.Kind(kind), "at": clock().now(), "actor": actor}
