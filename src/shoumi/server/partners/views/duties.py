"""Pages of what partners are asked for: the list, asking, answering, findings, the desk of their managers."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Flag, Listing, ListingView, Preset
from shoumi.server.files.responses import stream
from shoumi.server.ledger.services import clock
from shoumi.server.partners.forms.workers import AnswerForm, DutyFindingForm, DutyForm, SettleForm
from shoumi.server.partners.models import Duty, DutyFinding
from shoumi.server.partners.queries.authorities import READERS
from shoumi.server.partners.queries.partners import partner_resource, partner_seen, partners
from shoumi.server.partners.queries.workers import duties_visible_to
from shoumi.server.partners.services.duties import (
    DutyWish,
    duty_answer,
    duty_ask,
    duty_file_open,
    finding_record,
    finding_settle,
)
from shoumi.server.partners.views.partners import partner_page, scope_of, trail
from shoumi.server.partners.views.states import state_of
from shoumi.server.people.queries import department_resource
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.views.asking import Page, form_page


class DutyListing(Listing):
    """What the partners are asked for that the user may see."""

    name = "partners.duties"
    title = _("Asked of partners")
    columns = (
        Column("title", _("What is asked"), "title", sort="title", primary=True),
        Column("kind", _("Kind"), "get_kind_display", sort="kind"),
        Column("partner", _("Partner"), "partner", sort="partner__third_party__name"),
        Column("due", _("Due on"), "due_on", kind="day", sort="due_on"),
        Column("state", _("State"), state_of, kind="state"),
        Column("answered", _("Answered"), "answered_at", kind="moment", sort="answered_at", shown=False),
    )
    filters = (
        Choice("kind", _("Kind"), choices=Duty.Kind.choices, many=True),
        Flag("open", _("Not answered"), condition=Q(answered_at__isnull=True)),
        Flag(
            "late",
            pgettext_lazy("duties of partners", "Late"),
            condition=lambda _listing: Q(answered_at__isnull=True, due_on__lt=clock().now().date()),
        ),
        DateRange("due", _("Due on"), "due_on"),
    )
    search_fields = ("title", "partner__third_party__name")
    default_sort = "due"
    presets = (
        Preset(_("Not answered"), "open=1"),
        Preset(pgettext_lazy("duties of partners", "Late"), "late=1"),
    )
    export_action = Action.PARTNER_EXPORT
    empty = Empty(
        _("No partner is asked for anything"),
        _("Ask a partner for work, reports and audits on its page; its workers are never asked by name."),
        icon="clipboard-list",
    )

    def rows(self) -> QuerySet[Duty]:
        """Return the duties that the user may see."""
        return duties_visible_to(self.user)

    def export_resource(self) -> Resource:
        """Return the department or entity to which all rows belong, else the company."""
        return scope_of(self.rows().order_by().values("partner__third_party__department"))


class OwnDutyListing(DutyListing):
    """What the own company is asked for, as the responsible person of a partner sees it."""

    title = _("Asked of my company")
    export_action = None  # exports are for those who keep the partners' books
    empty = Empty(_("Your company is not asked for anything"), icon="clipboard-list")


def _side_of(user: User) -> type[DutyListing]:
    """Return the list from the side on which `user` stands; from roles, without a query."""
    return DutyListing if scopes_of(user, READERS) else OwnDutyListing


class DutyListView(ListingView):
    """The page of the list; for the responsible person of a partner it is the whole desk."""

    listing: ClassVar[type[Listing]] = DutyListing

    def made(self, request: HttpRequest) -> Listing:
        """Return the list from the side on which the user stands."""
        return _side_of(request.user)(request.user, request.GET)


@login_required
@require_http_methods(["GET", "POST"])
def duty_new(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Ask a partner's company for something."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    page = partner_page(partner, _("Ask the company"), _("Ask"), _("The company is asked."))

    def act(form: Any) -> None:
        duty_ask(actor=request.user, partner=partner, wish=DutyWish(**form.cleaned_data))

    return form_page(request, page, DutyForm(request.POST or None), act)


@login_required
@require_safe
def duty_detail(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Show what a partner is asked for, its answer, and what was found."""
    duty = duty_seen(request.user, duty_id)
    keeps = _keeps(request.user, duty)
    context = {
        "duty": duty,
        "state": state_of(duty),
        "keeps": keeps,
        "list_title": _side_of(request.user).title,
        "may_answer": duty.answered_at is None,
        "findings": list(duty.findings.select_related("recorded_by", "settled_by")),
    }
    return render(request, "partners/duty.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def duty_reply(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Answer for the partner."""
    duty = duty_seen(request.user, duty_id)
    if not _keeps(request.user, duty):
        gate.require(request.user, Action.PARTNER_ANSWER, partner_resource(duty.partner))
    page = _page(duty, _("Answer for the partner"), _("Answer"), _("The answer is kept."))

    def act(form: Any) -> None:
        duty_answer(actor=request.user, duty=duty, expected_version=duty.version, **form.cleaned_data)

    form = AnswerForm(request.POST or None, request.FILES or None, user=request.user)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def finding_new(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Record what an audit or report showed."""
    duty = _kept(request, duty_id)
    page = _page(duty, _("Record a finding"), _("Record"), _("The finding is recorded."))

    def act(form: Any) -> None:
        finding_record(actor=request.user, duty=duty, **form.cleaned_data)

    return form_page(request, page, DutyFindingForm(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def finding_off(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Record how a finding was put right."""
    rows = DutyFinding.objects.select_related("duty__partner__third_party__department__entity")
    finding = get_object_or_404(rows, pk=finding_id)
    duty = _kept(request, finding.duty_id)
    page = _page(duty, _("Settle the finding"), _("Settle it"), _("The finding is settled."))

    def act(form: Any) -> None:
        finding_settle(actor=request.user, finding=finding, how=form.cleaned_data["how"])

    return form_page(request, page, SettleForm(request.POST or None), act)


@login_required
@require_safe
def duty_file(request: HttpRequest, duty_id: UUID) -> HttpResponseBase:
    """Send the file of an answer."""
    duty = duty_seen(request.user, duty_id)
    return stream(duty_file_open(actor=request.user, duty=duty), request=request)


def duty_seen(user: User, duty_id: UUID) -> Duty:
    """Return a duty that the user sees: by the partner's department, or as its responsible person.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    rows = Duty.objects.select_related(
        "partner__third_party__department__entity", "answered_by", "asked_by", "file"
    )
    duty = get_object_or_404(rows, pk=duty_id)
    if not gate.permits(user, Action.PARTNER_VIEW, _unit(duty)):
        gate.require(user, Action.PARTNER_ANSWER, partner_resource(partners().get(pk=duty.partner_id)))
    return duty


def _kept(request: HttpRequest, duty_id: UUID) -> Duty:
    duty = duty_seen(request.user, duty_id)
    gate.require(request.user, Action.PARTNER_EDIT, _unit(duty))
    return duty


def _keeps(user: User, duty: Duty) -> bool:
    return gate.permits(user, Action.PARTNER_EDIT, _unit(duty))


def _unit(duty: Duty) -> Resource:
    return department_resource(duty.partner.third_party.department)


def _page(duty: Duty, title: Any, submit: Any, said: Any) -> Page:
    home = duty.get_absolute_url()
    return Page(
        title=title,
        submit=submit,
        said=said,
        back=home,
        trail=trail((home, duty.title)),
        template="partners/form.html",
        facts=((_("Partner"), str(duty.partner)),),
    )
