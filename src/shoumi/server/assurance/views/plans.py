"""Yearly plans with their tasks, and the money: lists, one page each, and the forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.assurance.forms import work as forms
from shoumi.server.assurance.forms.fields import EntityForm
from shoumi.server.assurance.models import PlanTask, YearPlan
from shoumi.server.assurance.queries.access import entities_governed, task_resource, tasks_visible
from shoumi.server.assurance.services import plans
from shoumi.server.assurance.services.daily import next_year_lacks_plan
from shoumi.server.assurance.views.asking import Deed, GovernedListing, deed, entity_chosen, kept, room
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Flag, Listing, ListingView, State
from shoumi.server.people.queries import entity_resource, today_of

FORM = require_http_methods(["GET", "POST"])
TONES = {"draft": "waiting", "adopted": "good", "open": "waiting", "done": "good", "dropped": "off"}


class PlanListing(GovernedListing):
    """The yearly plans."""

    name = "assurance.plans"
    title = gettext_lazy("Yearly plans")
    columns = (
        Column("year", gettext_lazy("Year"), sort="year", primary=True),
        Column("entity", gettext_lazy("Legal entity"), "entity.name", sort="entity__code"),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: State(row.get_state_display(), TONES[row.state]),
            "state",
            sort="state",
        ),
        Column("done", gettext_lazy("Tasks done"), lambda row: f"{row.done} / {row.all}"),
        Column("adopted", gettext_lazy("Adopted"), "adopted_at", kind="moment", sort="adopted_at"),
    )
    filters = (Choice("state", gettext_lazy("State"), choices=YearPlan.State.choices),)
    search_fields = ("goals",)
    default_sort = "-year"
    empty = Empty(
        gettext_lazy("No yearly plan yet"),
        gettext_lazy("A plan says what is to be done for the secrets this year, by whom and by when."),
        url=reverse_lazy("assurance:plan_make"),
        action=gettext_lazy("Draft a plan"),
        icon="calendar-event",
    )

    def rows(self) -> QuerySet:
        """Return the plans of the entities that the user may look at."""
        rows = YearPlan.objects.select_related("entity").filter(entity__in=entities_governed(self.user))
        kept_tasks = ~Q(tasks__state=PlanTask.State.DROPPED)
        return rows.annotate(
            all=Count("tasks", filter=kept_tasks), done=Count("tasks", filter=Q(tasks__state="done"))
        )


class PlanListView(ListingView):
    """The yearly plans, with a word on those that are missing."""

    listing = PlanListing
    template_name = "assurance/plan_list.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Add the years that lack a plan."""
        missing = []
        for entity in entities_governed(listing.user):
            year = next_year_lacks_plan(entity, today_of(entity))
            if year is not None:
                missing.append((entity, year))
        return {"missing": missing}


class TaskListing(GovernedListing):
    """The tasks of plans that the user may see."""

    name = "assurance.tasks"
    title = gettext_lazy("Tasks of plans")
    columns = (
        Column("title", gettext_lazy("Task"), sort="title", primary=True, sub="note"),
        Column("year", gettext_lazy("Year"), "plan.year", sort="plan__year"),
        Column("owner", gettext_lazy("In charge"), "owner.name", sort="owner__reading"),
        Column("department", gettext_lazy("Department"), "department.name", sort="department__name"),
        Column("duty", gettext_lazy("Duty"), kind="mono", sort="duty", shown=False),
        Column("due", gettext_lazy("Due on"), "due_on", kind="day", sort="due_on"),
        Column("progress", gettext_lazy("Progress in percent"), kind="number", sort="progress"),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: State(row.get_state_display(), TONES[row.state]),
            "state",
            sort="state",
        ),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=PlanTask.State.choices, many=True),
        DateRange("due", gettext_lazy("Due on"), "due_on"),
        Flag("mine", gettext_lazy("Only mine"), condition=lambda listing: Q(owner__user=listing.user)),
    )
    search_fields = ("title", "note", "owner__name")
    default_sort = "due"
    empty = Empty(
        gettext_lazy("No task"), gettext_lazy("Tasks come with the yearly plan."), icon="list-check"
    )

    def rows(self) -> QuerySet:
        """Return the tasks that the user may see."""
        return tasks_visible(self.user)

    def row_url(self, row: object) -> str:
        """Lead to the report on an open task, else to the plan for who may look at it."""
        return reverse("assurance:task_report", args=[row.pk]) if row.state == "open" else ""


@login_required
@require_safe
def plan_detail(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show a plan with its tasks."""
    rows = YearPlan.objects.select_related("entity", "made_by", "adopted_by")
    plan = get_object_or_404(rows, pk=plan_id)
    resource = entity_resource(plan.entity)
    gate.require(request.user, Action.GOVERNANCE_VIEW, resource)
    day = today_of(plan.entity)
    context = {
        "plan": plan,
        "tasks": plan.tasks.select_related("owner", "department", "proof"),
        "day": day,
        "can_edit": gate.permits(request.user, Action.GOVERNANCE_EDIT, resource),
        "can_adopt": plan.state == YearPlan.State.DRAFT
        and plan.made_by_id != request.user.pk
        and gate.permits(request.user, Action.PLAN_ADOPT, resource),
    }
    return render(request, "assurance/plan.html", context)


@login_required
@FORM
def plan_make(request: HttpRequest) -> HttpResponse:
    """Draft the plan of a year."""
    entity, _entities = entity_chosen(request)
    what = Deed(
        title=_("Draft a yearly plan"),
        submit=_("Draft the plan"),
        said=_("The plan is drafted. Add its tasks."),
        back=room("plan_list", entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=forms.PlanForm,
        entity=entity,
        initial={"year": request.GET.get("year", "") or today_of(entity).year},
        trail=((room("plan_list", entity), _("Yearly plans")),),
    )

    def act(form: Any) -> str:
        data = form.cleaned_data
        plan = plans.plan_make(actor=request.user, entity=entity, year=data["year"], goals=data["goals"])
        return plan.get_absolute_url()

    return deed(request, what, act)


@login_required
@FORM
def plan_adopt(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Adopt a plan, after asking once more."""
    plan = get_object_or_404(YearPlan.objects.select_related("entity"), pk=plan_id)
    what = Deed(
        title=_("Adopt the plan of %(year)d") % {"year": plan.year},
        facts=((_("Goals"), plan.goals), (_("Tasks"), plan.tasks.count())),
        submit=_("Adopt the plan"),
        said=_("The plan is adopted."),
        back=plan.get_absolute_url(),
        action=Action.PLAN_ADOPT,
        resource=entity_resource(plan.entity),
        form=EntityForm,
        entity=plan.entity,
        initial={"expected_version": plan.version},
    )

    def act(form: Any) -> None:
        plans.plan_adopt(actor=request.user, plan=plan, expected_version=form.version)

    return deed(request, what, act)


@login_required
@FORM
def task_add(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Add a task to a plan."""
    plan = get_object_or_404(YearPlan.objects.select_related("entity"), pk=plan_id)
    what = Deed(
        title=_("Add a task"),
        submit=_("Add the task"),
        said=_("The task is added, and whoever is in charge is told."),
        back=plan.get_absolute_url(),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(plan.entity),
        form=forms.TaskForm,
        entity=plan.entity,
        trail=((plan.get_absolute_url(), str(plan)),),
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        plans.task_add(
            actor=request.user,
            plan=plan,
            title=data["title"],
            owner=data["owner"],
            due_on=data["due_on"],
            duty=data["duty"],
            department=data["department"],
        )

    return deed(request, what, act)


@login_required
@FORM
def task_report(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Report how far a task has come."""
    task = get_object_or_404(tasks_visible(request.user), pk=task_id)
    what = Deed(
        title=task.title,
        facts=((_("Year"), task.plan.year), (_("Due on"), task.due_on.isoformat())),
        submit=_("Report"),
        said=_("The report is recorded."),
        back=reverse("assurance:task_list"),
        action=Action.WORK_REPORT,
        resource=task_resource(task),
        form=forms.ProgressForm,
        entity=task.plan.entity,
        initial={"expected_version": task.version, "progress": task.progress, "note": task.note},
        trail=((reverse("assurance:task_list"), _("Tasks of plans")),),
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        plans.task_report(
            actor=request.user,
            task_id=task.pk,
            expected_version=form.version,
            progress=data["progress"],
            note=data["note"],
            proof=kept(request.user, data["proof"]),
            drop=data["drop"],
        )

    return deed(request, what, act)
