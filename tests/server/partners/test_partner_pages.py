"""The pages of partners: who gets in, what they show to whom, and the way through them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from tests.server.partners.outside import PARTS, assessed, contractor, filed, recorded
from tests.server.register.company import signed_in
from tests.server.register.operations_company import agreement

from shoumi.engine.policy import Action
from shoumi.server.accounts.gate import decide_each
from shoumi.server.partners.models import Partner
from shoumi.server.partners.queries.partners import partner_resource, partners_visible_to
from shoumi.server.people.queries import department_resource

# v: sees it, k: keeps it, e: takes the list out, o: opens papers, a: assesses, d: decides, m: answers for it
TABLE = """
proposer           - - - - - - -
colleague          - - - - - - -
seller             - - - - - - -
owner              v k e o a d -
sales_owner        - - - - - - -
department_officer v k e o a - -
officer            v k e o a d -
foreign_officer    - - - - - - -
leader             v - - - - d -
legal              v k e o a d -
auditor            v - - - - - -
technician         - - - - - - -
counsel            - - - - - - -
"""
ACTIONS = ("VIEW", "EDIT", "EXPORT", "OPEN", "ASSESS", "DECIDE", "ANSWER")
UNIT = frozenset({"VIEW", "EDIT", "EXPORT", "OPEN"})
COLUMNS = "vkeoadm"
PAGES = ("partner_change", "partner_manager", "partner_end", "filing_create")


def test_every_role_at_every_act_and_lists_show_the_same(company):
    partner = contractor(company)
    unit, place = department_resource(company.rd), partner_resource(partner)
    wishes = [(getattr(Action, f"PARTNER_{name}"), unit if name in UNIT else place) for name in ACTIONS]
    for line in TABLE.strip().splitlines():
        name, signs = line.split(maxsplit=1)
        decisions = decide_each(getattr(company, name), wishes)
        found = [letter if item.permitted else "-" for letter, item in zip(COLUMNS, decisions, strict=True)]
        assert " ".join(found) == signs, name
        assert partners_visible_to(getattr(company, name)).exists() == signs.startswith("v"), name


@pytest.mark.parametrize("who", ["seller", "technician", "auditor", "leader"])
def test_who_keeps_no_partner_gets_into_no_act(company, client, who):
    partner = contractor(company)
    signed_in(client, getattr(company, who))
    for name in PAGES:
        assert client.get(reverse(f"partners:{name}", args=[partner.pk])).status_code == 403, name
    for name in ("partner_create", "import_new"):
        assert client.get(reverse(f"partners:{name}")).status_code == 403, name
    seen = 200 if who in {"auditor", "leader"} else 403
    page = client.get(partner.get_absolute_url())
    assert page.status_code == seen
    assert "沈望舒" not in page.content.decode(), "the name of an outsider is masked"


def test_every_page_opens(company, client):
    company.owner.language = "ja"
    company.owner.save()
    signed_in(client, company.owner)
    empty, partner = reverse("partners:partner_list"), contractor(company)
    assert client.get(empty).status_code == 200
    agreement(company, partner.third_party)
    for name in ("partner_detail", *PAGES):
        assert client.get(reverse(f"partners:{name}", args=[partner.pk])).status_code == 200, name
    filed(company, partner)
    assert "CA-2026-0001" in client.get(partner.get_absolute_url()).content.decode()


def test_a_partner_is_recorded_bound_and_ended_on_its_pages(company, client):
    signed_in(client, company.owner)
    new = reverse("partners:partner_create")
    values = {"department": company.rd.pk, "kind": "contractor", "name": "示范信息处理有限公司"}
    assert client.post(new, values).status_code == 422, "whose responsible person is missing"
    home = client.post(new, values | {"manager_name": "沈望舒"}).url
    partner = Partner.objects.get()
    assert home == partner.get_absolute_url()
    signed = agreement(company, partner.third_party)
    page = client.get(home).content.decode()
    assert reverse("partners:filing_create", args=[partner.pk]) in page
    filing = reverse("partners:filing_create", args=[partner.pk])
    assert client.post(filing, {"agreement": signed.pk, "form": "own", **PARTS}).status_code == 422
    assessed(company, partner)
    assert client.post(filing, {"agreement": signed.pk, "form": "own", **PARTS}).status_code == 302
    change = reverse("partners:partner_change", args=[partner.pk])
    client.post(change, values | {"manager_name": "沈望舒", "work": "名册录入"})
    client.post(reverse("partners:partner_manager", args=[partner.pk]), {"manager": ""})
    end = reverse("partners:partner_end", args=[partner.pk])
    client.post(end, {"day": "2026-03-01", "reason": "合同期满"})
    partner.refresh_from_db()
    assert (partner.work, partner.end_reason) == ("名册录入", "合同期满")


def test_partners_come_in_from_a_table_and_every_fault_is_told_first(company, client):
    recorded(company)
    rows = (
        "部门,合作方名称,类别,负责人",
        f"{company.rd.code},示范物流有限公司,供应商,",
        f"{company.rd.code},示范检测有限公司,供应商,",
        f"{company.rd.code},示范派遣有限公司,劳务派遣单位,",
        f"{company.sales.code},示范广告有限公司,供应商,",
    )
    sent = SimpleUploadedFile(
        "合作方.csv", "\n".join(["法人," + rows[0], *("SM," + x for x in rows[1:])]).encode()
    )
    signed_in(client, company.owner)
    address = client.post(reverse("partners:import_new"), {"file": sent}).url
    with override("en"):
        company.owner.language = "en"
        company.owner.save()
        page = client.get(address).content.decode()
    for words in ("You keep no partners", "the partner “示范检测有限公司” already", "must be filled in"):
        assert words in page
    assert Partner.objects.count() == 1, "a preview keeps nothing"
    client.post(address, {"do": "apply", "leave_out": "1", "expected_version": "1"})
    assert {str(row) for row in Partner.objects.all()} == {"示范检测有限公司", "示范物流有限公司"}
