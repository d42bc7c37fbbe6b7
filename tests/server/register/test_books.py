"""The two ledgers: own lines on each side, nine fields, seven events, signatures, comparing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.server.register.company import approve, decide, registered

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.register.models import (
    BookDifference,
    BookEntry,
    BookLine,
    BookSignature,
    Reconciliation,
    TradeSecret,
)
from shoumi.server.register.models.books import FIELDS, Side
from shoumi.server.register.queries.book_values import entry_facts, entry_sha256
from shoumi.server.register.queries.books import Book, hash_of, signing_states
from shoumi.server.register.services import books, changes, publication, reconciling
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.values import Limits, ScopeValue


def line(secret: TradeSecret, side: str = "owner") -> BookLine:
    return BookLine.objects.get(secret=secret, side=side)


def compared(company) -> Reconciliation:
    return reconciling.reconciliation_start(actor=company.officer, entity=company.cn)


def correct(  # noqa: PLR0913 - what may differ from test to test
    company, secret, field="storage_place", value="五号柜", *, actor=None, side="owner", reason="搬家"
):
    row = line(secret, side)
    return books.line_correct(
        actor=actor or (company.department_officer if side == "owner" else company.officer),
        line_id=row.pk, expected_version=row.version, field=field, value=value, reason=reason,
    )  # fmt: skip


@pytest.mark.requirement(
    "ARC-03",
    "ARC-L1",
    "ARC-L2",
    "ARC-L3",
    "ARC-L4",
    "ARC-L5",
    "ARC-L6",
    "ARC-L7",
    "ARC-L8",
    "ARC-L9",
    "ARC-E1",
)
def test_a_registered_secret_has_a_line_with_nine_fields_in_each_of_two_books(company):
    secret = registered(company)
    expected = {
        "name": "陶瓷烧结曲线",
        "level": "important",
        "period": "P5Y/2031-03-01",
        "owner": "材料实验室",
        "carrier_form": ["file", "paper"],
        "storage_place": "三号柜、Shoumi",
        "storage_form": ["files", "paper"],
        "keeper": "柏舟(E003)",
        "reading_scope": "材料实验室",
    }
    assert tuple(expected) == FIELDS
    owner, office = line(secret, "owner"), line(secret, "office")
    assert owner.pk != office.pk
    assert owner.values == office.values == expected
    for row in (owner, office):
        entries = list(row.entries.order_by("ordinal"))
        assert [(entry.cause, entry.event.kind) for entry in entries] == [("event", "created")] * 2
        assert entries[0].written_by == company.leader
        assert {field: change[1] for field, change in entries[0].changes.items()} == expected
        head = ""
        for entry in entries:
            facts = entry_facts(
                line=f"{row.side}:{secret.pk}", ordinal=entry.ordinal, cause=entry.cause,
                event=entry.event_id, changes=entry.changes, reason=entry.reason,
            )  # fmt: skip
            head = entry_sha256(head, facts)
            assert head == entry.sha256
        assert row.head == head


@pytest.mark.requirement("ARC-E2", "ARC-E3", "ARC-E4", "ARC-E7")
@pytest.mark.parametrize("kind", ["circulated", "copied", "released", "destroyed"])
def test_what_happens_to_a_carrier_enters_both_books_with_what_it_changed(company, kind):
    secret = registered(company)
    carrier = secret.carriers.get()
    carrier.place = "七号柜"
    carrier.save()
    event = life_event_record(secret=secret, kind=kind, actor=company.owner, carrier=carrier)
    for side in Side.values:
        row = line(secret, side)
        entry = row.entries.latest("ordinal")
        assert (entry.event, entry.written_by, row.storage_place) == (event, company.owner, "七号柜、Shoumi")
        assert list(entry.changes) == ["storage_place"]


@pytest.mark.requirement("ARC-E5", "ARC-E6")
def test_a_change_and_a_declassification_enter_both_books(company):
    secret = registered(company)
    limits = Limits(period="P5Y", scope=(ScopeValue("departments", str(company.lab.pk)),))
    wished = changes.wish_of(limits=limits, grading=None, custodian=str(company.proposer.person.pk))
    changes.change_open(
        actor=company.owner,
        secret_id=secret.pk,
        expected_version=secret.version,
        wished=wished,
        reason="换人",
    )
    secret = approve(company, secret)
    changes.declassification_open(
        actor=company.owner,
        secret_id=secret.pk,
        expected_version=secret.version,
        ground="DEC-02",
        reason="过时",
    )
    decide(secret, company.officer)
    decide(secret, company.leader)
    for side in Side.values:
        row = line(secret, side)
        kinds = [entry.event.kind for entry in row.entries.order_by("ordinal")]
        assert kinds == ["created", "created", "changed", "declassified"]
        assert row.entries.get(event__kind="changed").changes == {"keeper": ["柏舟(E003)", "陆知微(E001)"]}
        assert row.standing == BookLine.Standing.DECLASSIFIED
    assert compared(company).found == 0


@pytest.mark.requirement("ARC-E4")
def test_a_publication_enters_both_books_as_released_when_it_is_confirmed(company):
    secret = registered(
        company, period="until_publication", publication_event="新品发布", period_reason="随产品公开"
    )
    publication.publication_record(
        actor=company.owner, secret_id=secret.pk, expected_version=secret.version,
        published_on=date(2026, 3, 20), proof="官网公告",
    )  # fmt: skip
    assert not secret.life_events.filter(kind="released").exists()
    publication.publication_confirm(actor=company.officer, secret_id=secret.pk)
    for side in Side.values:
        entry = line(secret, side).entries.get(event__kind="released")
        assert (entry.written_by, entry.event.note) == (company.officer, "2026-03-20")
    assert compared(company).found == 0


@pytest.mark.requirement("ARC-03")
def test_zero_differences_are_told_with_the_date(company):
    for level in ("core", "important", "general"):
        registered(company, level=level)
    run = compared(company)
    assert (run.state, run.total, run.done, run.found, run.percent) == ("done", 3, 3, 0, 100)
    assert run.finished_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert entries_of(run.ledger_subject).filter(tag="register:books:compared").exists()


@pytest.mark.requirement("ARC-03")
def test_a_difference_is_found_by_field_and_resolved_by_a_correction_with_its_reason(company):
    secret, other = registered(company), registered(company)
    correct(company, secret)
    assert line(secret, "office").storage_place == "三号柜、Shoumi"
    assert compared(company).found == 1
    found = BookDifference.objects.get()
    assert (found.secret, found.field) == (secret, "storage_place")
    assert (found.owner_value, found.office_value) == ("五号柜", "三号柜、Shoumi")
    assert compared(company).found == 1  # known already: not told twice
    assert BookDifference.objects.count() == 1
    entry = correct(company, secret, side="office", reason="现场核对")
    found.refresh_from_db()
    assert (found.resolved_by, found.resolved_at is not None) == (entry, True)
    assert (entry.reason, entry.written_by) == ("现场核对", company.officer)
    assert compared(company).found == 0
    assert line(other).storage_place == "三号柜、Shoumi"


@pytest.mark.requirement("ARC-03")
@pytest.mark.parametrize("side", Side.values)
def test_a_line_or_an_event_that_one_side_lacks_is_found_and_made_good(company, side):
    secret = registered(company)
    lost = line(secret, side)
    BookEntry.objects.filter(line=lost).delete()
    lost.delete()
    assert compared(company).found == 1
    keeper = company.department_officer if side == "owner" else company.officer
    other = company.officer if side == "owner" else company.department_officer
    difference = BookDifference.objects.get()
    assert difference.field == "line"
    with pytest.raises(NotPermittedError):
        books.line_restore(actor=other, difference_id=difference.pk, side=side, reason="补登")
    books.line_restore(actor=keeper, difference_id=difference.pk, side=side, reason="补登")
    assert compared(company).found == 0
    row = line(secret, side)
    books.line_event_note(
        actor=keeper, line_id=row.pk, expected_version=row.version, kind="circulated", note="送检"
    )
    assert compared(company).found == 1
    difference = BookDifference.objects.get(resolved_at=None)
    assert difference.field == "event"
    entered = difference.event
    opposite = line(secret, "office" if side == "owner" else "owner")
    with pytest.raises(books.EventEnteredError):
        books.line_event_strike(
            actor=other,
            line_id=opposite.pk,
            expected_version=opposite.version,
            event_id=entered.pk,
            reason="x",
        )
    books.line_event_enter(
        actor=other,
        line_id=opposite.pk,
        expected_version=opposite.version,
        event_id=entered.pk,
        reason="属实",
    )
    assert compared(company).found == 0
    opposite.refresh_from_db()
    books.line_event_strike(
        actor=other,
        line_id=opposite.pk,
        expected_version=opposite.version,
        event_id=entered.pk,
        reason="误记",
    )
    assert compared(company).found == 1


def test_what_a_keeper_corrected_stays_until_the_register_says_something_new_about_it(company):
    secret = registered(company)
    correct(company, secret)
    life_event_record(secret=secret, kind="circulated", actor=None)
    assert line(secret).storage_place == "五号柜"
    secret.carriers.update(place="九号柜")
    life_event_record(secret=secret, kind="circulated", actor=None)
    assert line(secret).storage_place == "九号柜、Shoumi"


def test_a_correction_needs_a_field_a_value_a_reason_and_the_present_line(company):
    secret = registered(company)
    for field, value in (
        ("storage_place", ""), ("storage_place", "三号柜、Shoumi"), ("carrier_form", ["stone"]),
        ("carrier_form", "paper"), ("level", "top"), ("drawn", "x"), ("name", "x" * 201),
    ):  # fmt: skip
        with pytest.raises(books.CorrectionError):
            correct(company, secret, field, value)
    with pytest.raises(books.CorrectionError):
        correct(company, secret, reason=" ")
    with pytest.raises(books.LineChangedError):
        books.line_correct(
            actor=company.owner,
            line_id=line(secret).pk,
            expected_version=1,
            field="keeper",
            value="x",
            reason="y",
        )
    correct(company, secret, "carrier_form", ["paper", "sample"])
    assert line(secret).carrier_form == ["paper", "sample"]


@pytest.mark.requirement("ARC-03", "ARC-04")
def test_each_side_writes_into_its_own_book_only(company):
    secret = registered(company)
    for side, keepers in (
        ("owner", (company.owner, company.department_officer)),
        ("office", (company.officer, company.second_officer, company.hr)),  # hr is of the office here, too
    ):
        for person in company.everybody.values():
            if person in keepers:
                correct(company, secret, value=f"{person} {side}", actor=person, side=side)
            else:
                with pytest.raises(NotPermittedError):
                    correct(company, secret, value=f"{person} {side}", actor=person, side=side)


@pytest.mark.requirement("ARC-05", "ARC-03")
def test_a_department_signs_and_files_its_list_and_the_office_receives_it_with_its_date(company):
    registered(company)
    book, month = Book(company.cn, company.lab), date(2026, 2, 1)
    digest = hash_of(book)
    for person in (company.officer, company.leader, company.auditor, company.sales_owner, company.proposer):
        with pytest.raises(NotPermittedError):
            books.book_sign(actor=person, book=book, month=month, expected_sha256=digest)
    with pytest.raises(books.BookMovedOnError):
        books.book_sign(actor=company.owner, book=book, month=month, expected_sha256="0" * 64)
    with pytest.raises(books.BookSignedError):
        books.book_sign(actor=company.owner, book=book, month=date(2026, 3, 1), expected_sha256=digest)
    signature = books.book_sign(actor=company.owner, book=book, month=month, expected_sha256=digest)
    with pytest.raises(books.BookSignedError):
        books.book_sign(actor=company.owner, book=book, month=month, expected_sha256=digest)
    assert (signature.lines, signature.differences, signature.side) == (1, 0, "owner")
    entry = entries_of(signature.ledger_subject).get(tag="register:book:signed")
    assert entry.actor == company.owner.ledger_actor
    with pytest.raises(NotPermittedError):
        books.book_receive(actor=company.owner, signature_id=signature.pk)
    books.book_receive(actor=company.officer, signature_id=signature.pk)
    signature.refresh_from_db()
    assert (signature.received_by, signature.received_at) == (
        company.officer,
        datetime(2026, 3, 1, 9, tzinfo=UTC),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        BookSignature.objects.filter(pk=signature.pk).update(received_by=signature.signed_by)


def test_the_office_signs_its_whole_book_and_what_is_overdue_is_told(company, fixed_clock):
    registered(company)
    states = {state.book.key: state for state in signing_states(company.cn)}
    assert set(states) == {"office", str(company.lab.pk)}
    assert not any(state.overdue for state in states.values())
    fixed_clock.advance(timedelta(days=42))
    assert all(state.overdue for state in signing_states(company.cn))
    book = Book(company.cn)
    with pytest.raises(NotPermittedError):
        books.book_sign(actor=company.owner, book=book, month=date(2026, 3, 1), expected_sha256=hash_of(book))
    books.book_sign(actor=company.officer, book=book, month=date(2026, 3, 1), expected_sha256=hash_of(book))
    states = {state.book.key: state for state in signing_states(company.cn)}
    assert not states["office"].overdue
    assert states["office"].signature.signed_by == company.officer


def test_a_comparison_goes_on_where_it_stopped_and_runs_once_at_a_time(company, monkeypatch):
    made = [registered(company) for _ in range(3)]
    correct(company, made[2])
    monkeypatch.setattr(reconciling, "PORTION", 1)
    monkeypatch.setattr(reconciling, "AT_ONCE", 0)
    run = compared(company)
    assert (run.state, run.done, run.total) == ("running", 0, 3)
    assert compared(company) == run
    reconciling._portion(run.pk)
    run.refresh_from_db()
    assert (run.done, run.percent) == (1, 33)
    reconciling.reconciliations_run()
    run.refresh_from_db()
    assert (run.state, run.done, run.found) == ("done", 3, 1)
