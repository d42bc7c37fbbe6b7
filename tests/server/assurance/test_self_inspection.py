"""Answers of the self-inspection: every figure of the packs has one or is left to a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.register.company import Register, registered
from tests.server.remembering import founded

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.server.assurance.models import AssuranceSnapshot, SelfInspectionRow
from shoumi.server.assurance.queries.answers import Question, answer_of
from shoumi.server.assurance.queries.answers.asking import ANSWERS, Answer
from shoumi.server.assurance.queries.figures import figures_of
from shoumi.server.assurance.queries.grades import scores_on
from shoumi.server.assurance.services.snapshots import figures_count
from shoumi.server.people.queries import today_of
from shoumi.server.people.queries.days import beginning_of
from shoumi.server.register.models import Carrier, MarkingTask, TradeSecret
from shoumi.server.register.queries.books import differences_open
from shoumi.server.register.services.contents import marking_done

Result = SelfInspectionRow.Result


@pytest.fixture
def company(db, fixed_clock):
    return founded(Register)


def asked(company, entity=None):
    entity = entity or company.cn
    day = today_of(entity)
    question = Question(entity, day, beginning_of(day + timedelta(days=1), entity.country))
    rows = load_assurance(entity.pack).inspection.rows
    return {row.id: answer_of(row, question) for row in rows}


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_every_figure_is_answered_or_left_to_a_person(pack):
    rows = load_assurance(pack).inspection.rows
    figures = {row.figure.partition(":")[0] for row in rows}
    assert figures - set(ANSWERS) <= {"ask"}
    asked = [row.id for row in rows if row.figure == "ask"]
    assert len(asked) < len(rows) / 10


def test_a_company_without_anything_has_gaps_and_no_faults(company):
    for entity in (company.cn, company.jp):
        results = {result for result, _answer in asked(company, entity).values()}
        assert Result.GAP in results
    assert asked(company)["CPU-11"][0] == Result.ASK


def test_what_was_done_is_shown_with_its_count(company):
    secret = registered(company)
    found = asked(company)
    rows = [
        "GEN-01",
        "GEN-02",
        "GEN-04",
        "GEN-05",
        "GEN-14",
        "IDN-03",
        "IDN-04",
        "IDN-05",
        "LVL-F1",
        "SCP-01",
    ]
    for row in rows:
        result, answer = found[row]
        assert (result, answer.have, answer.need) == (Result.SHOWN, 1, 1), row
        assert answer.link, row
    assert found["MRK-04"][0] == Result.GAP
    for task in MarkingTask.objects.filter(secret=secret):
        marking_done(actor=company.head, task_id=task.pk)
    result, answer = asked(company)["MRK-04"]
    assert (result, answer.have) == (Result.SHOWN, answer.need)
    Carrier.objects.filter(secret=secret).update(keeper=None)
    assert asked(company)["CAR-02"][0] == Result.GAP


def test_an_answer_without_a_case_says_that_it_does_not_arise():
    assert Answer(0, 0).result == Result.NONE
    assert Answer(2, 2).result == Result.SHOWN
    assert Answer(1, 2).result == Result.PARTLY
    assert Answer(0, 2).result == Result.GAP


@pytest.mark.requirement("IDN-06")
def test_the_indicator_asks_to_look_again_where_much_is_marked_and_little_read(company, fixed_clock):
    secret = registered(company)
    day = today_of(company.cn)
    figures = figures_of(company.cn, day, scores_on(company.cn, day)[1])[None]["over_designation"]
    assert figures == {"looked_at": 1, "marked_percent": 100, "unread_percent": 0, "hint": False}
    limits = load_assurance("cn").measures.over_designation
    copies = [
        TradeSecret(
            entity=company.cn, owner_department=company.lab, proposer=company.proposer, pack="cn",
            name="x", state="registered", number=f"N{number}", level="general", created_at=secret.created_at,
            updated_at=secret.created_at, registered_at=secret.registered_at,
        )
        for number in range(limits["least_records"])
    ]  # fmt: skip
    TradeSecret.objects.bulk_create(copies)
    fixed_clock.advance(timedelta(days=limits["unread_days"] + 30))
    day = today_of(company.cn)
    scores = scores_on(company.cn, day)[1] * (limits["least_records"] + 1)
    figures = figures_of(company.cn, day, scores)[None]
    assert figures["unread"] == figures["unread_of"] == limits["least_records"] + 1
    assert figures["over_designation"]["hint"] is True


def test_figures_of_departments_add_up(company):
    registered(company)
    registered(company, level="core")
    snapshot = figures_count(company.cn)
    assert snapshot.figures["secrets"] == {"core": 1, "important": 1, "general": 0}
    lab = AssuranceSnapshot.objects.get(department=company.lab).figures
    rd = AssuranceSnapshot.objects.get(department=company.rd).figures
    assert lab["secrets"] == rd["secrets"] == snapshot.figures["secrets"]
    assert not AssuranceSnapshot.objects.filter(department=company.sales).exists()
    figures_count(company.cn)
    assert AssuranceSnapshot.objects.filter(entity=company.cn, department=None).count() == 1


def test_a_difference_between_the_two_ledgers_is_counted(company):
    registered(company)
    figures = figures_count(company.cn).figures
    assert figures["ledger_differences"] == differences_open(company.cn).count() == 0


def test_the_number_of_queries_does_not_grow_with_the_secrets(company, django_assert_max_num_queries):
    registered(company)
    with django_assert_max_num_queries(40) as few:
        scores_on(company.cn, today_of(company.cn))
    for _ in range(2):
        registered(company, level="general")
    with django_assert_max_num_queries(len(few.captured_queries)):
        scores_on(company.cn, today_of(company.cn))
