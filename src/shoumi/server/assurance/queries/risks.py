"""Risks that a user may see, and a risk as the rules see it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.engine.policy import Action, Resource, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import Risk
from shoumi.server.assurance.queries.scoping import VIEWING, places, within
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.register.models import TradeSecret

LINKABLE = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)


def risk_resource(risk: Risk) -> Resource:
    """Return the risk as the rules see it."""
    return resources.risk(str(risk.pk), owner=str(risk.owner_id), places=places(risk.entity, risk.department))


def risks_visible_to(user: User) -> QuerySet[Risk]:
    """Return the risks within the remit of `user`, and those they own."""
    subject = gate.subject_of(user)
    own = Q(pk__in=())
    if subject.person and gate.permits(user, Action.RISK_VIEW, resources.risk("own", owner=subject.person)):
        own = Q(owner=subject.person)
    rows = Risk.objects.select_related("entity", "department", "owner")
    return rows.filter(own | within(scopes_of(user, VIEWING)))


def risk_get(user: User, risk_id: UUID) -> Risk | None:
    """Return the risk if there is one.

    Raises:
        NotPermittedError: the gate refuses.
    """
    risk = Risk.objects.select_related("entity", "department", "owner").filter(pk=risk_id).first()
    if risk is not None:
        gate.require(user, Action.RISK_VIEW, risk_resource(risk))
    return risk


def risk_record(risk: Risk) -> dict[str, object]:
    """Return the risk as one JSON value, as versions and exports keep it."""
    return {
        "number": risk.number,
        "title": risk.title,
        "description": risk.description,
        "channel": risk.channel,
        "harms": list(risk.harms),
        "likelihood": risk.likelihood,
        "likelihood_reason": risk.likelihood_reason,
        "impact": risk.impact,
        "impact_reason": risk.impact_reason,
        "treatment": risk.treatment,
        "measures": risk.measures,
        "owner": {"id": str(risk.owner_id), "name": str(risk.owner)},
        "review_on": risk.review_on.isoformat(),
        "state": risk.state,
        "links": [
            {"kind": link.kind, "id": str(getattr(link.target, "pk", "")), "name": str(link.target)}
            for link in risk.links.select_related("secret", "zone", "post")
        ],
    }


def risk_words(entity: LegalEntity, language: str) -> dict[str, str]:
    """Return code → words for the channels and harms of the entity's pack."""
    table = load_assurance(entity.pack).risks
    return {item.id: item.names.in_language(language) for item in (*table.channels, *table.harms)}


def risk_matrix(rows: QuerySet[Risk]) -> dict[tuple[int, int], int]:
    """Return how many of the risks that are not closed stand at each likelihood and impact."""
    open_rows = rows.exclude(state=Risk.State.CLOSED).order_by()
    found = open_rows.values_list("likelihood", "impact").annotate(count=Count("pk"))
    return {(likelihood, impact): count for likelihood, impact, count in found}
