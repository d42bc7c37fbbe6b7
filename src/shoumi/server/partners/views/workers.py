"""Pages of outsiders working here: under which company, their papers, computer and accesses."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.jurisdiction.outsiders import Purpose
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.files.listing import Choice, Column, Empty, Flag, Listing, ListingView, State
from shoumi.server.partners.forms.workers import AccessForm, EquipmentForm, WorkerForm, WorkerPledgeForm
from shoumi.server.partners.models import Access, Worker
from shoumi.server.partners.queries.partners import partner_seen
from shoumi.server.partners.queries.workers import OUTSIDE, equipped, worker_gaps, workers, workers_visible_to
from shoumi.server.partners.services.workers import (
    Equipment,
    access_end,
    access_give,
    equipment_check,
    worker_pledge_keep,
    worker_record,
)
from shoumi.server.partners.views.partners import partner_page, scope_of
from shoumi.server.people.models import EngagementKind
from shoumi.server.people.queries import department_resource, engaged_now, today_of
from shoumi.server.people.queries.addressing import addressee_of
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.places.queries.standards import said as words_of_pack
from shoumi.server.register.queries.operations.obstacles import said

PROVED = Q(computer="none") | Q(computer="company", encrypted=True)


def _equipment(worker: Worker) -> State:
    """Return whether it is proved on what they work."""
    if equipped(worker):
        return State(pgettext_lazy("computer of an outsider", "Proved"), "good")
    return State(pgettext_lazy("computer of an outsider", "Not proved"), "bad")


class WorkerListing(Listing):
    """The outsiders working here under partners that the user may see."""

    name = "partners.workers"
    title = _("Outsiders working here")
    columns = (
        Column("name", _("Name"), "engagement.person.name", sort="engagement__person__reading", primary=True),
        Column("kind", _("Kind"), "engagement.get_kind_display", sort="engagement__kind"),
        Column("partner", _("Partner"), "partner", sort="partner__third_party__name"),
        Column(
            "department", _("Department"), "engagement.department.name", sort="engagement__department__name"
        ),
        Column("post", _("Post"), "engagement.post.title"),
        Column("equipment", _("Computer and encryption"), _equipment, kind="state"),
        Column("open", _("Open accesses"), "open", kind="number", sort="open"),
        Column(
            "until", _("Until"), "engagement.ends_on", kind="day", sort="engagement__ends_on", shown=False
        ),
    )
    filters = (
        Choice(
            "kind",
            _("Kind"),
            choices=[pair for pair in EngagementKind.choices if pair[0] in OUTSIDE],
            many=True,
            apply=lambda rows, values: rows.filter(engagement__kind__in=values),
        ),
        Flag("unproved", _("Computer not proved"), condition=~PROVED),
        Flag("unpledged", _("Without a pledge"), condition=Q(pledge__isnull=True)),
        Flag(
            "left",
            _("Gone, with open accesses"),
            condition=lambda _listing: ~engaged_now("engagement__") & Q(open__gt=0),
        ),
    )
    search_fields = ("engagement__person__name", "partner__third_party__name")
    default_sort = "name"
    export_action = Action.PARTNER_EXPORT
    empty = Empty(
        _("No outsider is recorded"),
        _("On the page of a partner, put the workers it sends under it; they are kept apart from employees."),
        icon="users",
    )

    def rows(self) -> QuerySet[Worker]:
        """Return the outsiders that the user may see, with their open accesses."""
        open_now = Count("accesses", filter=Q(accesses__ended_at__isnull=True))
        return workers_visible_to(self.user).annotate(open=open_now)

    def export_resource(self) -> Resource:
        """Return the department or entity to which all rows belong, else the company."""
        return scope_of(self.rows().order_by().values("partner__third_party__department"))


class WorkerListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = WorkerListing


@login_required
@require_safe
def worker_detail(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """Show an outsider: company, papers, computer, accesses, and what may be asked of them by name."""
    worker = worker_seen(request, worker_id)
    today = today_of(worker.engagement.department.entity)
    unit = department_resource(worker.partner.third_party.department)
    purposes = [(purpose, addressee_of(worker.engagement.person, purpose)) for purpose in Purpose]
    rule = next((found.rule for _purpose, found in purposes if found.rule), None)
    context = {
        "worker": worker,
        "keeps": gate.permits(request.user, Action.PARTNER_EDIT, unit),
        "gaps": [said(gap) for gap in worker_gaps(worker, rank=1, today=today, until=today)],
        "equipped": equipped(worker),
        "accesses": list(worker.accesses.select_related("zone", "given_by", "ended_by")),
        "purposes": [(PURPOSES[purpose], found.by_name) for purpose, found in purposes],
        "rule": rule,
        "rule_reason": words_of_pack(rule.reason) if rule else "",
    }
    return render(request, "partners/worker.html", context)


PURPOSES = {
    Purpose.WORK: pgettext_lazy("asked of an outsider", "Daily work"),
    Purpose.TRAINING: pgettext_lazy("asked of an outsider", "Training"),
    Purpose.PLEDGE: pgettext_lazy("asked of an outsider", "Pledges"),
    Purpose.SANCTION: pgettext_lazy("asked of an outsider", "Sanctions"),
}


@login_required
@require_http_methods(["GET", "POST"])
def worker_new(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Put somebody under the partner that sends them."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    page = partner_page(partner, _("Record an outsider"), _("Record"), _("The outsider is recorded."))

    def act(form: Any) -> str:
        worker = worker_record(
            actor=request.user, partner=partner, engagement=form.cleaned_data["engagement"]
        )
        return worker.get_absolute_url()

    form = WorkerForm(request.POST or None, user=request.user, partner=partner)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def worker_pledge(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """Keep the signed pledge."""
    worker = worker_seen(request, worker_id, Action.PARTNER_EDIT)
    page = worker_page(
        worker,
        _("Keep the pledge"),
        _("The pledge is kept."),
        lead=_("The pledge of a company's worker comes through the responsible person of that company."),
    )

    def act(form: Any) -> None:
        worker_pledge_keep(actor=request.user, worker=worker, **form.cleaned_data)

    form = WorkerPledgeForm(request.POST or None, request.FILES or None, user=request.user)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def worker_equipment(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """Record on what they work, with the proof."""
    worker = worker_seen(request, worker_id, Action.PARTNER_EDIT)
    page = worker_page(worker, _("Computer and encryption"), _("The computer is recorded with its proof."))
    initial = {"computer": worker.computer, "device": worker.device, "encrypted": worker.encrypted}

    def act(form: Any) -> None:
        values = dict(form.cleaned_data)
        proof = values.pop("proof")
        equipment_check(actor=request.user, worker=worker, equipment=Equipment(**values), proof=proof)

    form = EquipmentForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def access_new(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """Open something for an outsider."""
    worker = worker_seen(request, worker_id, Action.PARTNER_EDIT)
    page = worker_page(worker, _("Give access"), _("The access is given."))
    entity = worker.engagement.department.entity

    def act(form: Any) -> None:
        access_give(actor=request.user, worker=worker, **form.cleaned_data)

    return form_page(request, page, AccessForm(request.POST or None, user=request.user, entity=entity), act)


@login_required
@require_POST
def access_off(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Take back what was opened."""
    rows = Access.objects.select_related("worker__partner__third_party__department__entity")
    access = get_object_or_404(rows, pk=access_id)
    access_end(actor=request.user, access=access)
    messages.success(request, _("The access is taken back."))
    return redirect("partners:worker_detail", access.worker_id)


def worker_seen(request: HttpRequest, worker_id: UUID, action: Action = Action.PARTNER_VIEW) -> Worker:
    """Return an outsider under a partner to whose department the user may do `action`.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    worker = get_object_or_404(workers(), pk=worker_id)
    gate.require(request.user, action, department_resource(worker.partner.third_party.department))
    return worker


def worker_page(worker: Worker, title: Any, said_when_done: Any, **more: Any) -> Page:
    """Return a form page below an outsider's page."""
    home = worker.get_absolute_url()
    above = ((reverse("partners:worker_list"), _("Outsiders working here")), (home, str(worker)))
    return Page(
        title=title,
        submit=_("Save"),
        said=said_when_done,
        back=home,
        trail=above,
        template="partners/form.html",
        **more,
    )
