"""What pages of training do alike: the legal entity in question, a page with one form, a stored file.

Permission is asked by the services; pages ask it before only to draw what can be done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import files_adopt
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, form_page

FORM = require_http_methods(["GET", "HEAD", "POST"])
TEMPLATE = "training/form.html"


def entity_chosen(request: HttpRequest, entities: Sequence[LegalEntity]) -> LegalEntity:
    """Return the legal entity that the address names by code, else the reader's own, else the first.

    Raises:
        Http404: there is none, or not the one asked for.
    """
    code = request.GET.get("entity", "")
    found = next((item for item in entities if item.code == code), None)
    if not code and entities:
        own = getattr(getattr(request.user, "person", None), "entity_id", None)
        found = next((item for item in entities if item.pk == own), entities[0])
    if found is None:
        raise Http404
    return found


def deed(  # noqa: PLR0913 - the page, what it does, and what is asked before
    request: HttpRequest,
    page: Page,
    form: Form,
    act: Callable[[Any], object],
    *,
    action: Action,
    entity: LegalEntity,
) -> HttpResponse:
    """Show a page with one form to whom the rules let do it, and do it.

    Raises:
        NotPermittedError: the rules refuse.
    """
    gate.require(request.user, action, entity_resource(entity))
    return form_page(request, replace(page, template=TEMPLATE), form, act)


def kept(actor: User, chosen: StoredFile | UploadedFile | None) -> StoredFile | None:
    """Return the stored file for what a form's file field gave."""
    return files_adopt(actor=actor, chosen=[chosen])[0] if chosen else None
