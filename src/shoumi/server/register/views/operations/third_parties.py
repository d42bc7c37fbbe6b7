"""Pages of third parties: who they are, their agreements, and what was disclosed to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.responses import stream
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_resource
from shoumi.server.register.forms.operations.third_parties import AgreementForm, ThirdPartyForm
from shoumi.server.register.models import ConfidentialityAgreement, ThirdParty
from shoumi.server.register.queries.operations.lists import operations_visible_to
from shoumi.server.register.queries.operations.resources import third_party_resource
from shoumi.server.register.services.third_parties import (
    agreement_open,
    agreement_record,
    third_party_save,
)
from shoumi.server.register.views.finding import spoken


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Record a third party."""
    return _form(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, third_party_id: UUID) -> HttpResponse:
    """Change a third party."""
    row = _found(request, third_party_id)
    gate.require(request.user, Action.PARTNER_EDIT, third_party_resource(row))
    return _form(request, row)


@login_required
@require_safe
def detail(request: HttpRequest, third_party_id: UUID) -> HttpResponse:
    """Show a third party with its agreements and what was disclosed to it."""
    row = _found(request, third_party_id)
    context = {
        "row": row,
        "agreements": list(row.agreements.select_related("file", "recorded_by")),
        "operations": operations_visible_to(request.user).filter(third_party=row),
        "may_edit": gate.permits(request.user, Action.PARTNER_EDIT, third_party_resource(row)),
    }
    return render(request, "register/operations/third_party.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def agreement(request: HttpRequest, third_party_id: UUID) -> HttpResponse:
    """Record a signed agreement."""
    row = _found(request, third_party_id)
    gate.require(request.user, Action.PARTNER_EDIT, third_party_resource(row))
    form = AgreementForm(request.POST or None, request.FILES or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                agreement_record(actor=request.user, third_party_id=row.pk, **form.cleaned_data)
            except (InputError, ConflictError) as error:
                form.add_error(None, spoken(error))
            else:
                messages.success(request, _("The agreement is recorded."))
                return redirect("register:third_party_detail", row.pk)
    context = {"row": row, "form": form, "title": _("Record an agreement"), "multipart": True}
    return render(request, "register/operations/third_party_form.html", context, status=status)


@login_required
@require_GET
def agreement_file(request: HttpRequest, agreement_id: UUID) -> HttpResponseBase:
    """Send the signed agreement."""
    row = ConfidentialityAgreement.objects.filter(pk=agreement_id).first()
    if row is None:
        raise Http404
    return stream(agreement_open(actor=request.user, agreement_id=agreement_id), request=request)


def _form(request: HttpRequest, row: ThirdParty | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if row is not None:
        names = ("name", "registration_number", "contact")
        initial = {name: getattr(row, name) for name in names}
        initial |= {"department": str(row.department_id), "expected_version": row.version}
    departments = _departments(request)
    form = ThirdPartyForm(
        request.POST or None, initial=initial, departments=[(str(item.pk), str(item)) for item in departments]
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = dict(form.cleaned_data)
            department = next(item for item in departments if str(item.pk) == data.pop("department"))
            try:
                saved = third_party_save(actor=request.user, third_party=row, department=department, **data)
            except (InputError, ConflictError) as error:
                form.add_error(None, spoken(error))
            else:
                messages.success(request, _("The third party is recorded."))
                return redirect("register:third_party_detail", saved.pk)
    title = _("Change a third party") if row else _("Record a third party")
    context = {"row": row, "form": form, "title": title}
    return render(request, "register/operations/third_party_form.html", context, status=status)


def _departments(request: HttpRequest) -> list[Department]:
    """Return the departments for which the user may record third parties."""
    rows = list(Department.objects.filter(closed_on=None).select_related("entity").order_by("entity", "code"))
    wishes = [(Action.PARTNER_EDIT, department_resource(row)) for row in rows]
    decisions = gate.decide_each(request.user, wishes)
    return [row for row, decision in zip(rows, decisions, strict=True) if decision.permitted]


def _found(request: HttpRequest, third_party_id: UUID) -> ThirdParty:
    row = ThirdParty.objects.select_related("department__entity").filter(pk=third_party_id).first()
    if row is None:
        raise Http404
    gate.require(request.user, Action.PARTNER_VIEW, third_party_resource(row))
    return row
