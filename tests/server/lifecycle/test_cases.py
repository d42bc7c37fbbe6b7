"""Cases: a plan that is kept, changes, what nobody could do, two persons, refusals, gates, the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.server.lifecycle.company import LAST, NOTICE, asked, settled, step_of

from shoumi.engine.jurisdiction.procedures import CaseChangeError, CaseDayError, CaseFactError, Gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.accounts.models import RoleGrant
from shoumi.server.accounts.services.signatures import SignatureError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.lifecycle.models import CaseStep, PersonCase
from shoumi.server.lifecycle.queries.access import tasks_of
from shoumi.server.lifecycle.queries.packs import source_sha256
from shoumi.server.lifecycle.queries.standings import next_step, plan_of, standing_of, version_of
from shoumi.server.lifecycle.services.cases import (
    CaseFacts,
    case_cancel,
    case_change,
    case_close,
    case_open,
    party_name,
)
from shoumi.server.lifecycle.services.errors import (
    AnsweredError,
    CaseOpenAlreadyError,
    CaseOverError,
    CompanionsError,
    DayMissingError,
    GateClosedError,
    ItemUnknownError,
    NobodyHoldsRoleError,
    NotAFormError,
    NotRefusableError,
    OutsideWorkerError,
    PartyError,
    PartyMissingError,
    ProofMissingError,
    RecordEmptyError,
    SignedAlreadyError,
    TimeError,
    WitnessesError,
)
from shoumi.server.lifecycle.services.giving import step_give
from shoumi.server.lifecycle.services.handover import group_none
from shoumi.server.lifecycle.services.recording import (
    Done,
    record_attest,
    step_record,
    step_refusal,
    step_sign,
)
from shoumi.server.lifecycle.services.templates import ChangeWish, template_change, template_restore
from shoumi.server.notifications.models import Notification
from shoumi.server.people.models import Engagement
from shoumi.server.people.services.editing import RecordChangedError

PASSWORD = "correct-horse-battery-staple-4711"


@pytest.mark.requirement("OFF-00", "OFF-11")
def test_a_case_keeps_its_plan_with_what_it_came_from(company):
    case = company.case()
    kept = version_of(case)
    assert (kept.pack, kept.number, kept.source_sha256) == ("cn", 1, source_sha256("cn"))
    assert case.facts["post_level"] == "important"  # of the post
    assert case.number == "SM-P-2026-00001"
    steps = {step.key: step for step in case.steps.all()}
    assert steps.keys() == {each.id for each in plan_of(case).steps}
    assert {"leaving-talk", "handover", "revocation", "look-back", "certificate"} <= steps.keys()
    assert "freeze" not in steps
    assert steps["leaving-talk"].due_at.date() == NOTICE + timedelta(days=3)  # the end of that day in China
    assert case.next_due_at == min(step.due_at for step in steps.values() if step.due_at)
    tags = [entry.tag for entry in entries_of(case.ledger_subject)]
    assert tags == ["lifecycle:case:opened"]


@pytest.mark.requirement("ONB-00")
@pytest.mark.parametrize(
    ("kind", "facts", "days", "present", "absent"),
    [
        ("joining", {"from_competitor": "no"}, {"first_day": LAST}, "nda", "no-infringement"),
        ("joining", {"from_competitor": "yes"}, {"first_day": LAST}, "no-infringement", "freeze"),
        ("transfer", {}, {"transfer_day": LAST}, "transfer-talk", "transfer-customers/1"),
        ("cool-down", {"non_compete": "yes"}, {"last_day": LAST}, "whereabouts/8", "talk"),
        ("return", {"scope_changed": "yes"}, {"return_day": LAST}, "return-scope", "nda"),
    ],
)
def test_every_kind_of_case_is_led(company, kind, facts, days, present, absent):  # noqa: PLR0913, PLR0917
    case = company.case(kind, facts=facts, days=days)
    keys = set(case.steps.values_list("key", flat=True))
    assert present in keys
    assert absent not in keys
    assert case.main_day == LAST


@pytest.mark.requirement("OFF-05")
def test_who_vanished_enters_the_same_machine_at_its_freeze(company, fixed_clock):
    found = {"found_day": fixed_clock.now()}
    case = company.case(facts={"reason": "vanished", "suspicion": "yes"}, days=found)
    keys = list(case.steps.values_list("key", flat=True))
    assert keys[0] == "freeze"
    assert {"evidence-hold", "certificate-absent", "duty-letter"} <= set(keys)
    assert not {"leaving-talk", "exit-pledge", "certificate"} & set(keys)
    assert step_of(case, "freeze").due_at == fixed_clock.now() + timedelta(hours=4)
    assert next_step(standing_of(case)).planned.id == "freeze"


def test_a_case_that_nobody_could_do_is_refused(company):
    RoleGrant.objects.filter(role="it_administrator").delete()
    with pytest.raises(NobodyHoldsRoleError):
        company.case()
    assert not PersonCase.objects.exists()


def test_a_case_is_opened_once_by_those_who_may_and_never_about_oneself(company):
    company.case()
    with pytest.raises(CaseOpenAlreadyError):
        company.case()
    for user in (company.leaver, company.owner, company.technician, company.auditor, company.counsel):
        with pytest.raises(NotPermittedError):
            company.case(person=company.seller.person, actor=user)
    with pytest.raises(NotPermittedError):
        company.case(person=company.people_office.person)


def test_what_does_not_fit_the_pack_is_refused(company):
    with pytest.raises(DayMissingError):
        company.case(days={})
    with pytest.raises(CaseDayError):
        company.case(days={"notice_day": NOTICE, "transfer_hour": LAST})
    with pytest.raises(CaseFactError):
        company.case(facts={"reason": "mood"})
    Engagement.objects.filter(person=company.leaver.person).update(
        kind="contractors_worker", contractor="示例外包"
    )
    with pytest.raises(OutsideWorkerError):
        company.case()


def test_a_changed_day_makes_a_new_plan_and_the_old_one_stays(company):
    case = company.case(days={"notice_day": NOTICE})
    assert step_of(case, "handover").due_at is None
    known = CaseFacts(case.facts, {"notice_day": NOTICE, "last_day": date(2026, 4, 15)})
    changed = case_change(
        actor=company.people_office, case=case, known=known, reason="协商延后", expected_version=1
    )
    assert [plan.number for plan in changed.plans.all()] == [2, 1]
    assert step_of(case, "handover").due_at.date() == date(2026, 4, 15)
    with pytest.raises(RecordChangedError):
        case_change(actor=company.people_office, case=case, known=known, reason="再改", expected_version=1)
    other = CaseFacts(case.facts | {"manages_accounts": "yes"}, known.days)
    case_change(actor=company.people_office, case=case, known=other, reason="补记", expected_version=2)
    assert step_of(case, "notices").state == CaseStep.State.WAITING
    case_change(actor=company.people_office, case=case, known=known, reason="更正", expected_version=3)
    assert step_of(case, "notices").state == CaseStep.State.DROPPED


@pytest.mark.requirement("OFF-01", "OFF-00")
def test_a_talk_of_two_counts_when_the_second_says_so(company, english):
    case = company.case()
    step = step_of(case, "leaving-talk")
    done = Done(note="告知义务和责任", companions=[company.owner])
    with pytest.raises(CompanionsError):
        step_record(actor=company.officer, step=step, done=Done(note="一人"))
    with pytest.raises(CompanionsError):
        step_record(actor=company.officer, step=step, done=Done(note="本人", companions=[company.leaver]))
    with pytest.raises(NotPermittedError):
        step_record(actor=company.owner, step=step, done=done)
    row = step_record(actor=company.officer, step=step, done=done)
    assert step_of(case, "leaving-talk").state == CaseStep.State.OPEN
    assert Notification.objects.filter(user=company.owner, message__contains="took part").exists()
    with pytest.raises(NotPermittedError):
        record_attest(actor=company.seller, attestation=asked(step, company.owner), agreed=True)
    record_attest(actor=company.owner, attestation=asked(step, company.owner), agreed=True)
    assert step_of(case, "leaving-talk").state == CaseStep.State.DONE
    with pytest.raises(AnsweredError):
        record_attest(actor=company.owner, attestation=row.attestations.get(), agreed=False)


def test_a_record_that_the_second_denies_counts_for_nothing(company):
    case = company.case()
    step = step_of(case, "leaving-talk")
    step_record(actor=company.officer, step=step, done=Done(note="谈话", companions=[company.owner]))
    record_attest(actor=company.owner, attestation=asked(step, company.owner), agreed=False, note="未参加")
    assert step_of(case, "leaving-talk").state == CaseStep.State.OPEN


def test_what_a_record_lacks_is_said(company, fixed_clock):
    case = company.case()
    with pytest.raises(RecordEmptyError):
        step_record(actor=company.legal, step=step_of(case, "non-compete-decision"), done=Done())
    with pytest.raises(ProofMissingError):
        step_record(actor=company.people_office, step=step_of(case, "file-transfer"), done=Done(note="x"))
    revocation = step_of(case, "revocation")
    with pytest.raises(ItemUnknownError):
        step_record(actor=company.technician, step=revocation, done=Done(items=settled("door")))
    with pytest.raises(ItemUnknownError):
        step_record(actor=company.technician, step=revocation, done=Done(items=settled("window")))
    late = fixed_clock.now() + timedelta(minutes=1)
    with pytest.raises(TimeError):
        step_record(actor=company.technician, step=revocation, done=Done(items=settled("door", at=late)))
    with pytest.raises(NotAFormError):  # it is handed over item by item
        company.does(case, "handover", company.owner, by=company.successor, items=settled("files"))
    with pytest.raises(PartyMissingError):
        group_none(actor=company.owner, step=step_of(case, "handover"), group="files")


@pytest.mark.requirement("OFF-09")
def test_a_pledge_is_signed_by_the_leaver_with_the_password(company):
    case = company.case()
    step = step_of(case, "exit-pledge")
    with pytest.raises(NotPermittedError):
        step_sign(actor=company.seller, step=step, party="person", password=PASSWORD)
    with pytest.raises(SignatureError):
        step_sign(actor=company.leaver, step=step, party="person", password="wrong")
    with pytest.raises(NotAFormError):
        step_sign(actor=company.leaver, step=step, party="company", password=PASSWORD)
    step_sign(actor=company.leaver, step=step, party="person", password=PASSWORD)
    with pytest.raises(SignedAlreadyError):
        step_sign(actor=company.leaver, step=step, party="person", password=PASSWORD)
    found = standing_of(case).step("exit-pledge")
    assert found.too_early  # the talk comes before it, and the page says so
    assert step_of(case, "exit-pledge").state == CaseStep.State.DONE


@pytest.mark.requirement("OFF-09")
def test_a_refused_signature_is_a_record_with_two_witnesses(company):
    case = company.case()
    company.does(case, "leaving-talk", company.officer, by=company.owner)
    step = step_of(case, "exit-pledge")
    refusal = {"actor": company.people_office, "step": step, "note": "当面拒绝签字"}
    for witnesses in ([company.witness], [company.witness, company.leaver], [company.witness] * 2):
        with pytest.raises(WitnessesError):
            step_refusal(**refusal, party="person", witnesses=witnesses)
    with pytest.raises(NotRefusableError):
        step_refusal(**refusal, party="company", witnesses=[company.witness, company.seller])
    step_refusal(**refusal, party="person", witnesses=[company.witness, company.seller])
    record_attest(actor=company.witness, attestation=asked(step, company.witness), agreed=True)
    assert step_of(case, "exit-pledge").state == CaseStep.State.OPEN  # one witness is none
    record_attest(actor=company.seller, attestation=asked(step, company.seller), agreed=True)
    assert step_of(case, "exit-pledge").state == CaseStep.State.REFUSED


@pytest.mark.requirement("ONB-03", "ONB-01", "ONB-02")
def test_access_waits_for_training_agreement_and_listed_matters(company, english):
    case = company.case(
        "joining", person=company.seller.person, facts={"knows_secrets": "yes"}, days={"first_day": LAST}
    )
    checks = step_of(case, "background-check")
    assert [item.id for item in plan_of(case).step("background-check").step.items] == [
        "prior_non_compete",
        "prior_secrecy",
        "history",
    ]
    step = step_of(case, "equipment-issue")
    done = Done(note="发放", companions=[company.owner])
    with pytest.raises(GateClosedError) as refused:
        step_record(actor=company.technician, step=step, done=done)
    for title in ("Training before access", "Confidentiality agreement", "Briefing on the knowledge scope"):
        assert title in str(refused.value)
    assert checks.state == CaseStep.State.OPEN
    assert not standing_of(case).may(Gate.POST)


def test_a_step_is_given_to_another_during_an_absence(company, fixed_clock):
    case = company.case()
    step = step_of(case, "non-compete-decision")
    give = {"actor": company.legal, "step": step, "until": date(2026, 3, 5), "reason": "休假"}
    for user in (company.leaver, company.auditor):
        with pytest.raises(PartyError):
            step_give(**give, to=user, expected_version=step.version)
    assert step not in tasks_of(company.witness)
    step = step_give(**give, to=company.witness, expected_version=step.version)
    assert step in tasks_of(company.witness)
    fixed_clock.advance(timedelta(days=6))
    assert step not in tasks_of(company.witness)
    with pytest.raises(NotPermittedError):
        step_record(actor=company.witness, step=step, done=Done(note="放弃竞业限制"))
    fixed_clock.advance(timedelta(days=-6))
    step_record(actor=company.witness, step=step, done=Done(note="放弃竞业限制"))
    assert step_of(case, "non-compete-decision").state == CaseStep.State.DONE


def test_a_company_changes_its_template_and_the_deviation_stays_beside_the_pack(company):
    wish = ChangeWish(
        "leaving",
        "added",
        "own-badge",
        "公司惯例",
        "last_day",
        0,
        "收回工牌",
        "工牌编号",
        "hr",
        "certificate",
    )
    change = template_change(actor=company.officer, entity=company.cn, wish=wish)
    left = ChangeWish("leaving", "left_out", "malware-scan", "无终端")
    template_change(actor=company.officer, entity=company.cn, wish=left)
    with pytest.raises(CaseChangeError):
        template_change(actor=company.officer, entity=company.cn, wish=wish)
    for user in (company.people_office, company.auditor, company.foreign_officer):
        with pytest.raises(NotPermittedError):
            template_change(actor=user, entity=company.cn, wish=wish)
    case = company.case()
    keys = set(case.steps.values_list("key", flat=True))
    assert "own-badge" in keys
    assert "malware-scan" not in keys
    assert len(plan_of(case).deviations) == 2
    company.does(case, "own-badge", company.people_office)
    assert step_of(case, "own-badge").state == CaseStep.State.DONE
    template_restore(actor=company.officer, change=change)
    other = company.case(person=company.seller.person)
    assert "own-badge" not in set(other.steps.values_list("key", flat=True))


def test_parties_differ(company):
    case = company.case()
    name = {"actor": company.people_office, "case": case}
    with pytest.raises(PartyError):
        party_name(**name, party="receiver", person=company.leaver.person)
    with pytest.raises(PartyError):
        party_name(**name, party="person", person=company.successor.person)
    party_name(**name, party="officer", person=company.officer.person)
    with pytest.raises(PartyError):
        party_name(**name, party="receiver", person=company.officer.person)


def test_a_case_closes_at_its_end_only_and_can_be_called_off(company):
    case = company.case()
    with pytest.raises(GateClosedError):
        case_close(actor=company.people_office, case=case, outcome="", expected_version=1)
    case_cancel(actor=company.people_office, case=case, reason="撤回辞职", expected_version=1)
    with pytest.raises(CaseOverError):
        company.does(case, "non-compete-decision", company.legal)
    assert not tasks_of(company.officer).exists()
    again = case_open(
        actor=company.people_office,
        person=company.leaver.person,
        kind="leaving",
        known=CaseFacts({"reason": "orderly"}, {"notice_day": NOTICE}),
    )
    assert again.number == "SM-P-2026-00002"
