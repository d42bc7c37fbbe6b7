"""The number of a carrier: that of its secret with a running number, such as `SM-2026-0001/02`.

Given at the designation of the secret, or when a carrier is added later; never given twice.  Copies carry
the number of their original with a suffix, which is given where copies are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shoumi.server.register.models import Carrier, TradeSecret


def carriers_number(secret: TradeSecret) -> None:
    """Give the carriers of a locked, numbered secret their numbers; those that have one keep it."""
    waiting = list(secret.carriers.filter(number=None, copy_of=None).order_by("pk"))
    if waiting:
        for carrier, number in zip(waiting, carrier_numbers(secret), strict=False):
            carrier.number = number
        Carrier.objects.bulk_update(waiting, ["number"])


def carrier_numbers(secret: TradeSecret) -> Iterator[str]:
    """Yield the numbers that are free, one after the other; the secret is locked."""
    used = secret.carriers.filter(number__isnull=False).values_list("number", flat=True)
    last = max(_ordinals(secret, used), default=0)
    while True:
        last += 1
        yield carrier_number(secret, last)


def carrier_number(secret: TradeSecret, ordinal: int) -> str:
    """Return the number of the carrier of a numbered secret with this 1-based running number."""
    return f"{secret.number}/{ordinal:02d}"


def _ordinals(secret: TradeSecret, numbers: Iterable[str]) -> Iterator[int]:
    for number in numbers:
        tail = number.removeprefix(f"{secret.number}/").partition("-")[0]
        if tail.isdecimal():
            yield int(tail)
