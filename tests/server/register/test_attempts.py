"""Attempts to get in: every sign-in tries every service, and only some get through."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.register.company import (
    CONTENT,
    ELEMENTS,
    EXCLUSIONS,
    draft,
    proposed,
    registered,
    signed_in,
    stored,
)

from shoumi.engine.errors import ConflictError, ShoumiError
from shoumi.engine.evidence.package import ArchiveFiles, Status, check_package
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.files.services import file_discard
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.queries import entries_of
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.services import changes, contents, documents, drafts, evidence, exports, proposals
from shoumi.server.register.services.verifying import NothingNamedError
from shoumi.server.register.values import ElementValue, EvidenceValue, Identity, ScopeValue

IDENTITY = Identity("改过的名称", "说明", "IDN-T2", "必要", None)


def who_may(company, attempt):
    """Return the names of those whose attempt the services did not refuse."""
    passed = set()
    for name, person in company.everybody.items():
        try:
            attempt(person)
        except NotPermittedError:
            continue
        except ShoumiError:
            passed.add(name)  # not refused: another rule of the record stands in the way
            continue
        passed.add(name)
    return passed


def test_who_opens_the_content_of_a_registered_secret(company):
    secret = registered(company)
    file = secret.files.get().file_id
    passed = who_may(
        company, lambda person: contents.secret_file_open(actor=person, secret_id=secret.pk, file_id=file)
    )
    in_scope = {"proposer", "colleague"}
    by_remit = {"officer", "second_officer", "owner", "department_officer", "head"}  # hr has no clearance
    assert passed == in_scope | by_remit
    opened = entries_of(secret.ledger_subject).filter(tag="register:file:opened")
    assert opened.count() == len(passed)


def test_who_opens_a_core_secret_whose_scope_names_one_person(company):
    scope = (ScopeValue("persons", str(company.colleague.person.pk)),)
    secret = registered(company, level="core", scope=scope, scope_reason="needed")
    file = secret.files.get().file_id
    passed = who_may(
        company, lambda person: contents.secret_file_open(actor=person, secret_id=secret.pk, file_id=file)
    )
    assert "colleague" not in passed  # in scope, and cleared for a lower level
    assert passed == {"officer", "second_officer", "owner", "department_officer", "head"}


def test_who_opens_a_draft(company):
    secret = draft(company)
    file = secret.files.get().file_id
    passed = who_may(
        company, lambda person: contents.secret_file_open(actor=person, secret_id=secret.pk, file_id=file)
    )
    assert passed == {"proposer", "department_officer"}


def test_a_file_of_another_secret_is_not_opened_through_this_one(company):
    mine, other = draft(company), registered(company, level="core")
    with pytest.raises(ShoumiError):
        contents.secret_file_open(
            actor=company.proposer, secret_id=mine.pk, file_id=other.files.get().file_id
        )


def test_somebody_elses_file_is_not_attached(company):
    secret = draft(company)
    foreign = stored(company.head, "别人的.txt")
    with pytest.raises(NothingNamedError):
        drafts.secret_file_attach(
            actor=company.proposer, secret_id=secret.pk, expected_version=None, files=[foreign]
        )
    piece = EvidenceValue(file=foreign.pk)
    with pytest.raises(NothingNamedError):
        drafts.secret_assess(
            actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
            elements=[ElementValue("value", "met", "holds", (piece,))], exclusions=(),
        )  # fmt: skip


def test_a_file_of_a_registered_secret_is_not_discarded_by_who_uploaded_it(company):
    secret = registered(company)
    with pytest.raises(ConflictError):
        file_discard(actor=company.proposer, stored=secret.files.get().file)


def test_who_edits_submits_and_discards_a_draft(company):
    secret = draft(company)
    edit = who_may(
        company,
        lambda person: drafts.secret_describe(
            actor=person, secret_id=secret.pk, expected_version=0, identity=IDENTITY
        ),
    )
    submit = who_may(
        company, lambda person: proposals.secret_submit(actor=person, secret_id=secret.pk, expected_version=0)
    )
    assert edit == submit == {"proposer", "department_officer"}
    others = company.everybody.keys() - edit
    assert {"officer", "leader", "technician", "auditor", "counsel"} <= others


def test_who_finds_a_waiting_proposal_not_to_be_a_secret(company):
    secret = proposed(company)
    passed = who_may(
        company,
        lambda person: proposals.secret_find_not_a_secret(
            actor=person, secret_id=secret.pk, expected_version=0, reason="known"
        ),
    )
    assert passed == {"officer", "second_officer", "hr"}


def test_who_asks_for_changes_and_declassification(company):
    secret = registered(company)
    declassify = who_may(
        company,
        lambda person: changes.declassification_open(
            actor=person, secret_id=secret.pk, expected_version=0, ground="DEC-02", reason="useless"
        ),
    )
    assert declassify == {"officer", "second_officer", "owner", "department_officer", "head", "hr"}


def test_who_exports_prints_and_takes_evidence(company):
    secret = registered(company)
    exported = who_may(
        company, lambda person: exports.register_export(actor=person, rows=[secret], form="csv")
    )
    office = {"officer", "second_officer", "hr"}
    assert exported == office | {"owner", "department_officer", "legal"}
    labels = who_may(company, lambda person: documents.labels_print(actor=person, secrets=[secret]))
    assert labels == office | {"owner", "department_officer", "head"}
    taken = who_may(
        company,
        lambda person: evidence.evidence_package_build(actor=person, secret_id=secret.pk, purpose="test"),
    )
    assert taken == {"officer", "second_officer", "owner", "department_officer", "head"}


def test_an_evidence_package_needs_a_purpose(company):
    secret = registered(company)
    with pytest.raises(NotPermittedError):
        evidence.evidence_package_build(actor=company.owner, secret_id=secret.pk, purpose=" ")


def test_who_proposes_for_a_department(company):
    passed = who_may(company, lambda person: drafts.secret_draft(actor=person, department=company.lab))
    assert passed == {
        "proposer", "colleague", "officer", "second_officer", "owner", "department_officer", "hr",
    }  # fmt: skip


def test_services_refuse_what_the_state_does_not_allow(company):
    secret = registered(company)
    for attempt in (
        lambda: drafts.secret_assess(
            actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
            elements=ELEMENTS, exclusions=EXCLUSIONS,
        ),
        lambda: drafts.secret_discard(actor=company.proposer, secret_id=secret.pk),
        lambda: proposals.secret_submit(
            actor=company.proposer, secret_id=secret.pk, expected_version=secret.version
        ),
    ):  # fmt: skip
        with pytest.raises(NotPermittedError):
            attempt()
    with pytest.raises(ConflictError):
        proposals.secret_withdraw(actor=company.proposer, secret_id=secret.pk)


def test_a_refused_download_is_explained_and_written_to_the_ledger(company, client):
    secret = registered(company)
    file = secret.files.get().file_id
    address = reverse("register:file_download", args=[secret.pk, file])
    signed_in(client, company.auditor)
    answer = client.get(address)
    assert answer.status_code == 403
    assert CONTENT not in answer.content
    refused = LedgerEntry.objects.filter(tag="policy:decision:refused", actor=company.auditor.ledger_actor)
    assert refused.exists()
    signed_in(client, company.colleague)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == CONTENT


def test_pages_are_closed_to_those_who_are_not_signed_in_and_to_other_departments(company, client):
    secret = registered(company, level="core")
    names = (
        "secret_detail",
        "secret_files",
        "secret_people",
        "secret_timeline",
        "secret_evidence",
        "secret_review",
    )
    for name in names:
        assert client.get(reverse(f"register:{name}", args=[secret.pk])).status_code == 302
    signed_in(client, company.seller)
    for name in (*names, "secret_change", "secret_declassify"):
        assert client.get(reverse(f"register:{name}", args=[secret.pk])).status_code == 403, name
    assert client.get(reverse("register:secret_detail", args=[company.lab.pk])).status_code == 404


def test_who_may_not_open_files_sees_neither_names_nor_links(company, client):
    secret = registered(company)
    signed_in(client, company.auditor)
    page = client.get(reverse("register:secret_files", args=[secret.pk])).content.decode()
    assert "烧结曲线.txt" not in page
    assert str(secret.files.get().file_id) not in page


def test_the_package_of_a_secret_verifies_and_holds_its_files(company, tmp_path):
    secret = registered(company)
    made = evidence.evidence_package_build(actor=company.owner, secret_id=secret.pk, purpose="court")
    path = tmp_path / made.name
    path.write_bytes(b"".join(made.blocks))
    with path.open("rb") as stream:
        files = ArchiveFiles(stream)
        report = check_package(files)
        names = list(files.names())
    assert report.holds, report.to_json()
    found = {check.name: check.status for check in report.checks}
    assert found["record"] == Status.HOLDS  # the record itself stands in the ledger
    assert any(name.startswith("data/exhibits/0001") for name in names)
    assert CONTENT in path.read_bytes()
    assert TradeSecret.objects.get(pk=secret.pk).number in made.name
