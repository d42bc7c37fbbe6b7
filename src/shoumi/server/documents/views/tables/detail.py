"""The page of an index of a table, and what people decide about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.inspection.exact import Rule
from shoumi.engine.policy import Action
from shoumi.sandbox.scanning.indexes import SUFFIX
from shoumi.server.accounts import gate
from shoumi.server.documents.forms.tables import DropForm, KeyForm, RenameForm, UpdateForm
from shoumi.server.documents.models import Index, IndexRun
from shoumi.server.documents.queries.table_words import KINDS, told_words
from shoumi.server.documents.queries.tables import OPEN, table_get, table_resource
from shoumi.server.documents.services.tables.handing import index_file_hand_out, index_key_hand_out
from shoumi.server.documents.services.tables.making import (
    index_drop,
    index_rename,
    index_schedule,
    index_update_ask,
)
from shoumi.server.documents.views.tables.giving import COLUMNS, trail
from shoumi.server.documents.views.tables.lists import RUN_TONES, table_state
from shoumi.server.files.services import files_adopt
from shoumi.server.people.views.asking import Page, form_page

RUNS_SHOWN = 20
FORM = "documents/tables/form.html"


def found(request: HttpRequest, index_id: UUID, action: Action = Action.INDEX_VIEW) -> Index:
    """Return the index of the address, by the gate.

    Raises:
        Http404: there is none.
        NotPermittedError: the gate refuses.
    """
    index = table_get(request.user, index_id, action)
    if index is None:
        raise Http404
    return index


@login_required
@require_safe
def overview(request: HttpRequest, index_id: UUID) -> HttpResponse:
    """Show rule, counts and runs; to htmx only the part that changes."""
    index = found(request, index_id)
    runs = list(index.runs.select_related("asked_by")[:RUNS_SHOWN])
    rule = Rule.read(index.rule)
    context: dict[str, Any] = {
        "index": index,
        "rule": rule,
        "columns": [(each.name, KINDS[each.kind], each.required) for each in rule.columns],
        "state": table_state(index, runs[0] if runs else None),
        "runs": [(run, RUN_TONES[run.state], told_words(run.failure, run.told)) for run in runs],
        "open": next((run for run in runs if run.state in OPEN), None),
        "running": IndexRun.State.RUNNING,
        "manages": gate.permits(request.user, Action.INDEX_MANAGE, table_resource(index)),
        "trail": trail(),
    }
    partial = bool(request.htmx) and not request.htmx.boosted
    name = "documents/tables/_detail.html" if partial else "documents/tables/detail.html"
    return render(request, name, context)


def _page(index: Index, title: Any, submit: Any, said: Any, **more: Any) -> Page:
    above = (*trail(), (index.get_absolute_url(), index.name))
    more.setdefault("back", index.get_absolute_url())
    return Page(title=title, submit=submit, said=said, trail=above, columns=COLUMNS, **more)


@login_required
@require_http_methods(["GET", "POST"])
def update(request: HttpRequest, index_id: UUID) -> HttpResponse:
    """Take the next version of the table."""
    index = found(request, index_id, Action.INDEX_MANAGE)
    form = UpdateForm(request.POST or None, request.FILES or None, user=request.user, sheet=index.sheet)
    page = _page(
        index,
        _("Update from a table"),
        _("Update"),
        gettext_lazy("The index is being updated."),
        lead=_("The table needs the same columns as the last one, in any order. It is destroyed afterwards."),
        template=FORM,
    )

    def act(form: Any) -> None:
        (file,) = files_adopt(actor=request.user, chosen=[form.cleaned_data["file"]])
        index_update_ask(
            actor=request.user,
            index_id=index.pk,
            file=file,
            whole=form.cleaned_data["whole"] == "yes",
            sheet=form.cleaned_data["sheet"],
        )

    return form_page(request, page, form, act)


@login_required
@require_POST
def query(request: HttpRequest, index_id: UUID) -> HttpResponse:
    """Update by the query now."""
    index = found(request, index_id, Action.INDEX_MANAGE)
    index_update_ask(actor=request.user, index_id=index.pk)
    messages.success(request, _("The index is being updated."))
    return redirect(index)


@login_required
@require_POST
def schedule(request: HttpRequest, index_id: UUID) -> HttpResponse:
    """Begin or end the daily updates."""
    index = found(request, index_id, Action.INDEX_MANAGE)
    daily = request.POST.get("daily") == "1"
    index_schedule(actor=request.user, index_id=index.pk, daily=daily)
    said = (
        _("The index is updated daily from now on.")
        if daily
        else _("The index is not updated daily any more.")
    )
    messages.success(request, said)
    return redirect(index)


@login_required
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, index_id: UUID) -> HttpResponse:
    """Give the index another name."""
    index = found(request, index_id, Action.INDEX_MANAGE)
    page = _page(
        index,
        _("Rename"),
        _("Rename"),
        gettext_lazy("The index has another name."),
        lead=_(
            "Findings bear the new name from the next scan on. Copies on other machines keep the old one."
        ),
    )
    form = RenameForm(request.POST or None, initial={"name": index.name})

    def act(form: Any) -> None:
        index_rename(actor=request.user, index_id=index.pk, name=form.cleaned_data["name"])

    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, index_id: UUID) -> HttpResponse:
    """Drop the index for ever."""
    index = found(request, index_id, Action.INDEX_MANAGE)
    list_page = trail()[-1][0]
    page = _page(
        index,
        _("Drop the index"),
        _("Drop for ever"),
        gettext_lazy("The index and its key are gone."),
        danger=True,
        lead=_(
            "Its key is destroyed: rows of the table are recognised no more, and nobody can bring the index "
            "back. Copies that were handed out with their key stay usable."
        ),
        facts=((_("Index"), index.name), (_("Rows"), index.entries)),
    )

    def act(form: Any) -> str:
        index_drop(actor=request.user, index_id=index.pk, name=form.cleaned_data["name"])
        return list_page

    return form_page(request, page, DropForm(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def hand_out(request: HttpRequest, index_id: UUID) -> HttpResponse:
    """Show how an index reaches another machine; show its key, once, to whoever says why."""
    index = found(request, index_id, Action.INDEX_MANAGE)
    form: Form = KeyForm(request.POST or None)
    key = ""
    if request.method == "POST" and form.is_valid():
        key = index_key_hand_out(actor=request.user, index_id=index.pk, reason=form.cleaned_data["reason"])
    above = (*trail(), (index.get_absolute_url(), index.name))
    context = {"index": index, "form": form, "key": key, "trail": above}
    response = render(request, "documents/tables/hand_out.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def file(request: HttpRequest, index_id: UUID) -> FileResponse:
    """Send the sealed index as a file."""
    index = found(request, index_id, Action.INDEX_MANAGE)
    path = index_file_hand_out(actor=request.user, index_id=index.pk)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=f"{index.name}{SUFFIX}")
    response.headers["Cache-Control"] = "no-store"
    return response
