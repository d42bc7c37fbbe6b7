"""Which rows of the privacy app a user may see, and these rows as the rules see them.

The roles named here are those of `engine/policy/cedar/privacy.cedar`; a test compares both.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from shoumi.engine.policy import COMPANY, Resource, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import company_resource, entity_resource, person_places
from shoumi.server.people.queries.listing import persons_within, scopes_of
from shoumi.server.privacy.models import (
    Consent,
    Delivery,
    Hold,
    Notice,
    Processing,
    SubjectRequest,
    Unmasking,
)

READERS = frozenset({Role.LEGAL, Role.HR, Role.SECRECY_OFFICER, Role.LEADER, Role.AUDITOR})
KEEPERS = frozenset({Role.LEGAL, Role.SECRECY_OFFICER})
TELLERS = frozenset({Role.LEGAL, Role.HR, Role.SECRECY_OFFICER})
ANSWERERS = frozenset({Role.LEGAL, Role.HR})
HOLDERS = frozenset({Role.LEGAL})
WATCHERS = frozenset({Role.LEGAL, Role.SECRECY_OFFICER, Role.AUDITOR})  # of unmaskings


def entities_of(user: User, roles: Iterable[Role] = READERS) -> QuerySet[LegalEntity]:
    """Return the legal entities in whose whole `user` holds one of `roles`."""
    scopes = scopes_of(user, roles)
    if COMPANY in scopes:
        return LegalEntity.objects.all()
    keys = [UUID(scope.partition(":")[2]) for scope in scopes if scope.startswith("entity:")]
    return LegalEntity.objects.filter(pk__in=keys)


def answered_for(user: User) -> Q:
    """Return the condition that the user is one of the two who answer for a row."""
    subject = gate.subject_of(user)
    if not subject.person or not subject.active:
        return Q(pk__in=())
    return Q(legal_owner=UUID(subject.person)) | Q(security_owner=UUID(subject.person))


def processings_visible_to(user: User) -> QuerySet[Processing]:
    """Return the register of the entities whose register `user` may read, and what they answer for."""
    rows = Processing.objects.filter(Q(entity__in=entities_of(user)) | answered_for(user))
    return rows.select_related("entity", "legal_owner", "security_owner")


def notices_visible_to(user: User) -> QuerySet[Notice]:
    """Return the notices of these entities."""
    return Notice.objects.filter(entity__in=entities_of(user)).select_related("entity")


def deliveries_visible_to(user: User) -> QuerySet[Delivery]:
    """Return who was told what in these entities."""
    rows = Delivery.objects.filter(notice_version__notice__entity__in=entities_of(user))
    return rows.select_related("notice_version__notice__entity", "person__entity", "text", "sent_by")


def consents_visible_to(user: User) -> QuerySet[Consent]:
    """Return what persons of these entities answered."""
    rows = Consent.objects.filter(processing__entity__in=entities_of(user))
    return rows.select_related("processing__entity", "person__entity")


def requests_visible_to(user: User) -> QuerySet[SubjectRequest]:
    """Return what persons of these entities ask for."""
    rows = SubjectRequest.objects.filter(person__entity__in=entities_of(user))
    return rows.select_related("person__entity", "recorded_by", "answered_by")


def holds_visible_to(user: User) -> QuerySet[Hold]:
    """Return the holds of these entities."""
    return Hold.objects.filter(entity__in=entities_of(user)).select_related("entity", "set_by")


def unmaskings_visible_to(user: User) -> QuerySet[Unmasking]:
    """Return the unmaskings of which `user` may know."""
    scopes = scopes_of(user, WATCHERS)
    found = Q(requester=user) if gate.subject_of(user).active else Q(pk__in=())
    if scopes:
        found |= persons_within(scopes, "person")
    rows = Unmasking.objects.select_related("person__entity", "requester", "decided_by")
    return rows.filter(found)


def unmasking_resource(row: Unmasking) -> Resource:
    """Return an unmasking as the rules see it."""
    now = clock().now()
    granted = row.state == Unmasking.State.GRANTED and row.until is not None and now < row.until
    return resources.unmasking(
        str(row.pk),
        requester=str(row.requester_id),
        about=str(row.person_id),
        granted=granted,
        places=person_places(row.person),
    )


def own_resource(person: Person) -> Resource:
    """Return a person's own page as the rules see it."""
    return resources.person(str(person.pk), person_places(person))


def export_resource(user: User, rows: QuerySet, entity: str) -> Resource:
    """Return what a list is taken out of: the one entity of its rows, or, without rows, of the user.

    `entity` is the path from a row to its entity.
    """
    found = list(LegalEntity.objects.filter(pk__in=rows.order_by().values(entity))[:2])
    found = found or list(entities_of(user)[:2])
    return entity_resource(found[0]) if len(found) == 1 else company_resource()


def matter_resource(row: object, *, entity: LegalEntity, requester: User | None = None) -> Resource:
    """Return something two answer for as the rules see it; `requester` proposed what is open."""
    return resources.privacy_matter(
        str(row.pk),
        owners={str(row.legal_owner_id), str(row.security_owner_id)},
        requester=str(requester.pk) if requester else None,
        places=[entity.scope],
    )


def processing_resource(row: Processing) -> Resource:
    """Return a processing as the rules see it."""
    return matter_resource(row, entity=row.entity)
