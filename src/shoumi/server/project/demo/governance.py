"""Brings the demonstration company's organisation of secrecy in: letters, bodies, plans, inspections, rules.

Everything goes through its service, signed by the invented people of `company.yaml`; files are small texts.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import request_decide
from shoumi.server.assurance.models import RuleVersion
from shoumi.server.assurance.services import (
    bodies,
    duties,
    inspections,
    letters,
    money,
    office,
    plans,
    rounds,
    rules,
)
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_store
from shoumi.server.people.models import Person
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.register.models import StorageUnit

WORDS = Path(__file__).with_name("governance.yaml")


class Governance:
    """The organisation of secrecy of the demonstration company's Chinese entity."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.entity = organisation.entities["CN"]
        self.officer: User = organisation.users["officer"]
        self.today = organisation.today
        self.words: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))

    def fill(self) -> None:
        """Make everything, in the order in which it rests on each other."""
        self._letters()
        self._bodies()
        self._office()
        self._measures()
        self._plan()
        self._money()
        self._inspection()
        self._systems()
        self._duties()
        self._rules()

    def _person(self, number: str) -> Person:
        return self.organisation.people[number]

    def _ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def _paper(self, name: str) -> StoredFile:
        """Return a small text file; the demonstration has no real signatures."""
        content = f"{name}\n{self.words['paper']}\n".encode()
        return file_store(actor=self.officer, name=f"{name}.txt", chunks=io.BytesIO(content))

    def _letters(self) -> None:
        rows: list[Any] = []
        for row in self.words["letters"]:
            rows.append(
                letters.letter_record(
                    actor=self.officer,
                    entity=self.entity,
                    capacity=row["capacity"],
                    holder=self._person(row["person"]),
                    parent=rows[row["parent"]] if "parent" in row else None,
                    scope=row["scope"],
                    since=self._ago(row["ago"]),
                    until=self.today + timedelta(days=row["ahead"]) if "ahead" in row else None,
                    letter=self._paper(row["name"]),
                )
            )
        self.letters = rows

    def _bodies(self) -> None:
        body = bodies.body_establish(
            actor=self.officer,
            entity=self.entity,
            form="group",
            name=self.words["body"]["name"],
            since=self._ago(300),
        )
        for row in self.words["body"]["members"]:
            bodies.member_seat(
                actor=self.officer,
                body=body,
                person=self._person(row["person"]),
                seat=row["seat"],
                since=self._ago(300),
            )
        for row in self.words["body"]["meetings"]:
            meeting = bodies.meeting_record(
                actor=self.officer,
                body=body,
                held_on=self._ago(row["ago"]),
                subject=row["subject"],
                attendees=[self._person(number) for number in row["present"]],
                minutes=self._paper(row["minutes"]),
            )
            for item in row["resolutions"]:
                resolution = bodies.resolution_add(
                    actor=self.officer,
                    meeting=meeting,
                    text=item["text"],
                    owner=self._person(item["person"]),
                    due_on=self.today + timedelta(days=item["due"]),
                )
                if "outcome" in item:
                    bodies.resolution_close(
                        actor=self.officer,
                        resolution_id=resolution.pk,
                        expected_version=resolution.version,
                        done=True,
                        outcome=item["outcome"],
                    )

    def _office(self) -> None:
        made = office.office_set(
            actor=self.officer,
            entity=self.entity,
            department=self.organisation.departments["CN-SO"],
            form="own",
            since=self._ago(300),
        )
        for row in self.words["staff"]:
            office.staff_add(
                actor=self.officer,
                office=made,
                person=self._person(row["person"]),
                full_time=row["full_time"],
                duties=row["duties"],
                since=self._ago(300),
            )
        for row in self.words["cooperating"]:
            department = self.organisation.departments[row["department"]]
            office.department_cooperate(
                actor=self.officer, department=department, reason=row["reason"], since=self._ago(250)
            )
            if "officer" in row:
                office.officer_appoint(
                    actor=self.officer,
                    department=department,
                    person=self._person(row["officer"]),
                    full_time=False,
                    since=self._ago(250),
                )

    def _measures(self) -> None:
        for row in self.words["measures"]:
            duties.measure_record(
                actor=self.officer,
                entity=self.entity,
                step=row["step"],
                name=row["name"],
                level=row["level"],
                keeper=self.organisation.departments[row["keeper"]],
                since=self._ago(200),
            )

    def _plan(self) -> None:
        plan = plans.plan_make(
            actor=self.officer, entity=self.entity, year=self.today.year, goals=self.words["plan"]["goals"]
        )
        for row in self.words["plan"]["tasks"]:
            task = plans.task_add(
                actor=self.officer,
                plan=plan,
                title=row["title"],
                owner=self._person(row["person"]),
                due_on=self.today + timedelta(days=row["due"]),
                duty=row["duty"],
            )
            if row["progress"]:
                plans.task_report(
                    actor=self.officer,
                    task_id=task.pk,
                    expected_version=task.version,
                    progress=row["progress"],
                    note=row.get("note", ""),
                )
        plans.plan_adopt(actor=self.organisation.users["leader"], plan=plan, expected_version=plan.version)

    def _money(self) -> None:
        for purpose, amount in self.words["budget"].items():
            money.budget_set(
                actor=self.officer,
                entity=self.entity,
                year=self.today.year,
                purpose=purpose,
                amount=Decimal(amount),
            )
        for row in self.words["expenses"]:
            money.expense_record(
                actor=self.officer,
                entity=self.entity,
                spent_on=self._ago(row["ago"]),
                purpose=row["purpose"],
                amount=Decimal(row["amount"]),
                text=row["text"],
                receipt=self._paper(row["receipt"]),
            )

    def _inspection(self) -> None:
        row = self.words["inspection"]
        departments = self.organisation.departments
        inspection = inspections.inspection_plan(
            actor=self.officer,
            entity=self.entity,
            title=row["title"],
            reason="regular",
            departments=[departments[code] for code in row["departments"]],
            lead=self._person(row["lead"]),
            planned_on=self._ago(20),
        )
        inspection = inspections.inspection_carry_out(
            actor=self.officer,
            inspection=inspection,
            expected_version=inspection.version,
            carried_out_on=self._ago(18),
            summary=row["summary"],
        )
        for item in row["findings"]:
            finding = inspections.finding_record(
                actor=self.officer,
                inspection=inspection,
                department=departments[item["department"]],
                text=item["text"],
                weight=item["weight"],
                owner=self._person(item["person"]),
                due_on=self.today + timedelta(days=item["due"]),
            )
            if "action" not in item:
                continue
            finding = inspections.finding_rectify(
                actor=self.organisation.users[item["by"]],
                finding_id=finding.pk,
                expected_version=finding.version,
                action=item["action"],
                proof=self._paper(item["proof"]),
            )
            if "verdict" in item:
                inspections.finding_verify(
                    actor=self.officer,
                    finding_id=finding.pk,
                    expected_version=finding.version,
                    verdict=item["verdict"],
                )
        inspections.inspection_plan(
            actor=self.officer,
            entity=self.entity,
            title=self.words["inspection"]["next"],
            reason="conduct",
            departments=[departments[code] for code in row["departments"]],
            lead=self._person(row["lead"]),
            planned_on=self.today + timedelta(days=60),
            beside=self.organisation.users["hr"].person,
        )

    def _systems(self) -> None:
        """Evaluate the systems: one weakness changed and verified, one to be changed."""
        row = self.words["systems"]
        departments = self.organisation.departments
        units = StorageUnit.objects.filter(department__entity=self.entity).select_related("department")
        evaluation = inspections.inspection_plan(
            actor=self.officer,
            entity=self.entity,
            title=row["title"],
            reason="systems",
            departments=[departments[code] for code in row["departments"]],
            lead=self._person(row["lead"]),
            planned_on=self._ago(40),
            beside=self.organisation.users["legal"].person,
            units=list(units.filter(kind__in=("server", "system"))),
            further=row["further"],
        )
        for point in evaluation.points.all():
            note = row["gaps"].get(point.code, "")
            rounds.point_judge(
                actor=self.officer,
                point=point,
                expected_version=point.version,
                result="gap" if note else "good",
                note=note,
            )
        evaluation = inspections.inspection_carry_out(
            actor=self.officer,
            inspection=evaluation,
            expected_version=evaluation.version,
            carried_out_on=self._ago(35),
            summary=row["summary"],
        )
        for item in row["findings"]:
            wish = rounds.ChangeWish(item["severity"], item["kind"], item["change"])
            finding = inspections.finding_record(
                actor=self.officer,
                inspection=evaluation,
                department=departments[item["department"]],
                text=item["text"],
                weight="major" if item["severity"] in {"high", "critical"} else "minor",
                owner=self._person(item["person"]),
                due_on=self.today + timedelta(days=item["due"]),
                change=wish,
            )
            if "action" not in item:
                continue
            finding = inspections.finding_rectify(
                actor=self.organisation.users[item["by"]],
                finding_id=finding.pk,
                expected_version=finding.version,
                action=item["action"],
                proof=self._paper(item["proof"]),
            )
            inspections.finding_verify(
                actor=self.officer,
                finding_id=finding.pk,
                expected_version=finding.version,
                verdict=item["verdict"],
            )

    def _duties(self) -> None:
        for row in self.words["duties"]:
            duties.evidence_add(
                actor=self.officer,
                entity=self.entity,
                duty=row["duty"],
                day=max(self._ago(row["ago"]), date(self.today.year, 1, 1)),
                text=row["text"],
            )

    def _rules(self) -> None:
        """Begin some documents; approve one that everybody is to read, and leave it before the procedure."""
        for code in self.words["rules"]:
            version = rules.document_start(actor=self.officer, entity=self.entity, code=code, language="zh")
            if code == self.words["approved"]:
                self._approve(version)

    def _approve(self, version: RuleVersion) -> None:
        rules.version_submit(actor=self.officer, version_id=version.pk, expected_version=version.version)
        version.refresh_from_db()
        request = ApprovalRequest.objects.get(pk=version.request_id)
        request_decide(request=request, actor=self.organisation.users["leader"], verdict="approve")
        for step in ("discussion", "consultation"):
            rules.procedure_record(
                actor=self.officer,
                version_id=version.pk,
                step=step,
                day=self._ago(3),
                participants=self.words["procedure"][step],
                outcome=self.words["procedure"]["outcome"],
                file=self._paper(self.words["procedure"][step]),
            )
        version.refresh_from_db()
        rules.version_publish(
            actor=self.officer,
            version_id=version.pk,
            expected_version=version.version,
            day=self._ago(1),
            means=self.words["procedure"]["publication"],
            file=self._paper(self.words["procedure"]["publication"]),
            in_force_from=self.today,
        )
