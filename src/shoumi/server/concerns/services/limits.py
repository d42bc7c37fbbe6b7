"""Slows floods without knowing who sends: one count for all strangers together, forgotten after its hour.

No address, no browser and no cookie is looked at.  Whoever floods the open way stops it for an hour; the way
by name is counted for each account and stays open.  A passphrase has 117 bits, so guessing needs no limit to
fail; the limit keeps it from costing anything.
"""

from __future__ import annotations

from django.core.cache import cache

from shoumi.server.concerns.services.errors import TooManyError
from shoumi.server.ledger.services import clock

HOUR = 3600  # seconds
LETTERS = 60  # of strangers in an hour
OWN_LETTERS = 20  # of one account in an hour
TRIES = 120  # passphrases that open nothing, in an hour


def counted(what: str, most: int) -> None:
    """Count one more.

    Raises:
        TooManyError: there were `most` within this hour.
    """
    name = f"concerns/{what}/{clock().now():%Y%m%d%H}"
    cache.add(name, 0, HOUR)
    if cache.incr(name) > most:
        raise TooManyError


def full(what: str, most: int) -> bool:
    """Tell whether `most` were counted within this hour."""
    return cache.get(f"concerns/{what}/{clock().now():%Y%m%d%H}", 0) >= most
