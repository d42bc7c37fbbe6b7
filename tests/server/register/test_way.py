"""The way of a secret: proposed, reviewed by the office, approved by leaders, filed twice."""

from __future__ import annotations

import pytest
from tests.server.people.company import grant
from tests.server.register.company import (
    CONTENT,
    approve,
    decide,
    draft,
    grading,
    proposed,
    registered,
    stored,
)

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Role
from shoumi.engine.workflow import CHANGE_REQUEST, SECRET
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.queries import requests_of
from shoumi.server.approvals.services import TookPartError, request_withdraw
from shoumi.server.files.models import FileState
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.notifications.models import Notification
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import SecretChange, SecretFiling, SecretVersion, TradeSecret
from shoumi.server.register.queries.checks import faults_of
from shoumi.server.register.queries.snapshot import reconcile
from shoumi.server.register.services import contents, drafts, proposals
from shoumi.server.register.services.editing import SecretChangedError
from shoumi.server.register.services.notices import MESSAGES
from shoumi.server.register.values import ElementValue, EvidenceValue, Identity

State = TradeSecret.State


@pytest.mark.requirement("IDN-01", "IDN-02", "IDN-03", "IDN-04", "GEN-05", "LVL-03")
def test_a_secret_is_registered_after_three_steps_with_two_filings(company):
    secret = registered(company)
    assert secret.state == State.REGISTERED
    assert secret.number == "SM-2026-0001"
    assert [person["step"] for person in secret.designated_by] == ["review", "approve"]
    version = secret.versions.get()
    assert {filing.side for filing in version.filings.all()} == {"owner", "office"}
    assert reconcile(version) == []
    tags = list(entries_of(secret.ledger_subject).values_list("tag", flat=True))
    assert tags[0] == "register:secret:drafted"
    assert tags[-1] == "register:secret:registered"
    assert "register:secret:proposed" in tags
    record = {item.name: item.value for item in entry_details(entries_of(secret.ledger_subject).last())}[
        "record"
    ]
    assert record["number"] == "SM-2026-0001"
    assert CONTENT.decode() not in str(record)


@pytest.mark.requirement("LVL-03", "IDN-03")
def test_the_quorum_rises_with_the_level(company):
    general = proposed(company, level="general")
    decide(general, company.officer)
    decide(general, company.leader)
    assert TradeSecret.objects.get(pk=general.pk).state == State.REGISTERED
    core = proposed(company, level="core")
    decide(core, company.officer)
    decide(core, company.leader)
    assert TradeSecret.objects.get(pk=core.pk).state == State.AWAITING_APPROVAL
    with pytest.raises(NotPermittedError):
        decide(core, company.leader)
    decide(core, company.second_leader)
    assert TradeSecret.objects.get(pk=core.pk).state == State.REGISTERED


@pytest.mark.requirement("IDN-03")
def test_nobody_decides_what_they_proposed_or_worked_on(company):
    own = draft(company, actor=company.officer)
    proposals.secret_submit(actor=company.officer, secret_id=own.pk, expected_version=own.version)
    with pytest.raises(NotPermittedError):
        decide(own, company.officer)
    helped = draft(company)
    drafts.secret_describe(
        actor=company.department_officer, secret_id=helped.pk, expected_version=helped.version,
        identity=Identity("曲线", "说明", "IDN-T2", "必要", str(company.head.person.pk)),
    )  # fmt: skip
    grant(company.department_officer, Role.SECRECY_OFFICER)
    helped.refresh_from_db()
    proposals.secret_submit(actor=company.proposer, secret_id=helped.pk, expected_version=helped.version)
    with pytest.raises(TookPartError):
        decide(helped, company.department_officer)
    decide(helped, company.officer)


def test_one_person_does_not_review_and_approve(company):
    grant(company.officer, Role.LEADER)
    secret = proposed(company)
    decide(secret, company.officer)
    with pytest.raises(NotPermittedError):
        decide(secret, company.officer)


@pytest.mark.requirement("GEN-01", "GEN-02")
@pytest.mark.parametrize("missing", ["verdict", "reason", "evidence"])
@pytest.mark.parametrize("element", ["secrecy", "value", "measures"])
def test_no_element_may_be_empty(company, element, missing):
    secret = draft(company)
    values = {"verdict": "met", "reason": "holds", "evidence": (EvidenceValue("search report"),)}
    values[missing] = () if missing == "evidence" else ""
    secret = drafts.secret_assess(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
        elements=[ElementValue(element, **values)], exclusions=(),
    )  # fmt: skip
    with pytest.raises(proposals.ProposalIncompleteError) as caught:
        proposals.secret_submit(actor=company.proposer, secret_id=secret.pk, expected_version=secret.version)
    assert caught.value.fields["count"] == 1
    secret.refresh_from_db()
    assert secret.state == State.DRAFT
    assert secret.request_id is None


@pytest.mark.requirement("GEN-02")
def test_an_element_that_is_not_met_is_no_trade_secret(company):
    secret = draft(company)
    secret = drafts.secret_assess(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
        elements=[ElementValue("value", "not_met", "nobody would pay", (EvidenceValue("quotes"),))],
        exclusions=(),
    )  # fmt: skip
    with pytest.raises(proposals.ProposalIncompleteError):
        proposals.secret_submit(actor=company.proposer, secret_id=secret.pk, expected_version=secret.version)


@pytest.mark.requirement("GEN-03")
def test_not_a_secret_is_an_outcome_with_its_reason(company):
    secret = draft(company)
    with pytest.raises(proposals.ReasonMissingError):
        proposals.secret_find_not_a_secret(
            actor=company.proposer, secret_id=secret.pk, expected_version=secret.version, reason=" "
        )
    found = proposals.secret_find_not_a_secret(
        actor=company.proposer,
        secret_id=secret.pk,
        expected_version=secret.version,
        reason="in the catalogue",
    )
    assert (found.state, found.outcome_reason) == (State.NOT_A_SECRET, "in the catalogue")
    by_office = proposed(company)
    found = proposals.secret_find_not_a_secret(
        actor=company.officer, secret_id=by_office.pk, expected_version=by_office.version, reason="known"
    )
    assert found.state == State.NOT_A_SECRET
    assert not any(row.is_open for row in requests_of(by_office.ledger_subject))


@pytest.mark.requirement("IDN-05")
def test_the_reason_why_it_must_be_secret_is_mandatory(company):
    secret = draft(company)
    secret = drafts.secret_describe(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
        identity=Identity("曲线", "说明", "IDN-T2", "  ", str(company.head.person.pk)),
    )  # fmt: skip
    assert [fault.code for fault in faults_of(secret, today_of(secret.entity))] == ["necessity_missing"]
    with pytest.raises(proposals.ProposalIncompleteError):
        proposals.secret_submit(actor=company.proposer, secret_id=secret.pk, expected_version=secret.version)


def test_what_is_sent_back_is_worked_on_and_submitted_again(company):
    secret = proposed(company)
    decide(secret, company.officer, "return", "the search record is thin")
    secret.refresh_from_db()
    assert (secret.state, secret.outcome_reason) == (State.RETURNED, "the search record is thin")
    drafts.secret_describe(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
        identity=Identity("陶瓷曲线", "说明", "IDN-T2", "必要", str(company.head.person.pk)),
    )  # fmt: skip
    secret.refresh_from_db()
    proposals.secret_submit(actor=company.proposer, secret_id=secret.pk, expected_version=secret.version)
    assert approve(company, secret).state == State.REGISTERED


def test_a_proposal_is_withdrawn_by_its_proposer_only(company):
    secret = proposed(company)
    with pytest.raises(NotPermittedError):
        proposals.secret_withdraw(actor=company.officer, secret_id=secret.pk)
    proposals.secret_withdraw(actor=company.proposer, secret_id=secret.pk, reason="superseded")
    secret.refresh_from_db()
    assert secret.state == State.WITHDRAWN
    with pytest.raises(ConflictError):
        proposals.secret_withdraw(actor=company.proposer, secret_id=secret.pk)


def test_a_request_withdrawn_on_the_approvals_page_withdraws_the_proposal(company):
    secret = proposed(company)
    request = next(row for row in requests_of(secret.ledger_subject) if row.is_open)
    request_withdraw(request=request, actor=company.proposer)
    secret.refresh_from_db()
    assert secret.state == State.WITHDRAWN


def test_two_who_save_at_once_are_told(company):
    secret = draft(company)
    identity = Identity("甲", "说明", "IDN-T2", "必要", None)
    key, version = secret.pk, secret.version
    drafts.secret_describe(actor=company.proposer, secret_id=key, expected_version=version, identity=identity)
    with pytest.raises(SecretChangedError) as caught:
        drafts.secret_describe(
            actor=company.department_officer, secret_id=key, expected_version=version, identity=identity
        )
    assert caught.value.fields == {"found": version + 1, "expected": version}


@pytest.mark.requirement("IDN-07")
def test_registration_makes_marking_tasks_and_tells_everybody_in_scope(company):
    secret = registered(company)
    tasks = list(secret.marking_tasks.all())
    assert len(tasks) == secret.files.count() + secret.carriers.count() == 2
    told = set(
        Notification.objects.filter(message=MESSAGES["in_scope"]).values_list("user__username", flat=True)
    )
    assert told == {"proposer", "colleague"}
    owners = Notification.objects.filter(message=MESSAGES["registered"])
    assert {"owner", "officer", "head"} <= set(owners.values_list("user__username", flat=True))
    with pytest.raises(NotPermittedError):
        contents.marking_done(actor=company.seller, task_id=tasks[0].pk)
    done = contents.marking_done(actor=company.owner, task_id=tasks[0].pk)
    assert done.done_by == company.owner
    assert contents.marking_done(actor=company.officer, task_id=tasks[0].pk).done_by == company.owner


@pytest.mark.requirement("GEN-17", "LVL-F8")
def test_departures_from_the_defaults_are_recorded_with_their_reasons(company):
    secret = draft(company, period="P2Y", period_reason="the product ends then")
    secret = drafts.secret_grade(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
        grading=grading("core", chosen="important", reason="few people could use it"),
    )  # fmt: skip
    proposals.secret_submit(actor=company.proposer, secret_id=secret.pk, expected_version=secret.version)
    found = {row.field: (row.default, row.chosen, row.reason) for row in secret.deviations.all()}
    assert found == {
        "level": ("core", "important", "few people could use it"),
        "period": ("P5Y", "P2Y", "the product ends then"),
    }


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        ("version", ["version"]),
        ("owner", ["owner"]),
        ("office hash", ["office", "differ"]),
        ("missing", ["office_missing"]),
    ],
)
@pytest.mark.requirement("IDN-04")
def test_filings_that_do_not_agree_are_found(company, tamper, expected):
    version = registered(company).versions.get()
    filings = {filing.side: filing for filing in version.filings.all()}
    if tamper == "version":
        SecretVersion.objects.filter(pk=version.pk).update(snapshot={**version.snapshot, "name": "another"})
    elif tamper == "owner":
        record = {**version.snapshot, "level": "general"}
        SecretFiling.objects.filter(pk=filings["owner"].pk).update(record=record)
    elif tamper == "office hash":
        SecretFiling.objects.filter(pk=filings["office"].pk).update(sha256="0" * 64)
    else:
        filings["office"].delete()
    assert reconcile(SecretVersion.objects.get(pk=version.pk)) == expected


def test_states_are_those_of_the_state_tables():
    assert {state.name for state in SECRET.states} == set(State.values)
    assert {state.name for state in CHANGE_REQUEST.states} == set(SecretChange.State.values)


def test_a_record_that_became_incomplete_is_not_approved(company):
    secret = proposed(company)
    decide(secret, company.officer)
    secret.elements.filter(element="value").update(verdict="")
    with pytest.raises(InputError):
        decide(secret, company.leader)
    secret.refresh_from_db()
    assert secret.state == State.AWAITING_APPROVAL
    assert secret.number is None


def test_what_is_taken_off_or_discarded_is_destroyed(company):
    secret = draft(company)
    row = secret.files.get()
    piece = stored(company.proposer, "证据.txt")
    secret = drafts.secret_assess(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
        elements=[ElementValue("value", "met", "holds", (EvidenceValue(file=piece.pk),))], exclusions=(),
    )  # fmt: skip
    secret = drafts.secret_assess(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
        elements=[ElementValue("value", "met", "holds", (EvidenceValue("in words"),))], exclusions=(),
    )  # fmt: skip
    piece.refresh_from_db()
    assert piece.state == FileState.SHREDDED
    drafts.secret_file_detach(
        actor=company.proposer, secret_id=secret.pk, expected_version=None, file_id=row.pk
    )
    row.file.refresh_from_db()
    assert row.file.state == FileState.SHREDDED
    again = draft(company)
    kept = again.files.get().file
    drafts.secret_discard(actor=company.proposer, secret_id=again.pk)
    kept.refresh_from_db()
    again.refresh_from_db()
    assert (kept.state, again.state, again.name) == (FileState.SHREDDED, State.WITHDRAWN, "")
