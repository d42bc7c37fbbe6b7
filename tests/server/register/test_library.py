"""The law library: rules with the days on which they hold, old and new articles, what is unconfirmed."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.register.company import signed_in

from shoumi.engine.jurisdiction import load_pack


@pytest.mark.requirement("GEN-08")
@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_every_rule_is_shown_with_its_standing(company, client, pack):
    signed_in(client, company.proposer)
    answer = client.get(reverse("register:library_pack", args=[pack]))
    rules = answer.context["rules"]
    assert len(rules) == len(load_pack(pack).rules)
    page = answer.content.decode()
    for rule, _standing in rules:
        assert rule.id in page
    unconfirmed = sum(rule.status == "unconfirmed" for rule, _standing in rules)
    assert page.count("state-bad") >= unconfirmed


@pytest.mark.requirement("GEN-08")
@pytest.mark.parametrize(("day", "article"), [("2024-05-01", "9"), ("2026-01-01", "10")])
def test_the_article_of_a_day(company, client, day, article):
    signed_in(client, company.proposer)
    answer = client.get(reverse("register:library_pack", args=["cn"]), {"day": day})
    found = {row.concept: row.now.article for row in answer.context["articles"] if row.now}
    assert found["trade_secret_infringement"] == article


def test_a_search_and_a_pack_that_is_not_there(company, client):
    signed_in(client, company.proposer)
    answer = client.get(reverse("register:library_pack", args=["cn"]), {"q": "PIPL", "day": "no day"})
    assert 0 < len(answer.context["rules"]) < len(load_pack("cn").rules)
    assert client.get(reverse("register:library_pack", args=["xx"])).status_code == 404


@pytest.mark.requirement("WEC-31")
@pytest.mark.parametrize("law", ["网络安全法", "个保法"])
def test_the_library_holds_the_laws_on_networks_and_personal_data(company, client, law):
    signed_in(client, company.proposer)
    answer = client.get(reverse("register:library_pack", args=["cn"]), {"q": law, "day": "2026-03-01"})
    held = [rule for rule, standing in answer.context["rules"] if law in rule.cite and standing == "now"]
    assert held
    for rule in held:
        assert rule.source
        assert rule.cite in answer.content.decode()


def test_rules_before_their_first_day_and_after_their_last_are_marked(company, client):
    signed_in(client, company.proposer)
    early = client.get(reverse("register:library_pack", args=["cn"]), {"day": "2019-05-01"})
    standings = {(rule.id, rule.period.end is None): standing for rule, standing in early.context["rules"]}
    assert "not_yet" in standings.values()
    late = client.get(reverse("register:library_pack", args=["cn"]), {"day": "2030-01-01"})
    assert "over" in {standing for _rule, standing in late.context["rules"]}
