"""A case as its page shows it: stages, steps with where they stand, gates, what is next.

Follows the stages of the plan.  Only steps that the reader may see are drawn; the rail counts the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoumi.engine.jurisdiction.procedures import Gate, LeftOut, Moved, Plan, Standing, StepStanding
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import ROLE_LABELS, User
from shoumi.server.lifecycle.models import CaseParty, CaseStep, PersonCase
from shoumi.server.lifecycle.queries.access import case_resource, step_resources
from shoumi.server.lifecycle.queries.packs import fact_words, named, parties_asked, said, table_of, zone_of
from shoumi.server.lifecycle.queries.standings import plan_of, standing_of

HOURS = 3600
Rows = Mapping[str, CaseStep]


@dataclass(frozen=True, slots=True)
class Line:
    """One step as it is drawn."""

    row: CaseStep
    title: str
    css: str  # done | current | stopped, empty for what is still to come
    owner: str
    state: str
    tone: str
    note: str  # what is missing, or what it waits for
    deviation: str = ""
    measured: str = ""
    too_early: bool = False
    turn: str = ""  # which of how many, of a step that comes again


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps that can run side by side."""

    number: int
    css: str
    done: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class GateLine:
    """What is guarded, whether it may happen, and what is missing."""

    title: str
    open: bool
    since: datetime | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page of a case shows."""

    stages: tuple[Stage, ...]
    next: Line | None
    gates: tuple[GateLine, ...]
    facts: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, str], ...]
    parties: tuple[tuple[str, CaseParty | None, str], ...]
    left_out: tuple[tuple[str, str], ...]
    may_close: bool
    whole: bool  # whether the reader sees the whole case


def board_of(case: PersonCase, user: User) -> Board:
    """Return the case as `user` may see it."""
    plan = plan_of(case)
    found = standing_of(case, plan)
    rows = [row for row in case.steps.select_related("given_to") if plan.step(row.key)]
    for row in rows:
        row.case = case
    wishes = [(Action.PERSON_STEP_VIEW, item) for item in step_resources(case, rows)]
    decisions = gate.decide_each(user, wishes)
    seen = {row.key: row for row, decision in zip(rows, decisions, strict=True) if decision.permitted}
    lines = {
        each.planned.id: _line(case, plan, each, found, seen)
        for each in found.steps
        if each.planned.id in seen
    }
    whole = gate.permits(user, Action.PERSON_CASE_VIEW, case_resource(case))
    open_ = [line for line in lines.values() if line.css in {"current", "stopped"}]
    far = max((line.row.due_at for line in open_ if line.row.due_at), default=case.opened_at)
    return Board(
        stages=_stages(plan, lines),
        next=min(open_, key=lambda line: line.row.due_at or far, default=None) if case.is_open else None,
        gates=_gates(case, plan, found) if whole else (),
        facts=tuple(fact_words(case)) if whole else (),
        days=tuple(days_of(case)) if whole else (),
        parties=tuple(_parties(case)),
        left_out=tuple(_left_out(case, plan)) if whole else (),
        may_close=found.may(Gate.END),
        whole=whole,
    )


def _stages(plan: Plan, lines: dict[str, Line]) -> tuple[Stage, ...]:
    found = []
    for number in sorted({each.stage for each in plan.steps}):
        inside = tuple(lines[each.id] for each in plan.steps if each.stage == number and each.id in lines)
        if not inside:
            continue
        done = sum(line.css == "done" for line in inside)
        late = any(line.css == "stopped" for line in inside)
        here = any(line.css == "current" for line in inside)
        css = "done" if done == len(inside) else "stopped" if late else "current" if here else ""
        found.append(Stage(number, css, done, inside))
    return tuple(found)


def _line(case: PersonCase, plan: Plan, each: StepStanding, found: Standing, seen: Rows) -> Line:
    row = seen[each.planned.id]
    late = bool(each.late) and not each.satisfied
    css = "done" if each.satisfied else "stopped" if late and each.state == "open" else ""
    if not css and each.state == "open":
        css = "current"
    deviation = each.planned.deviation
    words = _("overdue") if late else row.get_state_display()
    tone = "bad" if late else {"done": "good", "refused": "active", "open": "waiting"}.get(row.state, "off")
    took = found.measured.get(each.planned.id)
    return Line(
        row=row,
        title=said(each.planned.step.names),
        turn=_turn(plan, each.planned.id),
        css=css,
        owner=str(ROLE_LABELS.get(row.role, row.role)),
        state=words,
        tone=tone,
        note=_note(case, plan, each, seen),
        deviation=_deviation(deviation) if deviation else "",
        measured=span_words(took.took) if took and took.took is not None else "",
        too_early=each.too_early,
    )


def _turn(plan: Plan, key: str) -> str:
    """Return the place of a step among those that come again, such as 2/7; empty for any other."""
    name, sign, number = key.partition("/")
    turns = sum(each.id.partition("/")[0] == name for each in plan.steps) if sign else 0
    return f"{number}/{turns}" if turns else ""


def _note(case: PersonCase, plan: Plan, each: StepStanding, seen: Rows) -> str:
    """Return what a step waits for or what is still missing in it; steps that are hidden are not named."""
    if each.satisfied:
        return ""
    if each.planned.due.missing_day:
        day = table_of(case.entity).days[each.planned.due.missing_day]
        return _("No due day: “%(day)s” is not known.") % {"day": said(day.names)}
    if each.closed_gate:
        name = named(table_of(case.entity).gates, each.closed_gate)
        return _("Waits for: %(gate)s") % {"gate": name}
    if each.waiting_for:
        names = [
            said(step.step.names) for key in each.waiting_for if key in seen and (step := plan.step(key))
        ] or [_("another step")]
        return _("Waits for: %(gate)s") % {"gate": ", ".join(names)}
    open_items = len(each.fulfilment.open_items)
    if open_items and open_items < len(each.planned.step.items):
        words = ngettext("%(number)d item is open", "%(number)d items are open", open_items)
        return words % {"number": open_items}
    return ""


def _deviation(deviation: object) -> str:
    words = _("Moved: %(reason)s") if isinstance(deviation, Moved) else _("Added by the company: %(reason)s")
    return words % {"reason": getattr(deviation, "reason", "")}


def _left_out(case: PersonCase, plan: Plan) -> list[tuple[str, str]]:
    steps = {step.id: step for step in table_of(case.entity).kinds[case.kind].steps}
    found: Sequence[LeftOut] = plan.left_out
    return [
        (said(steps[item.step_id].names) if item.step_id in steps else item.step_id, item.reason)
        for item in found
    ]


def _gates(case: PersonCase, plan: Plan, found: Standing) -> tuple[GateLine, ...]:
    names = table_of(case.entity).gates
    return tuple(
        GateLine(
            title=named(names, each),
            open=stand.open,
            since=stand.since,
            missing=tuple(said(step.step.names) for key in stand.waiting_for if (step := plan.step(key))),
        )
        for each, stand in found.gates.items()
        if plan.gates[each]
    )


def days_of(case: PersonCase) -> list[tuple[str, str]]:
    """Return the days of a case in words, moments where it is led."""
    known = table_of(case.entity).days
    found = []
    for name, text in case.days.items():
        value = text
        if "T" in text:
            value = datetime.fromisoformat(text).astimezone(zone_of(case.entity)).strftime("%Y-%m-%d %H:%M")
        found.append((said(known[name].names) if name in known else name, value))
    return found


def _parties(case: PersonCase) -> list[tuple[str, CaseParty | None, str]]:
    rows = {row.party: row for row in case.parties.select_related("person")}
    known = table_of(case.entity).parties
    wanted = dict.fromkeys((*parties_asked(case.entity, case.kind), *rows))
    return [(named(known, name), rows.get(name), name) for name in wanted]


def span_words(span: timedelta) -> str:
    """Return how long something took, in hours and minutes, or that it was done before."""
    seconds = int(span.total_seconds())
    if seconds <= 0:
        return _("done before that moment")
    hours, rest = divmod(seconds, HOURS)
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest // 60}
