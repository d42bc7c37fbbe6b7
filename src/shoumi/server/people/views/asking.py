"""What the pages of people do alike: show a form, call a service, put its refusal beside the field.

Permission is asked by the services; pages ask it before only to draw what can be done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.views.wording import words_of

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Page:
    """A page with one form."""

    title: Any
    submit: Any  # label of the one button
    back: str  # address to return to, also when it is done
    said: Any  # what is said when it is done
    lead: Any = ""
    trail: tuple[tuple[str, Any], ...] = ()  # (address, label) of the pages above
    danger: bool = False
    facts: tuple[tuple[Any, Any], ...] = ()  # what it is about
    columns: Mapping[str, str] = field(
        default_factory=dict
    )  # code of an error → field beside which it belongs
    template: str = "people/form.html"


def form_page(request: HttpRequest, page: Page, form: Form, act: Callable[[Any], object]) -> HttpResponse:
    """Show `form`; when it is sent and valid call `act` with it and go back.

    `act` may return an address to go to instead.  Refused input and conflicts stand beside their field.
    """
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                target = act(form)
            except (InputError, ConflictError) as error:
                form.add_error(*_beside(page, form, error))
            else:
                messages.success(request, str(page.said))
                return redirect(target if isinstance(target, str) else page.back)
        status = UNPROCESSABLE
    return render(request, page.template, {"page": page, "form": form}, status=status)


def _beside(page: Page, form: Form, error: InputError | ConflictError) -> tuple[str | None, str]:
    """Return the field of the form that an error is about, and its words by the name that it has there."""
    named = error.fields.get("field")
    place = page.columns.get(error.code) or named
    if place not in form.fields:
        return None, words_of(error)
    if named == place:
        fields = {**error.fields, "field": str(form[place].label)}
        error = type(error)(location=error.location, **fields)
    return place, words_of(error)


def allowed(user: User, wishes: Mapping[str, tuple[Action, Resource]]) -> dict[str, bool]:
    """Return name → permitted, for the buttons of a page: one question for all."""
    decisions = gate.decide_each(user, list(wishes.values()))
    return {name: decision.permitted for name, decision in zip(wishes, decisions, strict=True)}
