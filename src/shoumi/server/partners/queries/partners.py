"""Which partners a user may see, partners as the rules see them, and what hangs on one.

Who sees a third party of the register sees its partner: `cedar/operations.cedar`, `partner.view`.
Reads only.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.shortcuts import get_object_or_404

from shoumi.engine.policy import Action, Resource, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import Filing, Partner
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_places, department_resource
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.places.queries.visible import within
from shoumi.server.register.models import ConfidentialityAgreement
from shoumi.server.register.queries.operations.lists import third_parties_visible_to

KEEPERS = frozenset(
    {Role.SECRECY_OFFICER, Role.LEGAL, Role.DEPARTMENT_OWNER, Role.DEPARTMENT_SECRECY_OFFICER}
)


def partners() -> QuerySet[Partner]:
    """Return all partners with what their pages and places need."""
    return Partner.objects.select_related("third_party__department__entity", "manager", "recorded_by")


def partners_visible_to(user: User) -> QuerySet[Partner]:
    """Return the partners that `user` may see; `bound` says whether a filed agreement holds today."""
    rows = partners().filter(third_party__in=third_parties_visible_to(user).order_by().values("pk"))
    return rows.annotate(bound=_bound())


def _bound() -> Case:
    """Return whether an agreement stands on record that has not run out, and is filed."""
    filed = Exists(Filing.objects.filter(agreement=OuterRef("pk")))
    agreements = ConfidentialityAgreement.objects.filter(filed, third_party=OuterRef("third_party")).exclude(
        valid_until__lt=clock().now().date()
    )
    return Case(When(Exists(agreements), then=Value(True)), default=Value(False), output_field=BooleanField())


def partner_seen(user: User, partner_id: UUID, action: Action = Action.PARTNER_VIEW) -> Partner:
    """Return a partner in whose department the user may do `action`.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    partner = get_object_or_404(partners(), pk=partner_id)
    gate.require(user, action, department_resource(partner.third_party.department))
    return partner


def partner_resource(partner: Partner, *, assessors: tuple[str, ...] = ()) -> Resource:
    """Return a partner as the rules see it; `assessors` are accounts that assessed the outsourcing to it."""
    managers = [str(partner.manager_id)] if partner.manager_id else []
    places = department_places(partner.third_party.department)
    return resources.partner(str(partner.pk), managers=managers, assessors=assessors, places=places)


def departments_to_keep_for(user: User) -> QuerySet[Department]:
    """Return the open departments for which `user` may record partners."""
    scopes = scopes_of(user, KEEPERS)
    rows = Department.objects.filter(closed_on__isnull=True).select_related("entity")
    return rows.filter(within(scopes, department="")).order_by("entity__code", "path")


def unfiled(partner: Partner) -> QuerySet[ConfidentialityAgreement]:
    """Return the signed agreements of a partner that are not filed yet."""
    return partner.third_party.agreements.filter(Q(filing__isnull=True))
