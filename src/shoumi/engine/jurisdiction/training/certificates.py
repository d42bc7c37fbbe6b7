"""The certificate of a passed test, whose hash names exactly what the person saw and answered.

The hash is SHA-256 over the canonical JSON (RFC 8785) of everything in it.  A new version of the course ends
it, and so does its time.  Signing and storing it are not done here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.errors import ConflictError, EvidenceError
from shoumi.engine.jurisdiction.periods import Period, PeriodKind, period_end, period_over
from shoumi.engine.jurisdiction.training.testing import grade
from shoumi.engine.jurisdiction.training.values import Question

FORM = "shoumi/training-certificate/1"


class NotPassedError(ConflictError):
    """There is no certificate for a test that was not passed."""

    code = "jurisdiction.training_not_passed"
    message = "The test was not passed: {percent} % are right, {needed} % are needed."


class CertificateMismatchError(EvidenceError):
    """The certificate is not about this course, these questions or these answers."""

    code = "jurisdiction.training_certificate"
    message = "The certificate does not belong to what is shown: its hash is {found}, not {expected}."


@dataclass(frozen=True, slots=True)
class CourseVersion:
    """One version of a course, with the hashes of what it shows."""

    course: str
    version: str
    materials: Mapping[str, str]  # name → SHA-256 in hexadecimal


@dataclass(frozen=True, slots=True)
class Certificate:
    """That somebody passed, and what they saw."""

    person: str
    seen: CourseVersion
    passed_on: date
    valid_until: date
    questions: Mapping[str, str]  # id → SHA-256 of what was asked
    answers: Mapping[str, tuple[int, ...]]
    percent: int

    @property
    def value(self) -> JSONValue:
        """Everything in it."""
        return {
            "form": FORM,
            "person": self.person,
            "course": self.seen.course,
            "version": self.seen.version,
            "materials": dict(self.seen.materials),
            "passed_on": self.passed_on.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "questions": dict(self.questions),
            "answers": {id_: list(chosen) for id_, chosen in self.answers.items()},
            "percent": self.percent,
        }

    @property
    def digest(self) -> str:
        """SHA-256 of everything in it, in hexadecimal."""
        return hashlib.sha256(canonical_bytes(self.value)).hexdigest()

    def holds(self, current: CourseVersion, day: date) -> bool:
        """Return whether it still holds on `day`: the course is as it was seen, and its time is not over."""
        return current == self.seen and self.passed_on <= day and not period_over(self.valid_until, day)


def certify(  # noqa: PLR0913 - what a certificate is about, by name
    person: str,
    seen: CourseVersion,
    questions: Sequence[Question],
    answers: Mapping[str, Collection[int]],
    *,
    pass_percent: int,
    valid_months: int,
    day: date,
) -> Certificate:
    """Return the certificate of a test that was passed on `day`.

    Raises:
        NotPassedError: too few answers are right.
        AnswerError: as for `grade`.
        DrawError: there is no question.
    """
    result = grade(questions, answers, pass_percent)
    if not result.passed:
        raise NotPassedError(percent=result.percent, needed=pass_percent)
    return Certificate(
        person=person,
        seen=seen,
        passed_on=day,
        valid_until=period_end(day, Period(PeriodKind.SPAN, months=valid_months)) or day,
        questions=MappingProxyType({question.id: question.digest for question in questions}),
        answers=MappingProxyType(
            {question.id: tuple(sorted(set(answers.get(question.id, ())))) for question in questions}
        ),
        percent=result.percent,
    )


def verify_certificate(certificate: Certificate, digest: str, questions: Sequence[Question]) -> None:
    """Return if the certificate has this hash and is about these very questions.

    Raises:
        CertificateMismatchError: it has another, or they read differently now.
    """
    found = certificate.digest
    if found != digest:
        raise CertificateMismatchError(found=found, expected=digest)
    now = {question.id: question.digest for question in questions}
    for id_, seen in certificate.questions.items():
        if now.get(id_) != seen:
            raise CertificateMismatchError(found=now.get(id_, "–"), expected=seen)
