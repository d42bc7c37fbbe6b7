"""How recognisable the register is: the index of secrets, its updates, and what cannot be recognised."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import COMPANY, Action, Role
from shoumi.server.accounts import gate
from shoumi.server.documents.models import Index, IndexedFile, IndexRun
from shoumi.server.documents.queries.access import index_place, scopes_held
from shoumi.server.documents.queries.indexes import files_missing, files_wanted
from shoumi.server.documents.queries.words import failure_words, reason_words
from shoumi.server.documents.services import indexing
from shoumi.server.files.listing import Choice, Column, Empty, Listing, ListingView, State
from shoumi.server.register.queries.secrets import within

RUNS_SHOWN = 20
TONES = {"running": "active", "done": "good", "failed": "bad"}
CLOSED_TONES = {"recognisable": "good", "partly": "waiting", "closed": "bad"}
OFFICE = (Role.SECRECY_OFFICER, Role.AUDITOR)  # see names of secrets and files; IT sees counts


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show how far the index is; to htmx only the part that changes."""
    gate.require(request.user, Action.INDEX_VIEW, index_place(request.user, Action.INDEX_VIEW))
    index = Index.objects.filter(kind=Index.Kind.SECRETS).first()
    runs = list(IndexRun.objects.filter(index=index)[:RUNS_SHOWN]) if index else []
    waiting = files_missing().count()
    context: dict[str, Any] = {
        "index": index,
        "wanted": files_wanted().count(),
        "waiting": waiting,
        "closed": IndexedFile.objects.filter(state=IndexedFile.State.CLOSED).count(),
        "partly": IndexedFile.objects.filter(state=IndexedFile.State.PARTLY).count(),
        "runs": [(run, TONES[run.state], failure_words(run.failure)) for run in runs],
        "moving": waiting or any(run.state == IndexRun.State.RUNNING for run in runs),
        "sees_names": bool(scopes_held(request.user, OFFICE)),
        "manages": gate.permits(
            request.user, Action.INDEX_MANAGE, index_place(request.user, Action.INDEX_MANAGE)
        ),
    }
    partial = bool(request.htmx) and not request.htmx.boosted
    return render(request, "documents/_index.html" if partial else "documents/index.html", context)


@login_required
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Have the files that could not be read tried again."""
    count = indexing.files_retry(actor=request.user)
    said = ngettext("%(count)s file is tried again.", "%(count)s files are tried again.", count)
    messages.success(request, said % {"count": count})
    return redirect("documents:index")


def _state(row: IndexedFile) -> State:
    return State(row.get_state_display(), CLOSED_TONES[row.state])


class ClosedListing(Listing):
    """The files of secrets that are not, or not wholly, recognisable, for those who see the secrets."""

    name = "documents.closed"
    title = _("Files that cannot be recognised")
    columns = (
        Column("secret", _("Trade secret"), "number", kind="mono", sort="number", primary=True),
        Column("file", _("File"), "file.name", sort="file__name"),
        Column("level", _("Level"), kind="level", sort="level"),
        Column("state", _("State"), _state, kind="state", sort="state"),
        Column("reason", _("Why"), lambda row: reason_words(row.reason)),
        Column("at", pgettext_lazy("of a state", "Since"), kind="moment", sort="at"),
    )
    filters = (Choice("state", _("State"), choices=IndexedFile.State.choices[1:]),)
    search_fields = ("number", "file__name")
    search_label = _("Number or file")
    default_sort = "-at"
    empty = Empty(
        _("Every file of every registered secret is recognisable"),
        _(
            "A file that is protected by a password, damaged or of an unknown kind stands here: a copy of it "
            "would pass unnoticed. Attach it to the secret in another form."
        ),
        icon="circle-check",
    )

    def rows(self) -> QuerySet[IndexedFile]:
        """Return the files of secrets in the remit of the user."""
        found = Q(pk__in=())
        for scope in scopes_held(self.user, OFFICE):
            found |= within("" if scope == COMPANY else scope, "secret__")
        rows = IndexedFile.objects.exclude(state=IndexedFile.State.RECOGNISABLE)
        return rows.filter(found).select_related("secret", "file")

    def row_url(self, row: IndexedFile) -> str:
        """Return the secret's page."""
        return reverse("register:secret_detail", args=[row.secret_id])


class ClosedListView(ListingView):
    """The page of all files that cannot be recognised."""

    listing = ClosedListing

    def allowed(self, request: HttpRequest) -> None:
        """Ask the gate: whoever sees the index and the secrets."""
        gate.require(request.user, Action.INDEX_VIEW, index_place(request.user, Action.INDEX_VIEW))
