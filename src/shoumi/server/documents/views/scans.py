"""Scans: the list, the plans, how a new one begins, and the page of one with its progress and its results."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.documents.forms.scans import ScanForm
from shoumi.server.documents.models import Scan, ScanPlan
from shoumi.server.documents.queries.access import (
    SEEING_MATCHES,
    entities_to_scan,
    index_place,
    plans_visible_to,
    scan_get,
    scan_resource,
    scans_visible_to,
    scopes_held,
)
from shoumi.server.documents.queries.indexes import indexes_ready
from shoumi.server.documents.queries.results import progress_of, results_of
from shoumi.server.documents.queries.words import PACK_WORDS, duration_words, failure_words
from shoumi.server.documents.services import plans, scans
from shoumi.server.documents.services.sources import ShareFolderError
from shoumi.server.documents.views.states import excepted_words, scan_state, verdict_state
from shoumi.server.files.listing import BulkAction, Choice, Column, Empty, Flag, Listing, ListingView
from shoumi.server.files.services import files_adopt
from shoumi.server.people.views.asking import Page, allowed, form_page


class ScanListing(Listing):
    """The scans that one user may see."""

    name = "documents.scans"
    title = _("Scans")
    columns = (
        Column(
            "where",
            pgettext_lazy("scan", "Where"),
            str,
            primary=True,
            sub=lambda row: row.get_source_display(),
        ),
        Column("entity", _("Legal entity"), "entity", sort="entity__name", shown=False),
        Column("state", _("State"), scan_state, kind="state", sort="state"),
        Column("files", _("Files"), kind="number", sort="files"),
        Column(
            "matches",
            pgettext_lazy("scan", "Findings"),
            "matches_count",
            kind="number",
            sort="matches_count",
            sub=lambda row: excepted_words(row.excepted),
        ),
        Column("closed", _("Could not look inside"), kind="number", sort="closed"),
        Column("worst", _("Verdict"), lambda row: verdict_state(row.worst), kind="state"),
        Column("asked", _("Started"), "asked_at", kind="moment", sort="asked_at", sub="asked_by"),
    )
    filters = (
        Choice("state", _("State"), choices=Scan.State.choices, many=True),
        Choice("source", _("Source"), choices=Scan.Source.choices),
        Flag("found", _("With findings"), condition=Q(matches_count__gt=0)),
        Flag("archived", _("Archived"), condition=Q(archived_at__isnull=False)),
    )
    search_fields = ("share", "below")
    search_label = _("Share or folder")
    default_sort = "-asked"
    empty = Empty(
        _("Nothing has been scanned yet"),
        _(
            "A scan looks into every file of a share or of an uploaded set: for excerpts of registered "
            "secrets, rows of customer tables, secrecy markings, identifiers, keys and passwords."
        ),
        url=reverse_lazy("documents:scan_new"),
        action=_("New scan"),
        icon="radar",
    )

    def rows(self) -> QuerySet[Scan]:
        """Return the scans that the user may see; archived ones only if they are asked for."""
        rows = scans_visible_to(self.user)
        return rows if self.parameters.get("archived") else rows.filter(archived_at=None)

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user may scan for at least one legal entity."""
        return bool(entities_to_scan(self.user))


class ScanListView(ListingView):
    """The page of all scans."""

    listing = ScanListing
    template_name = "documents/scans.html"

    def allowed(self, request: HttpRequest) -> None:
        """Ask the gate: whoever sees scans somewhere."""
        gate.require(request.user, Action.INDEX_VIEW, index_place(request.user, Action.INDEX_VIEW))

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say whether a scan can be started, and how many are repeated."""
        return {
            "starts": listing.may_begin,
            "planned": plans_visible_to(listing.user).filter(ended_at=None).count(),
        }


class PlanListing(Listing):
    """The scans that are repeated."""

    name = "documents.plans"
    title = _("Repeated scans")
    columns = (
        Column("where", pgettext_lazy("scan", "Where"), str, primary=True),
        Column("entity", _("Legal entity"), "entity", sort="entity__name"),
        Column("every", _("How often"), lambda row: row.get_every_display(), sort="every"),
        Column("next", _("Next time"), "next_at", kind="moment", sort="next_at"),
        Column("by", _("Planned by"), "made_by"),
    )
    search_fields = ("share", "below")
    search_label = _("Share or folder")
    default_sort = "next"
    empty = Empty(
        _("No scan is repeated"),
        _("Choose how often when a scan of a share begins. Files that have not changed cost little then."),
        icon="calendar-repeat",
    )

    @property
    def bulk(self) -> tuple[BulkAction, ...]:
        """Offer the end to those who may control scans."""
        if not entities_to_scan(self.user):
            return ()
        asked = _("Repeat the chosen scans no more?")
        return (BulkAction("end", _("Do not repeat any more"), "calendar-off", asked),)

    def rows(self) -> QuerySet[ScanPlan]:
        """Return the plans in force that the user may see."""
        return plans_visible_to(self.user).filter(ended_at=None)

    def row_url(self, row: object) -> str:
        """Return the scans of the same share."""
        return f"{reverse('documents:scan_list')}?q={row.share}"

    def bulk_end(self, rows: list[ScanPlan]) -> str:
        """End the chosen plans."""
        for row in rows:
            plans.plan_end(actor=self.user, plan_id=row.pk)
        return _now("The chosen scans are not repeated any more.")


class PlanListView(ListingView):
    """The page of all repeated scans."""

    listing = PlanListing

    def allowed(self, request: HttpRequest) -> None:
        """Ask the gate: whoever sees scans somewhere."""
        gate.require(request.user, Action.INDEX_VIEW, index_place(request.user, Action.INDEX_VIEW))


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a scan."""
    gate.require(request.user, Action.SCAN_START, index_place(request.user, Action.SCAN_START))
    form = ScanForm(request.POST or None, request.FILES or None, user=request.user)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                scan = _begun(request, form)
            except InputError as error:
                form.add_error("below" if error.code == ShareFolderError.code else None, words_of(error))
            else:
                return redirect(scan.get_absolute_url())
        status = 422
    return render(request, "documents/scan_new.html", {"form": form}, status=status)


def _begun(request: HttpRequest, form: ScanForm) -> Scan:
    value = form.cleaned_data
    wish = scans.Wish(
        entity=form.entities[value["entity"]],
        share=value["share"],
        below=value["below"],
        files=files_adopt(actor=request.user, chosen=value["files"] or []),
        ocr=value["ocr"],
        packs=value["packs"],
        index_ids=value["indexes"],
        policy=value["policy"],
    )
    if value["every"]:
        return plans.scan_plan(actor=request.user, wish=wish, every=value["every"])
    return scans.scan_start(actor=request.user, wish=wish)


@login_required
@require_safe
def detail(request: HttpRequest, scan_id: UUID) -> HttpResponse:
    """Show how far a scan is and what it found; to htmx only the part that changes."""
    scan = scan_get(request.user, scan_id)
    if scan is None:
        raise Http404
    sees = bool(scopes_held(request.user, SEEING_MATCHES))
    named = {str(row.pk): label for row, label in indexes_ready(request.user)}
    resource = scan_resource(scan)
    context: dict[str, Any] = {
        "scan": scan,
        "state": scan_state(scan),
        "verdict": verdict_state(scan.worst),
        "excepted": excepted_words(scan.excepted),
        "failure": failure_words(scan.failure),
        "progress": (progress := progress_of(scan)),
        "left": duration_words(progress.seconds_left),
        "results": results_of(request.user, scan) if sees else None,
        "can": allowed(
            request.user,
            {"control": (Action.SCAN_CONTROL, resource), "delete": (Action.SCAN_DELETE, resource)},
        ),
        "means": [
            *(named.get(each, _now("an index that you do not see")) for each in scan.index_ids),
            *(PACK_WORDS.get(each, each) for each in scan.packs),
        ],
        "stops": scan.is_open and not scan.stop_asked,
        "resumes": scan.state in {Scan.State.STOPPED, Scan.State.FAILED},
    }
    partial = bool(request.htmx) and not request.htmx.boosted
    return render(request, "documents/_scan.html" if partial else "documents/scan.html", context)


@login_required
@require_POST
def control(request: HttpRequest, scan_id: UUID, what: str) -> HttpResponse:
    """Stop, resume or archive a scan, or take it out of the archive."""
    if what not in {"stop", "resume", "archive", "unarchive"}:
        raise Http404
    if scan_get(request.user, scan_id, Action.SCAN_CONTROL) is None:
        raise Http404
    if what == "stop":
        scans.scan_stop(actor=request.user, scan_id=scan_id)
        said = _now("The scan stops after the files that it is looking into.")
    elif what == "resume":
        scans.scan_resume(actor=request.user, scan_id=scan_id)
        said = _now("The scan goes on where it stopped.")
    else:
        scans.scan_archive(actor=request.user, scan_id=scan_id, archived=what == "archive")
        archived = _now("The scan is in the archive; its findings stay in the list of findings.")
        said = archived if what == "archive" else _now("The scan is back in the list.")
    messages.success(request, said)
    return redirect("documents:scan_detail", scan_id)


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, scan_id: UUID) -> HttpResponse:
    """Delete a scan with what it found, once it is confirmed."""
    scan = scan_get(request.user, scan_id, Action.SCAN_DELETE)
    if scan is None:
        raise Http404
    page = Page(
        title=_("Delete this scan"),
        submit=_("Delete"),
        back=scan.get_absolute_url(),
        said=_("The scan is deleted."),
        lead=_(
            "What it found is deleted with it, and files that were uploaded for it are destroyed for ever. "
            "The ledger keeps that there was such a scan and how much it found. Exceptions stay in force."
        ),
        trail=((reverse("documents:scan_list"), _("Scans")), (scan.get_absolute_url(), str(scan))),
        danger=True,
        facts=((_("Files"), scan.files), (pgettext_lazy("scan", "Findings"), scan.matches_count)),
    )

    def act(_form: object) -> str:
        scans.scan_delete(actor=request.user, scan_id=scan_id)
        return reverse("documents:scan_list")

    return form_page(request, page, forms.Form(request.POST or None), act)
