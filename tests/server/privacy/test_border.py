"""The border: every way around it that we know of is tried from another country, before and after a basis."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse
from tests.server.people.company import grant

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts.masking import mask
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import (
    MaskedError,
    answering,
    kept_whole,
    require_viewer,
    shown_to,
)
from shoumi.server.files.listing.exporting import listing_export
from shoumi.server.people.border import Border, BorderError
from shoumi.server.people.importing.exporting import people_export
from shoumi.server.people.models import Person
from shoumi.server.people.services.persons import person_reveal
from shoumi.server.people.views.persons import PersonListing
from shoumi.server.privacy.models import ExportBasis
from shoumi.server.privacy.services.border import BasisWish, export_basis_end, export_basis_record
from shoumi.server.privacy.services.errors import (
    DayError,
    EndedError,
    ProofMissingError,
    WordUnknownError,
)
from shoumi.server.privacy.services.unmasking import unmasking_ask, unmasking_decide, unmasking_look
from shoumi.server.privacy.views.told import ConsentListing

WHY = "跨境核查"
PROVED = {"assessment": "影响评估 2026-02", "assessed_on": date(2026, 2, 1)}


def basis(company, **changes) -> ExportBasis:
    """Return a ground for seeing persons of the Chinese entity from Japan."""
    known = {"to_country": "JP", "way": "exempt-personnel", "reference": "员工手册", **PROVED}
    wish = BasisWish(**(known | {"last_day": date(2027, 2, 28)} | changes))
    return export_basis_record(actor=company.legal, entity=company.cn, wish=wish)


def workbook(content: bytes) -> str:
    """Return every cell of every sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)


@pytest.fixture
def abroad(company):
    """Somebody in Japan who is HR and legal everywhere."""
    for role in (Role.HR, Role.LEGAL):
        grant(company.abroad, role, "")
    return company.abroad


@pytest.mark.requirement("WEC-14")
def test_nothing_gets_around_the_border_until_a_basis_is_recorded(company, abroad, browser):
    person, at_home = company.watched.person, company.abroad.person
    company.agrees(company.processing(basis="consent"))
    asked = unmasking_ask(actor=abroad, person=person, purpose=WHY)
    asked = unmasking_decide(actor=company.legal, unmasking=asked, agreed=True, reason="有必要")
    page, listed = browser(abroad), QueryDict("")
    api = f"/api/v1/people/persons/{person.pk}"

    def seen() -> dict[str, bool]:
        """Tell on which ways the person's name, or telephone, gets through."""
        lists = {
            "persons": PersonListing(abroad, listed),
            "consents": ConsentListing(abroad, listed),
        }
        found = {
            f"export of {name}": person.name
            in listing_export(actor=abroad, listing=each, form="csv").decode("utf-8-sig")
            for name, each in lists.items()
        }
        for name in ("people:person_list", "privacy:consent_list"):
            found[name] = person.name in page.get(reverse(name)).content.decode()
        found["own page"] = person.name in page.get(person.get_absolute_url()).content.decode()
        found["table"] = person.name in workbook(people_export(actor=abroad, file_format="xlsx"))
        details = people_export(actor=abroad, file_format="xlsx", purpose=WHY)
        found["details"] = person.number in workbook(details)
        found["API"] = page.get(api).json()["name"] == person.name
        found["API list"] = person.name in str(page.get("/api/v1/people/persons").json())
        sent = {"field": "phone", "purpose": WHY}
        answer = page.post(f"{api}/reveal", sent, content_type="application/json")
        found["API reveal"] = answer.status_code == 200
        form = page.post(reverse("people:person_reveal", args=[person.pk]), sent)
        found["page reveal"] = form.status_code == 200
        return found

    assert not any(seen().values())
    for attempt in (
        lambda: person_reveal(actor=abroad, person=person, field="phone", purpose=WHY),
        lambda: unmasking_look(actor=abroad, unmasking=asked),
    ):
        with pytest.raises(BorderError):
            attempt()
    assert at_home.name in page.get(reverse("people:person_list")).content.decode()
    row = basis(company)
    assert all(seen().values())
    assert unmasking_look(actor=abroad, unmasking=asked)["name"] == person.name
    export_basis_end(actor=company.legal, basis=row, reason="备案撤销")
    assert not Border(abroad).open(person)
    with pytest.raises(EndedError):
        export_basis_end(actor=company.legal, basis=row, reason="再次")


def test_what_comes_back_masked_is_refused_and_work_done_abroad_is_kept_whole(company, abroad, browser):
    person = company.watched.person
    page, change = browser(abroad), reverse("people:person_change", args=[person.pk])
    form = page.get(change).content.decode()
    assert person.name not in form
    assert mask(person.name) in form
    sent = {"name": mask(person.name), "number": person.number, "version": person.version, "phone": ""}
    assert page.post(change, sent).status_code == 400
    as_json = {"reason": mask(person.name)}
    answer = page.post("/api/v1/approvals/x/", as_json, content_type="application/json")
    assert answer.status_code in {400, 404}
    shown = person.user.display_name
    with shown_to(abroad):
        seen = Person.objects.get(pk=person.pk)
        assert (str(seen), str(seen.user)) == (mask(person.name), mask(shown))
        with pytest.raises(MaskedError), transaction.atomic():
            Person.objects.bulk_update([seen], ["name"])
        seen.save()
        with kept_whole():
            assert str(seen) == person.name
    assert Person.objects.get(pk=person.pk).name == person.name
    with answering(RequestFactory().post("/")), pytest.raises(RuntimeError, match="take_out"):
        require_viewer()


@pytest.mark.requirement("WEC-13")
def test_a_way_is_open_only_with_the_record_of_each_thing_it_needs(company, fixed_clock):
    person = company.watched.person
    filed = {"filing": "备案 2026-17", "filed_on": date(2026, 2, 10)}
    approved = {"approval": "批准 2026-9", "approved_on": date(2026, 2, 20)}
    for way, needed in (
        ("standard-contract", {**PROVED, **filed}),
        ("security-assessment", {**PROVED, **approved}),
        ("certification", {**PROVED, **approved}),
    ):
        for missing in needed:
            empty = "" if isinstance(needed[missing], str) else None
            with pytest.raises(ProofMissingError):
                basis(company, **needed | {"way": way, missing: empty})
        assert not Border(company.abroad).open(person)
        row = basis(company, **needed, way=way)
        assert Border(company.abroad).open(person)
        export_basis_end(actor=company.legal, basis=row, reason="改用其他途径")
    for wrong, told in (
        ({"way": "friendship"}, WordUnknownError),
        ({"to_country": "CN"}, WordUnknownError),
        ({"last_day": date(2026, 2, 28)}, DayError),
        ({"assessed_on": date(2026, 3, 2)}, DayError),
    ):
        with pytest.raises(told):
            basis(company, **wrong)
    basis(company, last_day=date(2026, 3, 1))
    assert Border(company.abroad).open(person)
    fixed_clock.advance(timedelta(days=1))
    assert not Border(company.abroad).open(person)


def test_who_stands_nowhere_is_abroad_and_everybody_sees_themselves(company):
    assert not Border(company.counsel).open(company.watched.person)
    local = User.objects.create_user("local")
    grant(local, Role.AUDITOR, entity_scope(company.cn.pk))
    assert Border(local).open(company.watched.person)
    assert not Border(local).open(company.abroad.person)
    assert Border(company.abroad).open(company.abroad.person)
    assert Border(company.watched).open(company.watched.person)


def test_a_basis_over_http_in_two_parts(company, browser):
    legal = browser(company.legal)
    where = reverse("privacy:export_basis_new", args=[company.cn.pk])
    first = {
        "to_country": "JP", "way": "standard-contract", "reference": "标准合同", "last_day": "2027-02-28",
    }  # fmt: skip
    legal.post(where, first)
    proofs = reverse("privacy:export_basis_part", args=[company.cn.pk, "proofs"])
    assert legal.post(proofs, {"assessment": "评估", "assessed_on": "2026-02-01"}).status_code == 422
    filled = {
        "assessment": "评估", "assessed_on": "2026-02-01", "filing": "备案", "filed_on": "2026-02-02",
    }  # fmt: skip
    page = legal.post(proofs, filled, follow=True).content.decode()
    row = ExportBasis.objects.get()
    assert "standard contract with filing" in page
    assert "备案" in page
    end = reverse("privacy:export_basis_end", args=[row.pk])
    assert browser(company.people_office).get(end).status_code == 403
    legal.post(end, {"reason": "到期前终止"})
    assert ExportBasis.objects.get().ended_at is not None
