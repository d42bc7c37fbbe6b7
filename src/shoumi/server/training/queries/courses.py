"""Versions of courses: what they show and ask, with the hashes that certificates name.

The hash of a text is over its UTF-8 bytes, that of a PDF or a video over the file.  Reads only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.jurisdiction.training import CourseVersion as ShownVersion
from shoumi.engine.jurisdiction.training import Question, TrainingTable, load_training
from shoumi.server.people.models import LegalEntity
from shoumi.server.training.models import BankQuestion, Course, CourseVersion, Section

State = CourseVersion.State


def table_of(entity: LegalEntity) -> TrainingTable:
    """Return the training of the law pack of a legal entity."""
    return load_training(entity.pack)


def text_sha256(text: str) -> str:
    """Return the hash of a text section."""
    return hashlib.sha256(text.encode()).hexdigest()


def published(course: Course) -> CourseVersion | None:
    """Return the version in force, None if there is none."""
    return course.versions.filter(state=State.PUBLISHED).first()


def shown(version: CourseVersion, sections: Iterable[Section] | None = None) -> ShownVersion:
    """Return a version as certificates name it: each section with the hash of what it shows."""
    rows = version.sections.all() if sections is None else sections
    return ShownVersion(
        course=str(version.course_id),
        version=str(version.ordinal),
        materials={f"{row.ordinal:02} {row.title}": row.sha256 for row in rows},
    )


def bank_of(course: Course) -> QuerySet[BankQuestion]:
    """Return the questions in use that a course may ask, by their numbers."""
    rows = BankQuestion.objects.filter(entity=course.entity_id, language=course.language, ended_on=None)
    return rows.order_by("code")


def question_of(row: BankQuestion) -> Question:
    """Return a question of the bank as tests use it."""
    return Question(
        id=row.code,
        part=row.part,
        leak=row.leak,
        text=row.text,
        options=tuple(row.options),
        right=frozenset(row.right),
        explanation=row.explanation,
        source=row.source,
        rule=row.rule,
    )


def frozen(question: Question) -> dict[str, JSONValue]:
    """Return a question as a published version keeps it."""
    return {
        "id": question.id,
        "part": question.part,
        "leak": question.leak,
        "text": question.text,
        "options": list(question.options),
        "right": sorted(question.right),
        "explanation": question.explanation,
        "source": question.source,
        "rule": question.rule,
    }


def thawed(value: Mapping[str, Any]) -> Question:
    """Return a question that a published version kept."""
    return Question(
        **{**value, "options": tuple(value["options"]), "right": frozenset(value["right"])}  # type: ignore[arg-type]
    )


def questions_of(version: CourseVersion) -> tuple[Question, ...]:
    """Return the questions of a version: those it keeps or, while it is a draft, those of the bank."""
    if version.is_draft:
        rows = bank_of(version.course).filter(part__in=version.parts)
        return tuple(question_of(row) for row in rows)
    return tuple(thawed(value) for value in version.bank)


def version_sha256(version: CourseVersion, questions: Iterable[Question]) -> str:
    """Return the hash of a version: SHA-256 over the canonical JSON of all that makes it."""
    seen = shown(version)
    value: JSONValue = {
        "form": "shoumi/course-version/1",
        "course": seen.course,
        "version": seen.version,
        "materials": dict(seen.materials),
        "parts": list(version.parts),
        "draw": version.draw,
        "pass_percent": version.pass_percent,
        "tries": version.tries,
        "valid_months": version.valid_months,
        "questions": {question.id: question.digest for question in questions},
    }
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
