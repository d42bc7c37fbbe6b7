"""Pages that report a breach in two parts and keep what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.privacy.forms.breaches import HappenedForm, KnownForm, ParticularsForm, TouchedForm
from shoumi.server.privacy.models import Breach
from shoumi.server.privacy.services.breaches import BreachWish, breach_change, breach_report
from shoumi.server.privacy.views.breaches.detail import breach_seen, breach_trail
from shoumi.server.privacy.views.pages import FORM

PARTS = (
    Part("happened", gettext_lazy("What happened"), HappenedForm),
    Part("touched", gettext_lazy("Whom it touches"), TouchedForm),
)
KNOWN = ("title", "what", "cause", "kinds", "persons", "countries", "facts", "contact")
PARTICULARS = ("harm", "response", "advice", "publication", "prevention", "other")


@login_required
@require_http_methods(["GET", "POST"])
def breach_new(request: HttpRequest, entity_id: UUID, part: str) -> HttpResponse:
    """Report a breach, in two parts."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.PRIVACY_MANAGE, entity_resource(entity))

    def finish(values: Mapping[str, Any]) -> str:
        row = breach_report(
            actor=request.user,
            entity=entity,
            wish=BreachWish(**{name: values[name] for name in KNOWN}),
            noticed_at=values["noticed_at"],
            owners=(values["legal_owner"], values["security_owner"]),
        )
        messages.success(request, _("It is recorded. The clocks run from when it was noticed."))
        return row.get_absolute_url()

    stepper = Stepper(
        name=f"privacy.breach.{entity.pk}",
        parts=PARTS,
        title=_("Report a breach"),
        submit=_("Report it"),
        back=reverse("privacy:breach_list"),
        address=lambda key: reverse("privacy:breach_new", args=[entity.pk, key]),
        finish=finish,
        arguments={"entity": entity},
        initial={},
        trail=breach_trail(),
        lead=str(entity),
    )
    return stepper.page(request, part)


@login_required
@require_http_methods(["GET", "POST"])
def known(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Change what is known."""
    row = breach_seen(request, breach_id, Action.PRIVACY_MATTER_WORK)
    form = KnownForm(request.POST or None, breach=row, initial=_initial(row, KNOWN))
    return _change(request, row, form, KNOWN, _("Change what is known"))


@login_required
@require_http_methods(["GET", "POST"])
def particulars(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Fill in what the notices say besides."""
    row = breach_seen(request, breach_id, Action.PRIVACY_MATTER_WORK)
    form = ParticularsForm(request.POST or None, initial=_initial(row, PARTICULARS))
    return _change(request, row, form, PARTICULARS, _("Fill in the particulars"))


def _change(
    request: HttpRequest, row: Breach, form: Form, names: tuple[str, ...], title: str
) -> HttpResponse:
    page = Page(
        title=title,
        submit=_("Save"),
        back=row.get_absolute_url(),
        said=_("It is recorded. What is due follows from it."),
        trail=breach_trail(row),
        template=FORM,
    )

    def act(sent: Any) -> None:
        kept = {name: getattr(row, name) for name in (*KNOWN, *PARTICULARS)}
        kept |= {name: sent.cleaned_data[name] for name in names}
        breach_change(actor=request.user, breach=row, wish=BreachWish(**kept), expected_version=sent.version)

    return form_page(request, page, form, act)


def _initial(row: Breach, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} | {"expected_version": row.version}
