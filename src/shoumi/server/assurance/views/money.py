"""Budget and spending of one legal entity and year, and the list of expenses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.assurance.forms import work as forms
from shoumi.server.assurance.forms.fields import ReasonForm
from shoumi.server.assurance.models import Expense, Money
from shoumi.server.assurance.queries.access import entities_governed
from shoumi.server.assurance.queries.money import currency_of, money_of, money_total
from shoumi.server.assurance.services import money
from shoumi.server.assurance.views.asking import Deed, GovernedListing, deed, entity_chosen, kept, room
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Flag, State
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource, today_of

FORM = require_http_methods(["GET", "POST"])


class ExpenseListing(GovernedListing):
    """What was spent."""

    name = "assurance.expenses"
    title = gettext_lazy("Expenses")
    columns = (
        Column("text", gettext_lazy("For what"), sort="text", primary=True),
        Column("spent_on", gettext_lazy("Spent on"), kind="day", sort="spent_on"),
        Column("purpose", gettext_lazy("Purpose"), lambda row: row.get_purpose_display(), sort="purpose"),
        Column("amount", gettext_lazy("Amount"), lambda row: float(row.amount), "number", sort="amount"),
        Column("currency", gettext_lazy("Currency"), lambda row: currency_of(row.entity)),
        Column("receipt", gettext_lazy("Receipt"), "receipt.name", shown=False),
        Column("entity", gettext_lazy("Legal entity"), "entity.name", sort="entity__code", shown=False),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: State(_("struck out"), "off") if row.struck_at else State(_("counts"), "good"),
            "state",
            sort="struck_at",
        ),
    )
    filters = (
        Choice("purpose", gettext_lazy("Purpose"), choices=Money.choices, many=True),
        DateRange("spent", gettext_lazy("Spent on"), "spent_on"),
        Flag("struck", gettext_lazy("Struck out only"), condition=Q(struck_at__isnull=False)),
    )
    search_fields = ("text",)
    default_sort = "-spent_on"
    empty = Empty(
        gettext_lazy("No expense yet"),
        gettext_lazy("Record what was spent on protecting secrets, with the receipt."),
        icon="receipt",
    )

    def rows(self) -> QuerySet:
        """Return the expenses of the entities that the user may look at."""
        rows = Expense.objects.select_related("entity", "receipt")
        return rows.filter(entity__in=entities_governed(self.user))

    def row_url(self, row: object) -> str:
        """Lead to the receipt."""
        return reverse("assurance:attachment", args=["receipt", row.pk])


def _year(request: HttpRequest, entity: LegalEntity) -> int:
    asked = request.GET.get("year", "")
    known = asked.isascii() and asked.isdigit() and len(asked) == 4  # noqa: PLR2004 - digits of a year
    return int(asked) if known else today_of(entity).year


@login_required
@require_safe
def money_room(request: HttpRequest) -> HttpResponse:
    """Show what was meant to be spent and what was."""
    entity, entities = entity_chosen(request)
    resource = entity_resource(entity)
    gate.require(request.user, Action.GOVERNANCE_VIEW, resource)
    year = _year(request, entity)
    lines = money_of(entity, year)
    planned, spent = money_total(lines)
    recent = Expense.objects.filter(entity=entity, spent_on__year=year).select_related("receipt")
    context = {
        "entity": entity,
        "entities": entities,
        "year": year,
        "years": range(today_of(entity).year + 1, today_of(entity).year - 5, -1),
        "lines": lines,
        "planned": planned,
        "spent": spent,
        "left": planned - spent,
        "currency": currency_of(entity),
        "expenses": recent[:50],
        "can_edit": gate.permits(request.user, Action.GOVERNANCE_EDIT, resource),
    }
    return render(request, "assurance/money.html", context)


@login_required
@FORM
def budget_set(request: HttpRequest, purpose: str) -> HttpResponse:
    """Set a line of the budget."""
    entity, _entities = entity_chosen(request)
    year = _year(request, entity)
    line = next((item for item in money_of(entity, year) if item.purpose == purpose), None)
    if line is None:
        raise Http404
    what = Deed(
        title=_("Budget of %(year)d: %(purpose)s") % {"year": year, "purpose": line.label},
        submit=_("Set the budget"),
        said=_("The budget is set."),
        back=f"{room('money', entity)}&year={year}",
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=forms.BudgetForm,
        entity=entity,
        initial={"expected_version": line.version, "amount": line.planned},
        facts=((_("Currency"), currency_of(entity)),),
    )

    def act(form: Any) -> None:
        money.budget_set(
            actor=request.user,
            entity=entity,
            year=year,
            purpose=purpose,
            amount=form.cleaned_data["amount"],
            expected_version=form.version,
        )

    return deed(request, what, act)


@login_required
@FORM
def expense_record(request: HttpRequest) -> HttpResponse:
    """Record money that was spent."""
    entity, _entities = entity_chosen(request)
    what = Deed(
        title=_("Record an expense"),
        submit=_("Record the expense"),
        said=_("The expense is recorded."),
        back=room("money", entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=forms.ExpenseForm,
        entity=entity,
        initial={"spent_on": today_of(entity)},
        facts=((_("Currency"), currency_of(entity)),),
        trail=((room("money", entity), _("Budget and spending")),),
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        money.expense_record(
            actor=request.user,
            entity=entity,
            spent_on=data["spent_on"],
            purpose=data["purpose"],
            amount=data["amount"],
            text=data["text"],
            receipt=kept(request.user, data["receipt"]),
        )

    return deed(request, what, act)


@login_required
@FORM
def expense_strike(request: HttpRequest, expense_id: UUID) -> HttpResponse:
    """Strike out an expense, after asking once more."""
    expense = get_object_or_404(Expense.objects.select_related("entity"), pk=expense_id)
    what = Deed(
        title=_("Strike out an expense"),
        facts=((_("For what"), expense.text), (_("Amount"), expense.amount)),
        lead=_("It no longer counts; it stays readable with the reason."),
        danger=True,
        submit=_("Strike it out"),
        said=_("The expense is struck out."),
        back=room("money", expense.entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(expense.entity),
        form=ReasonForm,
        entity=expense.entity,
        initial={"expected_version": expense.version},
    )

    def act(form: Any) -> None:
        money.expense_strike(
            actor=request.user,
            expense=expense,
            expected_version=form.version,
            reason=form.cleaned_data["reason"],
        )

    return deed(request, what, act)
