"""Grades and scores from the records: any past day, what counts half, what is missing, who may record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.server.register.company import Register, registered, stored
from tests.server.remembering import founded

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import LeaverStep, MeasureRecord
from shoumi.server.assurance.queries.grades import company_score, score_on, scores_on
from shoumi.server.assurance.queries.lived import lived_rates
from shoumi.server.assurance.services.measures import (
    LeaverStepError,
    MeasureProofError,
    MeasureTargetError,
    MeasureValueError,
    MeasureValues,
    MeasureWithdrawnError,
    leaver_step_do,
    measure_record,
    measure_withdraw,
)
from shoumi.server.assurance.services.weights import (
    WeightDecidedError,
    WeightReasonError,
    WeightValueError,
    weight_confirm,
    weight_propose,
)
from shoumi.server.ledger.services import clock
from shoumi.server.people import services as people
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Zone
from shoumi.server.register.models import Carrier, LifeEvent, MarkingTask
from shoumi.server.register.services.contents import marking_done
from shoumi.server.register.services.life import life_event_record

DAY = timedelta(days=1)


@pytest.fixture
def company(db, fixed_clock):
    return founded(Register)


def state(company, secret, proof, day=None):
    _weights, found = score_on(company.cn, day or today_of(company.cn), secret.pk)
    return found.secret.proofs.get(proof)


def total(company, secret, day=None):
    return score_on(company.cn, day or today_of(company.cn), secret.pk)[1].score.total


def grade(company, secret, kind, day=None):
    score = score_on(company.cn, day or today_of(company.cn), secret.pk)[1].score
    return next(item.grade for item in score.kinds if item.kind.id == kind)


def record(company, proof, actor=None, **changes):
    values = MeasureValues(
        proof=proof,
        text="签订保密协议",
        happened_on=changes.pop("happened_on", today_of(company.cn)),
        file=changes.pop("file", None) or stored(company.officer, f"{proof}.txt", proof.encode()),
        **changes,
    )
    return measure_record(actor=actor or company.officer, entity=company.cn, values=values)


def mark(company, secret):
    for task in MarkingTask.objects.filter(secret=secret, done_at=None):
        marking_done(actor=company.head, task_id=task.pk)


def test_what_registration_alone_shows(company):
    secret = registered(company)
    _weights, found = score_on(company.cn, today_of(company.cn), secret.pk)
    strengths = {item.kind.id: item.strength for item in found.score.kinds}
    assert strengths["K1"] == strengths["K3"] == strengths["K6"] == 0
    assert strengths["K4"] > 0
    assert strengths["K5"] > 0
    missing = {item.proof.id for item in found.missing}
    assert {"K1.staff", "K2.rules", "K4.mark", "K3.zone"} <= missing
    assert "K6.leavers" not in missing, "nobody has left, so nothing is missing"


def test_a_day_before_the_registration_has_no_score(company, fixed_clock):
    secret = registered(company)
    assert score_on(company.cn, today_of(company.cn) - DAY, secret.pk)[1] is None


@pytest.mark.requirement("COM-04")
def test_marks_zones_and_seals_count_carrier_by_carrier(company):
    secret = registered(company)
    tasks = MarkingTask.objects.filter(secret=secret).count()
    assert (state(company, secret, "K4.mark").have, state(company, secret, "K4.mark").need) == (0, tasks)
    mark(company, secret)
    assert state(company, secret, "K4.mark").complete
    carrier = Carrier.objects.get(secret=secret)
    assert (state(company, secret, "K3.zone").have, state(company, secret, "K3.zone").need) == (0, 1)
    general = Zone.objects.create(
        entity=company.cn, code="Z1", name="样品室", kind="secret", level=1, created_at=clock().now()
    )
    Carrier.objects.filter(pk=carrier.pk).update(zone=general)
    assert state(company, secret, "K3.zone").complete
    assert not state(company, secret, "K4.isolate").complete, "the zone is below the level of the secret"
    Zone.objects.filter(pk=general.pk).update(level=3)
    assert state(company, secret, "K4.isolate").complete
    record(company, "K4.seal", carrier=carrier)
    assert (state(company, secret, "K4.seal").have, state(company, secret, "K4.seal").need) == (1, 1)


@pytest.mark.requirement("COM-01")
def test_agreements_cover_so_many_of_so_many(company):
    secret = registered(company)
    before = total(company, secret)
    record(company, "K1.staff", covered=48, needed=60, party="staff", lived=90, lived_reason="年度抽查")
    after = state(company, secret, "K1.staff")
    assert (after.have, after.need, after.coverage) == (48, 60, 0.8)
    assert grade(company, secret, "K1").coverage == pytest.approx(0.4), "partners are expected as well"
    assert grade(company, secret, "K1").fit == pytest.approx(0.5)
    assert grade(company, secret, "K1").lived == pytest.approx(0.9)
    record(company, "K1.partners", covered=3, needed=4, party="supplier", party_name="示例供应商")
    assert grade(company, secret, "K1").coverage == pytest.approx((0.8 + 0.75) / 2)
    assert total(company, secret) > before


@pytest.mark.requirement("COM-02")
def test_rules_charter_and_training_are_separate_proofs(company):
    secret = registered(company, level="core")
    for proof in ("K2.rules", "K2.charter", "K2.training"):
        before = grade(company, secret, "K2").fit
        record(company, proof)
        assert grade(company, secret, "K2").fit > before
    left = {item.proof.id for item in score_on(company.cn, today_of(company.cn), secret.pk)[1].missing}
    assert not {"K2.rules", "K2.charter", "K2.training"} & left


@pytest.mark.requirement("COM-03")
def test_suppliers_customers_and_visitors_are_asked_apart(company):
    secret = registered(company)
    for party in ("supplier", "customer", "visitor"):
        record(company, f"K2.{party}", party=party, party_name="示例公司", covered=1, needed=2)
        assert state(company, secret, f"K2.{party}").coverage == pytest.approx(0.5)
    assert set(MeasureRecord.objects.values_list("party", flat=True)) == {"supplier", "customer", "visitor"}


@pytest.mark.requirement("COM-05")
def test_technical_limits_need_their_proof(company):
    secret = registered(company, level="core")
    for proof in ("K5.device", "K5.network", "K5.storage", "K5.software"):
        before = state(company, secret, proof)
        assert before is None or not before.complete
        noted = record(company, proof, lived=100, lived_reason="配置核查")
        assert noted.file is not None
        assert state(company, secret, proof).evidence == 1.0
    assert state(company, secret, "K5.access").complete
    assert state(company, secret, "K5.log").complete


@pytest.mark.requirement("COM-06")
def test_a_leaver_has_five_steps(company, fixed_clock):
    secret = registered(company)
    person = company.colleague.person
    engagement = person.engagements.get()
    with pytest.raises(LeaverStepError):
        leaver_step_do(
            actor=company.officer,
            engagement=engagement,
            step="return",
            done_on=today_of(company.cn),
            text="x",
        )
    fixed_clock.advance(DAY)
    people.engagement_end(
        actor=company.hr,
        engagement=engagement,
        expected_version=engagement.version,
        ends_on=today_of(company.cn),
        reason="resigned",
    )
    engagement.refresh_from_db()
    assert (state(company, secret, "K6.leavers").have, state(company, secret, "K6.leavers").need) == (0, 1)
    for step in LeaverStep.Step.values:
        assert not state(company, secret, "K6.leavers").complete
        leaver_step_do(
            actor=company.officer,
            engagement=engagement,
            step=step,
            done_on=today_of(company.cn),
            text="签收单",
            file=stored(company.officer, f"{step}.txt", step.encode()),
        )
    done = state(company, secret, "K6.leavers")
    assert (done.have, done.need, done.lived, done.evidence) == (1, 1, 1.0, 1.0)
    with pytest.raises(LeaverStepError):
        leaver_step_do(
            actor=company.officer, engagement=engagement, step="duty", done_on=today_of(company.cn), text="x"
        )
    with pytest.raises(NotPermittedError):
        leaver_step_do(
            actor=company.seller, engagement=engagement, step="duty", done_on=today_of(company.cn), text="x"
        )


def test_what_is_written_down_afterwards_counts_half(company, fixed_clock):
    secret = registered(company)
    past = today_of(company.cn)
    fixed_clock.advance(10 * DAY)
    record(company, "K1.staff", happened_on=past)
    assert state(company, secret, "K1.staff", past).evidence == 0.5
    assert state(company, secret, "K1.staff").evidence == 1.0


def test_a_note_without_file_counts_half(company):
    secret = registered(company)
    values = MeasureValues(proof="K1.staff", text="口头告知", happened_on=today_of(company.cn))
    measure_record(actor=company.officer, entity=company.cn, values=values)
    assert state(company, secret, "K1.staff").evidence == 0.5


def test_a_past_day_is_told_as_it_was(company, fixed_clock):
    secret = registered(company)
    first = today_of(company.cn)
    before = total(company, secret)
    fixed_clock.advance(5 * DAY)
    mark(company, secret)
    made = record(company, "K1.staff", covered=1, needed=1)
    assert total(company, secret) > before
    fixed_clock.advance(5 * DAY)
    middle = today_of(company.cn) - DAY
    kept = total(company, secret, middle)
    measure_withdraw(
        actor=company.officer, record_id=made.pk, expected_version=made.version, reason="协议被撤销"
    )
    assert total(company, secret) < kept
    assert total(company, secret, first) == pytest.approx(before)
    assert total(company, secret, middle) == pytest.approx(kept)
    with pytest.raises(MeasureWithdrawnError):
        measure_withdraw(actor=company.officer, record_id=made.pk, expected_version=1, reason="again")


def test_circumstances_weaken_the_total(company):
    secret = registered(company)
    before = total(company, secret)
    record(company, "X.private", secret=secret)
    assert total(company, secret) == pytest.approx(0.7 * before)
    record(company, "X.private_countered", secret=secret)
    assert total(company, secret) == pytest.approx(0.9 * before)
    record(company, "X.bypass", secret=secret, covered=1, needed=4)
    assert total(company, secret) == pytest.approx(0.9 * before * (1 - 0.7 / 4))


def test_a_record_of_a_department_does_not_reach_another(company):
    secret = registered(company)
    record(company, "K2.training", department=company.sales)
    assert state(company, secret, "K2.training") is None
    record(company, "K2.training", department=company.rd)
    assert state(company, secret, "K2.training").complete


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"proof": "K4.mark"}, MeasureProofError),
        ({"proof": "X.open_to_all"}, MeasureProofError),
        ({"proof": "K9"}, MeasureProofError),
        ({"covered": 2}, MeasureValueError),
        ({"needed": 0, "covered": 0}, MeasureValueError),
        ({"text": " "}, MeasureValueError),
        ({"lived": 50}, MeasureValueError),
        ({"recognisable": 101, "recognisable_reason": "x"}, MeasureValueError),
        ({"happened_on": date(2026, 3, 9)}, MeasureValueError),
        ({"ends_on": date(2026, 2, 1)}, MeasureValueError),
        ({"party": "nobody"}, MeasureValueError),
    ],
)
def test_what_does_not_fit_is_refused(company, changes, error):
    values = MeasureValues(proof="K1.staff", text="x", happened_on=date(2026, 3, 1))
    with pytest.raises(error):
        measure_record(actor=company.officer, entity=company.cn, values=replace(values, **changes))
    assert not MeasureRecord.objects.exists()


def test_measures_of_another_entity_are_refused(company):
    values = MeasureValues(proof="K1.staff", text="x", happened_on=date(2026, 3, 1), department=company.tokyo)
    with pytest.raises((MeasureTargetError, NotPermittedError)):
        measure_record(actor=company.officer, entity=company.cn, values=values)


@pytest.mark.parametrize("who", ["seller", "auditor", "technician", "legal", "foreign_officer", "leader"])
def test_only_office_and_department_record(company, who):
    values = MeasureValues(proof="K1.staff", text="x", happened_on=date(2026, 3, 1))
    with pytest.raises(NotPermittedError):
        measure_record(actor=getattr(company, who), entity=company.cn, values=values)


def test_counsel_weighs_and_another_person_confirms(company, fixed_clock):
    secret = registered(company)
    first, before = today_of(company.cn), total(company, secret)
    with pytest.raises(NotPermittedError):
        weight_propose(actor=company.officer, entity=company.cn, key="K4", value=90, reason="x")
    with pytest.raises(WeightReasonError):
        weight_propose(actor=company.legal, entity=company.cn, key="K4", value=90, reason=" ")
    for key, value in (("K4", 101), ("K9", 5), ("core", 100)):
        with pytest.raises(WeightValueError):
            weight_propose(actor=company.legal, entity=company.cn, key=key, value=value, reason="x")
    change = weight_propose(
        actor=company.legal, entity=company.cn, key="K4", value=90, reason="本行业以隔离为主"
    )
    assert total(company, secret) == pytest.approx(before), "nothing holds before it is confirmed"
    with pytest.raises(NotPermittedError):
        weight_confirm(actor=company.legal, change_id=change.pk)
    fixed_clock.advance(3 * DAY)
    weight_confirm(actor=company.leader, change_id=change.pk)
    with pytest.raises(WeightDecidedError):
        weight_confirm(actor=company.leader, change_id=change.pk)
    weights, _found = score_on(company.cn, today_of(company.cn), secret.pk)
    assert (weights.kinds["K4"], weights.changes[0].pack_value) == (90, 60)
    assert total(company, secret) > before
    assert total(company, secret, first) == pytest.approx(before), "a past day keeps its weights"


def test_the_company_is_the_mean_by_level(company):
    first, second = registered(company, level="core"), registered(company, level="general")
    mark(company, second)
    _weights, scores = scores_on(company.cn, today_of(company.cn))
    together = company_score(scores)
    each = {item.secret.id: item.score.total for item in scores}
    assert together.total == pytest.approx((3 * each[first.pk] + each[second.pk]) / 4)
    assert together.secrets == 2
    marks = load_assurance("cn").measures.pass_marks
    assert {item.secret.level: item.score.pass_mark for item in scores} == {
        "core": marks["core"], "general": marks["general"],
    }  # fmt: skip


def test_lived_rates_come_from_what_happened(company, fixed_clock):
    User.objects.update(created_at=fixed_clock.now() - DAY)  # accounts are opened by the real clock
    secret = registered(company)
    rates = {rate.key: rate for rate in lived_rates(company.cn, today_of(company.cn))}
    assert rates["marks"].share is None
    carrier = Carrier.objects.get(secret=secret)
    life_event_record(secret=secret, carrier=carrier, kind=LifeEvent.Kind.CIRCULATED, actor=company.officer)
    fixed_clock.advance(DAY)
    mark(company, secret)
    life_event_record(secret=secret, carrier=carrier, kind=LifeEvent.Kind.CIRCULATED, actor=company.officer)
    record(company, "X.bypass", covered=2, needed=10)
    record(company, "K5.log_review", happened_on=today_of(company.cn) - 40 * DAY)
    rates = {rate.key: rate for rate in lived_rates(company.cn, today_of(company.cn))}
    assert (rates["marks"].have, rates["marks"].need) == (1, 2)
    assert (rates["approvals"].have, rates["approvals"].need) == (2, 4)
    assert (rates["log_reviews"].have, rates["log_reviews"].need) == (1, 2)
    assert rates["reminders"].have == 0
    assert rates["reminders"].need > 10
