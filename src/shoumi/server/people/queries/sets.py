"""Rows found by any of several ways, put together as sets of keys.

A condition that joins unlike ways by OR is asked of every row of a table; a set of keys is found through the
index of each way and put together once.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

NOTHING = Q(pk__in=())


def within_any(found: Iterable[QuerySet], path: str = "pk") -> Q:
    """Return the condition that what stands at `path` is named by one of `found`.

    Each of `found` selects exactly one column of keys (`values("pk")`).
    """
    sets = [rows.order_by() for rows in found]
    if not sets:
        return NOTHING
    first, *more = sets
    return Q(**{f"{path}__in": first.union(*more, all=True) if more else first})
