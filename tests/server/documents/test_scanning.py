"""Scans find what lies on a share or was brought, go on after whatever happens, and look twice at nothing."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.server.documents.scanning import (
    EXCERPT,
    LETTER,
    archive,
    filled,
    indexed,
    of,
    run_next,
    scanned,
    wish,
)
from tests.server.register.company import stored

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.documents.models import Index, Match, Scan, ScannedFile, ScanPlan
from shoumi.server.documents.services import recording, running
from shoumi.server.documents.services.plans import plan_end, plans_start_due, scan_plan
from shoumi.server.documents.services.recording import Batch, ClaimLostError
from shoumi.server.documents.services.running import LEASE, scan_run_next
from shoumi.server.documents.services.scans import (
    NothingToLookForError,
    NothingToScanError,
    ScanStateError,
    scan_archive,
    scan_delete,
    scan_resume,
    scan_start,
    scan_stop,
)
from shoumi.server.documents.services.sources import ShareFolderError, file_of
from shoumi.server.documents.services.verdicts import policy_of
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.ledger.queries import entries_of
from shoumi.server.ledger.tags import LedgerTag

State = Scan.State


@pytest.fixture
def secret(company, share):
    filled(share)
    return indexed(company)


def tags(subject):
    return [entry.tag for entry in entries_of(subject)]


def test_a_share_is_looked_through(company, secret):
    scan = scan_start(actor=company.officer, wish=wish(company))
    assert scan_run_next()  # with a worker of its own
    scan.refresh_from_db()
    assert (scan.state, scan.files, scan.expected_files, scan.closed) == (State.DONE, 5, 5, 1)
    told = {(row.file.path, row.member, row.kind) for row in of(scan, kind="fingerprint")}
    assert told == {("研发/信.txt", "", "fingerprint"), ("研发/旧.zip", "letter.txt", "fingerprint")}
    assert {row.secret_id for row in of(scan, kind="fingerprint")} == {secret.pk}
    assert {row.index.kind for row in of(scan, kind="fingerprint")} == {Index.Kind.SECRETS}
    assert of(scan, kind="unreadable").get().file.path == "坏.pdf"
    assert of(scan, kind="marking", file__folder="销售").exists()
    assert not any(EXCERPT[6:20] in row.text for row in of(scan)), "it is kept masked"
    assert scan.worst not in {"", "allow"}
    assert tags(scan.ledger_subject) == [LedgerTag.DOCUMENTS_SCAN_BEGUN, LedgerTag.DOCUMENTS_SCAN_ENDED]


def test_equal_texts_are_known_again_and_say_nothing_of_themselves(company, secret):
    scan = scanned(company)
    likes = {row.like for row in of(scan, kind="fingerprint")}
    assert len(likes) == 1
    assert len(likes.pop()) == 32


def test_what_was_brought_is_looked_through_and_lies_encrypted(company, secret, settings):
    files = [
        stored(company.officer, "信.txt", LETTER.encode()),
        stored(company.officer, "信.txt", archive(a=LETTER)),
    ]
    scan = scanned(company, share="", files=files)
    assert {row.file.path for row in of(scan, kind="fingerprint")} == {"信.txt", "信.txt (2)"}
    assert set(ScannedFile.objects.filter(scan=scan).values_list("upload__file", flat=True)) == {
        each.pk for each in files
    }


def test_without_indexes_and_packs_only_what_was_asked_for_is_found(company, secret):
    assert set(scanned(company, index_ids=[]).matches.values_list("kind", flat=True)) == {
        "marking",
        "unreadable",
    }
    assert set(scanned(company, packs=[]).matches.values_list("kind", flat=True)) >= {"fingerprint"}
    assert not of(scanned(company, packs=["world"]), kind="marking", file__folder="销售").exists()


def test_rules_of_its_own_give_other_verdicts(company, secret):
    rules = """
policy: strict
rules:
  - id: every-marking
    verdict: block
    reason: {zh: 阻断, ja: 遮断, en: block}
    when: {kinds: [marking]}
    examples:
      match: [{found: [{kind: marking, id: x}]}]
      refuse: [{found: [{kind: identifier, id: x}]}]
"""
    scan = scanned(company, policy=rules)
    assert dict(scan.scanned_files.values_list("path", "verdict"))["销售/表.txt"] == "block"
    assert dict(scan.scanned_files.values_list("path", "verdict"))["空.txt"] == "allow"


def test_unchanged_files_are_only_hashed(company, secret, share):
    first = scanned(company)
    (share / "销售" / "新.txt").write_text(LETTER, encoding="utf-8")
    (share / "研发" / "信.txt").write_text(LETTER.replace("老王", "老李"), encoding="utf-8")
    second = scanned(company)
    assert (second.files, second.reused) == (6, 4)
    kept = {row.finding for row in of(first, file__path="研发/旧.zip")}
    assert {row.finding for row in of(second, file__path="研发/旧.zip")} == kept
    changed = {row.finding for row in of(first, file__path="研发/信.txt")}
    assert not changed & {row.finding for row in of(second, file__path="研发/信.txt")}
    assert scanned(company, index_ids=[]).reused == 0, "other means find other things"


def test_of_one_file_the_most_important_are_kept_and_all_counted(company, secret, share, monkeypatch):
    monkeypatch.setattr(recording, "MOST_KEPT", 2)
    (share / "多.txt").write_text("社外秘\n" * 5 + LETTER, encoding="utf-8")
    scan = scanned(company, below="")
    file = scan.scanned_files.get(path="多.txt")
    assert (file.count, file.matches.count()) == (scan.matches_count - _others(scan), 2)
    assert file.matches.order_by("ordinal").first().kind == "fingerprint"
    monkeypatch.undo()
    again = scanned(company)
    assert again.scanned_files.get(path="多.txt").matches.count() == file.count
    assert again.reused == 5, "what was not kept whole is looked into again"


def _others(scan):
    return sum(scan.scanned_files.exclude(path="多.txt").values_list("count", flat=True))


def stopping(monkeypatch, scan_officer, after):
    """Ask for a stop once so many files have been written down."""
    write = Batch.write

    def writes(self):
        if self.scan.scanned_files.count() == after:
            scan_stop(actor=scan_officer, scan_id=self.scan.pk)
        return write(self)

    monkeypatch.setattr(recording, "FLUSH_FILES", 1)
    monkeypatch.setattr(Batch, "write", writes)


def test_a_stopped_scan_goes_on_and_tells_everything_once(company, secret, monkeypatch):
    whole = scanned(company)
    Scan.objects.filter(pk=whole.pk).update(means="")  # so that nothing is remembered
    stopping(monkeypatch, company.officer, 1)
    scan = scanned(company)
    assert (scan.state, scan.files) == (State.STOPPED, 2)
    monkeypatch.undo()
    with pytest.raises(ScanStateError):
        scan_stop(actor=company.officer, scan_id=scan.pk)
    scan_resume(actor=company.officer, scan_id=scan.pk)
    run_next()
    scan.refresh_from_db()
    assert (scan.state, scan.files, scan.matches_count) == (State.DONE, whole.files, whole.matches_count)
    assert sorted(of(scan).values_list("finding")) == sorted(of(whole).values_list("finding"))
    assert LedgerTag.DOCUMENTS_SCAN_RESUMED in tags(scan.ledger_subject)


def test_a_scan_whose_worker_was_killed_is_taken_over(company, secret, monkeypatch, fixed_clock):
    class Killed(BaseException):
        pass

    write, calls = Batch.write, []

    def writes(self):
        calls.append(1)
        if len(calls) == 3:
            raise Killed
        return write(self)

    monkeypatch.setattr(recording, "FLUSH_FILES", 1)
    monkeypatch.setattr(Batch, "write", writes)
    scan = scan_start(actor=company.officer, wish=wish(company))
    with pytest.raises(Killed):
        run_next()
    monkeypatch.undo()
    assert not run_next(), "the claim holds until it has shown no life for long enough"
    fixed_clock.advance(2 * LEASE)
    assert run_next()
    scan.refresh_from_db()
    assert (scan.state, scan.files, scan.scanned_files.count()) == (State.DONE, 5, 5)


def test_a_runner_that_lost_its_claim_writes_nothing(company, secret):
    scan = scan_start(actor=company.officer, wish=wish(company))
    Scan.objects.filter(pk=scan.pk).update(state=State.RUNNING, runner=uuid4())
    with pytest.raises(ClaimLostError):
        Batch(scan, uuid4(), policy_of(scan)).write()


def test_a_scan_of_a_share_that_is_gone_fails_visibly(company, secret, settings):
    scan = scan_start(actor=company.officer, wish=wish(company))
    settings.SHOUMI_SCAN_SHARES = {}
    run_next()
    scan.refresh_from_db()
    assert (scan.state, scan.failure) == (State.FAILED, ShareFolderError.code)


def test_a_fault_of_ours_is_told_and_ends_the_scan(company, secret, monkeypatch):
    monkeypatch.setattr(running, "setting_of", lambda _scan: 1 / 0)
    scan = scan_start(actor=company.officer, wish=wish(company))
    with pytest.raises(ZeroDivisionError):
        run_next()
    scan.refresh_from_db()
    assert (scan.state, scan.failure) == (State.FAILED, running.BROKEN)
    assert not any(thread.name == "scan-beat" for thread in threading.enumerate())


def test_nothing_outside_a_share_can_be_named(company, share):
    (share / "ausgang").symlink_to(share.parent)
    for below in ("..", "研发/../..", "/etc", "nowhere", "ausgang", "信\0"):
        with pytest.raises(ShareFolderError):
            scan_start(actor=company.officer, wish=wish(company, below=below))


def test_a_file_is_found_again_however_its_name_is_written(company, share):
    (share / "资料").mkdir()
    name = b"\xd7\xca\xc1\xcf.txt"  # GBK
    path = bytes(share / "资料") + b"/" + name
    with open(path, "wb") as stream:  # noqa: PTH123 - a name that is no text
        stream.write(b"x")
    assert file_of("公共盘", r"资料/\xd7\xca\xc1\xcf.txt").read_bytes() == b"x"
    assert file_of("公共盘", "资料/nothing.txt") is None
    (share / "out").symlink_to("/etc")
    assert file_of("公共盘", "out/hostname") is None
    assert file_of("公共盘", "../secret.txt") is None


def test_a_scan_of_nothing_is_refused(company, share):
    refused = [
        ({"share": ""}, NothingToScanError),
        ({"packs": [], "index_ids": []}, NothingToLookForError),
        ({"share": "other"}, ShareFolderError),
    ]
    for changes, error in refused:
        with pytest.raises(error):
            scan_start(actor=company.officer, wish=wish(company, **changes))


def test_others_start_and_control_no_scans(company, share):
    scan = scan_start(actor=company.technician, wish=wish(company))
    for who in ("proposer", "owner", "legal", "auditor", "leader", "foreign_officer"):
        actor = getattr(company, who)
        with pytest.raises(NotPermittedError):
            scan_start(actor=actor, wish=wish(company))
        for service in (scan_stop, scan_archive, scan_delete):
            with pytest.raises(NotPermittedError):
                service(actor=actor, scan_id=scan.pk)


def test_a_deleted_scan_takes_what_was_brought_with_it(company, secret):
    brought = stored(company.officer, "信.txt", LETTER.encode())
    scan = scanned(company, share="", files=[brought])
    with pytest.raises(NotPermittedError):
        scan_delete(actor=company.technician, scan_id=scan.pk)
    scan_archive(actor=company.technician, scan_id=scan.pk)
    subject = scan.ledger_subject
    scan_delete(actor=company.officer, scan_id=scan.pk)
    assert not Scan.objects.exists()
    assert not Match.objects.exists()
    assert StoredFile.objects.get(pk=brought.pk).state == FileState.SHREDDED
    assert tags(subject)[-2:] == [LedgerTag.DOCUMENTS_SCAN_ARCHIVED, LedgerTag.DOCUMENTS_SCAN_DELETED]


def test_a_planned_scan_begins_again_when_its_time_has_come(company, share, fixed_clock):
    scan = scan_plan(actor=company.officer, wish=wish(company), every=ScanPlan.Every.DAY)
    plan = scan.plan
    assert plans_start_due() == 0
    fixed_clock.advance(timedelta(days=3, hours=1))
    assert plans_start_due() == 0, "the last one is still open"
    Scan.objects.update(state=State.DONE)
    fixed_clock.advance(timedelta(days=1))
    assert plans_start_due() == 1
    assert plans_start_due() == 0
    plan.refresh_from_db()
    assert timedelta() < plan.next_at - fixed_clock.now() <= timedelta(days=1)
    assert Scan.objects.filter(plan=plan).count() == 2
    with pytest.raises(NotPermittedError):
        plan_end(actor=company.auditor, plan_id=plan.pk)
    plan_end(actor=company.technician, plan_id=plan.pk)
    fixed_clock.advance(timedelta(days=9))
    assert plans_start_due() == 0


def test_a_plan_ends_with_the_right_of_whoever_made_it(company, share, fixed_clock):
    scan = scan_plan(actor=company.officer, wish=wish(company), every=ScanPlan.Every.WEEK)
    company.officer.role_grants.all().delete()
    Scan.objects.update(state=State.DONE)
    fixed_clock.advance(timedelta(days=8))
    assert plans_start_due() == 0
    scan.plan.refresh_from_db()
    assert scan.plan.ended_at is not None
