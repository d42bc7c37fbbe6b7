"""The copies that were issued: as the rules see them, by secret, and by the number found in a picture.

Who may see the list of a secret's copies stands in `engine/policy/cedar/copies.cedar`; lists are asked for
one secret at a time, after the gate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shoumi.engine.policy import COMPANY, Action, Resource, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import places_of
from shoumi.server.ledger.services import clock
from shoumi.server.register.models import CopyIssue, CopySearch, TradeSecret
from shoumi.server.register.queries.resources import secret_resource

SEARCHERS = ("secrecy_officer", "legal", "auditor")


@dataclass(frozen=True, slots=True)
class Traced:
    """One number found, with what may be told about it."""

    found: dict[str, Any]  # as the search recorded it
    issue: CopyIssue | None  # None: never issued here, or not told
    told: bool = True  # False: issued here, and not for this reader to know

    @property
    def strength(self) -> str:
        """How surely the number was read: `sure`, `clear` or `lead`."""
        if self.found["how"] != "read":
            return "lead"
        return "sure" if self.found["sync"] >= SURE else "clear"


SURE = 12.0  # standard deviations of the sync, far above the 7 that are needed


def copies_of(secret: TradeSecret) -> QuerySet[CopyIssue]:
    """Return the copies of a secret, newest first, with what lists show selected."""
    return CopyIssue.objects.filter(secret=secret).select_related("file", "reader__person", "secret")


def issued_ids() -> list[int]:
    """Return the numbers of all copies that bear a hidden one."""
    return list(CopyIssue.objects.filter(form=CopyIssue.Form.HIDDEN).values_list("copy_id", flat=True))


def search_place(user: User) -> Resource:
    """Return the place in which `user` may look a copy up: one of theirs, or the company."""
    now = clock().now()
    scopes = sorted(
        held.scope or COMPANY
        for held in gate.subject_of(user).roles
        if held.role.value in SEARCHERS and held.in_force(now)
    )
    scope = scopes[0] if scopes else COMPANY
    return resources.unit(scope, places_of("" if scope == COMPANY else scope))


def may_search(user: User) -> bool:
    """Tell whether `user` may look copies up at all."""
    return gate.permits(user, Action.COPY_TRACE, search_place(user))


def searches_of(user: User) -> QuerySet[CopySearch]:
    """Return the look-ups that `user` asked for; nobody else's are shown."""
    return CopySearch.objects.filter(asked_by=user).select_related("file")


def search_get(user: User, search_id: UUID) -> CopySearch | None:
    """Return one of the user's own look-ups."""
    return searches_of(user).filter(pk=search_id).first()


def traced(user: User, found: Iterable[dict[str, Any]]) -> list[Traced]:
    """Return what `user` may know of the numbers found; each secret is asked of the gate."""
    rows = list(found)
    numbers = [int(row["copy_id"], 16) for row in rows]
    issues = CopyIssue.objects.filter(copy_id__in=numbers).select_related(
        "secret__owner_department", "secret__entity", "reader__person", "file"
    )
    known = {issue.copy_id: issue for issue in issues}
    result = []
    for row, number in zip(rows, numbers, strict=True):
        issue = known.get(number)
        told = issue is None or gate.permits(user, Action.COPY_VIEW, secret_resource(issue.secret))
        result.append(Traced(row, issue if told else None, told=told))
    return result
