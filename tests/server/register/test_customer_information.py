"""Customer information says of what it consists and how it was worked up, and holds no customer."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import override
from tests.server.register.company import approve, draft, registered, signed_in

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.company import Override, overlaid, override_checked
from shoumi.engine.jurisdiction.loading import pack_ids
from shoumi.server.register.models import CatalogueEntry, CustomerInformation, TradeSecret
from shoumi.server.register.queries.checks import faults_of
from shoumi.server.register.queries.customer_information import customer_secrets
from shoumi.server.register.queries.secrets import secrets_visible_to
from shoumi.server.register.services import customer_information, drafts, evidence, proposals
from shoumi.server.register.services.editing import SecretStateError
from shoumi.server.register.values import CustomerDepth, Identity
from shoumi.server.register.views.customers import CustomerListing
from shoumi.server.register.views.lists import SecretListing

NAMES = {"zh": "重点客户", "ja": "重点顧客", "en": "Key customers"}

DEPTH = CustomerDepth(
    ("name", "contact", "habit"), "五年展会与拜访", "逐家核对并分级", "三人两年", "公开名录之外的习惯"
)


def customers(company) -> TradeSecret:
    secret = draft(company)
    identity = Identity(
        "华东客户资料", "客户的习惯与需求,见附件。", "IDN-B4", "花费多年", str(company.head.person.pk)
    )
    return drafts.secret_describe(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version, identity=identity
    )


def saved(company, secret, depth=DEPTH):
    return customer_information.customer_information_save(
        actor=company.proposer, secret_id=secret.pk, expected_version=None, depth=depth
    )


@pytest.mark.requirement("IDN-B4a")
def test_the_fields_are_asked_for_kept_and_stand_in_the_evidence_package(company):
    secret = customers(company)
    missing = {fault.code for fault in faults_of(secret, date(2026, 3, 1))}
    parts = ("kinds", "collected", "worked_up", "effort", "sources")
    assert missing == {f"customers_{part}_missing" for part in parts}
    saved(company, secret)
    secret.refresh_from_db()
    assert faults_of(secret, date(2026, 3, 1)) == []
    proposals.secret_submit(actor=company.proposer, secret_id=secret.pk, expected_version=secret.version)
    secret = approve(company, secret)
    record = secret.versions.get().snapshot["customer_information"]
    assert record["kinds"] == ["name", "contact", "habit"]
    assert record["worked_up"] == "逐家核对并分级"
    package = evidence.evidence_package_build(actor=company.officer, secret_id=secret.pk, purpose="诉讼")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(package.blocks)))
    texts = [archive.read(name) for name in archive.namelist() if name.endswith(".json")]
    assert any("逐家核对并分级" in json.dumps(json.loads(text), ensure_ascii=False) for text in texts)


@pytest.mark.requirement("IDN-B4a")
@pytest.mark.parametrize("text", ["张 13900000000, 李 13900000001", "a@example.com b@example.com", "甲\t乙"])
def test_the_customers_themselves_are_refused(company, text):
    secret = customers(company)
    with pytest.raises(customer_information.CustomersNamedError):
        saved(company, secret, CustomerDepth(("name",), text))
    assert not CustomerInformation.objects.exists()


def test_only_for_this_category_with_known_kinds_and_texts_that_fit(company):
    with pytest.raises(customer_information.DepthError):
        saved(company, draft(company))
    secret = customers(company)
    for depth in (CustomerDepth(("friends",)), CustomerDepth(("name",), "x" * 4001)):
        with pytest.raises(customer_information.DepthError):
            saved(company, secret, depth)


@pytest.mark.requirement("IDN-B4a")
def test_what_an_older_register_lacks_is_supplied_once_and_filed_anew(company, client):
    secret = registered(company)
    TradeSecret.objects.filter(pk=secret.pk).update(category="IDN-B4")
    signed_in(client, company.owner)
    page = client.get(reverse("register:secret_detail", args=[secret.pk])).content.decode()
    address = reverse("register:customer_information", args=[secret.pk])
    assert address in page
    data = {
        "customers-kinds": ["name"], "customers-collected": "展会", "customers-worked_up": "分级",
        "customers-effort": "两年", "customers-sources": "非公开", "expected_version": secret.version,
    }  # fmt: skip
    assert client.post(address, {**data, "customers-effort": ""}).status_code == 422
    assert client.post(address, {**data, "customers-effort": "a@b.cn c@d.cn"}).status_code == 422
    assert client.post(address, data).status_code == 302
    secret.refresh_from_db()
    assert secret.versions.count() == 2
    assert secret.life_events.filter(kind="changed").count() == 1
    assert "分级" in client.get(reverse("register:secret_detail", args=[secret.pk])).content.decode()
    with pytest.raises(SecretStateError):
        customer_information.customer_information_complete(
            actor=company.owner, secret_id=secret.pk, expected_version=secret.version, depth=DEPTH
        )


@pytest.mark.requirement("IDN-B4a")
def test_the_step_of_a_draft_asks_for_them(company, client):
    secret = customers(company)
    signed_in(client, company.proposer)
    page = client.get(reverse("register:secret_draft", args=[secret.pk, 3])).content.decode()
    assert 'name="customers-kinds"' in page
    other = draft(company)
    page = client.get(reverse("register:secret_draft", args=[other.pk, 3])).content.decode()
    assert 'name="customers-kinds"' not in page


@pytest.mark.requirement("JPN-01")
def test_customers_are_a_kind_beside_technical_and_business_information(company, client):
    for pack_id in pack_ids():
        pack = load_pack(pack_id)
        alone = [row.id for row in pack.categories if row.group == "customer"]
        assert alone == ["IDN-B4"]
        renamed = Override("categories", "IDN-B4", {"names": NAMES, "group": "business"})
        laid = overlaid(pack, [override_checked(pack, renamed)])
        assert [row.id for row in laid.categories if row.group == "customer"] == alone, "it stays one"
    technical, complete, own, bare = (registered(company) for _each in range(4))
    kind = {"names": NAMES, "group": "customer"}
    CatalogueEntry.objects.create(
        entity=company.cn, catalogue="categories", item="OWN-VIP", value=kind,
        pack_value={}, reason="x", set_by=company.officer, confirmed_at=company.cn.created_at,
        set_at=company.cn.created_at,
    )  # fmt: skip
    ids = [complete.pk, own.pk, bare.pk]
    TradeSecret.objects.filter(pk__in=ids).update(category="IDN-B4")
    TradeSecret.objects.filter(pk=own.pk).update(category="OWN-VIP")
    for secret in (complete, own):
        CustomerInformation.objects.create(
            secret=secret, kinds=["name", "habit"], collected="展会", worked_up="分级", effort="两年",
            sources="" if secret == own else "非公开",
        )  # fmt: skip
    with override("zh-hans"):
        page = CustomerListing(company.officer, QueryDict("sort=number"))
        shown = {row.pk: [column.read(row) for column in page.columns[-2:]] for row in page.found}
        lacking = CustomerListing(company.officer, QueryDict("lacking=1")).found
        grouped = SecretListing(company.officer, QueryDict("group=customer")).found
        others = SecretListing(company.officer, QueryDict("group=technical&group=business")).found
    assert set(shown) == {row.pk for row in grouped} == set(ids)
    assert {row.pk for row in lacking} == {own.pk, bare.pk}
    assert technical.pk in {row.pk for row in others}
    assert not {row.pk for row in others} & set(ids)
    assert shown[complete.pk][0] == "名称, 交易习惯"
    assert [shown[key][1].text for key in ids] == ["已全部说明", "已说明 4/5", "已说明 0/5"]
    signed_in(client, company.officer)
    room = client.get(reverse("register:customer_list")).content.decode()
    assert f'href="{reverse("register:customer_list")}" aria-current="page"' in room, "a room of its own"
    assert str(technical.number) not in room
    assert set(CustomerListing(company.seller, QueryDict()).found) == set(
        customer_secrets(secrets_visible_to(company.seller))
    )
