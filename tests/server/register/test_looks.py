"""The company determines how marks look by category and level; every page keeps bearing one."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.register.company import signed_in

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.register.models import MarkLook
from shoumi.server.register.services.looks import Look, LookFaultyError, look_remove, look_set


def wanted(company, actor=None, *, category="IDN-T2", level="", look=None):
    return look_set(
        actor=actor or company.officer, entity=company.cn, category=category, level=level,
        look=look or Look(banner=False),
    )  # fmt: skip


@pytest.mark.requirement("MRK-08")
def test_the_office_sets_a_look_replaces_it_and_takes_it_back(company):
    wanted(company)
    row = wanted(company, look=Look(footer=False))
    assert MarkLook.objects.get() == row
    assert (row.banner, row.footer, row.set_by) == (True, False, company.officer)
    assert look_remove(actor=company.second_officer, look_id=row.pk) == company.cn
    assert not MarkLook.objects.exists()
    tags = [entry.tag for entry in entries_of(f"entity:{company.cn.pk}")]
    assert tags.count("register:look:changed") == 3


def test_only_those_who_change_settings_of_the_entity_set_looks(company):
    row = wanted(company)
    allowed = {"officer", "second_officer", "hr", "technician"}
    passed = set()
    for name, person in company.everybody.items():
        try:
            wanted(company, person)
            passed.add(name)
        except NotPermittedError:
            with pytest.raises(NotPermittedError):
                look_remove(actor=person, look_id=row.pk)
    assert passed == allowed


@pytest.mark.parametrize(
    "changes",
    [
        {"look": Look(header=False, watermark=False)},
        {"look": Look(label_id="0a1b2c3d-1111-2222-3333-444455556666")},
        {"level": "secret"},
        {"category": "IDN-nothing"},
    ],
)
def test_a_look_that_leaves_pages_bare_or_names_the_unknown_is_refused(company, changes):
    with pytest.raises(LookFaultyError):
        wanted(company, **changes)
    assert not MarkLook.objects.exists()


def test_the_page_shows_sets_and_takes_back(company, client):
    signed_in(client, company.officer)
    address = reverse("register:looks") + f"?entity={company.cn.code}"
    bare = client.post(address, {"category": "", "level": "", "parts": ["banner"]})
    assert bare.status_code == 200
    assert not MarkLook.objects.exists()
    sent = {"category": "IDN-T2", "level": "core", "parts": ["header", "footer"], "label_name": ""}
    assert client.post(address, sent).status_code == 302
    row = MarkLook.objects.get()
    assert (row.category, row.level, row.watermark, row.header) == ("IDN-T2", "core", False, True)
    page = client.get(address).content.decode()
    assert reverse("register:look_remove", args=[row.pk]) in page
    signed_in(client, company.auditor)
    page = client.get(address).content.decode()
    assert reverse("register:look_remove", args=[row.pk]) not in page
    assert client.post(reverse("register:look_remove", args=[row.pk])).status_code == 403
    signed_in(client, company.officer)
    assert client.post(reverse("register:look_remove", args=[row.pk])).status_code == 302
    assert not MarkLook.objects.exists()
