"""Changing what holds, declassifying, and recording a publication.

Follows the seed guide 四(五) and 四(六): nothing holds before the same three steps have been taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.policy import Action
from shoumi.server.files.form_drafts import draft_of
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.register.forms.changing import (
    DeclassifyForm,
    NewPeriodForm,
    NewScopeForm,
    PublicationForm,
    ReasonForm,
    RegradingForm,
    SendForm,
)
from shoumi.server.register.forms.limits import limits_initial, limits_of
from shoumi.server.register.models import SecretChange, TradeSecret
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.changes import change_faults, differences, open_change
from shoumi.server.register.queries.standards import level_standard, standard_for
from shoumi.server.register.services import changes, publication
from shoumi.server.register.services.ending import MEASURES
from shoumi.server.register.services.publication import publication_confirm
from shoumi.server.register.views.finding import found

PARTS = (
    Part("why", gettext_lazy("Why"), ReasonForm),
    Part("level", gettext_lazy("Level"), RegradingForm, "register/changing/_level.html"),
    Part("period", gettext_lazy("How long"), NewPeriodForm, "register/proposing/_period.html"),
    Part("scope", gettext_lazy("For whom"), NewScopeForm, "register/proposing/_scope.html"),
    Part("send", gettext_lazy("Check and submit"), SendForm, "register/changing/_summary.html"),
)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, secret_id: UUID, part: str) -> HttpResponse:
    """Ask for a change of level, period, scope or custodian; what is missing is named before it is sent."""
    secret = found(request, secret_id, Action.SECRET_CHANGE)
    pack = company_pack(secret.entity_id, secret.pack)
    earlier = open_change(secret)
    name = f"secret-change-{secret.pk}"

    def finish(values: Mapping[str, Any]) -> str:
        changes.change_open(
            actor=request.user,
            secret_id=secret_id,
            expected_version=values["expected_version"],
            wished=_wished(values),
            reason=values["reason"],
        )
        messages.success(
            request, _("The change is with the secrecy office; until it is approved, nothing changes.")
        )
        return reverse("register:secret_detail", args=[secret_id])

    def summary(values: Mapping[str, Any]) -> dict[str, Any]:
        wished = _wished(values)
        return {
            "faults": change_faults(secret, wished, values["reason"]),
            "differences": differences(secret, wished),
            "reason": values["reason"],
        }

    level = "".join(draft_of(request.user, name, secret.version).parts.get("level", {}).get("level", ()))
    stepper = Stepper(
        name=name,
        parts=PARTS,
        title=_("Propose a change"),
        submit=_("Submit to the secrecy office"),
        back=reverse("register:secret_detail", args=[secret_id]),
        address=lambda key: reverse("register:secret_change_part", args=[secret_id, key]),
        finish=finish,
        arguments={"secret": secret, "pack": pack},
        initial=_initial(secret, earlier),
        version=secret.version,
        summary=summary,
        trail=(
            (reverse("register:secret_list"), _("Register")),
            (reverse("register:secret_detail", args=[secret_id]), secret.number),
        ),
        lead=_(
            "What you enter here holds only after the review of the secrecy office and the approval of the "
            "leaders. The old version is kept."
        ),
        styles=("shoumi/register.css",),
        scripts=("shoumi/register.js",),
        shown={
            "secret": secret,
            "standard": level_standard(secret.entity_id, pack, level) if level else standard_for(secret),
            "earlier": earlier,
        },
    )
    return stepper.page(request, part)


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
    return {
        **limits_initial(secret, None),
        "level": secret.level,
        "level_reason": secret.level_reason,
        "custodian": str(secret.custodian_id or ""),
        "reason": earlier.reason if earlier else "",
    }


def _wished(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what shall hold, as a change keeps it."""
    return changes.wish_of(
        limits=limits_of(values), grading=values["grading"], custodian=values["custodian"] or None
    )
