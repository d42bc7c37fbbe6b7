"""The certificate of leaving: drawing it up, and its PDF at any point of its way."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.files.responses import stream
from shoumi.server.lifecycle.models import Certificate
from shoumi.server.lifecycle.services.certificates import certificate_draw, certificate_pdf
from shoumi.server.lifecycle.services.opening import case_file_open
from shoumi.server.lifecycle.views.finding import step_seen


@login_required
@require_POST
def draw(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Draw the certificate up."""
    step = step_seen(request, step_id, Action.PERSON_STEP_RECORD)
    certificate_draw(actor=request.user, step=step)
    messages.success(request, _("The certificate is drawn up; now it is signed."))
    return redirect(step.get_absolute_url())


@login_required
@require_safe
def pdf(request: HttpRequest, step_id: UUID) -> HttpResponseBase:
    """Send the certificate: the kept PDF once it is issued, else how it stands."""
    step = step_seen(request, step_id)
    row = Certificate.objects.select_related("step", "stored").filter(step=step).first()
    if row is None:
        raise Http404
    if row.stored:
        stored = case_file_open(actor=request.user, case=step.case, stored=row.stored)
        return stream(stored, request=request)
    row.step = step
    content = certificate_pdf(row, viewer=str(request.user))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{step.case.number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
