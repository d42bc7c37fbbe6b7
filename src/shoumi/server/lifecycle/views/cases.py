"""Cases: the list, the page of one as a rail of steps, its parties, its end."""

from __future__ import annotations

from calendar import monthrange
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action, Resource, Role
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
from shoumi.server.lifecycle.forms.opening import CancelForm, EndForm, PartyForm
from shoumi.server.lifecycle.models import KINDS, CaseStep, PersonCase
from shoumi.server.lifecycle.queries.access import (
    LIVE,
    OPENERS,
    STEP_PLACES,
    cases,
    cases_visible_to,
    tasks_of,
)
from shoumi.server.lifecycle.queries.rail import board_of
from shoumi.server.lifecycle.services.cases import case_cancel, case_close, party_name
from shoumi.server.lifecycle.views.finding import TONES, case_page, case_rights, case_seen
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import company_resource, entity_resource
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.views.asking import form_page


def _state(row: PersonCase) -> State:
    if row.is_open and row.next_due_at and row.next_due_at < clock().now():
        return State(_("overdue"), "bad")
    return State(row.get_state_display(), TONES[row.state])


def _late(_listing: Listing) -> Q:
    return Q(state=PersonCase.State.OPEN, next_due_at__lt=clock().now())


def _this_month(_listing: Listing) -> Q:
    today = timezone.localtime(clock().now()).date()
    last = today.replace(day=monthrange(today.year, today.month)[1])
    return Q(kind="leaving", main_day__gte=today.replace(day=1), main_day__lte=last)


def _soon(_listing: Listing) -> Q:
    until = clock().now() + timedelta(days=7)
    return Q(state=PersonCase.State.OPEN, next_due_at__lte=until)


class CaseListing(Listing):
    """The cases that the user may know of."""

    name = "lifecycle.cases"
    title = gettext_lazy("Cases of people")
    columns = (
        Column("number", gettext_lazy("Number"), kind="mono", sort="number"),
        Column("person", gettext_lazy("Person"), "person", sort="person__reading", primary=True),
        Column("kind", gettext_lazy("Kind"), "get_kind_display", sort="kind"),
        Column("day", gettext_lazy("Day"), "main_day", kind="day", sort="main_day"),
        Column("open", gettext_lazy("Steps to do"), "live", kind="number", sort="live"),
        Column(
            "due", gettext_lazy("Next due"), "next_due_at", sort="next_due_at", template="lifecycle/_due.html"
        ),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="state"),
        Column("department", gettext_lazy("Department"), "department", sort="department__name"),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code", shown=False),
        Column("opened", gettext_lazy("Opened"), "opened_at", kind="moment", sort="opened_at", shown=False),
    )
    filters = (
        Choice("kind", gettext_lazy("Kind"), choices=KINDS, many=True),
        Choice("state", gettext_lazy("State"), choices=PersonCase.State.choices, many=True),
        DateRange("day", gettext_lazy("Day"), "main_day"),
        Flag("late", gettext_lazy("Overdue"), condition=_late),
        Flag("soon", gettext_lazy("Due within a week"), condition=_soon),
        Flag("leaving_now", gettext_lazy("Leaving this month"), condition=_this_month),
    )
    search_fields = ("number", "person__search")
    default_sort = "due"
    presets = (
        Preset(gettext_lazy("Under way"), "state=open"),
        Preset(gettext_lazy("Overdue"), "late=1"),
        Preset(gettext_lazy("Leaving this month"), "leaving_now=1"),
        Preset(gettext_lazy("Due within a week"), "soon=1"),
    )
    export_action = Action.PERSON_CASE_EXPORT
    empty = Empty(
        gettext_lazy("No case is known"),
        gettext_lazy(
            "Who joins, moves, leaves, cools down or comes back has a case: its steps, whose they are, "
            "until when, what proves them, and what must not happen before."
        ),
        icon="users",
        url=reverse_lazy("lifecycle:case_new"),
        action=gettext_lazy("Open a case"),
    )

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user opens cases somewhere."""
        return bool(scopes_of(self.user, OPENERS))

    def rows(self) -> QuerySet[PersonCase]:
        """Return the cases with how much is to do in each."""
        return self._counted(cases_visible_to(self.user))

    def drawn(self) -> QuerySet[PersonCase]:
        """Return the same without asking again who may see them."""
        return self._counted(cases())

    def _counted(self, rows: QuerySet[PersonCase]) -> QuerySet[PersonCase]:
        steps = CaseStep.objects.filter(case=OuterRef("pk"), state__in=LIVE).order_by()
        number = steps.values("case").annotate(number=Count("pk")).values("number")
        live = Coalesce(Subquery(number), 0)  # counted for the rows that are shown only
        return rows.annotate(live=live)

    def row_url(self, row: PersonCase) -> str:
        """Return the page of a case."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return the entity if all rows belong to one, else the company."""
        keys = self.rows().order_by().values("entity")
        entities = LegalEntity.objects.filter(pk__in=keys)[:2]
        return entity_resource(entities[0]) if len(entities) == 1 else company_resource()


class CaseListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = CaseListing
    template_name = "lifecycle/cases.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say what the user may do here."""
        imports = scopes_of(self.request.user, [Role.HR]) and not scopes_of(self.request.user, [Role.AUDITOR])
        return {"may_open": listing.may_begin, "may_import": bool(imports)}


@login_required
@require_safe
def case_detail(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case as a rail of steps, with what is to be done next; only what the user may see of it."""
    case = case_seen(request, case_id)
    can = case_rights(request, case)
    context = {"case": case, "can": can, "tone": TONES[case.state], "board": board_of(case, request.user)}
    return render(request, "lifecycle/case.html", context)


@login_required
@require_safe
def case_history(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show which plans a case had and what each came from."""
    case = case_seen(request, case_id, Action.PERSON_CASE_VIEW)
    plans = case.plans.select_related("made_by")
    return render(request, "lifecycle/history.html", {"case": case, "plans": plans})


@login_required
@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Say who a party is."""
    case = case_seen(request, case_id, Action.PERSON_CASE_MANAGE)
    page = case_page(
        case, _("Name who has a part"), _("Save"), _("It is named."), columns={"lifecycle.party": "person"}
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        party_name(actor=request.user, case=case, party=values["party"], person=values["person"])

    initial = {"party": request.GET.get("party", "")}
    return form_page(
        request, page, PartyForm(request.POST or None, user=request.user, case=case, initial=initial), act
    )


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Close a case whose end is open."""
    case = case_seen(request, case_id, Action.PERSON_CASE_MANAGE)
    page = case_page(case, _("Close the case"), _("Close the case"), _("The case is closed."))

    def act(form: Any) -> None:
        case_close(
            actor=request.user,
            case=case,
            outcome=form.cleaned_data["outcome"],
            expected_version=form.version,
        )

    form = EndForm(request.POST or None, initial={"expected_version": case.version})
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Call a case off."""
    case = case_seen(request, case_id, Action.PERSON_CASE_MANAGE)
    page = case_page(
        case,
        _("Call the case off"),
        _("Call it off"),
        _("The case is called off."),
        lead=_("What was recorded stays filed. Nothing more is asked of anybody."),
        danger=True,
    )

    def act(form: Any) -> None:
        case_cancel(
            actor=request.user,
            case=case,
            reason=form.cleaned_data["outcome"],
            expected_version=form.version,
        )

    form = CancelForm(request.POST or None, initial={"expected_version": case.version})
    return form_page(request, page, form, act)


def step_state(row: CaseStep) -> State:
    """Return where a step stands, late ones first of all."""
    if row.due_at and row.due_at < clock().now():
        return State(_("overdue"), "bad")
    return State(row.get_state_display(), "waiting" if row.state == "open" else "off")


class TaskListing(Listing):
    """The steps of cases that the user can do something about."""

    name = "lifecycle.tasks"
    title = gettext_lazy("My steps in cases")
    columns = (
        Column("step", gettext_lazy("Step"), "title", primary=True),
        Column("person", gettext_lazy("Person"), "case.person", sort="case__person__reading"),
        Column("case", gettext_lazy("Case"), "case.number", kind="mono", sort="case__number"),
        Column("kind", gettext_lazy("Kind"), "case.get_kind_display", sort="case__kind"),
        Column("due", gettext_lazy("Due"), "due_at", sort="due_at", template="lifecycle/_due.html"),
        Column("state", gettext_lazy("State"), step_state, kind="state", sort="state"),
    )
    filters = (
        Choice("kind", gettext_lazy("Kind"), "case__kind", choices=KINDS, many=True),
        Flag("late", gettext_lazy("Overdue"), condition=lambda _listing: Q(due_at__lt=clock().now())),
        Flag("now", gettext_lazy("Can be done now"), condition=Q(state="open")),
    )
    search_fields = ("case__number", "case__person__search", "title_zh", "title_ja", "title_en")
    default_sort = "due"
    presets = (
        Preset(gettext_lazy("Can be done now"), "now=1"),
        Preset(gettext_lazy("Overdue"), "late=1"),
    )
    empty = Empty(
        gettext_lazy("Nothing waits for you"),
        gettext_lazy("Steps of cases that you do, sign, confirm or receive stand here, most urgent first."),
        icon="checklist",
    )

    def rows(self) -> QuerySet[CaseStep]:
        """Return the steps."""
        return tasks_of(self.user)

    def drawn(self) -> QuerySet[CaseStep]:
        """Return the same without asking again whose they are."""
        return CaseStep.objects.select_related(*STEP_PLACES)

    def row_url(self, row: CaseStep) -> str:
        """Return the page of a step."""
        return row.get_absolute_url()
