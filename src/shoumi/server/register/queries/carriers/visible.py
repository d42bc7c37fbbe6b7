"""Which carriers a user may see in lists, as one database query, and single carriers by the gate.

The query says in SQL what `engine/policy/cedar/carriers.cedar` says about `carrier.view`; a test compares
the two.  A carrier is known from the designation of its secret on, when it has a number; before, it is
part of the draft.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from shoumi.engine.policy import Action, Resource, Role, Subject, resources
from shoumi.engine.policy.facts import CarrierFacts
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_places
from shoumi.server.register.models import Carrier, Handover, TradeSecret
from shoumi.server.register.queries.resources import secret_facts
from shoumi.server.register.queries.secrets import WATCHING, in_knowledge_scope, within

RELATED = (
    "secret__entity",
    "secret__owner_department",
    "secret__custodian",
    "zone",
    "keeper",
    "holder",
    "unit",
)


def carriers_visible_to(user: User | AnonymousUser) -> QuerySet[Carrier]:
    """Return the carriers of designated secrets that `user` may see, with what lists show selected."""
    rows = Carrier.objects.filter(number__isnull=False).select_related(*RELATED)
    subject = gate.subject_of(user)
    held = roles_held(subject)
    if held is None:
        return rows.none()
    secrets = Q(pk__in=())
    for role, scope in held:
        if role in WATCHING:
            secrets |= within(scope)
    if any(role is Role.EMPLOYEE for role, _scope in held):
        secrets |= in_knowledge_scope(subject)
    wide = Q(secret__in=TradeSecret.objects.filter(secrets).values("pk"))
    if subject.person is not None:
        offered = Handover.objects.filter(receiver=subject.person, state=Handover.State.OFFERED)
        wide |= Q(keeper=subject.person) | Q(holder=subject.person) | Q(secret__custodian=subject.person)
        wide |= Q(pk__in=offered.values("carrier"))
    return rows.filter(wide)


def carrier_get(user: User, carrier_id: UUID, action: Action = Action.CARRIER_VIEW) -> Carrier | None:
    """Return the carrier if it exists and the user may do `action`; None if it does not exist.

    Raises:
        NotPermittedError: the gate refuses.
    """
    carrier = Carrier.objects.select_related(*RELATED).filter(pk=carrier_id, number__isnull=False).first()
    if carrier is not None:
        gate.require(user, action, carrier_resource(carrier))
    return carrier


def carrier_resource(carrier: Carrier) -> Resource:
    """Return the carrier as the rules see it."""
    open_row = (
        carrier.handovers.filter(state=Handover.State.OFFERED).values_list("receiver", flat=True).first()
    )
    return _resource(
        str(carrier.pk),
        carrier.secret,
        keeper=_key(carrier.keeper_id),
        holder=_key(carrier.holder_id),
        recipient=_key(open_row),
    )


def carrier_of(department: Department) -> Resource:
    """Return a carrier that is to be registered for some secret of a department, as the rules see it."""
    return resources.carrier(f"new:{department.pk}", CarrierFacts(places=department_places(department)))


def carrier_to_be(secret: TradeSecret) -> Resource:
    """Return a carrier that `secret` does not have yet, as the rules see it."""
    return _resource(f"new:{secret.pk}", secret)


def roles_held(subject: Subject) -> list[tuple[Role, str]] | None:
    """Return the roles in force with their places; None for somebody who sees nothing of this at all."""
    now = clock().now()
    ended = subject.ends_at is not None and subject.ends_at <= now
    external = any(role.role is Role.OUTSIDE_COUNSEL for role in subject.roles)
    if not subject.active or ended or external:
        return None
    return [(role.role, role.scope) for role in subject.roles if role.in_force(now)]


def _resource(
    carrier_id: str,
    secret: TradeSecret,
    *,
    keeper: str | None = None,
    holder: str | None = None,
    recipient: str | None = None,
) -> Resource:
    facts = secret_facts(secret)
    return resources.carrier(
        carrier_id,
        CarrierFacts(
            keeper=keeper,
            holder=holder,
            recipient=recipient,
            custodian=facts.custodian,
            departments=facts.departments,
            posts=facts.posts,
            persons=facts.persons,
            places=facts.places,
        ),
    )


def _key(value: object) -> str | None:
    return None if value is None else str(value)
