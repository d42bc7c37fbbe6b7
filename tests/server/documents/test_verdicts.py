"""The verdict of a file and the figures of its scan follow exceptions that two persons have agreed on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.documents.scanning import filled, indexed, of, run_next, scanned, wish
from tests.server.documents.test_exceptions import grounds, in_force, letter

from shoumi.engine.inspection.inspecting import UNMARKED
from shoumi.engine.inspection.verdict import Action as Verdict
from shoumi.engine.inspection.verdict import worst
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.documents import tasks
from shoumi.server.documents.models import MatchException, Scan, ScannedFile
from shoumi.server.documents.services import recording
from shoumi.server.documents.services.exceptions import exception_decide, exception_end, exception_propose
from shoumi.server.documents.services.scans import scan_start
from shoumi.server.documents.services.verdicts import verdicts_check
from shoumi.server.ledger.queries import entries_of, entry_details

pytestmark = pytest.mark.any_database  # scans are stored and read on both by `test_scanning`

Scope = MatchException.Scope
LETTER_PATH = "研发/信.txt"
SECRETS = {LETTER_PATH, "研发/旧.zip"}
BLOCKING = """
policy: strict
rules:
  - id: secrets
    verdict: block
    reason: {zh: 阻断, ja: 遮断, en: block}
    when: {kinds: [fingerprint]}
    examples:
      match: [{found: [{kind: fingerprint, id: x}]}]
      refuse: [{found: [{kind: marking, id: x}]}]
"""


@pytest.fixture
def scan(company, share):
    filled(share)
    indexed(company)
    return scanned(company)


def verdicts(scan):
    return dict(scan.scanned_files.values_list("path", "verdict"))


def told_in_ledger(row):
    details = entry_details(entries_of(row.ledger_subject).last())
    return {each.name: each.value for each in details}["verdicts"]


def worst_of(scan):
    scan.refresh_from_db()
    assert scan.worst == worst(map(Verdict, verdicts(scan).values())), "the figure is that of the files"
    return scan.worst


def test_a_proposal_changes_no_verdict_and_a_decision_does(company, scan, fixed_clock):
    before = verdicts(scan)
    row = exception_propose(actor=company.owner, match=letter(scan), grounds=grounds(fixed_clock))
    assert verdicts(scan) == before
    exception_decide(actor=company.officer, exception_id=row.pk, agree=True, answer="同意")
    assert verdicts(scan) == before | {LETTER_PATH: "allow"}
    file = ScannedFile.objects.get(scan=scan, path=LETTER_PATH)
    assert (file.judged, file.count) == (before[LETTER_PATH], 2), "what the scan has said stays"
    assert worst_of(scan) == before["研发/旧.zip"]
    assert scan.excepted == 2
    assert told_in_ledger(row) == 1


def test_the_figures_of_the_scan_follow_and_come_back(company, scan, fixed_clock):
    scan = scanned(company, policy=BLOCKING)
    before, figure = verdicts(scan), worst_of(scan)
    row = in_force(company, fixed_clock, scan, Scope.KIND)
    left = {path: said for path, said in before.items() if path not in SECRETS}
    assert verdicts(scan) == left | dict.fromkeys(SECRETS, "allow")
    assert (figure, worst_of(scan)) == ("block", "allow")
    exception_end(actor=company.department_officer, exception_id=row.pk)
    assert (verdicts(scan), worst_of(scan), scan.excepted) == (before, figure, 0)
    assert not ScannedFile.objects.exclude(judged="").exists()
    assert told_in_ledger(row) == 4, "two files in two scans"


def test_it_ends_on_its_day(company, scan, fixed_clock):
    before = verdicts(scan)
    in_force(company, fixed_clock, scan)
    fixed_clock.advance(timedelta(days=30))
    tasks.often()
    assert verdicts(scan)[LETTER_PATH] == "allow", "the last day is one of its days"
    fixed_clock.advance(timedelta(days=1))
    tasks.often()
    assert verdicts(scan) == before
    assert worst_of(scan) == before[LETTER_PATH]


def test_nobody_makes_a_verdict_milder_alone(company, scan, fixed_clock):
    before = verdicts(scan)
    row = exception_propose(actor=company.officer, match=letter(scan), grounds=grounds(fixed_clock))
    with pytest.raises(NotPermittedError):
        exception_decide(actor=company.officer, exception_id=row.pk, agree=True, answer="")
    assert verdicts(scan) == before
    exception_decide(actor=company.second_officer, exception_id=row.pk, agree=False, answer="不足")
    assert verdicts(scan) == before, "nor does a refusal"
    row = exception_propose(actor=company.officer, match=letter(scan), grounds=grounds(fixed_clock))
    exception_end(actor=company.officer, exception_id=row.pk)
    assert verdicts(scan) == before
    assert worst_of(scan) == before[LETTER_PATH]


def test_what_is_left_in_a_file_still_counts(company, scan, fixed_clock, share):
    (share / LETTER_PATH).write_text((share / LETTER_PATH).read_text() + "社外秘\n", encoding="utf-8")
    again = scanned(company)
    in_force(company, fixed_clock, again)
    file = ScannedFile.objects.get(scan=again, path=LETTER_PATH)
    marked = verdicts(again)["销售/表.txt"]
    assert file.verdict == marked
    assert Verdict(file.verdict).severity < Verdict(file.judged).severity


def test_later_and_earlier_scans_of_the_same_content_say_the_same(company, scan, fixed_clock, share):
    earlier = scanned(company)
    row = in_force(company, fixed_clock, scan)
    later = scanned(company)
    assert verdicts(earlier) == verdicts(scan) == verdicts(later)
    assert worst_of(earlier) == worst_of(later)
    assert (earlier.excepted, later.excepted) == (2, 2)
    assert ScannedFile.objects.get(scan=later, path=LETTER_PATH).judged
    exception_end(actor=company.owner, exception_id=row.pk)
    assert verdicts(later) == verdicts(earlier) == verdicts(scan)
    (share / LETTER_PATH).write_text("又：" + (share / LETTER_PATH).read_text(), encoding="utf-8")
    in_force(company, fixed_clock, later)
    assert verdicts(scanned(company))[LETTER_PATH] != "allow", "another content was never excepted"


def test_a_decision_while_a_scan_runs_is_not_missed(company, scan, fixed_clock, monkeypatch):
    row = exception_propose(actor=company.owner, match=letter(scan), grounds=grounds(fixed_clock))
    monkeypatch.setattr(recording, "FLUSH_FILES", 1)
    write, written = recording.Batch.write, []

    def writes(batch):
        stop = write(batch)
        written.append(1)
        if len(written) == 3:
            exception_decide(actor=company.officer, exception_id=row.pk, agree=True, answer="")
        return stop

    monkeypatch.setattr(recording.Batch, "write", writes)
    running = scan_start(actor=company.officer, wish=wish(company))
    assert run_next()
    running.refresh_from_db()
    assert (running.state, running.excepted) == (Scan.State.DONE, 2)
    assert verdicts(running) == verdicts(scan)
    assert verdicts(scan)[LETTER_PATH] == "allow"


def test_a_file_of_which_not_everything_was_kept_keeps_its_verdict(company, share, fixed_clock, monkeypatch):
    filled(share)
    indexed(company)
    monkeypatch.setattr(recording, "MOST_KEPT", 1)
    scan = scanned(company)
    before = verdicts(scan)
    in_force(company, fixed_clock, scan)
    assert (
        of(scan, file__path=LETTER_PATH).count()
        == 1
        < ScannedFile.objects.get(scan=scan, path=LETTER_PATH).count
    )
    assert verdicts(scan) == verdicts(scanned(company)) == before, "rather too severe than too mild"


def test_rules_of_its_own_judge_anew_by_the_path_that_they_saw(company, scan, fixed_clock, share):
    rules = f"""
policy: strict
rules:
  - id: research
    verdict: block
    reason: {{zh: 阻断, ja: 遮断, en: block}}
    when: {{kinds: [fingerprint, marking], paths: ["{share}/研发/*"]}}
    examples:
      match: [{{path: {share}/研发/信.txt, found: [{{kind: marking, id: x}}]}}]
      refuse: [{{path: 研发/信.txt, found: [{{kind: marking, id: x}}]}}]
"""
    own = scanned(company, policy=rules)
    assert verdicts(own)[LETTER_PATH] == "block"
    unmarked = of(own, code=UNMARKED, file__path=LETTER_PATH).get()
    row = exception_propose(actor=company.owner, match=unmarked, grounds=grounds(fixed_clock))
    exception_decide(actor=company.officer, exception_id=row.pk, agree=True, answer="")
    assert verdicts(own)[LETTER_PATH] == "block", "the excerpt itself is still there"
    in_force(company, fixed_clock, own)
    assert verdicts(own)[LETTER_PATH] == "allow"


def test_what_was_excepted_before_verdicts_followed_is_caught_up_with(company, scan, fixed_clock):
    before = verdicts(scan)
    in_force(company, fixed_clock, scan)
    now = verdicts(scan)
    ScannedFile.objects.filter(scan=scan).update(verdict=before[LETTER_PATH], judged="")
    ScannedFile.objects.filter(scan=scan).exclude(path=LETTER_PATH).delete()
    assert verdicts_check() == 1
    assert verdicts(scan)[LETTER_PATH] == now[LETTER_PATH]
    assert verdicts_check() == 0
