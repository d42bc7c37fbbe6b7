"""One risk: its page with the history, the stepped form, its review; and the import of a register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.assurance.forms.risks import (
    RiskGradeForm,
    RiskImportForm,
    RiskLinksForm,
    RiskReviewForm,
    RiskTreatmentForm,
    RiskWhatForm,
)
from shoumi.server.assurance.models import Risk
from shoumi.server.assurance.queries.risks import (
    risk_get,
    risk_resource,
)
from shoumi.server.assurance.queries.scoping import RECORDING, entities_overseen
from shoumi.server.assurance.services.risk_tables import risks_import
from shoumi.server.assurance.services.risks import (
    Links,
    RiskValues,
    risk_change,
    risk_create,
    risk_review,
)
from shoumi.server.assurance.views.framing import adopted, entity_asked, trail
from shoumi.server.assurance.views.risk_list import TONES, band_of, words_of_codes
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import today_of
from shoumi.server.people.views.asking import Page, form_page

PARTS = (
    Part("what", gettext_lazy("What it is"), RiskWhatForm),
    Part("grade", gettext_lazy("How serious"), RiskGradeForm),
    Part("treatment", gettext_lazy("What is done"), RiskTreatmentForm),
    Part("links", gettext_lazy("What it is about"), RiskLinksForm),
)


@login_required
@require_safe
def risk_detail(request: HttpRequest, risk_id: UUID) -> HttpResponse:
    """Show one risk with what it is about and how it became what it is."""
    risk = risk_get(request.user, risk_id)
    if risk is None:
        raise Http404
    context = {
        "risk": risk,
        "band": band_of(risk),
        "tone": TONES[Risk.State(risk.state)],
        "words": words_of_codes(risk),
        "harms": [words_of_codes(risk).get(code, code) for code in risk.harms],
        "links": risk.links.select_related("secret", "zone", "post__department"),
        "versions": risk.versions.select_related("made_by"),
        "may_edit": gate.permits(request.user, Action.RISK_EDIT, risk_resource(risk)),
        "overdue": risk.review_on < today_of(risk.entity) and risk.state != Risk.State.CLOSED,
        "parts": PARTS,
        "origin": load_assurance(risk.entity.pack).risks.origin,
    }
    return render(request, "assurance/risks/detail.html", context)


def _values(values: Mapping[str, Any]) -> RiskValues:
    """Return the values of all parts as the service takes them."""
    department = values["department"]
    return RiskValues(
        title=values["title"],
        description=values["description"],
        department=Department.objects.get(pk=department) if department else None,
        channel=values["channel"],
        harms=tuple(values["harms"]),
        likelihood=int(values["likelihood"]),
        likelihood_reason=values["likelihood_reason"],
        impact=int(values["impact"]),
        impact_reason=values["impact_reason"],
        treatment=values["treatment"],
        measures=values["measures"],
        owner=Person.objects.get(pk=values["owner"]),
        review_on=values["review_on"],
        state=values["state"],
        links=Links(
            secrets=tuple(UUID(key) for key in values["secrets"]),
            zones=tuple(UUID(key) for key in values["zones"]),
            posts=tuple(UUID(key) for key in values["posts"]),
            partners=tuple(values["partners"].splitlines()),
        ),
    )


@login_required
@require_http_methods(["GET", "POST"])
def risk_new(request: HttpRequest, part: str) -> HttpResponse:
    """Take a new risk, part by part."""
    entity = entity_asked(request, RECORDING)
    if entity is None:
        gate.require(request.user, Action.RISK_EDIT, resources.risk("new"))
        raise Http404

    def finish(values: Mapping[str, Any]) -> str:
        risk = risk_create(actor=request.user, entity=entity, values=_values(values))
        messages.success(request, _("The risk is registered."))
        return risk.get_absolute_url()

    stepper = Stepper(
        name=f"risk-new-{entity.code}",
        parts=PARTS,
        title=_("Register a risk"),
        submit=_("Register the risk"),
        back=reverse("assurance:risk_list"),
        address=lambda key: f"{reverse('assurance:risk_create', args=[key])}?entity={entity.code}",
        finish=finish,
        arguments={"user": request.user, "entity": entity},
        initial={"state": Risk.State.OPEN},
        trail=trail((reverse("assurance:risk_list"), _("Risk register"))),
    )
    return stepper.page(request, part)


@login_required
@require_http_methods(["GET", "POST"])
def risk_edit(request: HttpRequest, risk_id: UUID, part: str) -> HttpResponse:
    """Change a risk, part by part; the version seen at the beginning is compared at the end."""
    risk = risk_get(request.user, risk_id)
    if risk is None:
        raise Http404
    gate.require(request.user, Action.RISK_EDIT, risk_resource(risk))

    def finish(values: Mapping[str, Any]) -> str:
        risk_change(
            actor=request.user,
            risk_id=risk.pk,
            expected_version=values["expected_version"],
            values=_values(values),
        )
        messages.success(request, _("The risk is saved; its former state is kept."))
        return risk.get_absolute_url()

    stepper = Stepper(
        name=f"risk-{risk.pk}",
        parts=PARTS,
        title=risk.title,
        submit=_("Save"),
        back=risk.get_absolute_url(),
        address=lambda key: reverse("assurance:risk_change", args=[risk.pk, key]),
        finish=finish,
        arguments={"user": request.user, "entity": risk.entity},
        initial=_initial(risk),
        version=risk.version,
        trail=trail((reverse("assurance:risk_list"), _("Risk register"))),
    )
    return stepper.page(request, part)


def _initial(risk: Risk) -> dict[str, Any]:
    names = ("title", "description", "channel", "harms", "likelihood", "likelihood_reason", "impact")
    names += ("impact_reason", "treatment", "measures", "review_on", "state")
    links = list(risk.links.all())
    return {
        **{name: getattr(risk, name) for name in names},
        "department": str(risk.department_id or ""),
        "owner": str(risk.owner_id),
        "secrets": [str(link.secret_id) for link in links if link.secret_id],
        "zones": [str(link.zone_id) for link in links if link.zone_id],
        "posts": [str(link.post_id) for link in links if link.post_id],
        "partners": "\n".join(link.partner for link in links if link.partner),
    }


@login_required
@require_http_methods(["GET", "POST"])
def risk_look_again(request: HttpRequest, risk_id: UUID) -> HttpResponse:
    """Record that a risk was reviewed."""
    risk = risk_get(request.user, risk_id)
    if risk is None:
        raise Http404
    page = Page(
        title=_("Review of %(risk)s") % {"risk": risk},
        submit=_("Record the review"),
        back=risk.get_absolute_url(),
        said=_("The review is recorded."),
        trail=trail((reverse("assurance:risk_list"), _("Risk register"))),
    )

    def act(form: Any) -> None:
        risk_review(
            actor=request.user,
            risk_id=risk.pk,
            expected_version=form.version,
            next_review=form.cleaned_data["next_review"],
            note=form.cleaned_data["note"],
        )

    initial = {"expected_version": risk.version}
    return form_page(request, page, RiskReviewForm(request.POST or None, initial=initial), act)


@login_required
@require_http_methods(["GET", "POST"])
def risk_import(request: HttpRequest) -> HttpResponse:
    """Take a risk register from a spreadsheet: all rows, or none and every fault by its cell."""
    entities = list(entities_overseen(request.user, RECORDING))
    if not entities:
        gate.require(request.user, Action.RISK_EDIT, resources.risk("new"))
    choices = [(str(row.pk), str(row)) for row in entities]
    form = RiskImportForm(request.POST or None, request.FILES or None, user=request.user, entities=choices)
    faults: list[Any] = []
    if request.method == "POST" and form.is_valid():
        entity = get_object_or_404(LegalEntity, pk=form.cleaned_data["entity"])
        file = adopted(request.user, form.cleaned_data["file"])
        taken, faults = risks_import(actor=request.user, entity=entity, file=file)
        if not faults:
            messages.success(request, _("%(count)d risks were taken over.") % {"count": taken})
            return redirect("assurance:risk_list")
    context = {
        "form": form,
        "faults": faults,
        "trail": trail((reverse("assurance:risk_list"), _("Risk register"))),
    }
    return render(
        request, "assurance/risks/import.html", context, status=422 if request.method == "POST" else 200
    )
