"""Who stands in for somebody who is away: a delegation for everything also hands over their steps of cases.

Follows the approvals app: a delegation holds from a moment to a moment, names a reason, and is refused to
those who must stay apart from deciding.  One for certain kinds of requests hands over no steps.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shoumi.engine.policy import Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.approvals.queries import delegations_now, may_stand_in, places_by_role
from shoumi.server.lifecycle.models import PersonCase

OWNERS = tuple(role for role in Role if role not in {Role.EMPLOYEE, Role.OUTSIDE_COUNSEL, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class StandIn:
    """One person in the place of another."""

    delegator: User
    delegate: User
    about: str  # the person who is away: nobody hands over steps of their own case
    held: Mapping[Role, frozenset[str]]  # where they hold the roles that own steps

    def does(self, case: PersonCase, role: str, places: frozenset[str]) -> bool:
        """Tell whether a step of `role` in a case that stands at `places` is the delegator's by role."""
        return self.apart(case) and any(name == role and held & places for name, held in self.held.items())

    def apart(self, case: PersonCase) -> bool:
        """Tell whether the case is about neither of the two."""
        return str(case.person_id) != self.about and case.person.user_id != self.delegate.pk


def stand_ins(**condition: object) -> list[StandIn]:
    """Return who stands in for whom now in everything, of the delegations that meet `condition`."""
    found = []
    for row in delegations_now(kinds=[], **condition):
        if not may_stand_in(row.delegate):
            continue
        held = places_by_role(row.delegator)
        owned = {} if Role.AUDITOR in held else {role: held[role] for role in OWNERS if role in held}
        about = gate.subject_of(row.delegator).person or ""
        places = {role: frozenset(scopes) for role, scopes in owned.items()}
        found.append(StandIn(row.delegator, row.delegate, about, places))
    return found


def with_stand_ins(case: PersonCase, users: Iterable[User]) -> list[User]:
    """Return the users with whoever stands in for one of them, the person of the case left out."""
    known = list(users)
    more = [each.delegate for each in stand_ins(delegator__in=known) if each.apart(case)]
    return [*known, *more]
