"""Which concerns a user may see, and concerns as the rules see them.

The roles are those of `engine/policy/cedar/concerns.cedar`; a test compares both.  Reads only.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from shoumi.engine.policy import COMPANY, Resource, Role, entity_scope, resources
from shoumi.server.accounts.models import User
from shoumi.server.concerns.models import Concern
from shoumi.server.people.queries.listing import scopes_of

READERS = (("to_legal", Role.LEGAL), ("to_office", Role.SECRECY_OFFICER))


def concerns() -> QuerySet[Concern]:
    """Return all concerns with what their pages need."""
    return Concern.objects.select_related("entity", "reporter", "key")


def concerns_visible_to(user: User) -> QuerySet[Concern]:
    """Return the concerns that `user` reads in the office."""
    found = Q(pk__in=())
    for field, role in READERS:
        scopes = scopes_of(user, [role])
        keys = [UUID(scope.partition(":")[2]) for scope in scopes if scope.startswith("entity:")]
        if COMPANY in scopes:
            found |= Q(**{field: True})
        elif keys:
            found |= Q(**{field: True}, entity__in=keys)
    return concerns().filter(found).exclude(reporter=user)


def concerns_by(user: User) -> QuerySet[Concern]:
    """Return what `user` reported by name."""
    return concerns().filter(reporter=user)


def concern_resource(concern: Concern) -> Resource:
    """Return a concern as the rules see it."""
    return resources.concern(
        str(concern.pk),
        to_legal=concern.to_legal,
        to_office=concern.to_office,
        reporter=str(concern.reporter_id) if concern.reporter_id else None,
        places=[entity_scope(concern.entity_id)],
    )
