"""What I reported by name: the list, a new report, the letters."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.concerns.forms import LetterForm, ReportForm
from shoumi.server.concerns.models import Concern, Enclosure
from shoumi.server.concerns.queries.letters import letters_of
from shoumi.server.concerns.queries.visible import concern_resource, concerns, concerns_by
from shoumi.server.concerns.services.reporting import concern_report, concern_write
from shoumi.server.concerns.views.strangers import REFUSED, UNPROCESSABLE, report_of
from shoumi.server.files.responses import stream


def _own(request: HttpRequest, concern_id: UUID) -> Concern:
    concern = get_object_or_404(concerns(), pk=concern_id)
    gate.require(request.user, Action.CONCERN_OWN, concern_resource(concern))
    return concern


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what the user reported by name, and both ways to report."""
    return render(request, "concerns/mine.html", {"rows": concerns_by(request.user)})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Take a concern in by name."""
    person = getattr(request.user, "person", None)
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        initial={"entity": person.entity_id if person else None},
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                concern, _passphrase = concern_report(report=report_of(form), reporter=request.user)
            except REFUSED as error:
                form.add_error(None, words_of(error))
            else:
                messages.success(request, _("Your report has come in. Answers appear here."))
                return redirect("concerns:mine_detail", concern.pk)
        status = UNPROCESSABLE
    return render(request, "concerns/my_report.html", {"form": form}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """Show the user the letters of what they reported, and take another."""
    concern = _own(request, concern_id)
    form, status = LetterForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        if form.is_valid():
            sent = form.cleaned_data
            try:
                concern_write(concern=concern, text=sent["text"], files=sent["files"], reporter=request.user)
            except REFUSED as error:
                form.add_error(None, words_of(error))
            else:
                messages.success(request, _("Your message has come in."))
                return redirect("concerns:mine_detail", concern.pk)
        status = UNPROCESSABLE
    context = {
        "concern": concern,
        "letters": letters_of(concern),
        "form": form,
        "open": concern.state != Concern.State.CLOSED,
        "trail": ((reverse("concerns:mine"), _("Report a concern")),),
    }
    return render(request, "concerns/my_concern.html", context, status=status)


@login_required
@require_safe
def enclosure(request: HttpRequest, concern_id: UUID, enclosure_id: int) -> HttpResponseBase:
    """Give the user a file of what they reported."""
    concern = _own(request, concern_id)
    return stream(get_object_or_404(Enclosure, pk=enclosure_id, letter__concern=concern).file)
