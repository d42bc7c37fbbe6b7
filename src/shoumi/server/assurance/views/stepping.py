"""Stepped forms: one part on a page, what was typed kept in the session until the last part is sent.

A part is checked when it is sent and once more at the end, because what it refers to may have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from shoumi.engine.errors import ConflictError, InputError
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.forms import StoredFileField
from shoumi.server.files.services import files_adopt

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a stepped form."""

    key: str  # in the address
    label: Any
    form: Callable[..., Form]


@dataclass(frozen=True, slots=True)
class Stepper:
    """A stepped form: where its draft lies, its parts, and what is done at the end."""

    name: str  # of the draft in the session
    parts: Sequence[Part]
    title: Any
    submit: Any
    back: str
    address: Callable[[str], str]  # part → address
    finish: Callable[[Mapping[str, Any]], str]  # cleaned values of all parts → where to go
    arguments: Mapping[str, Any]  # for every form
    initial: Mapping[str, Any]
    trail: tuple[tuple[str, Any], ...] = ()

    def page(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show a part, take it, and after the last one finish."""
        place = next((at for at, part in enumerate(self.parts) if part.key == key), None)
        if place is None:
            raise Http404
        draft: dict[str, dict[str, list[str]]] = request.session.get(self.name, {})
        form = self._form(request, self.parts[place], draft)
        if request.method == "POST" and form.is_valid():
            draft = {**draft, key: _typed(request, form)}
            request.session[self.name] = draft
            if place + 1 < len(self.parts):
                return redirect(self.address(self.parts[place + 1].key))
            return self._finish(request, draft, form, place)
        return self._shown(request, form, place, UNPROCESSABLE if request.method == "POST" else 200)

    def _form(self, request: HttpRequest, part: Part, draft: Mapping[str, Mapping[str, list[str]]]) -> Form:
        if request.method == "POST":
            return part.form(request.POST, request.FILES, **self.arguments)
        if part.key in draft:
            return part.form(_query(draft[part.key]), **self.arguments)
        return part.form(initial=self.initial, **self.arguments)

    def _finish(
        self, request: HttpRequest, draft: Mapping[str, Mapping[str, list[str]]], form: Form, place: int
    ) -> HttpResponse:
        values: dict[str, Any] = {}
        for part in self.parts:
            checked = part.form(_query(draft.get(part.key, {})), **self.arguments)
            if not checked.is_valid():
                return redirect(self.address(part.key))
            values |= checked.cleaned_data
        try:
            target = self.finish(values)
        except (InputError, ConflictError) as error:
            form.add_error(None, words_of(error))
            return self._shown(request, form, place, UNPROCESSABLE)
        request.session.pop(self.name, None)
        return redirect(target)

    def _shown(self, request: HttpRequest, form: Form, place: int, status: int) -> HttpResponse:
        context = {
            "stepper": self,
            "form": form,
            "steps": [
                (part, self.address(part.key), "done" if at < place else "current" if at == place else "")
                for at, part in enumerate(self.parts)
            ],
            "number": place + 1,
            "is_last": place + 1 == len(self.parts),
            "before": self.address(self.parts[place - 1].key) if place else self.back,
        }
        return render(request, "assurance/step.html", context, status=status)


def _typed(request: HttpRequest, form: Form) -> dict[str, list[str]]:
    """Return what was typed as texts; files are stored now and kept by their ids."""
    typed = {name: request.POST.getlist(name) for name in form.fields}
    for name, field in form.fields.items():
        if isinstance(field, StoredFileField):
            chosen = form.cleaned_data[name]
            chosen = [] if chosen is None else chosen if isinstance(chosen, list) else [chosen]
            typed[name] = [str(row.pk) for row in files_adopt(actor=request.user, chosen=chosen)]
    return typed


def _query(typed: Mapping[str, list[str]]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, values in typed.items():
        found.setlist(name, values)
    return found
