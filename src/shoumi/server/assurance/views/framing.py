"""What pages of assurance do alike: find the legal entity in question, adopt a file, give a download."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.assurance.queries.scoping import VIEWING, entities_overseen
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import files_adopt
from shoumi.server.people.models import LegalEntity

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def entity_asked(request: HttpRequest, roles: Iterable[Role] = VIEWING) -> LegalEntity | None:
    """Return the legal entity that the address names by code, else the first in the remit; None: none is."""
    rows = list(entities_overseen(request.user, roles))
    code = request.GET.get("entity") or request.POST.get("entity")
    if code:
        found = next((row for row in rows if row.code == code), None)
        if found is None:
            raise Http404
        return found
    return rows[0] if rows else None


def trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return the pages above, from the cockpit on."""
    return ((reverse("assurance:cockpit"), _("Assurance cockpit")), *more)


def adopted(user: User, chosen: Any) -> StoredFile | None:
    """Return the stored file for what a field of one file gave."""
    return files_adopt(actor=user, chosen=[chosen])[0] if chosen else None


def download(content: bytes, stem: str, kind: str) -> HttpResponse:
    """Return `content` as a download."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{stem}.{kind}"'}
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)
