"""Pages of the ledger: the list, one entry with its proof, and the state of its integrity."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.console.ledger.forms import EntrySearchForm, RevealForm
from shoumi.server.console.ledger.queries import (
    entry_lines,
    entry_or_404,
    entry_resource,
    ledger_resource,
    tag_choices,
)
from shoumi.server.console.ledger.services import audit_start, details_reveal
from shoumi.server.ledger import queries
from shoumi.server.ledger.queries import EntryDetail, LedgerEntry

SHOWN_CHECKPOINTS = 20
SHOWN_AUDITS = 10
SHOWN_GAPS = 20


@require_safe
@login_required
def entry_list(request: HttpRequest) -> HttpResponse:
    """Show the entries that match, the newest first; htmx gets the rows only."""
    gate.require(request.user, Action.LEDGER_VIEW, ledger_resource())
    form = EntrySearchForm(request.GET)
    page = queries.entry_page(
        form.wanted(), below=_number(request.GET.get("below")), above=_number(request.GET.get("above"))
    )
    search = request.GET.copy()
    for name in ("below", "above"):
        search.pop(name, None)
    narrowed = any(value.strip() for value in search.values())
    context = {
        "form": form,
        "lines": entry_lines(page.entries),
        "page": page,
        "search": search.urlencode(),
        "is_narrowed": narrowed,
        "total": queries.entry_count(),
        "tags": tag_choices(),
    }
    partial = request.htmx and not request.htmx.boosted
    return render(request, "ledger/_entries.html" if partial else "ledger/entry_list.html", context)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004 - 64 bits


@require_safe
@login_required
def entry_detail(request: HttpRequest, index: int) -> HttpResponse:
    """Show one entry: what it says, what covers it, and how to check it."""
    gate.require(request.user, Action.LEDGER_VIEW, ledger_resource())
    entry = entry_or_404(index)
    return _entry_page(request, entry, RevealForm(), None)


@never_cache
@require_POST
@login_required
def entry_reveal(request: HttpRequest, index: int) -> HttpResponse:
    """Show the entry's page with the values behind its commitments, this once."""
    gate.require(request.user, Action.LEDGER_VIEW, ledger_resource())
    entry = entry_or_404(index)
    form = RevealForm(request.POST)
    revealed = None
    if form.is_valid():
        revealed = details_reveal(actor=request.user, entry=entry, purpose=form.cleaned_data["purpose"])
    return _entry_page(request, entry, form, revealed)


def _entry_page(
    request: HttpRequest, entry: LedgerEntry, form: RevealForm, revealed: tuple[EntryDetail, ...] | None
) -> HttpResponse:
    reveal, prove = gate.decide_each(
        request.user,
        [(Action.LEDGER_REVEAL, entry_resource(entry)), (Action.LEDGER_PROVE, ledger_resource())],
    )
    context = {
        "line": entry_lines([entry])[0],
        "entry": entry,
        "body": bytes(entry.body).decode(),
        "leaf_hash": entry.leaf_hash.hex(),
        "details": revealed or queries.entry_details(entry),
        "is_revealed": revealed is not None,
        "coverage": queries.coverage_of(entry.index),
        "log_key": str(queries.log_key()),
        "form": form,
        "may_reveal": reveal.permitted,
        "may_prove": prove.permitted,
        "newer": entry.index + 1 if entry.index + 1 < queries.entry_count() else None,
        "older": entry.index - 1 if entry.index else None,
    }
    return render(request, "ledger/entry_detail.html", context)


@require_safe
@login_required
def integrity(request: HttpRequest) -> HttpResponse:
    """Show the light at length: what was checked when, what covers the ledger, and every gap."""
    view, audit = gate.decide_each(
        request.user, [(Action.LEDGER_VIEW, ledger_resource()), (Action.LEDGER_AUDIT, ledger_resource())]
    )
    if not view.permitted and not audit.permitted:
        gate.require(request.user, Action.LEDGER_VIEW, ledger_resource())
    context = {
        "integrity": queries.integrity_status(),
        "audits": queries.audits()[:SHOWN_AUDITS],
        "checkpoints": queries.checkpoints()[:SHOWN_CHECKPOINTS],
        "gaps": queries.gaps()[:SHOWN_GAPS],
        "parties": queries.parties(),
        "log_key": str(queries.log_key()),
        "may_view": view.permitted,
        "may_audit": audit.permitted,
    }
    return render(request, "ledger/integrity.html", context)


@require_POST
@login_required
def audit_now(request: HttpRequest) -> HttpResponse:
    """Start a self-audit and go back to the integrity page."""
    if audit_start(actor=request.user):
        messages.success(request, _("The self-audit has ended; its result stands below."))
    else:
        messages.info(request, _("The self-audit has been handed to the worker; its result will stand here."))
    return redirect("ledger:integrity")


@require_safe
@never_cache
@login_required
def light(request: HttpRequest) -> HttpResponse:
    """Show the integrity light for the head of every page."""
    gate.require(request.user, Action.LEDGER_STATUS, ledger_resource())
    view, audit = gate.decide_each(
        request.user, [(Action.LEDGER_VIEW, ledger_resource()), (Action.LEDGER_AUDIT, ledger_resource())]
    )
    context = {"integrity": queries.integrity_status(), "may_open": view.permitted or audit.permitted}
    return render(request, "ledger/_light.html", context)
