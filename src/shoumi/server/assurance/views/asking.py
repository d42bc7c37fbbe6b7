"""What the pages of assurance do alike: pick the legal entity, show a form, call a service.

Permission is asked by the services; pages ask it before, so that nobody fills in a form in vain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.queries.access import entities_governed
from shoumi.server.files.listing import Listing
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import files_adopt
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import company_resource, entity_resource
from shoumi.server.people.views.asking import Page, form_page

TEMPLATE = "assurance/form.html"


@dataclass(frozen=True, slots=True)
class Deed:
    """A page with one form that does one thing."""

    title: Any
    submit: Any
    said: Any
    back: str
    action: Action
    resource: Resource
    form: type[Form]
    entity: LegalEntity
    lead: Any = ""
    danger: bool = False
    initial: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)  # further arguments of the form
    trail: tuple[tuple[str, Any], ...] = ()
    facts: tuple[tuple[Any, Any], ...] = ()


def deed(request: HttpRequest, what: Deed, act: Callable[[Any], object]) -> HttpResponse:
    """Show the form of `what` and call `act` with it when it is sent and valid."""
    gate.require(request.user, what.action, what.resource)
    arguments: dict[str, Any] = {"actor": request.user, "entity": what.entity, **what.more}
    if what.initial:
        arguments["initial"] = dict(what.initial)
    form = what.form(request.POST or None, request.FILES or None, **arguments)
    page = Page(
        title=what.title,
        submit=what.submit,
        back=what.back,
        said=what.said,
        lead=what.lead,
        danger=what.danger,
        trail=what.trail,
        facts=what.facts,
        template=TEMPLATE,
    )
    return form_page(request, page, form, act)


def kept(actor: User, chosen: StoredFile | UploadedFile | None) -> StoredFile | None:
    """Return the stored file for what a form's file field gave."""
    return files_adopt(actor=actor, chosen=[chosen])[0] if chosen else None


def entity_chosen(
    request: HttpRequest, rows: QuerySet[LegalEntity] | None = None
) -> tuple[LegalEntity, list[LegalEntity]]:
    """Return the legal entity that the page is about, and all that the user may look at.

    Raises:
        Http404: the user may look at none, or not at the one asked for.
    """
    entities = list(entities_governed(request.user) if rows is None else rows)
    code = request.GET.get("entity", "")
    found = next((item for item in entities if item.code == code), None)
    if not code and entities:
        own = getattr(getattr(request.user, "person", None), "entity_id", None)
        found = next((item for item in entities if item.pk == own), entities[0])
    if found is None:
        raise Http404
    return found, entities


def room(name: str, entity: LegalEntity, anchor: str = "") -> str:
    """Return the address of a room for one legal entity."""
    return f"{reverse(f'assurance:{name}')}?entity={entity.code}{anchor}"


class GovernedListing(Listing):
    """A list of the organisation of secrecy: who keeps the records of an entity begins and exports it."""

    export_action: ClassVar = Action.GOVERNANCE_EXPORT

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user keeps the records of at least one legal entity."""
        wishes = [
            (Action.GOVERNANCE_EDIT, entity_resource(entity)) for entity in entities_governed(self.user)
        ]
        return any(decision.permitted for decision in gate.decide_each(self.user, wishes))

    @cached_property
    def governed(self) -> bool:
        """Whether the user may look at the records of at least one legal entity as a whole."""
        return entities_governed(self.user).exists()

    def export_resource(self) -> Resource:
        """Ask for the first legal entity that the user may look at; the rows are scoped already."""
        entity = entities_governed(self.user).first()
        return entity_resource(entity) if entity else company_resource()
