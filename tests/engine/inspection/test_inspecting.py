"""Inspection put together: one order, ids that stay, unmarked copies, and files that stayed closed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fakes.findings import WordFinder, found, text_part

from shoumi.engine.inspection.inspecting import UNMARKED, Means, finding_ids, inspect
from shoumi.engine.inspection.values import (
    Extraction,
    FindingKind,
    Reason,
    Unreadable,
)

MOBILES = WordFinder(r"139\d{8}", FindingKind.IDENTIFIER, "cn.mobile")
LABELS = WordFinder("核心商密", FindingKind.MARKING, "cn.core", "core")
LESS = WordFinder("社外秘", FindingKind.MARKING, "jp.general", "general")
SECRET = WordFinder("配方一号", FindingKind.FINGERPRINT, "S-1", "core", (("secret", "S-1"),))
ROWS = WordFinder("甲公司", FindingKind.EXACT, "customers", facts=(("row", "7"),))


def extraction(*parts, unreadable=()) -> Extraction:
    return Extraction("text/plain", tuple(parts), unreadable=tuple(unreadable))


def ids_of(*parts, recogniser=None) -> list[str]:
    means = Means(recogniser, (ROWS,), (SECRET,))
    return [finding.id for finding in inspect(extraction(*parts), means)]


def test_findings_come_in_the_order_of_reading_whatever_found_them():
    parts = (text_part("甲公司 13900000000 配方一号"), text_part("13900000001", "a.zip!/b.txt"))
    means = Means(MOBILES, (ROWS,), (SECRET,))
    findings = inspect(extraction(*parts), means)
    assert [finding.id for finding in findings] == ["customers", "cn.mobile", "S-1", UNMARKED, "cn.mobile"]
    assert findings == inspect(extraction(*parts), means)


def test_what_two_means_found_alike_is_told_once_with_the_better_score():
    part = text_part("13900000000")

    class Twice:
        def findings(self, parts, name=""):
            once = found(part, part.text)
            return [replace(once, score=0.4), once, replace(once, score=0.6)]

    assert [finding.score for finding in inspect(extraction(part), Means(Twice()))] == [0.9]


@pytest.mark.parametrize(
    ("marked", "copied", "told"),
    [
        ("", "", True),
        ("核心商密", "", False),
        ("", "inner.zip!/a.txt", True),
        ("核心商密", "inner.zip!/a.txt", False),  # the label on the whole covers what lies in it
    ],
)
def test_a_copy_without_marking_is_a_finding_of_its_own(marked, copied, told):
    parts = (text_part(f"封面 {marked}"), text_part("抄自配方一号", copied))
    assert (UNMARKED in ids_of(*parts, recogniser=LABELS)) == told


def test_the_marking_of_one_member_does_not_cover_another():
    parts = (text_part("核心商密", "a.docx"), text_part("配方一号 配方一号", "b.docx"))
    assert ids_of(*parts, recogniser=LABELS).count(UNMARKED) == 1


def test_the_marking_of_a_lower_level_does_not_cover_a_higher_one():
    assert UNMARKED in ids_of(text_part("社外秘 配方一号"), recogniser=LESS)


def test_what_stayed_closed_is_a_finding():
    closed = [Unreadable(Reason.ENCRYPTED, "a.zip!/b.pdf", "needs a password"), Unreadable(Reason.DAMAGED)]
    told = inspect(extraction(unreadable=closed), Means())
    assert {(finding.id, finding.member) for finding in told} == {
        ("unreadable.encrypted", "a.zip!/b.pdf"),
        ("unreadable.damaged", ""),
    }
    assert dict(told[1].explanation.facts) == {"detail": "needs a password"}


def test_ids_stay_for_the_same_bytes_and_change_with_them():
    parts = (text_part("13900000000 13900000000"), text_part("13900000000"))
    findings = inspect(extraction(*parts), Means(MOBILES))
    first = finding_ids(findings, parts, "00" * 32)
    assert len(set(first)) == 3
    copies = tuple(replace(part) for part in parts)
    assert finding_ids(inspect(extraction(*copies), Means(MOBILES)), copies, "00" * 32) == first
    assert not set(first) & set(finding_ids(findings, parts, "11" * 32))


def test_an_id_does_not_hang_on_the_text_found():
    first, second = text_part("13900000000"), text_part("13911111111")
    one, other = (inspect(extraction(part), Means(MOBILES)) for part in (first, second))
    assert finding_ids(one, [first], "00" * 32) == finding_ids(other, [second], "00" * 32)
