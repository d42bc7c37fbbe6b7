"""Every page of places opens for whoever may see it, and is refused to others."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.places.company import picture
from tests.server.register.company import signed_in

from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Guard, Sign
from shoumi.server.places.queries.checklist import checks_of
from shoumi.server.places.services import protection
from shoumi.server.places.services.inspections import Answer, inspection_record
from shoumi.server.places.services.plans import outlines_save, plan_add

ZONE_PAGES = (
    "zone_detail", "zone_plan", "zone_people", "zone_visits", "zone_carriers", "zone_checklist",
    "zone_timeline", "zone_change", "zone_close", "entrance_create", "sign_create", "signs_print",
    "guard_create", "isolation_create", "inspection_create", "permission_create", "reception",
)  # fmt: skip
OTHER_PAGES = (
    "zone_list", "zone_create", "task_list", "suggestion_list", "plan_list", "plan_create",
    "designation_list", "key_department_create", "key_place_create", "visit_list", "visit_create",
    "retention_list", "doors", "import_new",
)  # fmt: skip


@pytest.fixture
def furnished(company):
    """A laboratory with something on every tab."""
    officer, zone = company.officer, company.secret
    today = today_of(zone.entity)
    company.plan = plan_add(
        actor=officer, entity=company.cn, site="总部", building="A", floor="3", picture=picture(officer)
    )
    company.plan = outlines_save(
        actor=officer,
        plan=company.plan,
        expected_version=company.plan.version,
        outlines={zone.pk: [(1000, 1000), (5000, 1000), (5000, 6000)]},
    )
    entrance = protection.entrance_add(actor=officer, zone=zone, name="正门")
    protection.sign_put_up(
        actor=officer, entrance=entrance, kind=Sign.Kind.WARNING, put_up_on=today, photo=picture(officer)
    )
    protection.guard_add(
        actor=officer, zone=zone, kind=Guard.Kind.PERSON, since=today, person=company.seller.person
    )
    protection.isolation_record(
        actor=officer, zone=zone, means="door", taken_on=today, photo=picture(officer)
    )
    company.permitted(company.proposer.person)
    company.opened = company.approved_visit()
    company.designation = company.key_place()
    answers = {check.id: Answer("missing", "缺") for check in checks_of(zone)}
    inspection_record(actor=officer, zone=zone, answers=answers, inspected_on=today)
    return company


def pages(company):
    zone = [company.secret.pk]
    found = [reverse(f"places:{name}", args=zone) for name in ZONE_PAGES]
    found += [reverse(f"places:{name}") for name in OTHER_PAGES]
    found += [
        reverse(f"places:{name}", args=[company.plan.pk])
        for name in ("plan_detail", "plan_draw", "plan_replace")
    ]
    found.append(reverse("places:visit_detail", args=[company.opened.pk]))
    found.append(reverse("places:retention_set", args=[company.cn.pk]))
    found.append(reverse("places:visitor_admit", args=[company.opened.visitors.get().pk]))
    found.append(reverse("places:visitor_refuse", args=[company.opened.visitors.get().pk]))
    found += [
        reverse(f"places:{name}", args=[company.designation.pk])
        for name in ("designation_detail", "place_change", "designation_withdraw")
    ]
    found.append(reverse("places:task_close", args=[company.secret.tasks.first().pk]))
    found.append(reverse("places:permission_end", args=[company.secret.entry_permissions.first().pk]))
    return found


def test_every_page_opens_for_the_secrecy_office(furnished, client):
    furnished.officer.language = "ja"
    furnished.officer.save()
    signed_in(client, furnished.officer)
    for address in pages(furnished):
        response = client.get(address)
        assert response.status_code == 200, address
        assert b"<h1" in response.content, address


@pytest.mark.requirement("ZON-11")
def test_a_zone_is_inspected_one_defence_after_the_other(company, client):
    zone = company.secret
    signed_in(client, company.officer)
    checks = checks_of(zone)
    answers = {check.id: {"verdict": "met", "note": ""} for check in checks}
    gap = checks[-1].id
    answers[gap] = {"verdict": "missing", "note": ""}
    typed = {f"{key}-{name}": text for key, answer in answers.items() for name, text in answer.items()}
    address = reverse("places:inspection_create", args=[zone.pk])
    for _part in ("people", "physical"):
        address = client.post(address, typed).url
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert not zone.inspections.exists()
    last = client.post(address, {**typed, f"{gap}-note": "没有加密"}).url
    assert client.post(last, {"inspected_on": "2999-01-01"}).status_code == 422, "not in the future"
    answer = client.post(last, {"inspected_on": str(today_of(zone.entity)), "note": "例行检查"})
    assert answer.url == reverse("places:zone_checklist", args=[zone.pk])
    inspection = zone.inspections.get()
    assert {item.check_id: item.verdict for item in inspection.items.all()} == {
        key: answer["verdict"] for key, answer in answers.items()
    }
    assert [task.gap for task in zone.tasks.all()] == ["没有加密"]
