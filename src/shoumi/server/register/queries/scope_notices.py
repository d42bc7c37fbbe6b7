"""What persons in knowledge scopes were told, and what they were not told yet."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.server.accounts.models import User
from shoumi.server.people.models import Department, Engagement, Person
from shoumi.server.people.queries import engaged_now
from shoumi.server.register.models import ScopeEntry, ScopeNotice, TradeSecret

LIVE = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)


def persons_engaged() -> QuerySet[Person]:
    """Return everybody who works here now."""
    engaged = Engagement.objects.filter(engaged_now())
    return Person.objects.filter(pk__in=engaged.values("person_id")).order_by("pk")


def secrets_not_told(person: Person) -> QuerySet[TradeSecret]:
    """Return the secrets in whose scope a person is now, and of which they were not told."""
    rows = Engagement.objects.filter(engaged_now(), person=person).select_related("department")
    engagements = list(rows)
    above = {key for row in engagements for key in row.department.path_ids}
    posts = {row.post_id for row in engagements if row.post_id}
    entities = Department.objects.filter(pk__in=above).values("entity")
    entries = Q(kind=ScopeEntry.Kind.PERSONS, person=person)
    entries |= Q(kind=ScopeEntry.Kind.DEPARTMENTS, department__in=above)
    entries |= Q(kind=ScopeEntry.Kind.POSTS, post__in=posts)
    entries |= Q(kind=ScopeEntry.Kind.ALL_STAFF, secret__entity__in=entities)
    told = ScopeNotice.objects.filter(person=person)
    return TradeSecret.objects.filter(
        ~Exists(told.filter(secret=OuterRef("pk"))),
        ~Exists(told.filter(batch__rows__secret=OuterRef("pk"))),
        pk__in=ScopeEntry.objects.filter(entries).values("secret_id"),
    ).order_by("number")


def notices_of(user: User) -> QuerySet[ScopeNotice]:
    """Return what a user was told, what waits for an acknowledgement first."""
    rows = ScopeNotice.objects.filter(person__user=user).select_related("secret", "batch__entity")
    return rows.order_by("acknowledged_at", "-told_at", "-pk")


def notices_about(secret: TradeSecret) -> QuerySet[ScopeNotice]:
    """Return who was told about a secret, by name."""
    about = Q(secret=secret)
    row = getattr(secret, "legacy_row", None) if secret.legacy else None
    if row is not None:
        about |= Q(batch=row.batch_id)
    return ScopeNotice.objects.filter(about).select_related("person__user").order_by("person__reading", "pk")
