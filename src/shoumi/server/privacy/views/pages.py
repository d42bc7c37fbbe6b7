"""What the pages of the privacy app do alike: a record with facts, sections and one main way on.

A record that may not be seen is refused by the gate, which records the try.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.listing import State
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.privacy.forms.fields import EntityForm
from shoumi.server.privacy.queries.visible import KEEPERS, entities_of

FORM = "privacy/form.html"
Trail = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A button: where it leads, or, with `post`, what it sends."""

    url: str
    label: Any
    icon: str = "arrow-right"
    post: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a record: a table, or words."""

    key: str
    title: Any
    head: Sequence[Any] = ()
    rows: Sequence[Sequence[Any]] = ()
    words: Any = ""
    empty: Any = ""
    mono: Any = ""

    @property
    def lines(self) -> list[list[tuple[Any, Any]]]:
        """The rows, each cell with its head: on a narrow screen it stands beside the cell."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Record:
    """A page about one thing."""

    title: Any
    trail: Trail
    facts: Sequence[tuple[Any, Any]]
    sections: Sequence[Section] = ()
    state: State | None = None
    lead: Any = ""
    main: Way | None = None
    more: Sequence[Way] = ()


def record_page(request: HttpRequest, record: Record) -> HttpResponse:
    """Show a record."""
    return render(request, "privacy/record.html", {"record": record})


def choose_entity(request: HttpRequest, page: Page, where: Any) -> HttpResponse:
    """Ask for the legal entity, unless there is only one; `where` returns the address of what follows."""
    entities = entities_of(request.user, KEEPERS)
    found = list(entities[:2])
    if not found:
        gate.require(request.user, Action.PRIVACY_MANAGE, entity_resource(LegalEntity.objects.all()[0]))
    if len(found) == 1:
        return redirect(where(found[0]))
    form = EntityForm(request.POST or None, entities=entities)
    return form_page(request, page, form, lambda sent: where(sent.cleaned_data["entity"]))
