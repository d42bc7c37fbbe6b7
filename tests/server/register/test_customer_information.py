"""Customer information says of what it consists and how it was worked up, and holds no customer."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from django.urls import reverse
from tests.server.register.company import approve, draft, registered, signed_in

from shoumi.server.register.models import CustomerInformation, TradeSecret
from shoumi.server.register.queries.checks import faults_of
from shoumi.server.register.services import customer_information, drafts, evidence, proposals
from shoumi.server.register.services.editing import SecretStateError
from shoumi.server.register.values import CustomerDepth, Identity

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
