"""Findings: the list with its filters, and the page of one: context, reveal, exception, proposal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError, UnavailableError
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.documents.forms.matches import ExceptionForm, RevealForm
from shoumi.server.documents.models import Match, MatchException, Scan
from shoumi.server.documents.queries.access import (
    SEEING_MATCHES,
    exceptions_visible_to,
    index_place,
    match_get,
    match_resource,
    matches_visible_to,
    scopes_held,
)
from shoumi.server.documents.queries.excepted import excepted, still_open
from shoumi.server.documents.queries.results import alike_count, facts_words, full_path, place_words
from shoumi.server.documents.queries.words import VERDICTS, check_words, what_words
from shoumi.server.documents.services import exceptions, matches
from shoumi.server.documents.views.states import exception_state, verdict_state, without_exceptions
from shoumi.server.files.listing import Choice, Column, Empty, Flag, Listing, ListingView, Preset
from shoumi.server.people.models import Department
from shoumi.server.people.views.asking import allowed
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.views.proposing import gate_asked

WAITING = MatchException.State.PROPOSED
MOST_FOLDERS = 500
MOST_DIGITS = 18  # of a number that a database holds


def _scans(listing: Listing) -> list[tuple[str, str]]:
    rows = listing.related(Scan.objects.order_by("-asked_at"), "scan")
    return [(str(row.pk), f"{row} {row.asked_at:%Y-%m-%d %H:%M}") for row in rows]


def _secrets(listing: Listing) -> list[tuple[str, str]]:
    rows = listing.related(TradeSecret.objects.order_by("number"), "secret")
    return [(str(row.pk), row.number or "–") for row in rows]


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = listing.related(Department.objects.order_by("name"), "secret__owner_department")
    return [(str(row.pk), row.name) for row in rows]


def _folders(listing: Listing) -> list[tuple[str, str]]:
    """Return the folders in which something was found, of one scan only: there may be thousands."""
    try:
        rows = listing.scoped.order_by().filter(scan=UUID(listing.parameters.get("scan", "")))
    except ValueError:
        return []
    folders = rows.values_list("file__folder", flat=True).distinct().order_by("file__folder")
    return [(folder or "/", folder or "/") for folder in folders[:MOST_FOLDERS]]


def _in_folder(rows: QuerySet[Match], value: object) -> QuerySet[Match]:
    return rows.filter(file__folder=str(value).strip("/"))


class MatchListing(Listing):
    """What scans found, as far as one user may see it; masked."""

    name = "documents.matches"
    title = pgettext_lazy("scan", "Findings")
    columns = (
        Column(
            "what",
            pgettext_lazy("scan", "Found"),
            what_words,
            primary=True,
            sub=lambda row: row.get_kind_display(),
        ),
        Column("level", _("Level"), kind="level", sort="level"),
        Column("path", _("File"), "file.path", sort="file__path", sub=place_words),
        Column("text", _("Text, masked")),
        Column("secret", _("Trade secret"), "secret.number", kind="mono", shown=False),
        Column("department", _("Owner department"), "secret.owner_department.name", shown=False),
        Column("score", _("Score"), kind="number", sort="score", shown=False),
        Column(
            "verdict",
            _("Verdict"),
            lambda row: verdict_state(row.file.verdict),
            kind="state",
            sort="file__verdict",
            sub=lambda row: without_exceptions(row.file.judged),
        ),
        Column("exception", _("Exception"), lambda row: exception_state(row.exception), kind="state"),
        Column("at", pgettext_lazy("scan", "Scanned"), "scan.asked_at", kind="moment", sort="scan__asked_at"),
    )
    filters = (
        Choice("scan", _("Scan"), choices=_scans),
        Choice("kind", _("Kind"), choices=Match.Kind.choices),
        Choice("secret", _("Trade secret"), choices=_secrets),
        Choice("department", _("Owner department"), "secret__owner_department", choices=_departments),
        Choice("folder", _("Folder"), choices=_folders, apply=_in_folder),
        Choice("verdict", _("Verdict"), "file__verdict", choices=list(VERDICTS.items())),
        Flag("open", pgettext_lazy("scan", "Open"), condition=lambda _listing: still_open()),
        Flag("excepted", _("Excepted"), condition=lambda _listing: excepted()),
        Flag("waiting", _("Exception waits for a decision"), condition=Q(exception__state=WAITING)),
    )
    search_fields = ("file__path", "member", "code", "secret__number")
    search_label = _("Path, number or kind")
    default_sort = "-at"
    named = ("scan", "secret", "secret__owner_department")
    presets = (
        Preset(pgettext_lazy("scan", "Open"), "open=1"),
        Preset(_("Excerpts of secrets"), "kind=fingerprint&open=1"),
        Preset(_("Could not look inside"), "kind=unreadable&open=1"),
        Preset(_("Excepted"), "excepted=1"),
    )
    empty = Empty(
        _("Nothing has been found"),
        _("What scans find of your secrets stands here, wherever it lay. Findings are masked."),
        icon="file-search",
    )
    export_action = Action.MATCH_EXPORT

    def rows(self) -> QuerySet[Match]:
        """Return the findings that the user may see, of one file if the address names it."""
        rows = matches_visible_to(self.user)
        file = self.parameters.get("file", "")
        return rows.filter(file=int(file)) if file.isdecimal() and len(file) <= MOST_DIGITS else rows

    def export_resource(self) -> Resource:
        """Return the place in which the user takes lists out."""
        return index_place(self.user, Action.MATCH_EXPORT)


def sees_findings(request: HttpRequest) -> None:
    """Refuse whoever sees no finding anywhere."""
    if not scopes_held(request.user, SEEING_MATCHES):
        gate.require(request.user, Action.MATCH_EXPORT, index_place(request.user, Action.MATCH_EXPORT))


class MatchListView(ListingView):
    """The page of all findings."""

    listing = MatchListing
    template_name = "documents/matches.html"

    def allowed(self, request: HttpRequest) -> None:
        """Refuse whoever sees no finding anywhere."""
        sees_findings(request)

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say how many exceptions wait."""
        return {"waiting": exceptions_visible_to(listing.user).filter(state=WAITING).count()}


def found(request: HttpRequest, match_id: UUID, action: Action = Action.MATCH_VIEW) -> Match:
    """Return the finding in the address, after the gate.

    Raises:
        Http404: there is none.
    """
    match = match_get(request.user, match_id, action)
    if match is None:
        raise Http404
    return match


@login_required
@require_safe
def detail(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Show a finding, what speaks for it, and what can be done with it."""
    return _page(request, found(request, match_id))


@login_required
@require_safe
def context(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Show where a finding stands, masked: fetched apart, because the file is read anew for it."""
    match = found(request, match_id, Action.MATCH_OPEN)
    shown, gone = None, ""
    try:
        shown = matches.match_context(actor=request.user, match=match)
    except UnavailableError as error:
        gone = words_of(error)
    told = {"context": shown, "gone": gone}
    if request.htmx:
        return render(request, "documents/_context.html", {"match": match, **told})
    return _page(request, match, **told)


def _page(request: HttpRequest, match: Match, *, form: Form | None = None, **more: Any) -> HttpResponse:
    resource = match_resource(match)
    can = allowed(
        request.user,
        {
            "open": (Action.MATCH_OPEN, resource),
            "reveal": (Action.MATCH_REVEAL, resource),
            "except": (Action.MATCH_EXCEPT, resource),
        },
    )
    row = match.exception
    standing = row is not None and exceptions.excepted_or_waiting(Match.objects.filter(pk=match.pk)).exists()
    shown = {
        "match": match,
        "what": what_words(match),
        "path": full_path(match),
        "place": place_words(match),
        "facts": facts_words(match),
        "check": check_words(match.check_passed),
        "alike": alike_count(request.user, match),
        "verdict": verdict_state(match.file.verdict),
        "without": without_exceptions(match.file.judged),
        "exception": exception_state(row),
        "excepts": can["except"] and not standing,
        "can": can,
        "reveal_form": form if isinstance(form, RevealForm) else RevealForm(),
        "exception_form": form if isinstance(form, ExceptionForm) else ExceptionForm(),
        **more,
    }
    return render(request, "documents/match.html", shown, status=422 if form is not None else 200)


@login_required
@require_POST
def reveal(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Show a finding uncovered; the ledger keeps who and why."""
    match = found(request, match_id)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, match, form=form)
    try:
        shown = matches.match_reveal(actor=request.user, match=match, purpose=form.cleaned_data["purpose"])
    except UnavailableError as error:
        return _page(request, match, gone=words_of(error))
    response = _page(request, match, context=shown, revealed=True)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def harmless(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Propose to take a finding for harmless."""
    match = found(request, match_id, Action.MATCH_EXCEPT)
    form = ExceptionForm(request.POST)
    if form.is_valid():
        try:
            row = exceptions.exception_propose(
                actor=request.user, match=match, grounds=exceptions.Grounds(**form.cleaned_data)
            )
        except (InputError, ConflictError) as error:
            places = {"documents.exception_date": "expires_on", "documents.exception_wide": "scope"}
            form.add_error(places.get(error.code), words_of(error))
        else:
            messages.success(request, _now("The exception is proposed; somebody else decides on it."))
            return redirect(row.get_absolute_url())
    return _page(request, match, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Ask the question that comes first, then begin a proposal with the file of the finding."""
    match = found(request, match_id, Action.MATCH_OPEN)

    def begin(department: Department) -> TradeSecret:
        secret, attached = matches.match_propose(actor=request.user, match=match, department=department)
        messages.success(
            request,
            _now("The draft is begun, with the file attached.")
            if attached
            else _now("The draft is begun. The file could not be attached; attach it in step 2."),
        )
        return secret

    return gate_asked(request, begin, back=reverse("documents:match_detail", args=[match.pk]))
