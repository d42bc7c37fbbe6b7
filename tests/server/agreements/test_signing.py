"""Signatures: exactly the bytes that were read, each way of signing, and what is refused."""

from __future__ import annotations

import hashlib

import pytest
from tests.fakes.esign import FakeESignService
from tests.server.agreements.company import (
    PASSWORD,
    drawing,
    in_force,
    offered,
    picture_url,
    signed,
    strokes_text,
)
from tests.server.agreements.test_drafting import content
from tests.server.register.company import stored

from shoumi.engine.evidence.hashes import sm3
from shoumi.engine.workflow import TransitionRefusedError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.accounts.services.signatures import SignatureError
from shoumi.server.agreements.models import Agreement, ServiceOrder, Signature
from shoumi.server.agreements.ports import ESignError
from shoumi.server.agreements.queries.visible import mine, to_sign, to_witness
from shoumi.server.agreements.services.drafting import agreement_end
from shoumi.server.agreements.services.drawings import drawing_read
from shoumi.server.agreements.services.errors import (
    AlreadyConfirmedError,
    DayError,
    DrawingError,
    NotTheseBytesError,
    StateError,
    WitnessError,
)
from shoumi.server.agreements.services.ordering import order_send, orders_collect
from shoumi.server.agreements.services.refusing import Refused, refusal_record, refusal_witness
from shoumi.server.agreements.services.signing import (
    Paper,
    agreement_countersign,
    agreement_paper_record,
    agreement_reveal,
    agreement_sign,
)
from shoumi.server.files.storage.format import StoredFileAlteredError
from shoumi.server.files.storage.places import path_of
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.notifications.models import Notification
from shoumi.server.people.queries import today_of


def sign(company, row, **changes):
    how = {"pdf_sha256": row.pdf.sha256, "drawing": drawing(), "password": PASSWORD, **changes}
    return agreement_sign(actor=how.pop("actor", company.proposer), agreement=row, **how)


def told_of(row):
    """Return what the ledger tells of an agreement, by tag."""
    return {
        entry.tag: {item.name: item.value for item in entry_details(entry)}
        for entry in entries_of(row.ledger_subject)
    }


@pytest.mark.requirement("ONB-03")
def test_the_person_signs_by_drawing_and_the_company_after_them(company):
    row = offered(company)
    assert list(to_sign(company.proposer)) == [row]
    made = sign(company, row)
    row.refresh_from_db()
    assert (row.state, made.method, made.signer) == ("signed", "drawn", company.proposer)
    assert content(made.picture).startswith(b"\x89PNG")
    assert b'"pressure":0.5' in content(made.strokes)
    data = content(row.pdf)
    assert made.pdf_sha256 == hashlib.sha256(data).hexdigest()
    assert made.pdf_sm3 == sm3(data).hex()
    agreement_countersign(actor=company.legal, agreement=row, pdf_sha256=row.pdf.sha256, password=PASSWORD)
    row.refresh_from_db()
    assert (row.state, row.in_force_from) == ("in_force", today_of(company.cn))
    told = told_of(row)
    for tag in (
        "agreements:agreement:offered",
        "agreements:agreement:signed",
        "agreements:agreement:countersigned",
    ):
        assert told[tag]["pdf_sha256"] == made.pdf_sha256
        assert told[tag]["pdf_sm3"] == made.pdf_sm3
    assert list(mine(company.proposer)) == [row]
    assert not to_sign(company.proposer).exists()


def test_nobody_signs_for_another_or_other_bytes_or_without_the_password(company):
    row = offered(company)
    for who in (company.personnel, company.colleague, company.legal, company.leader):
        with pytest.raises(NotPermittedError):
            sign(company, row, actor=who)
    with pytest.raises(NotTheseBytesError):
        sign(company, row, pdf_sha256="0" * 64)
    with pytest.raises(SignatureError):
        sign(company, row, password="wrong")
    assert not Signature.objects.exists()
    path = path_of(row.pdf.key_id)
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(StoredFileAlteredError):
        sign(company, row)
    row.refresh_from_db()
    assert row.state == "offered"


@pytest.mark.parametrize(
    ("picture", "strokes"),
    [
        ("", strokes_text()),
        ("data:image/png;base64,AAAA", strokes_text()),
        (picture_url(empty=True), strokes_text()),
        (picture_url(), ""),
        (picture_url(), strokes_text(3)),
        (picture_url(), '[{"points": [{"x": "a"}]}]'),
        (picture_url(), "[" * 2000),
    ],
)
def test_what_is_no_drawing_is_refused(picture, strokes):
    with pytest.raises(DrawingError):
        drawing_read(picture, strokes)


def test_paper_is_recorded_by_hr_and_never_by_the_signer(company):
    row = offered(company)
    today = today_of(company.cn)
    scan = stored(company.personnel, "scan.pdf", b"%PDF-1.7 signed on paper")
    with pytest.raises(NotPermittedError):
        agreement_paper_record(
            actor=company.proposer, agreement=row, expected_version=row.version, paper=Paper(scan, today)
        )
    with pytest.raises(DayError):
        agreement_paper_record(
            actor=company.personnel,
            agreement=row,
            expected_version=row.version,
            paper=Paper(scan, today.replace(year=2025)),
        )
    made = agreement_paper_record(
        actor=company.personnel, agreement=row, expected_version=row.version, paper=Paper(scan, today)
    )
    assert (made.method, made.signer, made.recorded_by) == ("scan", company.proposer, company.personnel)
    own = offered(company, person=company.personnel.person, kind="secrecy_clause", actor=company.legal)
    with pytest.raises(NotPermittedError):  # HR's own paper is for somebody else
        agreement_paper_record(
            actor=company.personnel, agreement=own, expected_version=own.version, paper=Paper(scan, today)
        )


def test_the_company_does_not_sign_before_the_party_nor_by_whoever_is_the_party(company):
    row = offered(company, person=company.legal.person, kind="secrecy_clause")
    with pytest.raises(NotPermittedError):
        agreement_countersign(
            actor=company.legal, agreement=row, pdf_sha256=row.pdf.sha256, password=PASSWORD
        )
    with pytest.raises(StateError):
        agreement_countersign(
            actor=company.leader, agreement=row, pdf_sha256=row.pdf.sha256, password=PASSWORD
        )


def test_a_promise_is_in_force_without_the_company_and_ends_for_a_reason(company):
    row = signed(company, kind="exit_pledge")
    assert row.state == "in_force"
    done = agreement_end(
        actor=company.personnel, agreement=row, expected_version=row.version, reason="已另行约定"
    )
    assert done.state == "ended"
    with pytest.raises(TransitionRefusedError):
        agreement_end(actor=company.personnel, agreement=done, expected_version=done.version, reason="再次")


def test_a_newer_agreement_replaces_the_older_once_it_is_in_force(company):
    old = in_force(company)
    new = in_force(company, replaces=old)
    old.refresh_from_db()
    assert (old.state, new.state) == ("replaced", "in_force")


@pytest.mark.requirement("OFF-09")
def test_a_refusal_is_a_record_that_two_witnesses_confirm(company):
    row = offered(company, kind="exit_pledge")
    seen = (company.colleague.person, company.seller.person)
    refused = Refused(company.head.person, seen, "二号楼会议室", "需要咨询律师")
    others = (company.proposer, company.personnel, company.head, company.colleague)
    for each in others:
        with pytest.raises(WitnessError):
            refusal_record(
                actor=company.personnel,
                agreement=row,
                expected_version=row.version,
                refused=Refused(company.head.person, (each.person, seen[0]), "会议室"),
            )
    made = refusal_record(
        actor=company.personnel, agreement=row, expected_version=row.version, refused=refused
    )
    row.refresh_from_db()
    paper = made.paper
    assert (row.state, paper.state, paper.kind) == ("refused", "offered", "refused_signature_record")
    text = content(paper.form).decode()
    for words in (row.pdf.sha256, "何清越", "安然", "需要咨询律师", "柏舟"):
        assert words in text
    with pytest.raises(StateError):  # it is the witnesses' paper, not the person's
        sign(company, paper)
    for who, witness in zip(
        (company.colleague, company.seller), made.witnesses.order_by("person__number"), strict=True
    ):
        assert list(to_witness(who)) == [witness]
        with pytest.raises(NotPermittedError):
            refusal_witness(
                actor=company.head, witness=witness, pdf_sha256=paper.pdf.sha256, password=PASSWORD
            )
        refusal_witness(actor=who, witness=witness, pdf_sha256=paper.pdf.sha256, password=PASSWORD)
        with pytest.raises(AlreadyConfirmedError):
            refusal_witness(actor=who, witness=witness, pdf_sha256=paper.pdf.sha256, password=PASSWORD)
    paper.refresh_from_db()
    assert paper.state == "in_force"
    assert Notification.objects.filter(user=company.seller).exists()


@pytest.fixture
def service(settings):
    settings.SHOUMI_ESIGN_SERVICE = "tests.fakes.esign.FakeESignService"
    FakeESignService.begin()
    return FakeESignService()


def test_an_outside_service_signs_our_bytes_and_no_others(company, service):
    row = offered(company)
    order = order_send(actor=company.personnel, agreement=row, expected_version=row.version)
    assert orders_collect() == 0  # it waits
    service.sign(order.reference)
    assert orders_collect() == 1
    row.refresh_from_db()
    made = row.signatures.get()
    assert (row.state, made.method, made.reference) == ("signed", "service", order.reference)
    assert content(made.picture).startswith(content(row.pdf))
    assert orders_collect() == 0
    other = offered(company, person=company.colleague.person)
    order = order_send(actor=company.personnel, agreement=other, expected_version=other.version)
    service.sign(order.reference, document=b"%PDF-1.7 another text, and longer" * 4000)
    assert orders_collect() == 1
    other.refresh_from_db()
    assert other.state == Agreement.State.OFFERED
    assert ServiceOrder.objects.get(agreement=other).state == ServiceOrder.State.FAULTY


def test_a_service_that_is_away_declines_or_is_not_set_up(company, service, settings):
    row = offered(company)
    service.away(True)
    with pytest.raises(ESignError):
        order_send(actor=company.personnel, agreement=row, expected_version=row.version)
    service.away(False)
    order = order_send(actor=company.personnel, agreement=row, expected_version=row.version)
    with pytest.raises(StateError):
        order_send(actor=company.personnel, agreement=row, expected_version=row.version)
    service.away(True)
    assert orders_collect() == 0
    service.away(False)
    service.decline(order.reference)
    assert orders_collect() == 1
    order.refresh_from_db()
    assert order.state == "declined"
    settings.SHOUMI_ESIGN_SERVICE = ""
    assert orders_collect() == 0


def test_revealing_asks_why_and_is_recorded(company):
    row = offered(company)
    with pytest.raises(NotPermittedError):
        agreement_reveal(actor=company.personnel, agreement=row, purpose=" ")
    agreement_reveal(actor=company.personnel, agreement=row, purpose="核对证件")
    assert told_of(row)["agreements:agreement:revealed"]["purpose"] == "核对证件"
