"""Certificates: what their hash names, and when they end."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.jurisdiction.training import (
    CertificateMismatchError,
    CourseVersion,
    NotPassedError,
    Question,
    certify,
    draw,
    load_training,
    verify_certificate,
)

ROOT = Path(__file__).parents[4]
TABLE = load_training("cn")
SEEN = CourseVersion("new-staff", "3", {"rules.pdf": "ab" * 32})
ASKED = draw(TABLE.questions, "p7", 10, TABLE.audience("new").parts)
RIGHT = {question.id: question.right for question in ASKED}


def certificate(day=date(2026, 3, 1), answers=RIGHT, **changes):
    given = {"person": "p7", "seen": SEEN, "questions": ASKED} | changes
    return certify(
        given["person"], given["seen"], given["questions"], answers,
        pass_percent=80, valid_months=12, day=day,
    )  # fmt: skip


def test_the_hash_names_everything_that_was_seen_and_answered():
    paper = certificate()
    verify_certificate(paper, paper.digest, TABLE.questions)
    assert certificate().digest == paper.digest
    less = {id_: right for id_, right in RIGHT.items() if id_ != ASKED[0].id}
    reworded = (replace(ASKED[0], text="另一种问法"), *ASKED[1:])
    others = [
        certificate(person="p8"),
        certificate(date(2026, 3, 2)),
        certificate(answers=less),
        certificate(questions=reworded),
        certificate(seen=replace(SEEN, version="4")),
        certificate(seen=replace(SEEN, materials={"rules.pdf": "cd" * 32})),
    ]
    assert len({paper.digest, *(each.digest for each in others)}) == 7


def test_another_hash_or_another_wording_is_refused():
    paper = certificate()
    with pytest.raises(CertificateMismatchError):
        verify_certificate(paper, "00" * 32, TABLE.questions)
    reworded = (replace(ASKED[0], text="另一种问法"), *ASKED[1:])
    with pytest.raises(CertificateMismatchError):
        verify_certificate(paper, paper.digest, reworded)
    with pytest.raises(CertificateMismatchError):
        verify_certificate(paper, paper.digest, ASKED[1:])


def test_there_is_none_for_a_test_that_was_not_passed():
    with pytest.raises(NotPassedError, match="70 %"):
        certificate(answers=dict(list(RIGHT.items())[3:]))


@pytest.mark.parametrize(
    ("passed", "last"),
    [
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2026, 3, 1), date(2027, 3, 1)),
        (date(2027, 2, 28), date(2028, 2, 28)),
    ],
)
def test_its_time_ends_after_twelve_months(passed, last):
    paper = certificate(passed)
    assert paper.valid_until == last
    assert paper.holds(SEEN, last)
    assert not paper.holds(SEEN, date.fromordinal(last.toordinal() + 1))
    assert not paper.holds(SEEN, date.fromordinal(passed.toordinal() - 1))


def test_a_new_version_ends_the_old_certificate():
    assert not certificate().holds(replace(SEEN, version="4"), date(2026, 3, 1))
    assert not certificate().holds(replace(SEEN, materials={}), date(2026, 3, 1))


def test_the_bytes_are_those_of_the_published_format():
    asked = Question("X-1", "SRV-T1", "", "一加一？", ("二", "三"), frozenset({0}), "算术", "自拟", "")
    paper = certificate(questions=[asked], answers={"X-1": {0}})
    page = (ROOT / "docs/formats/training-certificate.md").read_text(encoding="utf-8")
    assert canonical_bytes(asked.value).decode() in page
    assert canonical_bytes(paper.value).decode() in page
    assert paper.questions["X-1"] == hashlib.sha256(canonical_bytes(asked.value)).hexdigest()
    assert paper.digest in page
