"""Exceptions: the list, and the page of one, on which somebody else decides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.documents.forms.matches import DecisionForm
from shoumi.server.documents.models import Match, MatchException
from shoumi.server.documents.queries.access import (
    exception_get,
    exception_resource,
    exceptions_visible_to,
    matches_visible_to,
)
from shoumi.server.documents.queries.excepted import today
from shoumi.server.documents.queries.words import code_words
from shoumi.server.documents.services import exceptions
from shoumi.server.documents.views.matches import sees_findings
from shoumi.server.documents.views.states import exception_state
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, ListingView, Preset
from shoumi.server.people.views.asking import allowed

ROWS_SHOWN = 50
State = MatchException.State


class ExceptionListing(Listing):
    """The exceptions whose findings one user may see."""

    name = "documents.exceptions"
    title = _("Exceptions")
    columns = (
        Column(
            "what",
            pgettext_lazy("scan", "Found"),
            lambda row: code_words(row.kind, row.code),
            primary=True,
            sub="text",
        ),
        Column("path", _("File"), sort="path"),
        Column(
            "scope", pgettext_lazy("exception", "Reach"), lambda row: row.get_scope_display(), sort="scope"
        ),
        Column("covered", _("Findings covered"), kind="number", sort="covered"),
        Column("state", _("State"), exception_state, kind="state", sort="state"),
        Column("until", _("Until"), "expires_on", kind="day", sort="expires_on"),
        Column("by", _("Proposed by"), "proposed_by", shown=False),
        Column("decider", _("Decided by"), "decided_by", shown=False),
        Column(
            "at", pgettext_lazy("exception", "Proposed on"), "proposed_at", kind="moment", sort="proposed_at"
        ),
    )
    filters = (
        Choice("state", _("State"), choices=State.choices, many=True),
        DateRange("until", _("Until"), "expires_on"),
    )
    search_fields = ("path", "code", "reason")
    search_label = _("Path, kind or reason")
    default_sort = "-at"
    presets = (
        Preset(_("Waits for a decision"), "state=proposed"),
        Preset(pgettext_lazy("exception", "In force"), "state=in_force"),
    )
    empty = Empty(
        _("Nothing is excepted"),
        _(
            "Whoever knows that a finding is harmless proposes an exception on its page. "
            "Somebody else decides, and it ends on its day or when the content changes."
        ),
        icon="circle-check",
    )

    def rows(self) -> QuerySet[MatchException]:
        """Return the exceptions that the user may see."""
        return exceptions_visible_to(self.user)


class ExceptionListView(ListingView):
    """The page of all exceptions."""

    listing = ExceptionListing

    def allowed(self, request: HttpRequest) -> None:
        """Refuse whoever sees no finding anywhere."""
        sees_findings(request)


def _found(request: HttpRequest, exception_id: UUID, action: Action = Action.MATCH_VIEW) -> MatchException:
    row = exception_get(request.user, exception_id, action)
    if row is None:
        raise Http404
    return row


@login_required
@require_safe
def detail(request: HttpRequest, exception_id: UUID) -> HttpResponse:
    """Show what an exception covers and why."""
    return _page(request, _found(request, exception_id))


def _page(request: HttpRequest, row: MatchException, form: DecisionForm | None = None) -> HttpResponse:
    resource = exception_resource(row)
    can = allowed(
        request.user, {"decide": (Action.MATCH_DECIDE, resource), "end": (Action.MATCH_EXCEPT, resource)}
    )
    covered = matches_visible_to(request.user).filter(exception=row)
    waits = row.state == State.PROPOSED and row.expires_on >= today()
    shown = {
        "row": row,
        "what": code_words(row.kind, row.code),
        "kind": Match.Kind(row.kind).label,
        "state": exception_state(row),
        "matches": covered.order_by("file__path", "ordinal")[:ROWS_SHOWN],
        "more": max(0, covered.count() - ROWS_SHOWN),
        "decides": can["decide"] and waits,
        "own": waits and row.proposed_by_id == request.user.pk,
        "ends": can["end"] and row.state in {State.PROPOSED, State.IN_FORCE},
        "form": form or DecisionForm(),
    }
    return render(request, "documents/exception.html", shown, status=422 if form is not None else 200)


@login_required
@require_POST
def decide(request: HttpRequest, exception_id: UUID) -> HttpResponse:
    """Agree to an exception, or refuse it."""
    row = _found(request, exception_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    exceptions.exception_decide(
        actor=request.user,
        exception_id=row.pk,
        agree=form.cleaned_data["agree"] == "yes",
        answer=form.cleaned_data["answer"],
    )
    messages.success(request, _now("The decision is recorded."))
    return redirect(row.get_absolute_url())


@login_required
@require_POST
def end(request: HttpRequest, exception_id: UUID) -> HttpResponse:
    """End an exception, or take a proposal back."""
    row = exceptions.exception_end(actor=request.user, exception_id=_found(request, exception_id).pk)
    messages.success(request, _now("The exception has ended; its findings are open again."))
    return redirect(row.get_absolute_url())
