"""Joining from a competitor up to the opened access, and a transfer with its talk, handover and filing."""

from __future__ import annotations

from datetime import date

import pytest
from tests.server.lifecycle.company import PASSWORD, nothing, now, settled, step_of

from shoumi.engine.jurisdiction.procedures import Gate
from shoumi.server.lifecycle.models import CaseStep
from shoumi.server.lifecycle.queries.standings import standing_of
from shoumi.server.lifecycle.services.cases import case_close, party_name
from shoumi.server.lifecycle.services.errors import GateClosedError
from shoumi.server.lifecycle.services.recording import Done, step_record, step_sign

CHECKED = ("prior_non_compete", "prior_secrecy", "history")
ISSUED = ("accounts", "devices", "cards", "keys")
THINGS = ("files", "hardware", "accounts", "passwords", "data", "carriers")
ACCESS = ("domain", "application", "network", "messenger", "door", "keys")


@pytest.mark.requirement("ONB-01", "ONB-02", "ONB-03", "ONB-17")
def test_a_joiner_from_a_competitor_gets_access_when_everything_is_there(company):
    facts = {"knows_secrets": "yes", "from_competitor": "yes", "post_level": "important"}
    case = company.case("joining", facts=facts, days={"first_day": date(2026, 3, 9)})
    leader, head = company.leader.person, company.head.person
    for party, person in (("company", leader), ("manager", head)):
        party_name(actor=company.people_office, case=case, party=party, person=person)
    company.does(case, "background-check", company.people_office, items=settled(*CHECKED))
    company.does(case, "non-compete-record", company.legal)
    company.does(case, "clean-entry", company.people_office)
    company.does(case, "training-before-access", company.officer)
    signers = {
        "secrecy-clause": {"person": company.leaver, "company": company.leader},
        "monitoring-notice": {"person": company.leaver},
        "policy-acknowledgement": {"person": company.leaver},
        "no-infringement": {"person": company.leaver},
        "nda": {"person": company.leaver, "company": company.leader},
        "scope-briefing": {"person": company.leaver, "manager": company.head},
    }
    for key, parties in signers.items():
        assert not standing_of(case).may(Gate.ACCESS)
        for party, user in parties.items():
            step_sign(actor=user, step=step_of(case, key), party=party, password=PASSWORD)
    assert standing_of(case).may(Gate.ACCESS)
    assert standing_of(case).may(Gate.POST)
    company.does(
        case, "equipment-issue", company.technician, by=company.successor, items=settled(*ISSUED, at=now())
    )
    reviews = case.steps.filter(key__startswith="work-review/")
    assert reviews.count() == 7  # every quarter for 730 days
    assert step_of(case, "work-review/1").due_at.date() == date(2026, 6, 9)
    with pytest.raises(GateClosedError):
        case_close(actor=company.people_office, case=case, outcome="", expected_version=case.version)


@pytest.mark.requirement("TRF-02", "TRF-03", "TRF-04")
def test_a_transfer_is_talked_about_handed_over_and_filed(company):
    facts = {"knows_secrets": "yes", "manages_accounts": "no", "post_level": "important"}
    case = company.case("transfer", facts=facts, days={"transfer_day": date(2026, 3, 1)})
    party_name(actor=company.people_office, case=case, party="receiver", person=company.successor.person)
    company.does(case, "transfer-talk", company.officer, note="告知新旧岗位的保密义务和违反的法律责任")
    nothing(company, case, *THINGS, key="transfer-handover")
    assert step_of(case, "transfer-handover").state == CaseStep.State.DONE
    assert standing_of(case).may(Gate.POST)
    step = step_of(case, "permission-delta")
    step_record(actor=company.technician, step=step, done=Done(items=settled(*ACCESS, at=now(hours=1))))
    assert "permission-delta" in standing_of(case).measured
    company.does(case, "transfer-cool-down", company.officer)
    with pytest.raises(GateClosedError):
        case_close(actor=company.people_office, case=case, outcome="", expected_version=case.version)
    company.does(case, "transfer-filing", company.officer)
    case.refresh_from_db()
    assert not case_close(
        actor=company.people_office, case=case, outcome="已到新岗位", expected_version=case.version
    ).is_open
