"""The lines of both secrets ledgers as lists: on paper, or in one of the electronic forms."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from tests.server.register.company import registered

from shoumi.server.register.models import Carrier
from shoumi.server.register.models.books import ELECTRONIC, FORM_OF_CARRIER, StorageForm
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.views.book_lists import LineListing


def found(company, archive):
    listing = LineListing(company.officer, QueryDict(f"archive={archive}"))
    return {row.secret_id for row in listing.found}


@pytest.mark.requirement("ARC-02")
def test_archives_are_on_paper_or_electronic_with_media_systems_and_databases(company):
    kinds = {Carrier.Kind.MEDIUM, Carrier.Kind.DEVICE, Carrier.Kind.SYSTEM, Carrier.Kind.DATABASE}
    assert {FORM_OF_CARRIER[kind] for kind in kinds} | {StorageForm.FILES} == set(ELECTRONIC)
    both, electronic = registered(company), registered(company)
    electronic.carriers.update(kind=Carrier.Kind.DATABASE)
    life_event_record(secret=electronic, kind="changed", actor=company.owner)
    assert found(company, "paper") == {both.pk}
    assert found(company, "electronic") == {both.pk, electronic.pk}
