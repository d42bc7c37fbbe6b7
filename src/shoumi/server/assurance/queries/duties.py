"""The nine duties of the management office, each with the proof in the records and what was added.

Follows the guide 二(二)1 to 9.  A count of nothing is shown as the gap it is.  Reads only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction.governance import load_governance
from shoumi.server.assurance.models import (
    DutyEvidence,
    Evaluation,
    Finding,
    Inspection,
    PlanTask,
    Resolution,
    RuleAcknowledgement,
)
from shoumi.server.assurance.queries.bodies import cooperations
from shoumi.server.assurance.queries.catalogues import catalogues_of, measures_by_step
from shoumi.server.assurance.queries.rules import TEN, binding, documents_present
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models import DeclassificationAct, TradeSecret
from shoumi.server.register.queries.standards import pack_for


@dataclass(frozen=True, slots=True)
class Proof:
    """One line of proof counted from the records."""

    text: str
    url: str = ""
    gap: bool = False  # it says that something is missing


@dataclass(slots=True)
class Duty:
    """One duty with everything that proves it in one year."""

    id: str
    name: str
    proofs: list[Proof] = field(default_factory=list)
    evidence: list[DutyEvidence] = field(default_factory=list)
    tasks: list[PlanTask] = field(default_factory=list)

    @property
    def proved(self) -> bool:
        """Whether there is proof, and no gap that the records show."""
        solid = [proof for proof in self.proofs if not proof.gap]
        gaps = [proof for proof in self.proofs if proof.gap]
        return bool(solid or self.evidence) and not gaps


def duties_of(entity: LegalEntity, year: int, day: date) -> list[Duty]:
    """Return the nine duties of a legal entity with their proof in `year`, as of `day`."""
    language = get_language() or "en"
    duties = [Duty(item.id, item.names.in_language(language)) for item in load_governance(entity.pack).duties]
    by_id = {duty.id: duty for duty in duties}
    evidence = DutyEvidence.objects.filter(entity=entity, day__year=year, withdrawn_at=None)
    for row in evidence.select_related("file", "added_by"):
        if row.duty in by_id:
            by_id[row.duty].evidence.append(row)
    tasks = PlanTask.objects.filter(plan__entity=entity, plan__year=year).exclude(duty="")
    for task in tasks.select_related("owner"):
        if task.duty in by_id:
            by_id[task.duty].tasks.append(task)
    for duty in duties:
        duty.proofs = COUNTED[duty.id](entity, year, day)
    return duties


def _law(entity: LegalEntity, _year: int, day: date) -> list[Proof]:
    pack = pack_for(entity.pack)
    rules = len(binding(entity, day))
    return [
        Proof(
            _("Law pack of %(edition)s with %(count)d rules is in use")
            % {"edition": pack.edition.isoformat(), "count": len(pack.rules)}
        ),
        Proof(
            _("Binding rule documents: %(count)d") % {"count": rules},
            reverse("assurance:rule_list"),
            gap=not rules,
        ),
    ]


def _resolutions(entity: LegalEntity, year: int, day: date) -> list[Proof]:
    rows = Resolution.objects.filter(meeting__body__entity=entity)
    url = reverse("assurance:organisation") + "#leading-body"
    done = rows.filter(state=Resolution.State.DONE, closed_on__year=year).count()
    late = rows.filter(state=Resolution.State.OPEN, due_on__lt=day).count()
    made = rows.filter(meeting__held_on__year=year).count()
    return [
        Proof(_("Resolutions made: %(count)d") % {"count": made}, url, gap=not rows.exists()),
        Proof(_("Resolutions carried out: %(count)d") % {"count": done}, url),
        *_late(_("Resolutions overdue: %(count)d"), late, url),
    ]


def _rules(entity: LegalEntity, _year: int, day: date) -> list[Proof]:
    present = documents_present(entity, day)
    there = sum(present.get(code) is not None for code in TEN)
    url = reverse("assurance:rule_list")
    return [
        Proof(
            _("Of the ten rule documents, binding: %(count)d") % {"count": there}, url, gap=there < len(TEN)
        )
    ]


def _settled(entity: LegalEntity, _year: int, day: date) -> list[Proof]:
    url = reverse("assurance:catalogues")
    proofs = [
        Proof(
            _("%(catalogue)s: %(count)d entries")
            % {"catalogue": catalogue.title, "count": len(catalogue.lines)},
            url,
            gap=not catalogue.lines,
        )
        for catalogue in catalogues_of(entity, day)
    ]
    measures = sum(len(rows) for rows in measures_by_step(entity, day).values())
    proofs.append(
        Proof(
            _("Technical measures in place: %(count)d") % {"count": measures},
            reverse("assurance:technical_list"),
            gap=not measures,
        )
    )
    without = sum(item.lacks_officer for item in cooperations(entity, day))
    text = _("Departments with secrets and without a secrecy officer: %(count)d")
    return proofs + _late(text, without, reverse("assurance:organisation") + "#departments")


def _inspected(entity: LegalEntity, year: int, day: date) -> list[Proof]:
    done = Inspection.objects.filter(entity=entity, carried_out_on__year=year).count()
    findings = Finding.objects.filter(inspection__entity=entity)
    verified = findings.filter(state=Finding.State.VERIFIED, verified_at__year=year).count()
    late = findings.exclude(state=Finding.State.VERIFIED).filter(due_on__lt=day).count()
    url = reverse("assurance:finding_list")
    return [
        Proof(
            _("Inspections carried out: %(count)d") % {"count": done},
            reverse("assurance:inspection_list"),
            gap=not done,
        ),
        Proof(_("Findings verified: %(count)d") % {"count": verified}, url),
        *_late(_("Findings overdue: %(count)d"), late, url),
    ]


def _trained(entity: LegalEntity, year: int, _day: date) -> list[Proof]:
    read = RuleAcknowledgement.objects.filter(
        version__document__entity=entity, acknowledged_at__year=year
    ).count()
    return [
        Proof(
            _("Acknowledgements of rule documents: %(count)d") % {"count": read},
            reverse("assurance:rule_list"),
            gap=not read,
        )
    ]


def _leaks(entity: LegalEntity, year: int, _day: date) -> list[Proof]:
    ended = TradeSecret.objects.filter(entity=entity, changes__closed_at__year=year)
    ended = ended.exclude(changes__incident="").distinct().count()
    acts = DeclassificationAct.objects.filter(secret__entity=entity, secret__changes__closed_at__year=year)
    acts = acts.exclude(secret__changes__incident="").distinct().count()
    return [
        Proof(_("Secrets ended because of an incident: %(count)d") % {"count": ended}),
        Proof(_("Measures recorded after such an end: %(count)d") % {"count": acts}),
    ]


def _enforced(entity: LegalEntity, year: int, _day: date) -> list[Proof]:
    evidence = DutyEvidence.objects.filter(entity=entity, duty="ORG-D8", day__year=year, withdrawn_at=None)
    return [
        Proof(
            _("Entries in the log of cases and of help to authorities: %(count)d")
            % {"count": evidence.count()}
        )
    ]


def _evaluated(entity: LegalEntity, year: int, _day: date) -> list[Proof]:
    rows = Evaluation.objects.filter(entity=entity, year__in=(year, year - 1))
    url = reverse("assurance:evaluation_list")
    found = [
        Proof(_("Evaluation of %(year)d with its report") % {"year": row.year}, url)
        for row in rows.order_by("-year")
    ]
    return found or [Proof(_("No evaluation of this or last year"), url, gap=True)]


def _late(text: str, count: int, url: str) -> list[Proof]:
    """Return a gap if there is something to say."""
    return [Proof(text % {"count": count}, url, gap=True)] if count else []


COUNTED: dict[str, Callable[[LegalEntity, int, date], list[Proof]]] = {
    "ORG-D1": _law,
    "ORG-D2": _resolutions,
    "ORG-D3": _rules,
    "ORG-D4": _settled,
    "ORG-D5": _inspected,
    "ORG-D6": _trained,
    "ORG-D7": _leaks,
    "ORG-D8": _enforced,
    "ORG-D9": _evaluated,
}
