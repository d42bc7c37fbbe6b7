"""The cockpit: read from what was kept, never counted while somebody waits; and the report on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.register.company import Register, registered
from tests.server.remembering import founded

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.assurance.models import AssuranceSnapshot
from shoumi.server.assurance.queries.cockpit import cockpit_of
from shoumi.server.assurance.services.report import report_print
from shoumi.server.assurance.services.snapshots import figures_count
from shoumi.server.assurance.tasks import daily
from shoumi.server.ledger.queries import entries_of


@pytest.fixture
def company(db, fixed_clock):
    return founded(Register)


def test_the_cockpit_counts_nothing_while_somebody_waits(company, django_assert_num_queries):
    registered(company)
    figures_count(company.cn)
    with django_assert_num_queries(2):
        shown = cockpit_of(company.cn, None, "zh-hans")
    assert shown.secrets == 1
    assert [row.key for row in shown.heat] == ["K1", "K2", "K3", "K4", "K5", "K6", "K7"]
    assert {bar.key for bar in shown.coverage} == {
        "marks", "zones", "agreements", "rules", "training", "reminders",
    }  # fmt: skip
    absent = {bar.key: bar.absent for bar in shown.coverage}
    assert absent["agreements"]
    assert absent["training"]
    assert not absent["marks"]
    assert all(item.url for item in (*shown.coverage, *shown.overdue, shown.differences))


def test_nothing_counted_yet_is_said(company):
    shown = cockpit_of(company.cn, None, "ja")
    assert shown.day is None
    assert shown.status == "unconfirmed"
    assert "法的結論" in shown.notice


def test_the_trend_has_the_last_count_of_each_month(company, fixed_clock):
    registered(company)
    for _ in range(3):
        daily()
        fixed_clock.advance(timedelta(days=20))
    shown = cockpit_of(company.cn, None, "en")
    assert [day.isoformat() for day, _total, _count in shown.trend] == ["2026-03-21", "2026-04-10"]
    assert AssuranceSnapshot.objects.filter(entity=company.jp).count() == 3


def test_the_report_is_paper_for_those_who_oversee_the_whole(company):
    secret = registered(company)
    figures_count(company.cn)
    content = report_print(actor=company.leader, entity=company.cn, language="ja")
    assert content.startswith(b"%PDF")
    assert secret.name.encode() not in content
    tags = [entry.tag for entry in entries_of(company.cn.ledger_subject)]
    assert tags[-1] == "assurance:report:printed"
    for who in ("owner", "seller", "technician", "foreign_officer"):
        with pytest.raises(NotPermittedError):
            report_print(actor=getattr(company, who), entity=company.cn, language="en")
