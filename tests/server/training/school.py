"""The company of the register's tests with a course, and the steps that several tests take with it."""

from __future__ import annotations

import io
import struct
from datetime import date

from tests.server.register.company import Register

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.files.services import file_store
from shoumi.server.training.models import Campaign, Certificate, CourseVersion
from shoumi.server.training.services import campaigns, courses, learning, sections, testing
from shoumi.server.training.services.sections import SectionContent
from shoumi.server.training.services.sending import campaign_send_next

TODAY = date(2026, 3, 1)
DUE = date(2026, 3, 31)
TEXT = "第一条经验:不在社交平台谈论工作。\n\n第二条经验:拿不准就先问保密办公室。"


class School(Register):
    """The company with a published course of one text section."""

    @remembered_subjects()
    def __init__(self) -> None:
        super().__init__()
        self.personnel = self._holder("personnel", Role.HR, entity_scope(self.cn.pk))
        version = courses.course_begin(actor=self.officer, entity=self.cn, title="保密常识")
        self.first = published(self, with_text(self, version))
        self.course = self.first.course


def with_text(
    school: Register, version: CourseVersion, text: str = TEXT, title: str = "常识"
) -> CourseVersion:
    return sections.section_add(
        actor=school.officer,
        version_id=version.pk,
        expected_version=version.version,
        content=SectionContent("text", title, text),
    )


def published(school: Register, version: CourseVersion) -> CourseVersion:
    return courses.version_publish(
        actor=school.officer, version_id=version.pk, expected_version=version.version
    )


def next_version(school: School, text: str = "全新的内容。") -> CourseVersion:
    """Publish the next version of the course."""
    version = courses.version_begin(actor=school.officer, course_id=school.course.pk, changes="更新法规")
    return published(school, with_text(school, version, text, "新规"))


def pdf(school: Register, content: bytes = b"%PDF-1.7\n%made for a test\n"):
    return file_store(actor=school.officer, name="教材.pdf", chunks=io.BytesIO(content))


def movie(seconds: int = 60, *, scale: int = 1000, long: bool = False) -> bytes:
    """Return the smallest MP4 that says how long it plays; it shows nothing."""
    if long:
        head = struct.pack(">IQQIQ", 1 << 24, 0, 0, scale, seconds * scale)
    else:
        head = struct.pack(">IIIII", 0, 0, 0, scale, seconds * scale)
    return (
        _box(b"ftyp", b"isom\0\0\0\1isommp42")
        + _box(b"free", b"")
        + _box(b"moov", _box(b"mvhd", head + b"\0" * 80))
    )


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def video(school: Register, seconds: int = 60):
    return file_store(actor=school.officer, name="讲座.mp4", chunks=io.BytesIO(movie(seconds)))


def see_all(actor, version: CourseVersion) -> None:
    """Read every text section of a version."""
    for section in version.sections.all():
        learning.section_open(actor=actor, section_id=section.pk)
        learning.section_see(actor=actor, section_id=section.pk, sha256=section.sha256)


def answers(sitting, *, right: bool = True) -> dict[str, list[int]]:
    """Return the answers to a test, all of them right or all wrong."""
    return {
        question.id: sorted(question.right)
        if right
        else [at for at in range(len(question.options)) if at not in question.right][:1]
        for question in testing.questions_asked(sitting)
    }


def sit(actor, version: CourseVersion, *, right: bool = True):
    """Take the test of a version."""
    sitting = testing.sitting_begin(actor=actor, version_id=version.pk)
    return testing.sitting_hand_in(actor=actor, sitting_id=sitting.pk, answers=answers(sitting, right=right))


def certified(actor, version: CourseVersion) -> Certificate:
    """Learn a version and pass."""
    see_all(actor, version)
    return sit(actor, version).certificate


def campaign(school: School, *, audience: str = "all", due_on: date = DUE, departments=()) -> Campaign:
    """Start a campaign of the course."""
    wish = campaigns.Wish("春季保密培训", audience, due_on, departments)
    return campaigns.campaign_start(actor=school.officer, course=school.course, wish=wish)


def sent(school: School, **how) -> Campaign:
    """Start a campaign, and let the worker send it."""
    row = campaign(school, **how)
    assert campaign_send_next()
    row.refresh_from_db()
    return row
