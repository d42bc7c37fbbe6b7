"""Answers about organisation and rule documents: bodies, letters, duties, plans, findings, rules in force.

Source: seed guide 一(四), 二 and 三; the rows are those that the rooms of the organisation keep.
"""

from __future__ import annotations

from django.db.models import Q

from shoumi.server.assurance.models import (
    AuthorisationLetter,
    BodyMember,
    BudgetLine,
    CooperatingDepartment,
    DepartmentOfficer,
    DutyEvidence,
    Finding,
    LeadingBody,
    ManagementOffice,
    OfficeStaff,
    ProcedureRecord,
    RuleVersion,
    YearPlan,
    during,
)
from shoumi.server.assurance.queries.answers.asking import Answer, Question, address, answers, exists
from shoumi.server.people.models import Department, Post
from shoumi.server.register.models import TradeSecret


def _organisation(anchor: str = "") -> str:
    return address("assurance:organisation") + anchor


@answers("org.body")
def _body(question: Question, _argument: str) -> Answer:
    held = during(question.day)
    bodies = LeadingBody.objects.filter(held, entity=question.entity).count()
    offices = ManagementOffice.objects.filter(held, entity=question.entity).count()
    return Answer(min(bodies, 1) + min(offices, 1), 2, _organisation())


@answers("org.group")
def _group(question: Question, _argument: str) -> Answer:
    seats = BodyMember.objects.filter(during(question.day), body__entity=question.entity)
    return exists(seats.count(), _organisation())


@answers("org.authorisation")
def _authorisation(question: Question, _argument: str) -> Answer:
    letters = AuthorisationLetter.objects.filter(during(question.day), entity=question.entity)
    valid = letters.filter(Q(revoked_on=None) | Q(revoked_on__gt=question.day))
    return exists(valid.count(), _organisation())


@answers("org.office")
def _office(question: Question, _argument: str) -> Answer:
    rows = ManagementOffice.objects.filter(during(question.day), entity=question.entity)
    return exists(rows.count(), _organisation())


@answers("org.staff")
def _staff(question: Question, _argument: str) -> Answer:
    rows = OfficeStaff.objects.filter(during(question.day), office__entity=question.entity)
    return exists(rows.count(), _organisation())


@answers("org.departments")
def _departments(question: Question, _argument: str) -> Answer:
    owners = TradeSecret.objects.filter(pk__in=question.secrets).values("owner_department")
    concerned = Department.objects.filter(pk__in=owners)
    held = CooperatingDepartment.objects.filter(during(question.day), department__in=concerned)
    return Answer(held.values("department").distinct().count(), concerned.count(), _organisation())


@answers("org.officers")
def _officers(question: Question, _argument: str) -> Answer:
    cooperating = CooperatingDepartment.objects.filter(
        during(question.day), department__entity=question.entity
    ).values("department")
    held = DepartmentOfficer.objects.filter(during(question.day), department__in=cooperating)
    count = Department.objects.filter(pk__in=cooperating).count()
    return Answer(held.values("department").distinct().count(), count, _organisation())


@answers("org.levels")
def _levels(question: Question, _argument: str) -> Answer:
    posts = Post.objects.filter(department__entity=question.entity)
    graded = posts.filter(level__gt=0)
    return Answer(graded.exclude(level_reason="").count(), graded.count(), address("people:department_tree"))


@answers("org.budget")
def _budget(question: Question, _argument: str) -> Answer:
    rows = BudgetLine.objects.filter(entity=question.entity, year=question.day.year)
    return exists(rows.count(), _organisation())


@answers("org.plan")
def _plan(question: Question, _argument: str) -> Answer:
    rows = YearPlan.objects.filter(entity=question.entity, year=question.day.year)
    return exists(rows.filter(tasks__isnull=False).distinct().count(), _organisation())


@answers("org.findings")
def _findings(question: Question, _argument: str) -> Answer:
    rows = Finding.objects.filter(inspection__entity=question.entity)
    return Answer(rows.filter(state=Finding.State.VERIFIED).count(), rows.count(), _organisation())


@answers("org.duty")
def _duty(question: Question, argument: str) -> Answer:
    rows = DutyEvidence.objects.filter(
        entity=question.entity, duty=argument, day__lte=question.day, withdrawn_at=None
    )
    return exists(rows.count(), _organisation())


def _in_force(question: Question) -> Q:
    begun = Q(in_force_from__lte=question.day, document__entity=question.entity)
    return begun & (Q(in_force_until=None) | Q(in_force_until__gt=question.day))


@answers("documents")
def _document(question: Question, argument: str) -> Answer:
    rows = RuleVersion.objects.filter(_in_force(question), document__code=argument)
    return exists(rows.count(), address("assurance:rule_list"))


@answers("documents.programme")
def _programme(question: Question, _argument: str) -> Answer:
    return _document(question, "GEN-10")


@answers("documents.binding")
def _binding(question: Question, _argument: str) -> Answer:
    rows = RuleVersion.objects.filter(_in_force(question)).order_by()
    recorded = ProcedureRecord.objects.filter(version__in=rows).values("version").distinct()
    return Answer(recorded.count(), rows.count(), address("assurance:rule_list"))


@answers("documents.clause")
def _clause(question: Question, argument: str) -> Answer:
    rows = RuleVersion.objects.filter(_in_force(question))
    if argument == "negligence":
        found = rows.filter(negligence=True).count()
    else:
        found = rows.filter(clauses__key__contains=argument).distinct().count()
    return exists(found, address("assurance:rule_list"))
