"""Carriers and storage units out as spreadsheets."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from shoumi.server.register.models import Carrier, StorageUnit
from shoumi.server.register.services.carriers.tables import carriers_export, units_export
from shoumi.server.register.views.lists import table


def carriers_download(request: HttpRequest, rows: QuerySet[Carrier]) -> HttpResponse:
    """Return the filtered carriers in the form that can be imported again."""
    form = request.POST.get("form", "")
    return table(carriers_export(actor=request.user, rows=rows, form=form), form)


def units_download(request: HttpRequest, rows: QuerySet[StorageUnit]) -> HttpResponse:
    """Return the filtered storage units in the form that can be imported again."""
    form = request.POST.get("form", "")
    return table(units_export(actor=request.user, rows=rows, form=form), form)
