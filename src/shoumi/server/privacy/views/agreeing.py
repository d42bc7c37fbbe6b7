"""Pages on which one of the two owners agrees: to a processing, or to an impact assessment of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.privacy.models import Assessment, Breach, Processing
from shoumi.server.privacy.models.owners import JointlyAgreed
from shoumi.server.privacy.queries.visible import processing_resource
from shoumi.server.privacy.queries.words import basis_words, kinds_words, purpose_words
from shoumi.server.privacy.services.register import assessment_agree, processing_agree
from shoumi.server.privacy.views.pages import FORM

HALVES = {
    "legal": gettext_lazy("Answerable for the law"),
    "security": gettext_lazy("Answerable for security"),
}


def agreed_words(row: JointlyAgreed) -> str:
    """Return which of the two owners have agreed."""
    if row.agreed_at is not None:
        return _("both")
    given = [str(label) for half, label in HALVES.items() if getattr(row, f"{half}_agreed_at") is not None]
    return " · ".join(given) or _("nobody yet")


def lacks(row: JointlyAgreed, owned: Processing | Breach, user: User) -> bool:
    """Tell whether the user is an owner who has not agreed yet."""
    return any(
        getattr(owned, f"{half}_owner").user_id == user.pk and getattr(row, f"{half}_agreed_at") is None
        for half in HALVES
    )


def agreed_cell(row: Assessment, owned: Processing, user: User) -> Any:
    """Return who has agreed, with a link for an owner who has not."""
    if not lacks(row, owned, user):
        return agreed_words(row)
    link = reverse("privacy:assessment_agree", args=[row.pk])
    return format_html('{} · <a href="{}">{}</a>', agreed_words(row), link, _("Agree"))


@login_required
@require_http_methods(["GET", "POST"])
def processing(request: HttpRequest, processing_id: UUID) -> HttpResponse:
    """Agree to a processing."""
    rows = Processing.objects.select_related("entity", "legal_owner", "security_owner")
    row = get_object_or_404(rows, pk=processing_id)
    gate.require(request.user, Action.PRIVACY_MATTER_AGREE, processing_resource(row))
    page = _page(row, _("Agree to the processing"))
    form = Form(request.POST if request.method == "POST" else None)
    return form_page(
        request, page, form, lambda _form: processing_agree(actor=request.user, processing=row) and None
    )


@login_required
@require_http_methods(["GET", "POST"])
def assessment(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Agree to an impact assessment."""
    rows = Assessment.objects.select_related(
        "processing__entity", "processing__legal_owner", "processing__security_owner"
    )
    row = get_object_or_404(rows, pk=assessment_id)
    gate.require(request.user, Action.PRIVACY_MATTER_AGREE, processing_resource(row.processing))
    facts = (
        (_("Lawful, proper and necessary"), row.necessity),
        (_("Effect on persons and risks"), row.risks),
        (_("Measures and whether they fit the risk"), row.measures),
        (_("Legal adviser"), " · ".join(part for part in (row.adviser, row.advice) if part)),
        (_("Outcome"), row.get_outcome_display()),
    )
    page = _page(row.processing, _("Agree to the assessment"), facts)
    form = Form(request.POST if request.method == "POST" else None)
    return form_page(
        request, page, form, lambda _form: assessment_agree(actor=request.user, assessment=row) and None
    )


def _page(row: Processing, title: str, more: tuple[tuple[str, str], ...] = ()) -> Page:
    return Page(
        title=title,
        submit=_("Agree"),
        back=row.get_absolute_url(),
        said=_("It is recorded."),
        lead=_("It counts once both who answer for it agree, one for the law and one for security."),
        trail=(
            (reverse("privacy:processing_list"), _("Processing register")),
            (row.get_absolute_url(), row.name),
        ),
        facts=(
            (_("Purpose"), purpose_words(row)),
            (_("Kinds of data"), kinds_words(row)),
            (_("Legal basis"), basis_words(row)),
            *more,
        ),
        template=FORM,
    )
