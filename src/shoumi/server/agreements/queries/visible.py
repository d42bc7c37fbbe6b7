"""Which agreements a user may see, and agreements as the rules see them.

The roles named here are those of `engine/policy/cedar/agreements.cedar`; a test compares both for every role.
Reads only.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.engine.policy import COMPANY, Resource, Role, entity_scope, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement, Witness
from shoumi.server.agreements.queries.libraries import NON_COMPETE
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import person_places
from shoumi.server.people.queries.listing import persons_within, scopes_of

READERS = frozenset(
    {
        Role.HR,
        Role.LEGAL,
        Role.SECRECY_OFFICER,
        Role.LEADER,
        Role.DEPARTMENT_OWNER,
        Role.DEPARTMENT_SECRECY_OFFICER,
        Role.AUDITOR,
    }
)
PREPARERS = frozenset({Role.HR, Role.LEGAL, Role.SECRECY_OFFICER})


def agreements() -> QuerySet[Agreement]:
    """Return all agreements with what lists and their places need."""
    return Agreement.objects.select_related("entity", "person__entity", "library", "pdf", "form")


def agreements_visible_to(user: User) -> QuerySet[Agreement]:
    """Return the agreements of which `user` may know."""
    subject = gate.subject_of(user)
    scopes = scopes_of(user, READERS)
    found = persons_within(scopes, "person")
    entities = [UUID(scope.partition(":")[2]) for scope in scopes if scope.startswith("entity:")]
    of_parties = Q(person__isnull=True)
    found |= of_parties if COMPANY in scopes else of_parties & Q(entity__in=entities)
    if subject.person and subject.active:
        witnessed = Witness.objects.filter(person=subject.person, refusal__paper=OuterRef("pk"))
        found |= Q(person=subject.person) | Exists(witnessed)
    return agreements().filter(found)


def mine(user: User) -> QuerySet[Agreement]:
    """Return the agreements of `user` as a person, drafts and refusal records left out."""
    person = gate.subject_of(user).person
    if person is None:
        return agreements().none()
    rows = agreements().filter(person=person, offered_at__isnull=False, refusal_recorded__isnull=True)
    return rows.exclude(state=Agreement.State.WITHDRAWN)


def to_sign(user: User) -> QuerySet[Agreement]:
    """Return what `user` has to sign now."""
    return mine(user).filter(state=Agreement.State.OFFERED).order_by("offered_at", "pk")


def to_witness(user: User) -> QuerySet[Witness]:
    """Return the refusals that `user` has yet to confirm as a witness."""
    person = gate.subject_of(user).person
    rows = (
        Witness.objects.filter(person=person, confirmed_at__isnull=True) if person else Witness.objects.none()
    )
    return rows.select_related(
        "refusal__agreement__person", "refusal__agreement__entity", "refusal__paper__pdf"
    )


def agreement_resource(agreement: Agreement) -> Resource:
    """Return an agreement as the rules see it."""
    refusal = getattr(agreement, "refusal_recorded", None)
    witnesses = [str(row.person_id) for row in refusal.witnesses.all()] if refusal else []
    return new_resource(
        agreement.entity, agreement.person, kind=agreement.kind, key=str(agreement.pk), witnesses=witnesses
    )


def new_resource(
    entity: LegalEntity,
    person: Person | None,
    *,
    kind: str,
    key: str = "new",
    witnesses: list[str] | None = None,
) -> Resource:
    """Return an agreement that is to be made, as the rules see it."""
    places = person_places(person) if person else frozenset({entity_scope(entity.pk), COMPANY})
    return resources.agreement(
        key,
        person=str(person.pk) if person else None,
        witnesses=witnesses or (),
        sums=kind == NON_COMPETE,
        places=places,
    )


def entities_of(user: User, roles: frozenset[Role] = PREPARERS) -> QuerySet[LegalEntity]:
    """Return the legal entities in whose whole `user` holds one of `roles`."""
    scopes = scopes_of(user, roles)
    if COMPANY in scopes:
        return LegalEntity.objects.all()
    keys = [UUID(scope.partition(":")[2]) for scope in scopes if scope.startswith("entity:")]
    return LegalEntity.objects.filter(pk__in=keys)
