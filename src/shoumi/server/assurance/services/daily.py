"""What assurance does without being asked, once a day: it tells what is overdue, missing or about to end.

Follows the guide 一(四) (a plan for every year), 二(三) (an officer where there are secrets), 二(一) (letters
in force), and the packs' `inspections.yaml` (inspections that come round).  Each thing is told once on the
days named here, not every day anew.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts.queries import role_holders
from shoumi.server.assurance.models import Finding, Inspection, PlanTask, RuleVersion, YearPlan
from shoumi.server.assurance.queries.bodies import letters_ending, officer_gaps
from shoumi.server.assurance.queries.rounds import entities_with_last, round_of
from shoumi.server.assurance.queries.rules import persons_unread, procedure_of
from shoumi.server.assurance.services.notices import office_of, tell, tell_persons
from shoumi.server.assurance.services.rules.reading import reminder_record, unread_remind
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import today_of

PLAN_MONTH = 11  # from November on, next year's plan is asked for
WEEKLY = timedelta(days=7)
ROUNDS = {Inspection.Reason.SYSTEMS: "systems_due", Inspection.Reason.CONDUCT: "conduct_due"}
LETTER_DAYS = (30, 7, 1)  # days before a letter ends


def assurance_run() -> int:
    """Look after every legal entity; return how many reminders were sent."""
    told = 0
    for entity in LegalEntity.objects.order_by("code"):
        day = today_of(entity)
        with transaction.atomic():
            told += _plan(entity, day) + _officers(entity, day) + _letters(entity, day)
            told += _overdue(entity, day) + _rules(entity, day) + _rounds(entity, day)
    return told


def next_year_lacks_plan(entity: LegalEntity, day: date) -> int | None:
    """Return the year whose plan is due and missing: this one, or the next; None if there is none."""
    years = [day.year] + ([day.year + 1] if day.month >= PLAN_MONTH else [])
    there = set(YearPlan.objects.filter(entity=entity, year__in=years).values_list("year", flat=True))
    return next((year for year in years if year not in there), None)


def _plan(entity: LegalEntity, day: date) -> int:
    """Ask on the first day of a month for a plan that is missing."""
    year = next_year_lacks_plan(entity, day)
    if year is None or day.day != 1:
        return 0
    tell(office_of(entity), "plan_missing", {"entity": entity.name, "year": year})
    return 1


def _officers(entity: LegalEntity, day: date) -> int:
    """Tell on Mondays which departments with secrets have no officer."""
    if day.weekday():
        return 0
    gaps = officer_gaps(entity, day)
    for department in gaps:
        tell(office_of(entity), "officer_missing", {"department": department.name})
    return len(gaps)


def _letters(entity: LegalEntity, day: date) -> int:
    told = 0
    for letter in letters_ending(entity, day):
        if (letter.last_day - day).days in LETTER_DAYS:
            parameters = {"entity": entity.name, "ends_on": letter.last_day.isoformat()}
            tell(office_of(entity), "letter_ends", parameters)
            told += 1
    return told


def _overdue(entity: LegalEntity, day: date) -> int:
    """Tell those in charge on the day after something was due."""
    yesterday = day - timedelta(days=1)
    tasks = PlanTask.objects.filter(plan__entity=entity, state=PlanTask.State.OPEN, due_on=yesterday)
    for task in tasks.select_related("owner__user"):
        tell_persons([task.owner], "task_due", {"task": task.title, "due_on": task.due_on.isoformat()})
    findings = Finding.objects.filter(inspection__entity=entity, due_on=yesterday)
    findings = findings.filter(state__in=(Finding.State.OPEN, Finding.State.RETURNED))
    for finding in findings.select_related("owner__user", "inspection"):
        parameters = {"inspection": finding.inspection.title, "due_on": finding.due_on.isoformat()}
        tell_persons([finding.owner], "finding_due", parameters)
    return len(tasks) + len(findings)


def _rounds(entity: LegalEntity, day: date) -> int:
    """Tell office and legal of an inspection that comes round unplanned; once it is late, every month."""
    told = 0
    for kind, event in ROUNDS.items():
        rows = entities_with_last(LegalEntity.objects.filter(pk=entity.pk), kind)
        planned = Inspection.objects.filter(entity=entity, reason=kind, state=Inspection.State.PLANNED)
        due = round_of(rows.get(), kind)
        if due is None or planned.filter(planned_on__gte=day).exists():
            continue
        if (due.due_on - day).days in due.remind_days or (due.due_on < day and day.day == 1):
            legal = role_holders(Role.LEGAL, entity_scope(entity.pk))
            tell(office_of(entity) | set(legal), event, {"entity": entity.name, "due_on": str(due.due_on)})
            told += 1
    return told


def _rules(entity: LegalEntity, day: date) -> int:
    """Remind weekly of rules that are not acknowledged, and the office of steps that have to follow."""
    told = 0
    rows = RuleVersion.objects.select_for_update(of=("self",), no_key=True).filter(
        document__entity=entity, state=RuleVersion.State.IN_FORCE
    )
    for version in rows.select_related("document__entity"):
        last = version.reminded_on or version.published_on
        if day - last < WEEKLY:
            continue
        if persons_unread(version).exists():
            sent = unread_remind(version)
            reminder_record(version, sent)
            told += sent
        if procedure_of(version).missing_after:
            tell(office_of(entity), "filing_due", {"rule": version.title})
            told += 1
    return told
