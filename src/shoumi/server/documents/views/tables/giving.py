"""A table is given, looked at by the worker, and described: an index is made of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.inspection.exact.looking import TableLook
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.documents.forms.tables import DescribeForm, GiveForm
from shoumi.server.documents.models import GivenTable
from shoumi.server.documents.queries.access import index_place
from shoumi.server.documents.queries.table_words import FAULTS, GRAVE, told_words
from shoumi.server.documents.queries.tables import entities_to_index, given_get
from shoumi.server.documents.services.tables.giving import table_discard, table_give
from shoumi.server.documents.services.tables.making import index_make
from shoumi.server.files.services import files_adopt
from shoumi.server.people.views.asking import UNPROCESSABLE, Page, form_page

COLUMNS = {
    "documents.index_name": "name",
    "documents.index_name_taken": "name",
    "documents.index_name_other": "name",
    "documents.connection_unknown": "connection",
    "connectors.query_shape": "query",
    "documents.table_too_large": "file",
    "input.file_name": "file",
    "input.file_too_large": "file",
}


def trail() -> tuple[tuple[str, Any], ...]:
    """Return the pages above those of tables."""
    return (
        (reverse("documents:index"), _("Recognition")),
        (reverse("documents:table_list"), _("Indexes of tables")),
    )


@login_required
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Take a table, or a query."""
    entities = entities_to_index(request.user)
    if not entities:
        gate.require(request.user, Action.INDEX_MANAGE, index_place(request.user, Action.INDEX_MANAGE))
    page = Page(
        title=_("New index of a table"),
        submit=_("Look at the table"),
        back=reverse("documents:table_list"),
        said=gettext_lazy("The table is being read."),
        lead=_("First the table is looked at. Then you choose which columns are looked for."),
        trail=trail(),
        columns=COLUMNS,
        template="documents/tables/form.html",
    )
    form = GiveForm(request.POST or None, request.FILES or None, user=request.user, entities=entities)

    def act(form: Any) -> str:
        data = form.cleaned_data
        file = files_adopt(actor=request.user, chosen=[data["file"]])[0] if data["file"] else None
        table = table_give(
            actor=request.user,
            entity=data["entity"],
            file=file,
            connection=data.get("connection", ""),
            query=data.get("query", ""),
            sheet=data["sheet"],
        )
        return table.get_absolute_url()

    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, table_id: UUID) -> HttpResponse:
    """Show what the worker saw, and take the description of the index."""
    table = given_get(request.user, table_id)
    if table is None:
        raise Http404
    context: dict[str, Any] = {
        "table": table,
        "trail": trail(),
        "failure": told_words(table.failure, table.told),
        "reading": table.state == GivenTable.State.READING,
    }
    if request.htmx and not request.htmx.boosted and request.method == "GET":
        return HttpResponse(status=204, headers={} if context["reading"] else {"HX-Refresh": "true"})
    if table.state != GivenTable.State.READ:
        return render(request, "documents/tables/describe.html", context)
    look = TableLook.from_json(table.look)
    form = DescribeForm(request.POST or None, look=look, by_query=bool(table.query))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                index = index_make(actor=request.user, table_id=table.pk, wish=form.wish)
            except (InputError, ConflictError) as error:
                place = COLUMNS.get(error.code)
                form.add_error(place if place in form.fields else None, words_of(error))
            else:
                messages.success(request, _("The index is being made."))
                return redirect(index)
        status = UNPROCESSABLE
    context |= {
        "look": look,
        "form": form,
        "faults": [str(FAULTS[fault]) for fault in look.faults],
        "usable": not GRAVE.intersection(look.faults),
    }
    return render(request, "documents/tables/describe.html", context, status=status)


@login_required
@require_POST
def discard(request: HttpRequest, table_id: UUID) -> HttpResponse:
    """Give a table up."""
    table_discard(actor=request.user, table_id=table_id)
    messages.success(request, _("The table is given up; an uploaded file is destroyed."))
    return redirect("documents:table_list")
