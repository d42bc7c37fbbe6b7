"""The places for which a role can be asked for, with their names."""

from __future__ import annotations

from django.utils import translation

from shoumi.server.accounts.queries import places_of, scope_label
from shoumi.server.people.queries import scope_choices


def test_entities_with_their_departments_below(company):
    with translation.override("zh-hans"):
        choices = dict(scope_choices())
    assert choices[company.lab.scope] == "澄光（示范）有限公司 › 研发部 › 材料实验室"
    scopes = list(choices)
    assert scopes.index(company.cn.scope) < scopes.index(company.rd.scope) < scopes.index(company.lab.scope)
    assert company.tokyo.scope in scopes[scopes.index(company.jp.scope) :]


def test_closed_departments_keep_their_names_and_are_not_offered(company):
    type(company.sales).objects.filter(pk=company.sales.pk).update(closed_on="2026-02-01")
    assert company.sales.scope not in dict(scope_choices())
    assert "销售部" in scope_label(company.sales.scope)
    assert scope_label("case:7") == "case:7"


def test_a_department_lies_in_all_above_it(company):
    assert places_of(company.lab.scope) == {"company", company.cn.scope, company.rd.scope, company.lab.scope}
