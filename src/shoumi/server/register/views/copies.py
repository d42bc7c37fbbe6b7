"""Issued copies of a secret as a list, and the page on which a copy that turned up is traced."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.errors import error_of
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, ListingView, State
from shoumi.server.files.services import files_adopt
from shoumi.server.register.forms.copies import CopySearchForm
from shoumi.server.register.models import CopyIssue, CopySearch, TradeSecret
from shoumi.server.register.queries import copies as queries
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.services import tracing
from shoumi.server.register.views.finding import found

SHOWN_SEARCHES = 30
TONES = {"waiting": "waiting", "running": "active", "done": "good", "failed": "bad"}


class CopyListing(Listing):
    """To whom copies of one secret were handed out."""

    name = "register.copies"
    title = _("Issued copies")
    secret: TradeSecret
    columns = (
        Column("code", _("Copy number"), kind="mono", sort="copy_id", primary=True),
        Column("reader", _("Handed to"), "reader.display_name", sort="reader__display_name"),
        Column("at", _("Handed out"), kind="moment", sort="at"),
        Column("file", _("File"), "file.name", sort="file__name"),
        Column(
            "form",
            _("Bears its number"),
            kind="state",
            sort="form",
            value=lambda row: State(row.get_form_display(), "good" if row.tile_key_id else "off"),
        ),
        Column("sha256", _("SHA-256 of the copy"), kind="mono", shown=False),
    )
    filters = (
        Choice("form", _("Bears its number"), choices=CopyIssue.Form.choices),
        DateRange("at", _("Handed out"), moments=True),
    )
    search_fields = ("reader__display_name", "reader__username", "file__name")
    default_sort = "-at"
    empty = Empty(
        _("No copy was handed out yet"),
        _(
            "Every download of a file makes a copy of its own for its reader. It then stands here with its "
            "number, its reader and the time."
        ),
        icon="copy",
    )
    export_action: ClassVar[Action | None] = Action.COPY_EXPORT

    def rows(self) -> QuerySet[CopyIssue]:
        """Return the copies of the secret; the view has asked the gate."""
        return queries.copies_of(self.secret)

    def row_url(self, row: object) -> str:
        """Return nothing: a copy has no page of its own."""
        del row
        return ""

    def export_resource(self) -> Resource:
        """Return the secret."""
        return secret_resource(self.secret)


class CopyListView(ListingView):
    """The copies of the secret in the address."""

    template_name = "register/copies/list.html"

    def made(self, request: HttpRequest) -> Listing:
        """Return the list for this secret, after the gate."""
        listing = CopyListing(request.user, request.GET)
        listing.secret = found(request, self.kwargs["secret_id"], Action.COPY_VIEW)
        return listing


@login_required
@require_http_methods(["GET", "POST"])
def searches(request: HttpRequest) -> HttpResponse:
    """Take a picture or PDF that turned up, and show what was examined before."""
    gate.require(request.user, Action.COPY_TRACE, queries.search_place(request.user), purpose="-")
    form = CopySearchForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        stored = files_adopt(actor=request.user, chosen=[form.cleaned_data["file"]])[0]
        opened = tracing.copy_search_open(
            actor=request.user, stored=stored, purpose=form.cleaned_data["purpose"]
        )
        return redirect("register:copy_search", opened.pk)
    mine = [_drawn(row) for row in queries.searches_of(request.user)[:SHOWN_SEARCHES]]
    context = {"form": form, "searches": mine}
    return render(request, "register/copies/searches.html", context, status=422 if request.POST else 200)


@login_required
@require_safe
def search(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Show how far a look-up is, and what it found; to htmx only the part that changes."""
    row = queries.search_get(request.user, search_id)
    if row is None:
        raise Http404
    gate.require(request.user, Action.COPY_TRACE, queries.search_place(request.user), purpose=row.purpose)
    context = {**_drawn(row), "traced": queries.traced(request.user, row.found)}
    partial = bool(request.htmx) and not request.htmx.boosted
    name = "register/copies/_outcome.html" if partial else "register/copies/search.html"
    return render(request, name, context)


def _drawn(row: CopySearch) -> dict[str, Any]:
    return {"search": row, "tone": TONES[row.state], "failure": _failure(row.failure)}


def _failure(code: str) -> str:
    """Return what hindered the look-up in the reader's language; empty for nothing."""
    if not code:
        return ""
    kind = error_of(code)
    if kind and "{" not in kind.message:
        return pgettext(code, kind.message)
    return gettext("The file could not be examined (%(code)s).") % {"code": code}
