"""What lists show agrees with what the gate decides, for every sign-in and every secret in every state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.register.company import approve, decide, draft, proposed, registered

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.approvals.services import delegation_create
from shoumi.server.people.models import Engagement
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.scope import persons_in_scope
from shoumi.server.register.queries.secrets import secret_get, secrets_visible_to
from shoumi.server.register.services import changes, drafts, proposals
from shoumi.server.register.services.ending import MEASURES
from shoumi.server.register.values import ScopeValue


@pytest.fixture
def landscape(company, fixed_clock):
    """Secrets in every state, of every level, with every kind of scope."""
    person = ScopeValue("persons", str(company.colleague.person.pk))
    made = {
        "draft": draft(company),
        "proposed": proposed(company),
        "core by person": registered(company, level="core"),
        "important by department": registered(company),
        "important by post": registered(company, scope=(ScopeValue("posts", str(company.engineer.pk)),)),
        "important of another department": registered(
            company, scope=(ScopeValue("departments", str(company.sales.pk)), person)
        ),
        "general for all": registered(company, level="general", scope=(ScopeValue("all_staff"),)),
        "core, wider": registered(
            company, level="core", scope=(person,), scope_reason="the colleague works on it"
        ),
    }
    waiting = proposed(company)
    decide(waiting, company.officer)
    made["awaiting approval"] = waiting
    returned = proposed(company)
    decide(returned, company.officer, "return", "more evidence please")
    made["returned"] = returned
    refused = proposed(company)
    decide(refused, company.officer, "reject", "it is in the catalogue")
    made["not a secret"] = refused
    withdrawn = proposed(company)
    proposals.secret_withdraw(actor=company.proposer, secret_id=withdrawn.pk)
    made["withdrawn"] = withdrawn
    ended = registered(company)
    changes.declassification_open(
        actor=company.owner, secret_id=ended.pk, expected_version=ended.version, ground="DEC-02",
        reason="no longer of use", measures=MEASURES,
    )  # fmt: skip
    made["declassified"] = approve(company, ended)
    changing = registered(company)
    changes.declassification_open(
        actor=company.owner, secret_id=changing.pk, expected_version=changing.version, ground="DEC-02",
        reason="no longer of use",
    )  # fmt: skip
    made["changing"] = changing
    delegation_create(
        actor=company.leader, delegate=company.head, kinds=[], reason="away",
        starts_at=fixed_clock.now(), ends_at=fixed_clock.now() + timedelta(days=9),
    )  # fmt: skip
    fixed_clock.advance(timedelta(minutes=1))
    leaver = company.seller.person.engagements.get()
    Engagement.objects.filter(pk=leaver.pk).update(ends_on=fixed_clock.now().date())
    return {name: TradeSecret.objects.get(pk=secret.pk) for name, secret in made.items()}


@pytest.mark.requirement("SCP-01", "SCP-02")
def test_lists_agree_with_the_gate_for_everybody_and_every_secret(
    company, landscape, django_assert_max_num_queries
):
    differences = []
    seen = 0
    for name, person in company.everybody.items():
        visible = set(secrets_visible_to(person).values_list("pk", flat=True))
        for what, secret in landscape.items():
            permitted = gate.permits(person, Action.SECRET_VIEW_METADATA, secret_resource(secret))
            seen += permitted
            if permitted != (secret.pk in visible):
                differences.append((name, what, permitted))
    assert differences == []
    assert 40 < seen < len(company.everybody) * len(landscape)
    for what in ("core by person", "important by department", "important by post", "general for all"):
        secret = landscape[what]
        told = {person.user_id for person in persons_in_scope(secret)}
        for person in company.everybody.values():
            reasons = gate.decide(person, Action.SECRET_VIEW_METADATA, secret_resource(secret)).reasons
            assert (person.pk in told) == ("see-within-knowledge-scope" in reasons), (what, person)
    with gate.remembered_subjects(), django_assert_max_num_queries(12):
        list(secrets_visible_to(company.officer))


def test_a_secret_that_may_not_be_seen_is_refused_and_one_that_is_not_there_is_none(company):
    secret = draft(company)
    with pytest.raises(gate.NotPermittedError):
        secret_get(company.seller, secret.pk)
    assert secret_get(company.proposer, secret.pk) == secret
    drafts.secret_discard(actor=company.proposer, secret_id=secret.pk)
    assert secret_get(company.proposer, company.lab.pk) is None
