"""Gives the demonstration company two courses, a running campaign, tests that went well and not, and a plan.

Every row is written by the service that the console calls, by a person who may do it; the worker's part is
done here, so that the campaign has gone out when somebody first looks.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_store
from shoumi.server.people.queries import today_of
from shoumi.server.project.demo.documents import document_make
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.training.models import Course, CourseVersion
from shoumi.server.training.services import campaigns, courses, learning, plans, sections, testing
from shoumi.server.training.services.sections import SectionContent
from shoumi.server.training.services.sending import campaign_send_next

OFFICER = "officer"


class Training:
    """Courses, campaigns and plans while they are being filled."""

    def __init__(self, organisation: Organisation) -> None:
        self.users = organisation.users
        self.entities = organisation.entities
        self.courses: dict[str, Course] = {}

    def fill(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        """Write every row."""
        for row in rows["courses"]:
            version = self._course(row)
            if "campaign" in row:
                self._campaign(version.course, row["campaign"])
            for name in row["passed"]:
                self._sit(self.users[name], version, right=True)
            for name in row["failed"]:
                self._sit(self.users[name], version, right=False)
        for row in rows["sessions"]:
            self._session(row)

    def _course(self, row: dict[str, Any]) -> CourseVersion:
        actor = self.users[OFFICER]
        entity = self.entities[row["entity"]]
        measure = courses.measure_proposed(entity, row.get("audience", "all"))
        version = courses.course_begin(actor=actor, entity=entity, title=row["title"], measure=measure)
        for section in row["sections"]:
            if "file" in section:
                file = self._file(f"{section['file']}.pdf", section["file"])
                content = SectionContent("pdf", section["title"], file=file)
            else:
                content = SectionContent("text", section["title"], section["text"])
            version = sections.section_add(
                actor=actor,
                version_id=version.pk,
                expected_version=version.version,
                content=content,
            )
        self.courses[row["key"]] = version.course
        return courses.version_publish(actor=actor, version_id=version.pk, expected_version=version.version)

    def _campaign(self, course: Course, row: dict[str, Any]) -> None:
        due_on = today_of(course.entity) + timedelta(days=row["due_in"])
        wish = campaigns.Wish(row["title"], row["audience"], due_on)
        campaigns.campaign_start(actor=self.users[OFFICER], course=course, wish=wish)
        campaign_send_next()

    def _sit(self, actor: User, version: CourseVersion, *, right: bool) -> None:
        """Learn a version and take its test, all of it right or only half."""
        for section in version.sections.all():
            learning.section_open(actor=actor, section_id=section.pk)
            learning.section_see(actor=actor, section_id=section.pk, sha256=section.sha256)
        sitting = testing.sitting_begin(actor=actor, version_id=version.pk)
        asked = testing.questions_asked(sitting)
        known = asked if right else asked[: len(asked) // 2]
        answers = {question.id: sorted(question.right) for question in known}
        testing.sitting_hand_in(actor=actor, sitting_id=sitting.pk, answers=answers)

    def _session(self, row: dict[str, Any]) -> None:
        actor, entity = self.users[OFFICER], self.entities[row["entity"]]
        day = today_of(entity) + timedelta(days=row["days"])
        session = plans.session_plan(
            actor=actor,
            entity=entity,
            plan=plans.SessionPlan(
                title=row["title"],
                day=day,
                audiences=row["audiences"],
                parts=row["parts"],
                course=self.courses.get(row.get("course", "")),
            ),
        )
        if "held" in row:
            plans.session_hold(
                actor=actor,
                session_id=session.pk,
                expected_version=session.version,
                held_on=day,
                numbers=row["held"],
                material=self._file("培训材料.pdf", row["title"]),
                record=self._file("签到表及考试记录.pdf", f"{row['title']} 签到表"),
            )

    def _file(self, name: str, title: str) -> StoredFile:
        content = document_make(title=title, kind="pdf")
        return file_store(actor=self.users[OFFICER], name=name, chunks=io.BytesIO(content))
