"""The secret's page: facts, status rail, and the tabs overview, files, people, timeline, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.files.responses import stream, whole
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.carriers.visible import carrier_to_be
from shoumi.server.register.queries.changes import differences, open_change
from shoumi.server.register.queries.evidence import evidence_of
from shoumi.server.register.queries.holdings import stored_files_of
from shoumi.server.register.queries.rail import stations_of
from shoumi.server.register.queries.records import record_context
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.scope import knowers_of
from shoumi.server.register.queries.scope_notices import notices_about
from shoumi.server.register.queries.snapshot import reconcile
from shoumi.server.register.queries.timeline import proofs_of, timeline_of
from shoumi.server.register.services import contents, ending, evidence, proposals
from shoumi.server.register.services.editing import OPEN_TO_EDITS, UNDECIDED
from shoumi.server.register.views.finding import found, permitted, reasons_of

BUTTONS = (
    Action.SECRET_EDIT,
    Action.SECRET_CHANGE,
    Action.SECRET_DECLASSIFY,
    Action.SECRET_EXPORT,
    Action.SECRET_PRINT_LABEL,
    Action.SECRET_REVIEW,
    Action.SECRET_WITHDRAW,
    Action.COPY_VIEW,
    Action.EVIDENCE_VIEW,
    Action.EVIDENCE_DOWNLOAD,
    Action.FILE_DOWNLOAD,
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the record page."""

    key: str
    label: str
    url: str
    count: int | None = None


def page(request: HttpRequest, secret: TradeSecret, active: str, more: dict[str, Any]) -> HttpResponse:
    """Return the record page with one tab open."""
    can = permitted(request, secret, *BUTTONS)
    context = {
        "secret": secret,
        "active": active,
        "tabs": _tabs(secret, copies=can["copy_view"]),
        "rail": stations_of(secret),
        "can": can,
        "editable": secret.state in OPEN_TO_EDITS,
        "undecided": secret.state in UNDECIDED,
        **record_context(secret),
        **more,
    }
    return render(request, f"register/detail/{active}.html", context)


def _tabs(secret: TradeSecret, *, copies: bool) -> list[Tab]:
    def url(name: str) -> str:
        return reverse(f"register:{name}", args=[secret.pk])

    tabs = [
        Tab("overview", _("Overview"), url("secret_detail")),
        Tab("files", _("Files"), url("secret_files"), len(stored_files_of(secret))),
        Tab("people", _("People"), url("secret_people")),
        Tab("use", _("Use"), url("secret_use")),
        Tab("timeline", _("Timeline"), url("secret_timeline")),
        Tab("evidence", _("Evidence"), url("secret_evidence")),
    ]
    if copies:
        tabs.append(Tab("copies", _("Issued copies"), url("secret_copies"), secret.copies.count()))
    return tabs


@login_required
@require_safe
def overview(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show what the record says."""
    secret = found(request, secret_id)
    change = open_change(secret)
    version = secret.versions.prefetch_related("filings").order_by("-ordinal").first()
    marking = list(secret.marking_tasks.select_related("file__file", "carrier", "done_by").order_by("pk"))
    more = {
        "change": change,
        "differences": differences(secret, change.wished) if change else [],
        "publication": getattr(secret, "publication", None),
        "version": version,
        "versions": list(secret.versions.order_by("-ordinal")),
        "filings": list(version.filings.all()) if version else [],
        "disagreement": reconcile(version) if version else [],
        "marking": marking,
        "marked": sum(task.done_at is not None for task in marking),
        "acts": list(secret.declassification_acts.select_related("file__file", "carrier", "done_by")),
    }
    return page(request, secret, "overview", more)


@login_required
@require_safe
def files(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show files and carriers; names of files are shown to those who may open them."""
    secret = found(request, secret_id)
    decision = gate.decide(request.user, Action.FILE_DOWNLOAD, secret_resource(secret, of="file"))
    more = {
        "rows": list(secret.files.select_related("file", "added_by")),
        "carriers": list(secret.carriers.select_related("keeper").order_by("number", "pk")),
        "may_add": gate.permits(request.user, Action.CARRIER_MANAGE, carrier_to_be(secret)),
        "decision": decision,
        "reasons": [] if decision.permitted else reasons_of(decision),
    }
    return page(request, secret, "files", more)


@login_required
@require_GET
def file_download(request: HttpRequest, secret_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Send a file of the secret: asked of the gate, written to the ledger, then streamed."""
    handout = contents.secret_file_open(actor=request.user, secret_id=secret_id, file_id=file_id)
    if handout.content is not None:
        return whole(handout.stored, handout.content)
    return stream(handout.stored, request=request)


@login_required
@require_safe
def people(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show who may know, and why."""
    secret = found(request, secret_id)
    may_see = gate.permits(request.user, Action.EVIDENCE_VIEW, secret_resource(secret, of="evidence"))
    more = {"knowers": knowers_of(secret), "notices": list(notices_about(secret)) if may_see else []}
    return page(request, secret, "people", more)


@login_required
@require_safe
def timeline(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show what happened, as the ledger has it."""
    secret = found(request, secret_id)
    more = {"events": timeline_of(secret, request.user), "may_ledger": _may_read_ledger(request)}
    return page(request, secret, "timeline", more)


@login_required
@require_safe
def evidence_tab(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show the three elements with their evidence and what is missing, and offer the package."""
    secret = found(request, secret_id)
    gate.require(request.user, Action.EVIDENCE_VIEW, secret_resource(secret, of="evidence"))
    return page(
        request,
        secret,
        "evidence",
        {**evidence_of(secret), "proofs": proofs_of(secret), "may_ledger": _may_read_ledger(request)},
    )


def _may_read_ledger(request: HttpRequest) -> bool:
    return gate.permits(request.user, Action.LEDGER_VIEW, resources.ledger())


@login_required
@require_POST
def package(request: HttpRequest, secret_id: UUID) -> HttpResponseBase:
    """Hand out the evidence package."""
    found(request, secret_id)
    made = evidence.evidence_package_build(
        actor=request.user, secret_id=secret_id, purpose=request.POST.get("purpose", "").strip()
    )
    response = StreamingHttpResponse(made.blocks, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def version(request: HttpRequest, secret_id: UUID, ordinal: int) -> HttpResponse:
    """Show an older version of the record."""
    secret = found(request, secret_id)
    row = secret.versions.prefetch_related("filings").filter(ordinal=ordinal).first()
    if row is None:
        raise Http404
    context = {"secret": secret, "version": row, "record": row.snapshot, "disagreement": reconcile(row)}
    return render(request, "register/detail/version.html", {**record_context(secret), **context})


@login_required
@require_POST
def marked(request: HttpRequest, task_id: int) -> HttpResponse:
    """Record that a file or carrier bears its mark."""
    task = contents.marking_done(actor=request.user, task_id=task_id)
    return redirect("register:secret_detail", task.secret_id)


@login_required
@require_POST
def act_record(request: HttpRequest, act_id: int) -> HttpResponse:
    """Record a measure after declassification."""
    act = ending.declassification_act_record(
        actor=request.user, act_id=act_id, note=request.POST.get("note", "")
    )
    return redirect("register:secret_detail", act.secret_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Take a proposal back."""
    proposals.secret_withdraw(actor=request.user, secret_id=secret_id)
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("register:secret_detail", secret_id)


@login_required
@require_POST
def not_a_secret(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Record the outcome “not a secret”."""
    proposals.secret_find_not_a_secret(
        actor=request.user,
        secret_id=secret_id,
        expected_version=int(request.POST.get("expected_version") or 0),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("It is recorded that this is no trade secret."))
    return redirect("register:secret_detail", secret_id)
