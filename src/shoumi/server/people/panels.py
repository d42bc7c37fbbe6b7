"""What other apps know of a row: numbers on a person's page, and links from a row to what it has a part in.

An app above registers a function when it starts; this app never learns whose numbers they are.
A number is told, never the rows behind it: who may see those is the other app's decision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shoumi.server.accounts.models import User


@dataclass(frozen=True, slots=True)
class Count:
    """One number about a person's sign-in."""

    key: str
    label: Any  # lazily translated
    function: Callable[[User], int]


_counts: dict[str, Count] = {}


def person_count_register(key: str, *, label: Any, function: Callable[[User], int]) -> None:
    """Show the number `function` returns, on the page of every person with a sign-in."""
    _counts[key] = Count(key, label, function)


def person_counts(user: User | None) -> list[tuple[Any, int]]:
    """Return label and number of each registered count; none for a person without a sign-in."""
    if user is None:
        return []
    return [(count.label, count.function(user)) for count in _counts.values()]


Links = Callable[[User, Any], list[tuple[str, str]]]  # the user, the row → text and address
_links: dict[str, list[Links]] = {}


def links_register(kind: str, function: Links) -> None:
    """Show the links `function` returns on the page of every row of a kind; it asks who may follow them."""
    _links.setdefault(kind, []).append(function)


def links_of(kind: str, user: User, row: Any) -> list[tuple[str, str]]:
    """Return text and address of what a row has a part in, as far as the user may follow."""
    return [link for function in _links.get(kind, []) for link in function(user, row)]
