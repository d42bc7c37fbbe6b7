"""Secret departments, posts and persons: the list, a proposal by risk, one designation, its end.

Follows the seed guide 四(一)6.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.jurisdiction.duties import load_duties
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.listing import (
    Choice,
    Column,
    DateRange,
    Empty,
    Flag,
    Listing,
    ListingView,
    Preset,
    State,
)
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LEVELS, Department, Person, Post
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.people.queries import department_resource, entities_visible
from shoumi.server.register.models import Duty
from shoumi.server.register.queries.choosing import any_department
from shoumi.server.register.queries.duties import (
    duties_visible_to,
    duty_resource,
    undesignated,
)
from shoumi.server.register.services import duties

TONES = {"waiting": "waiting", "in_force": "good", "refused": "bad"}
MODELS: dict[str, type[Department | Post | Person]] = {
    "department": Department,
    "post": Post,
    "person": Person,
}
DUE_DAYS = 30


def _due(_listing: Listing) -> Q:
    day = clock().now().date() + timedelta(days=DUE_DAYS)
    return Q(state=Duty.State.IN_FORCE, review_on__lte=day)


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = Department.objects.filter(pk__in=listing.rows().order_by().values("department"))
    return [(str(row.pk), row.name) for row in rows]


class DutyListing(Listing):
    """The catalogue of secret departments, posts and persons, for one user."""

    name = "register.duties"
    title = gettext_lazy("Secret departments, posts and persons")
    columns = (
        Column("target", gettext_lazy("What is designated"), lambda row: str(row.target), primary=True),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display(), sort="kind"),
        Column("department", gettext_lazy("Department"), "department.name", sort="department__name"),
        Column("level", gettext_lazy("Level"), lambda row: LEVEL_IDS[row.level], kind="level", sort="level"),
        Column(
            "risk", gettext_lazy("Risk in percent"), lambda row: round(row.total), kind="number", sort="total"
        ),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: State(row.get_state_display(), TONES.get(row.state, "off")),
            kind="state",
            sort="state",
        ),
        Column("review", gettext_lazy("To be reviewed on"), "review_on", kind="day", sort="review_on"),
        Column(
            "proposed",
            gettext_lazy("Proposed"),
            "proposed_at",
            kind="moment",
            sort="proposed_at",
            shown=False,
        ),
        Column("reason", gettext_lazy("Reason"), shown=False),
    )
    filters = (
        Choice("kind", gettext_lazy("Kind"), choices=Duty.Kind.choices, many=True),
        Choice("level", gettext_lazy("Level"), choices=LEVELS, many=True),
        Choice("state", gettext_lazy("State"), choices=Duty.State.choices, many=True),
        Choice("department", gettext_lazy("Department"), choices=_departments, many=True),
        Flag("due", gettext_lazy("Review due within 30 days"), condition=_due),
        DateRange("review", gettext_lazy("To be reviewed on"), "review_on"),
    )
    search_fields = ("department__name", "post__title", "person__name", "person__number", "reason")
    search_label = gettext_lazy("Department, post, person or reason")
    default_sort = "-proposed"
    presets = (
        Preset(gettext_lazy("In force"), "state=in_force"),
        Preset(gettext_lazy("Awaiting approval"), "state=waiting"),
        Preset(gettext_lazy("Review due"), "due=1&sort=review"),
    )
    export_action: ClassVar[Action] = Action.PERSON_EXPORT

    def rows(self) -> QuerySet[Duty]:
        """Return the designations that the user may see."""
        return duties_visible_to(self.user)

    def row_url(self, row: object) -> str:
        """Return the designation's page."""
        return reverse("register:duty_detail", args=[row.pk])

    def export_resource(self) -> Any:
        """Return the first department of which something is listed."""
        row = self.rows().first()
        return department_resource(row.department if row else None) if row else None

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user proposes designations for at least one department."""
        return any_department(self.user, Action.DUTY_PROPOSE, department_resource)

    def empty_now(self) -> Empty:
        """Teach how a designation comes about."""
        return Empty(
            gettext_lazy("Nothing is designated yet"),
            gettext_lazy(
                "Posts, persons and departments that deal with secrets are designated by risk: proposed "
                "by the department, approved by the secrecy office, looked at again every year."
            ),
            url=reverse("register:duty_choose"),
            action=gettext_lazy("Propose a designation"),
            icon="user-shield",
        )


class DutyListView(ListingView):
    """The page of the catalogue."""

    listing = DutyListing
    template_name = "register/duties/list.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Return the posts that may know more than they are designated for."""
        del listing
        user = self.request.user

        def gaps() -> list[object]:
            rows = undesignated(entities_visible(user))
            wishes = [(Action.DUTY_PROPOSE, department_resource(post.department)) for post, _level in rows]
            decisions = gate.decide_each(user, wishes)
            return [
                {"post": post, "level": LEVEL_IDS[level]}
                for (post, level), decision in zip(rows, decisions, strict=True)
                if decision.permitted
            ]

        return {"gaps": lazy(gaps, list)}


@login_required
@require_safe
def detail(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Show one designation with its risk, its reasons and its history."""
    duty = _duty(request, duty_id)
    table = load_duties(duty.entity.pack)
    mine = duty.department
    same = {"department": duty.department, "post": duty.post, "person": duty.person}
    context = {
        "duty": duty,
        "level": LEVEL_IDS[duty.level],
        "proposed_level": LEVEL_IDS[duty.proposed_level],
        "highest": LEVEL_IDS[duty.highest_secret],
        "factors": [(factor, duty.grades.get(factor.id, {})) for factor in table.factors],
        "earlier": duties_visible_to(request.user).filter(kind=duty.kind, **same).exclude(pk=duty.pk),
        "may_end": duty.state == Duty.State.IN_FORCE
        and gate.permits(request.user, Action.POST_SET_LEVEL, department_resource(mine)),
        "may_withdraw": duty.state == Duty.State.WAITING and duty.proposed_by_id == request.user.pk,
        "may_propose": gate.permits(request.user, Action.DUTY_PROPOSE, department_resource(mine)),
        "decide_url": reverse("approvals:request_detail", args=[duty.request_id])
        if duty.state == Duty.State.WAITING
        else "",
    }
    return render(request, "register/duties/detail.html", context)


@login_required
@require_POST
def end(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """End a designation."""
    duty = duties.duty_end(
        actor=request.user, duty_id=_duty(request, duty_id).pk, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("The designation is ended."))
    return redirect("register:duty_detail", duty.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Take a proposal back."""
    duty = duties.duty_withdraw(actor=request.user, duty_id=_duty(request, duty_id).pk)
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("register:duty_detail", duty.pk)


def _duty(request: HttpRequest, duty_id: UUID) -> Duty:
    rows = Duty.objects.select_related("entity", "department__entity", "post", "person", "proposed_by")
    duty = rows.filter(pk=duty_id).first()
    if duty is None:
        raise Http404
    gate.require(request.user, Action.DUTY_VIEW, duty_resource(duty))
    return duty
