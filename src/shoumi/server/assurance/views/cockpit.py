"""The assurance cockpit: measures by level, coverage, what is overdue, trend; numbers lead to their rows."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.assurance.queries.cockpit import cockpit_of
from shoumi.server.assurance.queries.scoping import (
    OVERSEEING,
    VIEWING,
    departments_overseen,
    entities_overseen,
    place_resource,
    sees_whole,
)
from shoumi.server.assurance.services.report import report_print
from shoumi.server.assurance.services.snapshots import figures_count_ask
from shoumi.server.assurance.views.framing import download, entity_asked
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import company_resource


def _department(request: HttpRequest, entity: LegalEntity) -> Department | None:
    """Return the department asked for; the first of the remit for whom sees no more than departments."""
    rows = departments_overseen(request.user, entity)
    asked = request.GET.get("department", "")
    if asked:
        try:
            found = rows.filter(pk=UUID(asked)).first()
        except ValueError as error:
            raise Http404 from error
        if found is None:
            raise Http404
        return found
    return None if sees_whole(request.user, entity) else rows.first()


@login_required
@require_safe
def cockpit(request: HttpRequest) -> HttpResponse:
    """Show the figures of a legal entity or department."""
    entity = entity_asked(request)
    if entity is None:
        gate.require(request.user, Action.ASSURANCE_VIEW, company_resource())
        raise Http404
    department = _department(request, entity)
    gate.require(request.user, Action.ASSURANCE_VIEW, place_resource(entity, department))
    shown = cockpit_of(entity, department, get_language() or "en")
    context = {
        "cockpit": shown,
        "entities": entities_overseen(request.user, VIEWING),
        "departments": departments_overseen(request.user, entity),
        "whole": sees_whole(request.user, entity),
        "oversees": sees_whole(request.user, entity, OVERSEEING),
        "languages": settings.LANGUAGES,
        "chart": {
            "kinds": [{"id": row.key, "name": row.label} for row in shown.heat],
            "levels": [level for level, *_rest in shown.heat[0].cells] if shown.heat else [],
            "cells": [
                {"kind": row.key, "level": level, "percent": percent, "url": url}
                for row in shown.heat
                for level, percent, _tone, url in row.cells
            ],
            "trend": [[day.isoformat(), total, count] for day, total, count in shown.trend],
        },
    }
    return render(request, "assurance/cockpit.html", context)


@login_required
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Have the figures counted anew; it is done in the background."""
    entity = entity_asked(request)
    if entity is None:
        raise Http404
    figures_count_ask(actor=request.user, entity=entity)
    messages.success(request, _("The figures are being counted anew; look again in a moment."))
    return redirect(f"{reverse('assurance:cockpit')}?entity={entity.code}")


@login_required
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Return the board's report as PDF."""
    entity = entity_asked(request)
    if entity is None:
        raise Http404
    language = request.POST.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else get_language() or "en"
    content = report_print(actor=request.user, entity=entity, language=language)
    return download(content, f"assurance-{entity.code}-{language}", "pdf")
