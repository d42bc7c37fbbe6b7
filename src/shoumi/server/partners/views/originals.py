"""Pages of originals exchanged with a partner: keeping one, reading its head, sending its very bytes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.files.responses import stream
from shoumi.server.partners.forms.originals import OriginalForm
from shoumi.server.partners.models import Original
from shoumi.server.partners.queries.partners import partner_seen
from shoumi.server.partners.services.originals import original_facts, original_keep, original_open
from shoumi.server.partners.views.partners import partner_page
from shoumi.server.people.views.asking import form_page

WORDS = {
    "From": _("Sender"),
    "To": _("Receiver"),
    "Cc": _("Copy to"),
    "Date": _("Sent"),
    "Subject": _("Subject"),
    "Message-Id": _("Number of the message"),
    "First": _("First message"),
    "Last": _("Last message"),
    "unreadable": _("Could not be read"),
}


@login_required
@require_http_methods(["GET", "POST"])
def original_new(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Keep an original."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    page = partner_page(
        partner,
        _("Keep an original"),
        _("Keep it"),
        _("The original is kept."),
        lead=_("Upload the mail (.eml, .msg) or the export of the chat as it is; it is never changed."),
    )

    def act(form: Any) -> None:
        original_keep(actor=request.user, partner=partner, **form.cleaned_data)

    form = OriginalForm(request.POST or None, request.FILES or None, user=request.user)
    return form_page(request, page, form, act)


@login_required
@require_safe
def original_detail(request: HttpRequest, original_id: UUID) -> HttpResponse:
    """Show what the head of an original says."""
    original = _found(original_id)
    facts = original_facts(actor=request.user, original=original)
    context = {"original": original, "facts": [(WORDS[name], value) for name, value in facts.items()]}
    return render(request, "partners/original.html", context)


@login_required
@require_safe
def original_file(request: HttpRequest, original_id: UUID) -> HttpResponseBase:
    """Send an original."""
    return stream(original_open(actor=request.user, original=_found(original_id)), request=request)


def _found(original_id: UUID) -> Original:
    rows = Original.objects.select_related(
        "partner__third_party__department__entity", "secret", "file", "facts__key", "kept_by"
    )
    return get_object_or_404(rows, pk=original_id)
