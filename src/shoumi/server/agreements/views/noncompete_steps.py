"""The decisions about non-competition: beginning, waiver, release, fault, breach; importing payments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import permits
from shoumi.server.agreements.forms.noncompete import BeginForm, BreachForm, FaultForm, ReleaseForm, WaiveForm
from shoumi.server.agreements.importing import PAYMENT_IMPORT
from shoumi.server.agreements.models import Agreement, NonCompete
from shoumi.server.agreements.queries.libraries import NON_COMPETE
from shoumi.server.agreements.queries.noncompete import release_dues, said_all
from shoumi.server.agreements.queries.visible import agreement_resource
from shoumi.server.agreements.services.noncompete import (
    Beginning,
    breach_record,
    fault_record,
    non_compete_begin,
    non_compete_release,
    non_compete_waive,
)
from shoumi.server.agreements.services.signing import agreement_opening_record
from shoumi.server.agreements.views.asking import FORM, agreement_seen, title_of
from shoumi.server.agreements.views.noncompete import seen
from shoumi.server.files.responses import stream
from shoumi.server.files.services import files_adopt
from shoumi.server.people.queries import today_of
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.people.views.importing import Wizard

COLUMNS = {"jurisdiction.non_compete_due_day": "due_day", "agreements.day": "day"}


@login_required
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Let non-competition run."""
    agreement = _undecided(request, agreement_id)
    page = _page(
        agreement,
        _("Use the non-competition"),
        _("Let it run"),
        _("Non-competition runs; the schedule of payments is made."),
        lead=_("It runs from the day after service has ended. The compensation is computed now and fixed."),
    )

    def act(form: Any) -> str:
        values = form.cleaned_data
        made = non_compete_begin(
            actor=request.user,
            agreement=agreement,
            beginning=Beginning(values["service_ends"], values["due_day"]),
        )
        return made.get_absolute_url()

    initial = {"service_ends": today_of(agreement.entity), "due_day": 15}
    return form_page(request, page, BeginForm(request.POST or None, initial=initial), act)


@login_required
@require_http_methods(["GET", "POST"])
def waive(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Decide not to use it."""
    agreement = _undecided(request, agreement_id)
    page = _page(
        agreement,
        _("Waive the non-competition"),
        _("Waive it"),
        _("The non-competition is waived; the agreement is ended."),
        danger=True,
    )

    def act(form: Any) -> str:
        made = non_compete_waive(actor=request.user, agreement=agreement, **form.cleaned_data)
        return made.get_absolute_url()

    initial = {"service_ends": today_of(agreement.entity)}
    return form_page(request, page, WaiveForm(request.POST or None, initial=initial), act)


@login_required
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Release the person early; what would be due today is shown first."""
    row = _running(request, agreement_id)
    facts: tuple[tuple[Any, Any], ...] = ((_("Agreement"), title_of(row.agreement)),)
    try:
        dues = release_dues(row, today_of(row.agreement.entity))
    except InputError:
        lead: Any = ""
    else:
        lead = " ".join(said_all(dues.notes))
        if permits(request.user, Action.NON_COMPETE_CALCULATE, agreement_resource(row.agreement)):
            cite = dues.basis.cite if dues.basis else "–"
            facts += (
                (_("Owed up to today"), dues.owed),
                (_("Additional compensation"), f"{dues.extra} ({cite})"),
                (_("Due in all if released today"), dues.due),
            )
    page = Page(
        title=_("Release early"),
        submit=_("Release"),
        back=row.get_absolute_url(),
        said=_("The person is released; the agreement is ended."),
        lead=lead,
        trail=_trail(row),
        danger=True,
        facts=facts,
        columns=COLUMNS,
        template=FORM,
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        non_compete_release(
            actor=request.user,
            row=row,
            expected_version=form.version,
            day=values["day"],
            reason=values["reason"],
        )

    initial = {"expected_version": row.version, "day": today_of(row.agreement.entity)}
    return form_page(request, page, ReleaseForm(request.POST or None, initial=initial), act)


@login_required
@require_http_methods(["GET", "POST"])
def fault(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Record whose fault arrears are."""
    row = _running(request, agreement_id)
    page = Page(
        title=_("Whose fault the arrears are"),
        submit=_("Keep"),
        back=row.get_absolute_url(),
        said=_("Kept."),
        lead=_("Whether the person may end the agreement depends on it."),
        trail=_trail(row),
        template=FORM,
    )

    def act(form: Any) -> None:
        fault_record(actor=request.user, row=row, expected_version=form.version, fault=form.told)

    told = {True: "yes", False: "no"}.get(row.employers_fault, "")
    initial = {"expected_version": row.version, "fault": told}
    return form_page(request, page, FaultForm(request.POST or None, initial=initial), act)


@login_required
@require_http_methods(["GET", "POST"])
def breach(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Record what was seen of a breach."""
    row = seen(request, agreement_id)
    gate.require(request.user, Action.NON_COMPETE_END, agreement_resource(row.agreement))
    page = Page(
        title=_("Record a breach"),
        submit=_("Record it"),
        back=row.get_absolute_url(),
        said=_("The breach is recorded with its papers."),
        lead=_("Write what was seen, not what it means; whether it is a breach is for a court."),
        trail=_trail(row),
        columns={"agreements.day": "since"},
        template=FORM,
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        files = files_adopt(actor=request.user, chosen=values["files"])
        breach_record(actor=request.user, row=row, since=values["since"], seen=values["seen"], files=files)

    form = BreachForm(request.POST or None, request.FILES or None, user=request.user)
    return form_page(request, page, form, act)


@login_required
@require_safe
def breach_paper(request: HttpRequest, agreement_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Give out one paper that shows a breach."""
    row = seen(request, agreement_id)
    found = row.breaches.filter(files=file_id).first()
    if found is None:
        raise Http404
    stored = found.files.get(pk=file_id)
    agreement_opening_record(actor=request.user, agreement=row.agreement, stored=stored, purpose="download")
    return stream(stored, request=request)


PAYMENTS = Wizard(
    PAYMENT_IMPORT,
    "agreements",
    "agreements:nc_list",
    gettext_lazy("Non-competition"),
    gettext_lazy("To the non-competition"),
)
import_new = login_required(require_http_methods(["GET", "POST"])(PAYMENTS.new))
import_page = login_required(require_http_methods(["GET", "POST"])(PAYMENTS.page))
import_faults = login_required(require_safe(PAYMENTS.faults))


def _undecided(request: HttpRequest, agreement_id: UUID) -> Agreement:
    agreement = agreement_seen(request, agreement_id, Action.NON_COMPETE_END)
    begun = NonCompete.objects.filter(pk=agreement.pk).exists()
    if agreement.kind != NON_COMPETE or agreement.state != Agreement.State.IN_FORCE or begun:
        raise Http404
    return agreement


def _running(request: HttpRequest, agreement_id: UUID) -> NonCompete:
    row = get_object_or_404(NonCompete, pk=seen(request, agreement_id).pk, state=NonCompete.State.ACTIVE)
    gate.require(request.user, Action.NON_COMPETE_END, agreement_resource(row.agreement))
    return row


def _trail(row: NonCompete) -> tuple[tuple[str, Any], ...]:
    return (
        (reverse("agreements:nc_list"), _("Non-competition")),
        (row.get_absolute_url(), title_of(row.agreement)),
    )


def _page(  # noqa: PLR0913 - the words of one page
    agreement: Agreement, title: str, submit: str, told: str, *, lead: str = "", danger: bool = False
) -> Page:
    return Page(
        title=title,
        submit=submit,
        back=reverse("agreements:nc_list"),
        said=told,
        lead=lead,
        trail=((reverse("agreements:nc_list"), _("Non-competition")),),
        danger=danger,
        facts=((_("Agreement"), title_of(agreement)),),
        columns=COLUMNS,
        template=FORM,
    )
