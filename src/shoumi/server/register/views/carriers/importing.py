"""Carriers and storage units in from spreadsheets: the file, what it would do, and taking it over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shoumi.engine.errors import ConflictError, InputError
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.tables.imports import (
    annotated_copy,
    import_apply,
    import_discard,
    import_get,
    import_open,
    import_preview,
)
from shoumi.server.files.tables.models import ImportState
from shoumi.server.files.tables.plans import Effect, ImportKind
from shoumi.server.people.forms.importing import UploadForm
from shoumi.server.register.services.carriers.importing import CARRIER_IMPORT, UNIT_IMPORT
from shoumi.server.register.views.lists import table

KINDS = {
    "carriers": (CARRIER_IMPORT, "register:carrier_list"),
    "storage": (UNIT_IMPORT, "register:unit_list"),
}
SHOWN = 200  # faults and rows on the page; the rest is in the annotated file
UNPROCESSABLE = 422


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """Take the file."""
    known, back = _kind(kind)
    known.allow(request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = import_open(actor=request.user, kind=known, name=file.name, content=file.read())
        except InputError as error:
            form.add_error("file", words_of(error))
        else:
            return redirect("register:import_preview", kind, draft.pk)
    context = {"form": form, "kind": known, "back": back, "spec": known.specs[0]}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "register/carriers/import_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, kind: str, import_id: UUID) -> HttpResponse:
    """Show what the file would do; take it over, discard it, or hand out the copy with its faults."""
    known, back = _kind(kind)
    draft = import_get(actor=request.user, kind=known, import_id=import_id)
    if draft.state != ImportState.OPEN:
        return redirect(back)
    shown = import_preview(actor=request.user, kind=known, draft=draft)
    wish = request.POST.get("do", "")
    if wish == "faults":
        return table(annotated_copy(shown), "xlsx")
    if wish in {"apply", "discard"}:
        version = int(request.POST.get("version") or 0)
        common = {"actor": request.user, "kind": known, "draft": draft, "expected_version": version}
        try:
            if wish == "discard":
                import_discard(**common)
                messages.success(request, _("The import is discarded."))
            else:
                import_apply(**common, leave_out_faulty=request.POST.get("leave_out") == "1")
                messages.success(request, _("The rows are taken over."))
        except (InputError, ConflictError) as error:
            messages.error(request, words_of(error))
        else:
            return redirect(back)
    plan = shown.plan
    context = {
        "kind": known,
        "draft": draft,
        "preview": shown,
        "back": back,
        "new": plan.count(Effect.NEW),
        "changed": plan.count(Effect.CHANGED),
        "unchanged": plan.count(Effect.UNCHANGED),
        "faults": shown.faults[:SHOWN],
        "rows": plan.changes[:SHOWN],
    }
    return render(request, "register/carriers/import_preview.html", context)


def _kind(kind: str) -> tuple[ImportKind, str]:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]
