"""The way of an operation as a row of stations: asked, reviewed, approved, carried out, closed."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.register.models import Operation
from shoumi.server.register.queries.rail import Station, station_of, step_titles

State = Operation.State
STOPPED = (State.REJECTED, State.WITHDRAWN, State.LAPSED)


def operation_stations(operation: Operation) -> list[Station]:
    """Return the stations of an operation in their order; three queries."""
    first = Station(
        pgettext("operation on secrets", "Request"),
        "done" if operation.submitted_at else "current",
        [str(operation.requester)],
    )
    if operation.state == State.RETURNED:
        first.css = "stopped"
    if operation.submitted_at:
        first.lines.append(f"{timezone.localtime(operation.submitted_at):%Y-%m-%d}")
    stations = [first]
    request = ApprovalRequest.objects.filter(pk=operation.request_id).first()
    titles = step_titles()
    if request is not None:
        steps = request.steps.prefetch_related("approvals__decider")
        stations += [station_of(step, titles.get(step.name, step.name)) for step in steps]
    if operation.state in STOPPED:
        return [*stations, Station(operation.get_state_display(), "stopped", [operation.outcome_reason])]
    begun = Station(_("Carried out"))
    if operation.begun_at:
        begun.css, begun.lines = "done", [f"{timezone.localtime(operation.begun_at):%Y-%m-%d}"]
    elif operation.state == State.APPROVED:
        begun.css = "current"
    closed = Station(pgettext("operation on secrets", "Closed"))
    if operation.state == State.DONE and operation.closed_at:
        closed.css, closed.lines = "done", [f"{timezone.localtime(operation.closed_at):%Y-%m-%d}"]
    elif operation.state == State.UNDER_WAY:
        closed.css = "current"
        closed.lines = [operation.due_on.isoformat()] if operation.due_on else []
    return [*stations, begun, closed]
