"""The company's own data in words, for the places of rule documents: levels, periods, bodies, zones, posts.

What is not recorded yet stands as an open place between 〔 and 〕, which an approval does not let through.
Reads only; the words are those of the document's language, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from shoumi.server.assurance.models import PlanTask, TechnicalMeasure, YearPlan, during
from shoumi.server.assurance.queries.bodies import (
    cooperations,
    leading_body,
    management_office,
    responsible_person,
)
from shoumi.server.people.models import LegalEntity, Post
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Zone
from shoumi.server.register.queries.standards import pack_for, standards_of
from shoumi.server.register.queries.words import period_words

OPEN, CLOSE = "〔", "〕"
LANGUAGE_TAGS = {"zh": "zh-hans", "ja": "ja"}


def facts_of(entity: LegalEntity, language: str) -> dict[str, str]:
    """Return the value of every place of a rule document, in `zh` or `ja`; about ten queries."""
    with override(LANGUAGE_TAGS[language]):
        return {
            "company": _company(entity, language),
            **_organisation(entity),
            **_standards(entity, language),
            **_catalogues(entity, language),
            **_plan(entity),
        }


def open_places(text: str) -> bool:
    """Tell whether a text still has a place that nobody filled."""
    return OPEN in text


def _missing(what: str) -> str:
    return OPEN + _("to be recorded: %(what)s") % {"what": what} + CLOSE


def _listed(lines: Iterable[str], what: str) -> str:
    """Return the lines as a numbered list below the sentence, or an open place if there is none."""
    rows = list(lines)
    if not rows:
        return _missing(what)
    return "".join(f"\n({number}) {row}" for number, row in enumerate(rows, 1)) + "\n"


def _company(entity: LegalEntity, language: str) -> str:
    own = {"zh": entity.name_zh, "ja": entity.name_ja}[language]
    return own or entity.name


def _organisation(entity: LegalEntity) -> dict[str, str]:
    day = today_of(entity)
    person = responsible_person(entity, day)
    body, office = leading_body(entity, day), management_office(entity, day)
    staff = office.staff.filter(during(day)).select_related("person") if office else ()
    working = cooperations(entity, day)
    return {
        "year": str(day.year),
        "responsible": person.name if person else _missing(_("responsible person")),
        "body": body.name if body else _missing(_("leading body")),
        "office": str(office.department) if office else _missing(_("management office")),
        "office_staff": _listed(
            (f"{row.person.name} ({_('full time') if row.full_time else _('part time')})" for row in staff),
            _("staff of the management office"),
        ),
        "departments": _listed(
            (str(item.department) for item in working if item.flagged), _("cooperating departments")
        ),
        "officers": _listed(
            (
                f"{item.department}: {', '.join(officer.person.name for officer in item.officers)}"
                for item in working
                if item.officers
            ),
            _("secrecy officers of departments"),
        ),
    }


def _standards(entity: LegalEntity, language: str) -> dict[str, str]:
    found = {"levels": [], "periods": [], "approvals": [], "scope": []}
    for standard in standards_of(entity.pk, pack_for(entity.pack)):
        label = getattr(standard.level.labels, language)
        found["levels"].append(f"{label} ({getattr(standard.level.names, language)})")
        found["periods"].append(f"{label}: {period_words(standard.period.code)}")
        steps = " → ".join(getattr(step.names, language) for step in standard.steps)
        found["approvals"].append(f"{label}: {steps}")
        found["scope"].append(f"{label}: {getattr(standard.level.scope_template, language)}")
    return {name: _listed(rows, name) for name, rows in found.items()}


def _catalogues(entity: LegalEntity, language: str) -> dict[str, str]:
    labels = {level.rank: getattr(level.labels, language) for level in pack_for(entity.pack).levels}
    zones = Zone.objects.filter(entity=entity, kind="secret", closed_on=None).order_by("code")
    posts = Post.objects.filter(department__entity=entity, level__gt=0, closed_on=None)
    posts = posts.select_related("department").order_by("-level", "department__code", "title")
    measures = TechnicalMeasure.objects.filter(during(today_of(entity)), entity=entity)
    categories = pack_for(entity.pack).categories
    return {
        "zones": _listed(
            (f"{row.name} ({row.code}, {labels[row.level]})" for row in zones), _("secret zones")
        ),
        "posts": _listed(
            (f"{row.department} {row.title} ({labels[row.level]})" for row in posts), _("secret posts")
        ),
        "measures": _listed(
            (f"{row.get_step_display()}: {row.name}" for row in measures), _("technical measures")
        ),
        "categories": _listed((getattr(item.names, language) for item in categories), "categories"),
    }


def _plan(entity: LegalEntity) -> dict[str, str]:
    plan = YearPlan.objects.filter(entity=entity, year=today_of(entity).year).first()
    tasks = PlanTask.objects.filter(plan=plan).exclude(state=PlanTask.State.DROPPED) if plan else ()
    return {
        "plan_goals": plan.goals if plan else _missing(_("yearly plan")),
        "plan_tasks": _listed(
            (f"{task.title} ({task.due_on.isoformat()})" for task in tasks), _("tasks of the yearly plan")
        ),
    }
