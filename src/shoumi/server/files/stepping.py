"""Stepped forms: one part on a page, what was typed kept as a draft until the last part is sent.

A part is checked when it is sent and once more at the end, because what it refers to may have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoumi.engine.errors import ConflictError, InputError
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.form_drafts import FormDraft, Typed, draft_forget, draft_keep, draft_of
from shoumi.server.files.forms import StoredFileField
from shoumi.server.files.services import files_adopt

UNPROCESSABLE = 422


class RowsForm(Form):
    """A part with further forms in `rows`, which its template shows; it is in order if all of them are."""

    rows: Sequence[Form] = ()

    def is_valid(self) -> bool:
        """Tell whether the form and every row are in order; each shows its own faults."""
        rows_stand = self.rows_stand()
        return super().is_valid() and rows_stand

    def rows_stand(self) -> bool:
        """Tell whether every row is in order; all of them are asked."""
        return all([row.is_valid() for row in self.rows])  # noqa: C419 - each has to show its faults


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a stepped form."""

    key: str  # in the address
    label: Any
    form: Callable[..., Form]
    template: str = ""  # empty: its fields one below the other


@dataclass(frozen=True, slots=True)
class Stepper:
    """A stepped form: under which name its draft is kept, its parts, and what is done at the end.

    `finish` is given the cleaned values of all parts and, as `expected_version`, the `version` at which the
    draft was begun.  `summary` is given the values of all parts before the last and returns what the last
    part's template shows of them; the earlier parts must then be in order before the last one opens.
    """

    name: str
    parts: Sequence[Part]
    title: Any
    submit: Any
    back: str
    address: Callable[[str], str]  # part → address
    finish: Callable[[Mapping[str, Any]], str]  # values → where to go
    arguments: Mapping[str, Any]  # for every form
    initial: Mapping[str, Any]
    version: int | None = None  # of what is changed
    summary: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    trail: tuple[tuple[str, Any], ...] = ()
    lead: Any = ""
    styles: tuple[str, ...] = ()  # static files of the parts' templates
    scripts: tuple[str, ...] = ()
    shown: Mapping[str, Any] = field(default_factory=dict)  # what the parts' templates need besides

    def page(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show a part, keep it, or after the last one finish."""
        place = next((at for at, part in enumerate(self.parts) if part.key == key), None)
        if place is None:
            raise Http404
        wish = request.POST.get("do") if request.method == "POST" else None
        if wish == "anew":
            draft_forget(request.user, self.name)
            return redirect(self.address(self.parts[0].key))
        draft = draft_of(request.user, self.name, self.version)
        form = self._form(request, self.parts[place], draft)
        if wish == "keep":
            draft_keep(draft, key, _typed(request, form))
            messages.success(request, _("What you typed is kept. Open the form again to go on."))
            return redirect(self.back)
        if request.method == "POST" and form.is_valid():
            draft = draft_keep(draft, key, _typed(request, form))
            if place + 1 < len(self.parts):
                return redirect(self.address(self.parts[place + 1].key))
            return self._finish(request, draft, form, place)
        return self._page(request, draft, form, place)

    def _form(self, request: HttpRequest, part: Part, draft: FormDraft) -> Form:
        if request.method == "POST":
            return part.form(request.POST, request.FILES, **self.arguments)
        if part.key in draft.parts:
            return part.form(_query(draft.parts[part.key]), **self.arguments)
        return part.form(initial=self.initial, **self.arguments)

    def _values(self, draft: FormDraft, parts: Sequence[Part]) -> dict[str, Any] | Part:
        """Return the cleaned values of `parts`, or the first part that is not in order."""
        values: dict[str, Any] = {}
        for part in parts:
            checked = part.form(_query(draft.parts.get(part.key, {})), **self.arguments)
            if not checked.is_valid():
                return part
            values |= checked.cleaned_data
        return values

    def _finish(self, request: HttpRequest, draft: FormDraft, form: Form, place: int) -> HttpResponse:
        values = self._values(draft, self.parts)
        if isinstance(values, Part):
            return redirect(self.address(values.key))
        try:
            target = self.finish({**values, "expected_version": draft.began_with})
        except (InputError, ConflictError) as error:
            form.add_error(None, words_of(error))
            return self._page(request, draft, form, place)
        draft_forget(request.user, self.name)
        return redirect(target)

    def _page(self, request: HttpRequest, draft: FormDraft, form: Form, place: int) -> HttpResponse:
        is_last = place + 1 == len(self.parts)
        more: Mapping[str, Any] = {}
        if is_last and self.summary is not None:
            values = self._values(draft, self.parts[:-1])
            if isinstance(values, Part):
                return redirect(self.address(values.key))
            more = self.summary(values)
        context = {
            **self.shown,
            **more,
            "stepper": self,
            "form": form,
            "part": self.parts[place],
            "steps": [
                (part, self.address(part.key), _state(at, place, part.key in draft.parts))
                for at, part in enumerate(self.parts)
            ],
            "number": place + 1,
            "is_last": is_last,
            "draft": draft if draft.parts else None,
            "outdated": draft.began_with != self.version,
            "before": self.address(self.parts[place - 1].key) if place else self.back,
        }
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "files/step.html", context, status=status)


def _state(at: int, place: int, is_kept: bool) -> str:
    """Return how a part looks among the steps."""
    if at == place:
        return "current"
    return "done" if is_kept else ""


def _typed(request: HttpRequest, form: Form) -> Typed:
    """Return what was typed as texts; files of a part in order are stored now and kept by their ids."""
    rows = form.rows if isinstance(form, RowsForm) else ()
    names = [one.add_prefix(name) for one in (form, *rows) for name in one.fields]
    typed = {name: request.POST.getlist(name) for name in names if name in request.POST}
    for name, field_ in form.fields.items():
        if isinstance(field_, StoredFileField) and form.is_valid():
            chosen = form.cleaned_data[name]
            chosen = [] if chosen is None else chosen if isinstance(chosen, list) else [chosen]
            typed[name] = [str(row.pk) for row in files_adopt(actor=request.user, chosen=chosen)]
    return typed


def _query(typed: Mapping[str, list[str]]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, values in typed.items():
        found.setlist(name, values)
    return found
