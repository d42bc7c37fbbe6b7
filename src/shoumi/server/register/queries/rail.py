"""The way of a secret as a row of stations: what is done, by whom and when, what waits and for whom.

The stations follow the seed guide 四: proposed, reviewed, approved, registered, declassified.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoumi.server.approvals.models import ApprovalRequest, ApprovalStep, StepState
from shoumi.server.register.models import TradeSecret

State = TradeSecret.State
DONE = {
    StepState.APPROVED: "done",
    StepState.OPEN: "current",
    StepState.RETURNED: "stopped",
    StepState.REJECTED: "stopped",
}
LIVE = (State.REGISTERED, State.CHANGING)


@dataclass(slots=True)
class Station:
    """One station of the rail."""

    title: str
    css: str = ""  # done | current | stopped, empty for what is still to come
    lines: list[str] = field(default_factory=list)  # who and when


def stations_of(secret: TradeSecret) -> list[Station]:
    """Return the stations of a secret in their order; two queries."""
    drafting = secret.state in (State.DRAFT, State.RETURNED)
    first = Station(_("Proposal"), "current" if drafting else "done", [str(secret.proposer)])
    if secret.state == State.RETURNED:
        first.css = "stopped"
        first.lines.append(_("sent back"))
    elif secret.submitted_at:
        first.lines.append(_when(secret.submitted_at))
    stations = [first, *_steps(secret)]
    if secret.state in (State.WITHDRAWN, State.NOT_A_SECRET):
        stations = [station for station in stations if station.css]
        stations.append(Station(secret.get_state_display(), "stopped", [_when(secret.updated_at)]))
        return stations
    registered = Station(_("Registered"))
    if secret.registered_at:
        registered.css = "current" if secret.state in LIVE else "done"
        registered.lines = [secret.number or "", _when(secret.registered_at)]
    stations.append(registered)
    ended = Station(_("Declassified"))
    if secret.declassified_at:
        ended.css, ended.lines = "done", [_when(secret.declassified_at)]
    elif secret.state == State.DESTROYED:
        ended = Station(_("Destroyed"), "done", [_when(secret.updated_at)])
    elif secret.period_ends_on and secret.registered_at:
        ended.lines = [_("after %(day)s") % {"day": secret.period_ends_on.isoformat()}]
    return [*stations, ended]


def step_titles() -> dict[str, str]:
    """Return the steps of an approval in words, by the names that packs and records use."""
    return {"review": _("Review by the secrecy office"), "approve": _("Approval")}


def _steps(secret: TradeSecret) -> list[Station]:
    """Return the review and approval stations from the request, or as they will be before there is one."""
    request = ApprovalRequest.objects.filter(pk=secret.request_id).first() if secret.request_id else None
    titles = step_titles()
    if request is None:
        done = "done" if secret.registered_at else ""
        return [Station(title, done) for title in titles.values()]
    return [
        station_of(step, titles.get(step.name, step.name))
        for step in request.steps.prefetch_related("approvals__decider")
    ]


def station_of(step: ApprovalStep, title: str) -> Station:
    """Return a step of an approval as a station: who decided, what is missing, and until when."""
    lines = [f"{row.decider} · {_when(row.at)}" for row in step.approvals.all()]
    missing = step.quorum - len(lines)
    if step.state == StepState.OPEN and missing > 0:
        lines.append(
            ngettext("%(count)d decision missing", "%(count)d decisions missing", missing)
            % {"count": missing}
        )
        if step.due_at:
            lines.append(_("due %(day)s") % {"day": _when(step.due_at)})
    return Station(title, DONE.get(StepState(step.state), ""), lines)


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
