"""Repair, maintenance and scrapping of storage units, and their labels: the forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.register.forms import storage as forms
from shoumi.server.register.forms.carriers import LabelForm
from shoumi.server.register.models import Servicing
from shoumi.server.register.queries.storage.visible import units_visible_to
from shoumi.server.register.services.carriers.labels import unit_labels_print
from shoumi.server.register.services.storage import servicing
from shoumi.server.register.views.carriers.asking import asking, chosen_ids, unit_found
from shoumi.server.register.views.documents import pdf
from shoumi.server.register.views.storage.detail import unit_form


@login_required
@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Ask for a repair, maintenance or the scrapping of a unit."""
    unit = unit_found(request, unit_id, Action.STORAGE_TEND)

    def act(form: Any) -> None:
        servicing.servicing_ask(actor=request.user, unit_id=unit.pk, **form.cleaned_data)

    return unit_form(
        request,
        unit,
        _("Repair, maintenance or scrapping"),
        _("Put to approval"),
        _("It is put to approval. The unit must not leave before it is approved and secured."),
        forms.ServicingForm(request.POST or None),
        act,
    )


@login_required
@require_http_methods(["GET", "POST"])
def secure(request: HttpRequest, servicing_id: UUID) -> HttpResponse:
    """Record how the secrets were taken out of the unit."""
    row = get_object_or_404(Servicing, pk=servicing_id)
    unit = unit_found(request, row.unit_id, Action.STORAGE_TEND)

    def act(form: Any) -> None:
        servicing.servicing_secure(actor=request.user, servicing_id=row.pk, **form.cleaned_data)

    return unit_form(
        request,
        unit,
        _("Secure the unit"),
        _("Record the measure"),
        _("The unit is secured; the work may begin."),
        forms.SecuringForm(request.POST or None, unit=unit),
        act,
        columns={"register.still_stored": "measure"},
    )


@login_required
@require_POST
def begin(request: HttpRequest, servicing_id: UUID) -> HttpResponse:
    """Let the work begin."""
    row = servicing.servicing_begin(actor=request.user, servicing_id=servicing_id)
    messages.success(request, _("The work has begun."))
    return redirect("register:unit_detail", row.unit_id)


@login_required
@require_POST
def take_back(request: HttpRequest, servicing_id: UUID) -> HttpResponse:
    """Take the wish back before it is decided."""
    row = servicing.servicing_withdraw(actor=request.user, servicing_id=servicing_id)
    messages.success(request, _("The request is taken back."))
    return redirect("register:unit_detail", row.unit_id)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, servicing_id: UUID) -> HttpResponse:
    """Record how the work ended."""
    row = get_object_or_404(Servicing, pk=servicing_id)
    unit = unit_found(request, row.unit_id, Action.STORAGE_TEND)

    def act(form: Any) -> None:
        servicing.servicing_end(actor=request.user, servicing_id=row.pk, **form.cleaned_data)

    return unit_form(
        request,
        unit,
        _("End of the work"),
        _("Record the outcome"),
        _("The outcome is recorded."),
        forms.OutcomeForm(request.POST or None),
        act,
    )


@login_required
@require_http_methods(["GET", "POST"])
def labels(request: HttpRequest) -> HttpResponse:
    """Print the labels of the chosen units on a sheet."""
    rows = list(units_visible_to(request.user).filter(pk__in=chosen_ids(request)).order_by("code"))
    back = rows[0].get_absolute_url() if len(rows) == 1 else reverse("register:unit_list")
    form = LabelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = unit_labels_print(actor=request.user, units=rows, **form.cleaned_data)
        except (InputError, ConflictError) as error:
            form.add_error(None, words_of(error))
        else:
            return pdf(content, "device-labels.pdf")
    page = asking(
        _("Print device labels"),
        _("Make the PDF"),
        back,
        "",
        lead=_("Stick the label where everybody sees it. It shows the highest level that may be stored."),
        facts=((_("Storage units"), ", ".join(row.code for row in rows)),),
        trail=((reverse("register:unit_list"), _("Storage units")),),
    )
    context = {"page": page, "form": form, "download": True}
    return render(request, page.template, context, status=422 if form.is_bound else 200)
