"""Changing what holds, declassifying, and recording a publication.

Follows the seed guide 四(五) and 四(六): nothing holds before the same three steps have been taken.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action
from shoumi.server.register.forms.changing import ChangeForm, DeclassifyForm, PublicationForm
from shoumi.server.register.forms.grading import factor_forms
from shoumi.server.register.models import SecretChange, TradeSecret
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.changes import open_change
from shoumi.server.register.queries.checks import suggestion_for
from shoumi.server.register.queries.standards import standard_for
from shoumi.server.register.services import changes, publication
from shoumi.server.register.services.changes import ChangeFaultyError
from shoumi.server.register.services.ending import MEASURES
from shoumi.server.register.services.publication import publication_confirm
from shoumi.server.register.values import Grading
from shoumi.server.register.views.finding import found, spoken


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Ask for a change of level, period, scope or custodian; what is missing is named on the page."""
    secret = found(request, secret_id, Action.SECRET_CHANGE)
    pack = company_pack(secret.entity_id, secret.pack)
    earlier = open_change(secret)
    data = request.POST or None
    form = ChangeForm(data, initial=_initial(secret, earlier), pack=pack, entity_id=secret.entity_id)
    factors = factor_forms(secret, pack, data)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid() & all([row.is_valid() for row in factors]):  # noqa: C419
        try:
            changes.change_open(
                actor=request.user,
                secret_id=secret_id,
                expected_version=form.cleaned_data["expected_version"],
                wished=_wished(secret, form, factors),
                reason=form.cleaned_data["reason"],
            )
        except (ChangeFaultyError, ConflictError) as error:
            faults = list(error.fields.get("list") or (spoken(error),))
        else:
            messages.success(
                request, _("The change is with the secrecy office; until it is approved, nothing changes.")
            )
            return redirect("register:secret_detail", secret_id)
    context = {
        "secret": secret,
        "form": form,
        "factors": factors,
        "faults": faults,
        "pack": pack,
        "standard": standard_for(secret),
        "suggestion": suggestion_for(secret),
        "earlier": earlier,
    }
    return render(request, "register/changing/change.html", context, status=422 if data else 200)


@login_required
@require_http_methods(["GET", "POST"])
def declassify(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Ask for declassification by reason 2 or 3."""
    secret = found(request, secret_id, Action.SECRET_DECLASSIFY)
    initial = {"expected_version": secret.version, "measures": list(MEASURES)}
    form = DeclassifyForm(
        request.POST or None, initial=initial, pack=company_pack(secret.entity_id, secret.pack)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        changes.declassification_open(
            actor=request.user,
            secret_id=secret_id,
            expected_version=data["expected_version"],
            ground=data["ground"],
            reason=data["reason"],
            incident=data["incident"],
            measures=data["measures"],
        )
        messages.success(request, _("The declassification is with the secrecy office."))
        return redirect("register:secret_detail", secret_id)
    context = {"secret": secret, "form": form, "pack": company_pack(secret.entity_id, secret.pack)}
    return render(request, "register/changing/declassify.html", context, status=422 if request.POST else 200)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Record the publication that ends the period."""
    secret = found(request, secret_id, Action.SECRET_DECLASSIFY)
    form = PublicationForm(request.POST or None, initial={"expected_version": secret.version})
    if request.method == "POST" and form.is_valid():
        publication.publication_record(actor=request.user, secret_id=secret_id, **form.cleaned_data)
        messages.success(
            request, _("The publication is recorded; another person of the secrecy office confirms it.")
        )
        return redirect("register:secret_detail", secret_id)
    context = {"secret": secret, "form": form}
    return render(request, "register/changing/publication.html", context, status=422 if request.POST else 200)


@login_required
@require_POST
def confirm(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Confirm a recorded publication."""
    publication_confirm(actor=request.user, secret_id=secret_id)
    messages.success(request, _("The publication is confirmed."))
    return redirect("register:secret_detail", secret_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Take an open change back."""
    row = changes.change_withdraw(actor=request.user, change_id=change_id)
    messages.success(request, _("The change is withdrawn; what held goes on to hold."))
    return redirect("register:secret_detail", row.secret_id)


def _initial(secret: TradeSecret, earlier: SecretChange | None) -> dict[str, Any]:
    initial = {
        **ChangeForm.initial_of(secret, None),
        "level": secret.level,
        "level_reason": secret.level_reason,
        "custodian": str(secret.custodian_id or ""),
    }
    return {**initial, "reason": earlier.reason} if earlier else initial


def _wished(secret: TradeSecret, form: ChangeForm, factors: list[Any]) -> dict[str, Any]:
    """Return what shall hold; the factors count only if the level or one of them was touched."""
    data = form.cleaned_data
    values = tuple(row.value() for row in factors)
    touched = data["level"] != secret.level or any(row.has_changed() for row in factors)
    grading = Grading(values, data["level"], data["level_reason"].strip()) if touched else None
    return changes.wish_of(limits=form.limits(), grading=grading, custodian=data["custodian"] or None)
