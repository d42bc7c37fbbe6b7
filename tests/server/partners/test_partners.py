"""Partners: recorded once, bound by a filed agreement, and told nothing before."""

from __future__ import annotations

from datetime import date

import pytest
from tests.server.partners.outside import PARTS, contractor, filed, recorded, wish
from tests.server.register.operations_company import agreement, drafted, marked, third_party

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.partners.models import Partner
from shoumi.server.partners.queries.conditions import AgreementUnfiledError, PartnerEndedError
from shoumi.server.partners.queries.partners import partners_visible_to
from shoumi.server.partners.services import errors
from shoumi.server.partners.services.partners import (
    FilingWish,
    agreement_file,
    partner_change,
    partner_end,
    partner_manager_set,
)
from shoumi.server.people.services.editing import FieldMissingError, RecordChangedError
from shoumi.server.register.models import Operation
from shoumi.server.register.queries.operations.agreements import AgreementMissingError
from shoumi.server.register.services.operations.requests import operation_submit
from shoumi.server.register.services.third_parties import ThirdPartyFaultyError


def disclosure(company, partner, **more):
    """Return a complete draft of a disclosure to a partner."""
    return drafted(company, marked(company), "disclose", third_party=partner.third_party.pk, **more)


def submit(company, operation):
    return operation_submit(
        actor=company.owner, operation_id=operation.pk, expected_version=operation.version
    )


@pytest.mark.requirement("BIZ-01", "BIZ-03")
def test_a_disclosure_waits_for_the_agreement_and_then_for_its_filing(company):
    partner = recorded(company)
    operation = disclosure(company, partner)
    with pytest.raises(AgreementMissingError):
        submit(company, operation)
    signed = agreement(company, partner.third_party)
    with pytest.raises(AgreementUnfiledError) as refused:
        submit(company, operation)
    assert refused.value.fields["partner"] == "示范检测有限公司"
    given = FilingWish(number="", form="clause", **PARTS)
    row = agreement_file(actor=company.owner, partner=partner, agreement=signed, wish=given)
    assert row.number == "CA-2026-0001"
    assert row.filed_on == date(2026, 3, 1)
    assert submit(company, operation).state == Operation.State.AWAITING_APPROVAL
    assert [entry.tag for entry in entries_of(partner.ledger_subject)] == [
        "partners:partner:recorded",
        "partners:agreement:filed",
    ]


def test_nothing_goes_to_a_partner_whose_work_ends_before_it_would_be_back(company):
    partner = recorded(company)
    filed(company, partner)
    operation = disclosure(company, partner)
    partner_end(
        actor=company.owner, partner=partner, expected_version=1, day=date(2026, 3, 20), reason="完工"
    )
    with pytest.raises(PartnerEndedError):
        submit(company, operation)
    with pytest.raises(errors.PartnerOverError):
        partner_end(
            actor=company.owner, partner=partner, expected_version=2, day=date(2026, 4, 1), reason="x"
        )


@pytest.mark.requirement("BIZ-03")
def test_an_agreement_is_filed_once_with_all_of_its_five_parts(company):
    partner = recorded(company)
    first = filed(company, partner)
    assert filed(company, partner).number == "CA-2026-0002"
    with pytest.raises(errors.FilingError):
        filed(company, partner, number=first.number)
    given, other = FilingWish(number="", form="own", **PARTS), recorded(company, name="示范物流有限公司")
    with pytest.raises(errors.FilingError):
        agreement_file(actor=company.owner, partner=other, agreement=first.agreement, wish=given)
    for part in PARTS:
        with pytest.raises(FieldMissingError):
            filed(company, partner, **{part: " "})
    with pytest.raises(NotPermittedError):
        agreement_file(actor=company.leader, partner=partner, agreement=first.agreement, wish=given)


def test_a_third_party_of_the_register_becomes_the_partner_and_stands_once(company):
    known = third_party(company)
    partner = recorded(company, contact="办公室")
    assert partner.third_party == known
    with pytest.raises(errors.PartnerTwiceError):
        recorded(company)
    with pytest.raises(ThirdPartyFaultyError):
        recorded(company, name=" ")
    with pytest.raises(FieldMissingError):
        recorded(company, name="示范派遣有限公司", kind="dispatch_agency")
    changed = partner_change(
        actor=company.owner, partner=partner, expected_version=1, wish=wish(company, name="示范检测所")
    )
    assert str(Partner.objects.get()) == "示范检测所"
    with pytest.raises(RecordChangedError):
        partner_change(actor=company.owner, partner=changed, expected_version=1, wish=wish(company))


def test_nobody_of_the_company_answers_for_a_partner(company):
    partner = contractor(company)
    with pytest.raises(errors.ManagerError):
        partner_manager_set(
            actor=company.owner, partner=partner, expected_version=1, manager=company.colleague
        )
    row = partner_manager_set(
        actor=company.owner, partner=partner, expected_version=1, manager=company.counsel
    )
    assert row.manager == company.counsel


def test_the_list_shows_who_is_bound(company):
    bound, unbound = recorded(company), contractor(company)
    filed(company, bound)
    found = dict(partners_visible_to(company.officer).values_list("pk", "bound"))
    assert found == {bound.pk: True, unbound.pk: False}
