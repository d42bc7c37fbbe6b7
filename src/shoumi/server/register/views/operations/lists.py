"""The room “Operations”: one list with its views, and the calendar of what is due back."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action, Resource
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
from shoumi.server.people.models import Department
from shoumi.server.people.queries import company_resource, department_resource
from shoumi.server.register.models import Operation, OperationLine, ThirdParty
from shoumi.server.register.queries.choosing import any_department
from shoumi.server.register.queries.operations.choosing import any_operation_permitted
from shoumi.server.register.queries.operations.lists import (
    operations_visible_to,
    overdue,
    third_parties_visible_to,
)
from shoumi.server.register.templatetags.register import OPERATION_TONES
from shoumi.server.register.views.lists import LEVELS

WEEK = 7
WHAT = pgettext_lazy("operation on secrets", "Operation")


def _kind(row: Operation) -> str:
    return str(row.get_kind_display())


def _state(row: Operation) -> State:
    return State(row.get_state_display(), OPERATION_TONES.get(row.state, "off"))


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = Department.objects.filter(pk__in=listing.rows().order_by().values("department"))
    return [(str(row.pk), row.name) for row in rows]


def _overdue(_listing: Listing) -> Q:
    late = Operation.objects.filter(overdue(clock().now().date())).values("pk")
    return Q(pk__in=late)


def _out(_listing: Listing) -> Q:
    return Q(pk__in=OperationLine.objects.filter(state=OperationLine.State.OUT).values("operation_id"))


def _mine(listing: Listing) -> Q:
    return Q(requester=listing.user) | Q(receiver__user=listing.user)


class OperationListing(Listing):
    """The operations, for one user."""

    name = "register.operations"
    title = _("Operations")
    columns = (
        Column("number", _("Number"), kind="mono", sort="number"),
        Column("kind", WHAT, _kind, sort="kind", primary=True, sub="purpose_line"),
        Column("state", _("State"), _state, kind="state", sort="state"),
        Column("level", _("Level"), kind="level", sort="level"),
        Column("department", _("Owner department"), "department.name", sort="department__name"),
        Column("requester", _("Requested by"), "requester.display_name", sort="requester__display_name"),
        Column("receiver", _("Handed to"), "receiver", sort="receiver__name"),
        Column("due", _("Due"), "due_on", kind="day", sort="due_on"),
        Column("third_party", _("Third party"), "third_party", sort="third_party__name", shown=False),
        Column("submitted", _("Submitted"), "submitted_at", kind="moment", sort="submitted_at", shown=False),
        Column("created", _("Created"), "created_at", kind="moment", sort="created_at", shown=False),
    )
    filters = (
        Choice("kind", WHAT, choices=Operation.Kind.choices, many=True),
        Choice("state", _("State"), choices=Operation.State.choices, many=True),
        Choice("level", _("Level"), choices=LEVELS, many=True),
        Choice("department", _("Owner department"), choices=_departments, many=True),
        DateRange("due", _("Due"), "due_on"),
        Flag("mine", _("Only mine"), condition=_mine),
        Flag("out", _("Handed out now"), condition=_out),
        Flag("overdue", _("Overdue"), condition=_overdue),
    )
    search_fields = ("number", "purpose", "lines__secret__number")
    search_label = _("Number or purpose")
    default_sort = "-created"
    presets = (
        Preset(_("My requests"), "mine=1"),
        Preset(pgettext_lazy("operations", "To be carried out"), "state=approved"),
        Preset(pgettext_lazy("operations", "Lent out"), "out=1&sort=due"),
        Preset(_("Overdue"), "overdue=1&sort=due"),
    )
    export_action: ClassVar[Action] = Action.ORGANISATION_VIEW

    def rows(self) -> QuerySet[Operation]:
        """Return the operations that the user may see."""
        return operations_visible_to(self.user)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Return the rows in which every word stands, each once though a secret has several lines."""
        return rows.filter(pk__in=super().search(rows.order_by(), text).values("pk"))

    def row_url(self, row: object) -> str:
        """Return the operation's page, or its form while it is a draft."""
        name = "answers" if row.state == Operation.State.DRAFT else "detail"
        return reverse(f"register:operation_{name}", args=[row.pk])

    def export_resource(self) -> Resource:
        """Return the company: the rows are scoped already."""
        return company_resource()

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user may ask for something to be done with a secret that would be offered first."""
        return any_operation_permitted(self.user)

    def empty_now(self) -> Empty:
        """Teach how an operation comes about."""
        if self.is_narrowed:
            return Empty(
                _("No operation fits"), _("Take a filter away, or search for another word."), icon="search"
            )
        return Empty(
            _("No operation yet"),
            _(
                "Consulting, borrowing, copying, moving, disclosing, publishing and destroying are asked for "
                "here, approved by level, carried out under signature, and filed on both sides."
            ),
            url=reverse("register:operation_new"),
            action=_("Ask for an operation"),
            icon="arrows-exchange",
        )


class OperationListView(ListingView):
    """The page of the room."""

    listing = OperationListing
    template_name = "register/operations/list.html"


class ThirdPartyListing(Listing):
    """The third parties, for one user."""

    name = "register.third_parties"
    title = _("Third parties")
    columns = (
        Column("name", _("Name of the third party"), sort="name", primary=True, sub="registration_number"),
        Column("contact", _("Contact"), sort="contact"),
        Column("department", _("Responsible department"), "department.name", sort="department__name"),
        Column("created", _("Created"), "created_at", kind="day", sort="created_at"),
    )
    filters = (Choice("department", _("Responsible department"), choices=_departments, many=True),)
    search_fields = ("name", "registration_number", "contact")
    search_label = _("Name, number or contact")
    default_sort = "name"
    export_action: ClassVar[Action] = Action.ORGANISATION_VIEW

    def rows(self) -> QuerySet[ThirdParty]:
        """Return the third parties that the user may see."""
        return third_parties_visible_to(self.user)

    def row_url(self, row: object) -> str:
        """Return the page of a third party."""
        return reverse("register:third_party_detail", args=[row.pk])

    def export_resource(self) -> Resource:
        """Return the company: the rows are scoped already."""
        return company_resource()

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user records third parties for at least one department."""
        return any_department(self.user, Action.PARTNER_EDIT, department_resource)

    def empty_now(self) -> Empty:
        """Teach what third parties are for."""
        text = _("Before something is disclosed, the third party and the signed agreement are recorded here.")
        return Empty(
            _("No third party yet"),
            text,
            url=reverse("register:third_party_new"),
            action=_("Record a third party"),
            icon="building",
        )


class ThirdPartyListView(ListingView):
    """The page of third parties."""

    listing = ThirdPartyListing
    template_name = "register/operations/third_party_list.html"


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a month with what is due back on each day."""
    today = timezone.localtime(clock().now()).date()
    month = _month(request.GET.get("month", ""), today)
    days = list(Calendar().itermonthdates(month.year, month.month))
    rows = operations_visible_to(request.user).filter(
        pk__in=OperationLine.objects.filter(state=OperationLine.State.OUT).values("operation_id"),
        due_on__gte=days[0],
        due_on__lte=days[-1],
    )
    due: dict[date, list[Operation]] = {}
    for row in rows.order_by("due_on", "number"):
        due.setdefault(row.due_on, []).append(row)
    cells: list[dict[str, Any]] = [
        {
            "day": day,
            "inside": day.month == month.month,
            "today": day == today,
            "late": day < today,
            "rows": due.get(day, []),
        }
        for day in days
    ]
    context = {
        "month": month,
        "weeks": [cells[at : at + WEEK] for at in range(0, len(cells), WEEK)],
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": (month + timedelta(days=32)).replace(day=1),
        "count": sum(len(rows) for rows in due.values()),
    }
    return render(request, "register/operations/calendar.html", context)


def _month(text: str, today: date) -> date:
    """Return the first day of the month written as 2026-03, or of this month."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return month if 1 < month.year < date.max.year else today.replace(day=1)
