"""Labels and register extracts as PDF downloads."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from shoumi.server.register.services.documents import extract_print, labels_print
from shoumi.server.register.views.finding import found


def pdf(content: bytes, name: str) -> HttpResponse:
    """Return a PDF as a download."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@login_required
@require_POST
def label(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Return the labels of one secret."""
    secret = found(request, secret_id)
    return pdf(labels_print(actor=request.user, secrets=[secret]), f"label-{secret.number}.pdf")


@login_required
@require_POST
def extract(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Return the register extract of one secret."""
    secret = found(request, secret_id)
    return pdf(extract_print(actor=request.user, secret=secret), f"extract-{secret.number or 'proposal'}.pdf")
