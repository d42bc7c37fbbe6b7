"""What hangs on a partner, gathered for its page: papers, disclosures, meetings, and what is missing."""

from __future__ import annotations

from typing import Any

from shoumi.server.accounts.models import User
from shoumi.server.agreements.queries.visible import agreements_visible_to
from shoumi.server.partners.models import Partner
from shoumi.server.partners.queries.conditions import before_partner
from shoumi.server.partners.queries.partners import unfiled
from shoumi.server.partners.queries.visible import meetings_visible_to
from shoumi.server.partners.queries.workers import SENT_BY, workers
from shoumi.server.partners.views.states import state_of
from shoumi.server.people.queries import today_of
from shoumi.server.register.queries.operations.lists import operations_visible_to
from shoumi.server.register.queries.operations.obstacles import said
from shoumi.server.register.queries.operations.outside import Going

MOST = 20


def sections_of(user: User, partner: Partner) -> dict[str, Any]:
    """Return everything that `user` may see of what hangs on `partner`."""
    party = partner.third_party
    entity = party.department.entity
    today = today_of(entity)
    prepared = agreements_visible_to(user).filter(entity=entity, party_name=party.name)
    return {
        "agreements": list(party.agreements.select_related("file", "filing")),
        "has_unfiled": unfiled(partner).exists(),
        "prepared": list(prepared[:MOST]),
        "workers": list(workers().filter(partner=partner)[:MOST]) if partner.kind in SENT_BY else None,
        "duties": [
            (duty, state_of(duty)) for duty in partner.duties.order_by("answered_at", "due_on")[:MOST]
        ],
        "assessments": list(partner.assessments.select_related("assessed_by", "decided_by")[:MOST]),
        "checks": list(partner.self_checks.select_related("checked_by")[:MOST]),
        "outsourcings": list(partner.outsourcings.all()[:MOST]),
        "originals": list(partner.originals.select_related("file", "secret", "kept_by")[:MOST]),
        "operations": list(operations_visible_to(user).filter(third_party=party)[:MOST]),
        "meetings": list(meetings_visible_to(user).filter(participants__third_party=party).distinct()[:MOST]),
        "gaps": [said(gap) for gap in before_partner(partner, Going(1, today, today))],
    }
