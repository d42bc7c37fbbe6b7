"""Taking over an older register: choose the file, see every fault, answer once, put to approval."""

from __future__ import annotations

import io
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.approvals.queries import deciders_of, request_seen
from shoumi.server.files.queries import file_get
from shoumi.server.files.services import file_open, files_adopt
from shoumi.server.files.tables import read_table, write_annotated
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import department_resource
from shoumi.server.register.forms.assessment import ExclusionForm
from shoumi.server.register.forms.choices import said
from shoumi.server.register.forms.legacy import LegacyAnswersForm, LegacyFileForm
from shoumi.server.register.models import LegacyBatch
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.choosing import departments_of
from shoumi.server.register.services import legacy
from shoumi.server.register.views.finding import spoken

SHOWN_ROWS = 50


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
def preview(request: HttpRequest, entity_id: UUID, file_id: UUID) -> HttpResponse:
    """Show rows and faults; with all answers, open the batch."""
    entity, stored = _given(entity_id), file_get(request.user, file_id)
    try:
        found = legacy.legacy_read(actor=request.user, stored=stored, entity=entity)
    except InputError as error:
        messages.error(request, spoken(error))
        return redirect("register:legacy_choose")
    pack = company_pack(entity.pk, entity.pack)
    data = request.POST or None
    question = said(pack.state_secret.question)
    form = LegacyAnswersForm(data, question=question, faults=len(found.faults), rows=len(found.rows))
    exclusions = [ExclusionForm(data, exclusion=item) for item in pack.exclusions]
    if data and form.is_valid() & all([row.is_valid() for row in exclusions]):  # noqa: C419 - each shows its faults
        if form.cleaned_data["national_security"] == "yes":
            return redirect("register:proposal_led_out", pack=entity.pack)
        batch = legacy.batch_open(
            actor=request.user,
            entity=entity,
            stored=stored,
            elements=form.elements(),
            exclusions={
                row.exclusion.id: {"answer": row.value().answer, "fields": dict(row.value().fields)}
                for row in exclusions
            },
            necessity=form.cleaned_data["necessity"],
            leave_out_faulty=bool(form.cleaned_data.get("leave_out")),
        )
        messages.success(request, _("The older register is with the secrecy office."))
        return redirect("register:legacy_detail", batch.pk)
    context = {
        "entity": entity,
        "stored": stored,
        "found": found,
        "shown": found.rows[:SHOWN_ROWS],
        "form": form,
        "exclusions": exclusions,
        "pack": pack,
    }
    return render(request, "register/legacy/preview.html", context, status=422 if data else 200)


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
