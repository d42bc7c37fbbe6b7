"""Which visits of authorities a user may see, and the notice that names what is secret.

Source: the law packs' kind `authority_notice_receipt`.  Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from shoumi.engine.jurisdiction.agreements import Assembled, Facts, FieldValue, assemble
from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.queries.libraries import company_values, library_of
from shoumi.server.partners.models import AuthorityPaper, AuthorityVisit
from shoumi.server.partners.queries.partners import KEEPERS
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.places.queries.visible import within
from shoumi.server.register.queries.words import label_of

READERS = KEEPERS | {Role.LEADER, Role.AUDITOR}
KIND = "authority_notice_receipt"


def authority_visits() -> QuerySet[AuthorityVisit]:
    """Return all visits with what their pages need."""
    return AuthorityVisit.objects.select_related("department__entity", "opened_by")


def authority_visits_visible_to(user: User) -> QuerySet[AuthorityVisit]:
    """Return the visits that `user` may see."""
    return authority_visits().filter(within(scopes_of(user, READERS), entity="department__entity"))


def authority_visit_seen(user: User, visit_id: UUID, action: Action = Action.PARTNER_VIEW) -> AuthorityVisit:
    """Return a visit in whose department the user may do `action`.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    visit = get_object_or_404(authority_visits(), pk=visit_id)
    gate.require(user, action, department_resource(visit.department))
    return visit


def notice_for(visit: AuthorityVisit, papers: Sequence[AuthorityPaper]) -> Assembled:
    """Return the notice that names the secret papers, in the language of the country.

    Raises:
        AgreementIncompleteError: the company's office or its address for reports is not on record.
    """
    entity = visit.department.entity
    items = tuple(
        f"{paper.title} × {paper.copies} ({label_of(paper.secret)})" for paper in papers if paper.secret
    )
    values: dict[str, FieldValue] = {
        **company_values(entity),
        "authority": visit.authority,
        "officials": (visit.officials,),
        "subject": visit.subject,
        "visit_day": visit.day,
        "secret_items": items,
        "office": visit.department.name,
        "report_to": str(visit.opened_by),
    }
    facts = Facts({"engagement": "authority"}, values)
    return assemble(library_of(entity), KIND, facts, today_of(entity))
