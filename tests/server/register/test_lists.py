"""The register as a list: searched in any script, filtered, exported and labelled as far as permitted."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.register.company import draft, proposed, registered, signed_in

from shoumi.server.ledger.queries import entries_of
from shoumi.server.register.services import drafts
from shoumi.server.register.values import Identity

LIST = "register:secret_list"


@pytest.fixture
def shelf(company):
    """A registered, a waiting and a drafted secret, with names in three scripts."""
    made = {"registered": registered(company), "proposed": proposed(company), "draft": draft(company)}
    names = {"registered": "陶瓷烧结曲线", "proposed": "売上予測モデル", "draft": "Spindle balancing"}
    for key, secret in made.items():
        secret.name = names[key]
        secret.save()
    return made


def names_on(client, **parameters):
    answer = client.get(reverse(LIST), parameters)
    assert answer.status_code == 200
    return {row.name for row in answer.context["listing"].found}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("烧结", {"陶瓷烧结曲线"}),
        ("予測", {"売上予測モデル"}),
        ("BALANC", {"Spindle balancing"}),
        ("ｓｐｉｎｄｌｅ", {"Spindle balancing"}),
        ("もでる", {"売上予測モデル"}),
        ("2026-0001", {"陶瓷烧结曲线"}),
        ("热处理", {"陶瓷烧结曲线", "売上予測モデル", "Spindle balancing"}),
        ("陶瓷 曲线", {"陶瓷烧结曲线"}),
        ("没有这个", set()),
    ],
)
def test_two_characters_in_any_script_find_a_secret(company, client, shelf, words, found):
    signed_in(client, company.proposer)
    assert names_on(client, q=words) == found


def test_filters(company, client, shelf):
    signed_in(client, company.proposer)
    assert names_on(client, state="proposed") == {"売上予測モデル"}
    assert names_on(client, state=["proposed", "draft"]) == {"売上予測モデル", "Spindle balancing"}
    assert names_on(client, level="core") == set()
    assert names_on(client, department=str(company.lab.pk), category="IDN-T2") == {
        secret.name for secret in shelf.values()
    }
    assert names_on(client, ends_from="2031-01-01", ends_to="2031-12-31") == {"陶瓷烧结曲线"}
    assert names_on(client, expiring="1") == set()
    assert names_on(client, marks="1") == {"陶瓷烧结曲线"}
    assert len(names_on(client, mine="1", sort="level")) == 3
    signed_in(client, company.colleague)
    assert names_on(client) == {"陶瓷烧结曲线"}
    signed_in(client, company.seller)
    page = client.get(reverse(LIST)).content.decode()
    assert reverse("register:secret_propose") in page


def test_the_export_holds_what_its_reader_may_export_and_names_files_only_to_those_who_open_them(
    company, client, shelf
):
    signed_in(client, company.officer)
    answer = client.post(reverse(LIST), {"do": "export", "form": "csv"})
    text = answer.content.decode("utf-8-sig")
    assert "陶瓷烧结曲线" in text
    assert "烧结曲线.txt" in text
    assert entries_of("list:register.secrets").filter(actor=company.officer.ledger_actor).exists()
    signed_in(client, company.legal)
    text = client.post(reverse(LIST), {"do": "export", "form": "csv"}).content.decode("utf-8-sig")
    assert "陶瓷烧结曲线" in text
    assert "烧结曲线.txt" not in text
    signed_in(client, company.colleague)
    assert client.post(reverse(LIST), {"do": "export", "form": "csv"}).status_code == 403


def test_chosen_rows_are_exported_and_labelled(company, client, shelf):
    signed_in(client, company.officer)
    chosen = [str(shelf["registered"].pk), str(shelf["draft"].pk), "nonsense"]
    answer = client.post(reverse(LIST), {"do": "bulk", "action": "labels", "chosen": chosen})
    assert answer.content.startswith(b"%PDF")
    answer = client.post(reverse(LIST), {"do": "bulk", "action": "export", "chosen": chosen})
    assert answer.content.startswith(b"PK")
    unlabelled = client.post(
        reverse(LIST), {"do": "bulk", "action": "labels", "chosen": [str(shelf["proposed"].pk)]}
    )
    assert unlabelled.status_code == 400


def test_a_description_never_shows_in_the_ledger(company):
    secret = drafts.secret_draft(
        actor=company.proposer,
        department=company.lab,
        identity=Identity("甲乙", "说明文字", "IDN-T2", "必要", None),
    )
    from shoumi.server.ledger.queries import entry_details

    told = [str(item.value) for entry in entries_of(secret.ledger_subject) for item in entry_details(entry)]
    assert not any("说明文字" in text or "甲乙" in text for text in told)
