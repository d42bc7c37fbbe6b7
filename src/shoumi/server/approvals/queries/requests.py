"""Reads about requests: as the rules see them, whose they are, what waits for whom, what was decided.

Lists are scoped here so that they agree with the rule `approval.view` of `engine.policy`; a test compares the
two. Nothing here decides or writes.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import pgettext, pgettext_lazy

from shoumi.engine.policy import Action, Resource, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import (
    OPEN_STATES,
    Approval,
    ApprovalPlace,
    ApprovalRequest,
    ApprovalStep,
    Delegation,
    StepState,
)
from shoumi.server.approvals.queries.authority import (
    current_step,
    deciders_now,
    is_able,
    places_by_role,
    spoken,
    steps_to_decide,
)
from shoumi.server.approvals.queries.kinds import Description, kind_of

WATCHERS = (Role.SECRECY_OFFICER, Role.LEADER, Role.AUDITOR)  # see the requests within their remit
STEP_LABELS = {
    "review": pgettext_lazy("approval step name", "Review"),
    "approve": pgettext_lazy("approval step name", "Approval"),
}


# --- as the rules see them


def request_resource(request: ApprovalRequest) -> Resource:
    """Return the request as something to see, withdraw or escalate."""
    return _resource(request, current_step(request), request.places.filter(step__isnull=True))


def step_resource(step: ApprovalStep) -> Resource:
    """Return the request as something to decide at `step`: only the step's own places count."""
    return _resource(step.request, step, step.places.all())


def _resource(
    request: ApprovalRequest, step: ApprovalStep | None, places: QuerySet[ApprovalPlace]
) -> Resource:
    return resources.approval(
        str(request.pk),
        requester=str(request.requester_id),
        step=step.name if step else "",
        deciders=[str(user.pk) for user in deciders_now(step)] if step else (),
        decided=[str(user) for user in spoken(request)],
        places=places.values_list("place", flat=True),
    )


# --- lists


def with_step(rows: QuerySet[ApprovalRequest]) -> QuerySet[ApprovalRequest]:
    """Add `step_name` of the open step and everybody a list shows."""
    step = ApprovalStep.objects.filter(request=OuterRef("pk"), state=StepState.OPEN)
    return rows.select_related("requester").annotate(step_name=Subquery(step.values("name")[:1]))


def requests_to_decide(user: User) -> QuerySet[ApprovalRequest]:
    """Return the requests whose open step `user` may decide now, the most urgent first."""
    steps = steps_to_decide(user).values("request_id")
    return with_step(ApprovalRequest.objects.filter(pk__in=steps)).order_by("due_at", "opened_at", "id")


def waiting_count(user: User) -> int:
    """Count the requests that wait for `user`."""
    return steps_to_decide(user).count()


def requests_opened_by(user: User) -> QuerySet[ApprovalRequest]:
    """Return what `user` asked for."""
    return with_step(ApprovalRequest.objects.filter(requester=user))


def requests_decided_by(user: User) -> QuerySet[ApprovalRequest]:
    """Return what `user` decided, or had decided on their behalf."""
    return with_step(ApprovalRequest.objects.filter(Exists(_said_by(user))))


def requests_visible_to(user: User) -> QuerySet[ApprovalRequest]:
    """Return every request that `user` may see: own, to decide, decided, and within their remit."""
    if not is_able(user):
        return ApprovalRequest.objects.none()
    mine = Q(requester=user) | Exists(_said_by(user)) | Q(pk__in=steps_to_decide(user).values("request_id"))
    held = places_by_role(user)
    places = set().union(*(held.get(role, set()) for role in WATCHERS))
    seen = ApprovalPlace.objects.filter(request=OuterRef("pk"), step__isnull=True, place__in=places)
    return with_step(ApprovalRequest.objects.filter(mine | Exists(seen) if places else mine))


def overdue_steps(now: datetime) -> QuerySet[ApprovalStep]:
    """Return the open steps whose time is over at `now` and that were not passed on yet, oldest first."""
    return (
        ApprovalStep.objects.filter(
            state=StepState.OPEN,
            request__state__in=OPEN_STATES,
            due_at__lt=now,
            escalated_at__isnull=True,
        )
        .select_related("request")
        .order_by("due_at", "id")
    )


def _said_by(user: User) -> QuerySet[Approval]:
    return Approval.objects.filter(request=OuterRef("pk")).filter(Q(decider=user) | Q(on_behalf_of=user))


# --- one request


def request_seen(user: User, request_id: object) -> ApprovalRequest:
    """Return a request that `user` may see.

    Raises:
        ApprovalRequest.DoesNotExist: there is none of that id.
        NotPermittedError: the rules do not let `user` see it.
    """
    request = ApprovalRequest.objects.select_related("requester").get(pk=request_id)
    gate.require(user, Action.APPROVAL_VIEW, request_resource(request))
    return request


def steps_of(request: ApprovalRequest) -> list[ApprovalStep]:
    """Return the steps in order, each with its decisions and persons."""
    decisions = Approval.objects.select_related("decider", "on_behalf_of")
    return list(request.steps.order_by("ordinal").prefetch_related(Prefetch("approvals", decisions)))


def requests_of(subject: str) -> QuerySet[ApprovalRequest]:
    """Return all requests about `subject`, the oldest first, with their steps and decisions."""
    decisions = Approval.objects.select_related("decider", "on_behalf_of", "step")
    return (
        ApprovalRequest.objects.filter(subject=subject)
        .select_related("requester")
        .prefetch_related("steps", Prefetch("approvals", decisions))
        .order_by("opened_at", "id")
    )


def approvers_of(request: ApprovalRequest) -> list[Approval]:
    """Return the decisions that approved, in order, with the persons and the step."""
    rows = request.approvals.filter(verdict="approve").select_related("decider", "on_behalf_of", "step")
    return list(rows.order_by("step__ordinal", "at", "id"))


def description_of(request: ApprovalRequest) -> Description:
    """Return what the app behind the request says about it."""
    return kind_of(request.kind).describe(request)


def step_label(name: str) -> str:
    """Return a step's name in words."""
    return str(STEP_LABELS[name]) if name in STEP_LABELS else pgettext("approval step name", name)


# --- delegations


def delegations_of(user: User) -> QuerySet[Delegation]:
    """Return the delegations that `user` gave or holds, the latest first."""
    rows = Delegation.objects.filter(Q(delegator=user) | Q(delegate=user))
    return rows.select_related("delegator", "delegate").order_by("-starts_at", "id")
