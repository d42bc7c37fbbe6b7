"""Taking over an older register: choose the file, see every fault, answer once, put to approval."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.approvals.queries import deciders_of, request_seen
from shoumi.server.files.form_drafts import draft_forget
from shoumi.server.files.queries import file_get
from shoumi.server.files.services import file_open, files_adopt
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.files.tables import read_table, write_annotated
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import department_resource
from shoumi.server.register.forms.legacy import (
    LegacyElementsForm,
    LegacyExclusionsForm,
    LegacyFileForm,
    LegacyRowsForm,
)
from shoumi.server.register.models import LegacyBatch
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.choosing import departments_of
from shoumi.server.register.services import legacy
from shoumi.server.register.views.finding import spoken

SHOWN_ROWS = 50
PARTS = (
    Part("rows", gettext_lazy("Its rows"), LegacyRowsForm, "register/legacy/_rows.html"),
    Part(
        "elements", gettext_lazy("Why they are secret"), LegacyElementsForm, "register/legacy/_elements.html"
    ),
    Part("exclusions", gettext_lazy("Exclusions"), LegacyExclusionsForm, "register/legacy/_exclusions.html"),
)


def _entities(request: HttpRequest) -> list[LegalEntity]:
    """Return the entities for at least one department of which the user may import."""
    found = []
    for entity in LegalEntity.objects.all():
        wishes = [(Action.SECRET_IMPORT, department_resource(row)) for row in departments_of(entity.pk)]
        if any(decision.permitted for decision in gate.decide_each(request.user, wishes)):
            found.append(entity)
    return found


ROWS_ON_PAGE = 200


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Take the file."""
    entities = _entities(request)
    choices = [(str(row.pk), str(row)) for row in entities]
    form = LegacyFileForm(request.POST or None, request.FILES or None, user=request.user, entities=choices)
    if request.method == "POST" and form.is_valid():
        stored = files_adopt(actor=request.user, chosen=[form.cleaned_data["file"]])[0]
        return redirect("register:legacy_preview", form.cleaned_data["entity"], stored.pk)
    mine = LegacyBatch.objects.filter(created_by=request.user).select_related("entity")[:20]
    context = {"form": form, "batches": mine, "entities": entities}
    return render(request, "register/legacy/choose.html", context, status=422 if request.POST else 200)


@login_required
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, entity_id: UUID, file_id: UUID, part: str) -> HttpResponse:
    """Show rows and faults; with all answers, open the batch."""
    entity, stored = _given(entity_id), file_get(request.user, file_id)
    name = f"older-register-{entity.pk}-{stored.pk}"
    pack = company_pack(entity.pk, entity.pack)
    found = None
    if part == PARTS[0].key:  # the file is read where it is shown; at the end the service reads it again
        try:
            found = legacy.legacy_read(actor=request.user, stored=stored, entity=entity)
        except InputError as error:
            messages.error(request, spoken(error))
            return redirect("register:legacy_choose")
        if not found.rows:
            context = {"entity": entity, "stored": stored, "found": found}
            return render(request, "register/legacy/nothing.html", context)
        if request.POST.get("national_security") == "yes":
            draft_forget(request.user, name)
            return redirect("register:proposal_led_out", pack=entity.pack)

    def finish(values: Mapping[str, Any]) -> str:
        batch = legacy.batch_open(
            actor=request.user,
            entity=entity,
            stored=stored,
            elements=values["elements"],
            exclusions=values["exclusions"],
            necessity=values["necessity"],
            leave_out_faulty=values["leave_out"],
        )
        messages.success(request, _("The older register is with the secrecy office."))
        return reverse("register:legacy_detail", args=[batch.pk])

    stepper = Stepper(
        name=name,
        parts=PARTS,
        title=stored.name,
        submit=_("Submit the batch to the secrecy office"),
        back=reverse("register:legacy_choose"),
        address=lambda key: reverse("register:legacy_part", args=[entity_id, file_id, key]),
        finish=finish,
        arguments={"pack": pack, "found": found},
        initial={},
        trail=(
            (reverse("register:secret_list"), _("Register")),
            (reverse("register:legacy_choose"), _("Import an older register")),
        ),
        lead=entity,
        styles=("shoumi/register.css",),
        shown={
            "entity": entity,
            "stored": stored,
            "found": found,
            "shown": found.rows[:SHOWN_ROWS] if found else (),
        },
    )
    return stepper.page(request, part)


@login_required
@require_safe
def annotated(request: HttpRequest, entity_id: UUID, file_id: UUID) -> HttpResponse:
    """Return the user's own file with every faulty cell coloured and commented."""
    entity, stored = _given(entity_id), file_get(request.user, file_id)
    found = legacy.legacy_read(actor=request.user, stored=stored, entity=entity)
    with file_open(stored) as stream:
        table = read_table(stream, stored.name)
    target = io.BytesIO()
    write_annotated(target, table, found.faults)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = f"faults-{clock().now():%Y-%m-%d}.xlsx"
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(target.getvalue(), content_type=kind, headers=headers)


@login_required
@require_safe
def detail(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show a batch with its rows to whoever made it or may see its request."""
    batch = _batch(batch_id)
    if batch.created_by_id != request.user.pk:
        request_seen(request.user, batch.request_id)
    rows = batch.rows.select_related("secret").order_by("position")
    page = Paginator(rows, ROWS_ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "rows": page,
        "total": page.paginator.count,
        "done": batch.rows.exclude(secret=None).count(),
        "pack": company_pack(batch.entity_id, batch.entity.pack),
        "may_decide": str(request.user.pk) in deciders_of(batch.ledger_subject),
        "decide_url": reverse("approvals:request_detail", args=[batch.request_id]),
        "may_withdraw": batch.created_by_id == request.user.pk and batch.state in legacy.OPEN_BATCHES,
    }
    part = (
        "register/legacy/_progress.html"
        if request.headers.get("HX-Request")
        else "register/legacy/detail.html"
    )
    return render(request, part, context)


@login_required
@require_POST
def withdraw(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Take a batch back."""
    legacy.batch_withdraw(actor=request.user, batch=_batch(batch_id))
    messages.success(request, _("The older register is withdrawn; nothing was taken over."))
    return redirect("register:legacy_choose")


def _given(entity_id: UUID) -> LegalEntity:
    entity = LegalEntity.objects.filter(pk=entity_id).first()
    if entity is None:
        raise Http404
    return entity


def _batch(batch_id: UUID) -> LegacyBatch:
    batch = LegacyBatch.objects.select_related("entity", "created_by", "file").filter(pk=batch_id).first()
    if batch is None:
        raise Http404
    return batch
