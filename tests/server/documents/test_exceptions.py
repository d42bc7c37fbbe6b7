"""An exception takes two persons, covers what was seen and nothing new, and ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.documents.scanning import LETTER, filled, indexed, of, scanned

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.documents.models import Match, MatchException
from shoumi.server.documents.queries.excepted import excepted, still_open
from shoumi.server.documents.queries.results import results_of
from shoumi.server.documents.services import exceptions
from shoumi.server.documents.services.exceptions import (
    ExceptionDateError,
    ExceptionDecidedError,
    ExceptionOpenError,
    ExceptionWideError,
    Grounds,
    exception_decide,
    exception_end,
    exception_propose,
    exceptions_expire,
)
from shoumi.server.ledger.queries import entries_of
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.queries import notifications_of

Scope, State = MatchException.Scope, MatchException.State


@pytest.fixture
def scan(company, share):
    filled(share)
    (share / "研发" / "副本").mkdir()
    (share / "研发" / "副本" / "信.txt").write_text("又：" + LETTER, encoding="utf-8")
    indexed(company)
    return scanned(company)


def letter(scan):
    return of(scan, kind="fingerprint", file__path="研发/信.txt").get()


def grounds(fixed_clock, scope=Scope.FILE, days=30):
    return Grounds(scope, "供应商已获授权", fixed_clock.now().date() + timedelta(days=days))


def in_force(company, fixed_clock, scan, scope=Scope.FILE):
    row = exception_propose(actor=company.owner, match=letter(scan), grounds=grounds(fixed_clock, scope))
    return exception_decide(actor=company.officer, exception_id=row.pk, agree=True, answer="同意")


def open_paths(scan):
    rows = of(scan, kind="fingerprint").filter(still_open())
    return sorted(rows.values_list("file__path", flat=True))


def test_a_proposal_hides_nothing_and_a_decision_does(company, scan, fixed_clock):
    row = exception_propose(actor=company.owner, match=letter(scan), grounds=grounds(fixed_clock))
    assert "研发/信.txt" in open_paths(scan)
    assert {"count": 2} in [told.parameters for told in notifications_of(company.officer)]
    before = results_of(company.officer, scan)
    exception_decide(actor=company.officer, exception_id=row.pk, agree=True, answer="同意")
    after = results_of(company.officer, scan)
    assert (after.open, after.excepted) == (before.open - 2, before.excepted + 2)
    assert "研发/信.txt" not in open_paths(scan)
    assert [entry.tag for entry in entries_of(row.ledger_subject)] == [
        LedgerTag.DOCUMENTS_EXCEPTION_PROPOSED,
        LedgerTag.DOCUMENTS_EXCEPTION_APPROVED,
    ]
    assert notifications_of(company.owner).exists()


def test_it_reaches_as_far_as_was_said(company, scan, fixed_clock):
    for scope, left in [
        (Scope.FILE, ["研发/副本/信.txt", "研发/旧.zip"]),
        (Scope.FOLDER, []),
        (Scope.KIND, []),
    ]:
        row = in_force(company, fixed_clock, scan, scope)
        assert open_paths(scan) == left
        covered = of(scan).filter(excepted())
        assert row.covered == covered.count() == 2 * (3 - len(left)), "with the copies that bear no mark"
        assert set(covered.values_list("secret", flat=True)) == {letter(scan).secret_id}
        exception_end(actor=company.owner, exception_id=row.pk)


def test_new_and_changed_files_are_not_covered_and_unchanged_ones_are(company, scan, fixed_clock, share):
    in_force(company, fixed_clock, scan, Scope.KIND)
    (share / "研发" / "新.txt").write_text(LETTER, encoding="utf-8")
    (share / "研发" / "信.txt").write_text(LETTER + "改", encoding="utf-8")
    assert open_paths(scanned(company)) == ["研发/信.txt", "研发/新.txt"]


def test_it_comes_back_on_its_day_and_when_it_is_ended(company, scan, fixed_clock):
    row = in_force(company, fixed_clock, scan)
    fixed_clock.advance(timedelta(days=31))
    assert "研发/信.txt" in open_paths(scan), "even before the schedule has looked"
    assert exceptions_expire() == 1
    row.refresh_from_db()
    assert row.state == State.ENDED
    again = in_force(company, fixed_clock, scan)
    assert "研发/信.txt" not in open_paths(scan)
    exception_end(actor=company.department_officer, exception_id=again.pk)
    assert "研发/信.txt" in open_paths(scan)
    with pytest.raises(ExceptionDecidedError):
        exception_end(actor=company.owner, exception_id=again.pk)


def test_nobody_decides_on_their_own_and_only_the_office_decides(company, scan, fixed_clock):
    row = exception_propose(actor=company.officer, match=letter(scan), grounds=grounds(fixed_clock))
    for who in (
        "officer",
        "owner",
        "legal",
        "leader",
        "auditor",
        "technician",
        "foreign_officer",
        "proposer",
    ):
        with pytest.raises(NotPermittedError):
            exception_decide(actor=getattr(company, who), exception_id=row.pk, agree=True, answer="")
    exception_decide(actor=company.second_officer, exception_id=row.pk, agree=False, answer="不足")
    row.refresh_from_db()
    assert (row.state, row.answer) == (State.REFUSED, "不足")
    assert "研发/信.txt" in open_paths(scan)
    with pytest.raises(ExceptionDecidedError):
        exception_decide(actor=company.second_officer, exception_id=row.pk, agree=True, answer="")
    assert exception_propose(actor=company.owner, match=letter(scan), grounds=grounds(fixed_clock))


def test_only_those_whom_it_concerns_propose(company, scan, fixed_clock):
    for who in ("sales_owner", "technician", "auditor", "legal", "proposer", "foreign_officer"):
        with pytest.raises(NotPermittedError):
            exception_propose(actor=getattr(company, who), match=letter(scan), grounds=grounds(fixed_clock))
    assert not MatchException.objects.exists()


def test_what_cannot_be_is_refused(company, scan, fixed_clock, monkeypatch):
    for days in (0, -1, 367):
        with pytest.raises(ExceptionDateError):
            exception_propose(
                actor=company.owner, match=letter(scan), grounds=grounds(fixed_clock, days=days)
            )
    monkeypatch.setattr(exceptions, "MOST_COVERED", 3)
    with pytest.raises(ExceptionWideError):
        exception_propose(actor=company.owner, match=letter(scan), grounds=grounds(fixed_clock, Scope.FOLDER))
    monkeypatch.undo()
    row = exception_propose(actor=company.owner, match=letter(scan), grounds=grounds(fixed_clock))
    with pytest.raises(ExceptionOpenError):
        exception_propose(actor=company.officer, match=letter(scan), grounds=grounds(fixed_clock))
    fixed_clock.advance(timedelta(days=31))
    with pytest.raises(ExceptionDecidedError):
        exception_decide(actor=company.officer, exception_id=row.pk, agree=True, answer="")


def test_an_exception_survives_the_scan_it_began_with(company, scan, fixed_clock):
    in_force(company, fixed_clock, scan)
    scan.delete()
    assert "研发/信.txt" not in open_paths(scanned(company))
    assert Match.objects.filter(excepted()).count() == 2
