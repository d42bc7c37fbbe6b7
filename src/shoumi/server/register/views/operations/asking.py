"""Asking for an operation in steps: which secrets, which things, the answers, the check that submits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.register.forms.choices import said as said_in
from shoumi.server.register.forms.operations.asking import LetInForm, WishForm
from shoumi.server.register.models import Operation, OperationTemplate, TradeSecret
from shoumi.server.register.operation_values import Thing, Wish
from shoumi.server.register.queries.operations.choosing import (
    kinds_permitted,
    offers_of,
    secrets_chosen,
    secrets_searched,
    things_named,
)
from shoumi.server.register.queries.operations.lists import operation_get
from shoumi.server.register.queries.operations.obstacles import missing_answers, obstacles, said
from shoumi.server.register.queries.operations.resources import operation_resource
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.editing import SecretUnknownError
from shoumi.server.register.services.operations import requests, templates
from shoumi.server.register.views.finding import spoken

STEPS = 3


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Step 1: find secrets, choose the kind and the things, and begin the draft."""
    user = request.user
    kind = request.GET.get("kind", "")
    if request.method == "POST" and kind in Operation.Kind.values:
        things = things_named(request.POST.getlist("thing"), kind)
        try:
            operation = requests.operation_draft(
                actor=user, kind=kind, things=things, wish=_template_wish(request)
            )
        except (InputError, ConflictError) as error:
            messages.error(request, spoken(error))
        else:
            return redirect("register:operation_answers", operation.pk)
    secrets = secrets_chosen(user, request.GET.getlist("secret"))
    kinds = kinds_permitted(user, secrets)
    kind = kind if kind in kinds else ""
    words = request.GET.get("q", "").strip()[:200]
    context = {
        "steps": STEPS,
        "step": 1,
        "secrets": secrets,
        "kinds": [(key, label) for key, label in Operation.Kind.choices if key in kinds],
        "kind": kind,
        "kind_label": Operation.Kind(kind).label if kind else "",
        "groups": [(secret, offers_of(secret, kind)) for secret in secrets] if kind else [],
        "words": words,
        "found": secrets_searched(user, words) if not secrets else [],
        "templates": OperationTemplate.objects.filter(owner=user, kind=kind) if kind else [],
    }
    return render(request, "register/operations/new.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Step 2: the answers that this kind needs."""
    operation = _draft(request, operation_id)
    initial = WishForm.initial_of(operation)
    form = WishForm(request.POST or None, initial=initial, operation=operation, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                requests.operation_save(
                    actor=request.user,
                    operation_id=operation_id,
                    expected_version=form.cleaned_data["expected_version"],
                    wish=form.wish(),
                )
            except (InputError, ConflictError) as error:
                form.add_error(None, spoken(error))
            else:
                return redirect("register:operation_check", operation_id)
    context = {"steps": STEPS, "step": 2, "operation": operation, "form": form, "lines": _lines(operation)}
    return render(request, "register/operations/answers.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Step 3: everything that hinders, who will decide, and the button that submits."""
    operation = _draft(request, operation_id)
    if request.method == "POST":
        try:
            requests.operation_submit(
                actor=request.user,
                operation_id=operation_id,
                expected_version=int(request.POST.get("expected_version") or 0),
            )
        except (InputError, ConflictError) as error:
            messages.error(request, spoken(error))
        else:
            messages.success(
                request, _("The request is submitted. Nothing may be done before it is approved.")
            )
            return redirect("register:operation_detail", operation_id)
    lines = _lines(operation)
    hindering = [*missing_answers(operation), *obstacles(operation, lines)]
    context = {
        "steps": STEPS,
        "step": 3,
        "operation": operation,
        "lines": lines,
        "faults": list(dict.fromkeys(said(item) for item in hindering)),
        "deciders": _deciders(operation, lines[0].secret if lines else None),
    }
    return render(request, "register/operations/check.html", context, status=409 if request.POST else 200)


@login_required
@require_http_methods(["GET", "POST"])
def let_in(request: HttpRequest) -> HttpResponse:
    """Ask to be let in to consult a secret of which only the number is known."""
    form = LetInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"].strip()
        secret = TradeSecret.objects.filter(number=number).first()
        try:
            if secret is None:
                raise SecretUnknownError
            operation = requests.operation_draft(
                actor=request.user,
                kind=Operation.Kind.CONSULT,
                things=[Thing(secret.pk)],
                wish=Wish(purpose=form.cleaned_data["purpose"]),
                let_in=True,
            )
            requests.operation_submit(
                actor=request.user, operation_id=operation.pk, expected_version=operation.version
            )
        except (InputError, ConflictError) as error:
            form.add_error("number", spoken(error))
        else:
            messages.success(
                request, _("The request is submitted. Nothing may be done before it is approved.")
            )
            return redirect("register:operation_detail", operation.pk)
    status = 422 if request.POST else 200
    return render(request, "register/operations/let_in.html", {"form": form}, status=status)


@login_required
@require_POST
def again(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Begin a new draft like an earlier request."""
    try:
        operation = requests.operation_again(actor=request.user, operation_id=operation_id)
    except (InputError, ConflictError) as error:
        messages.error(request, spoken(error))
        return redirect("register:operation_detail", operation_id)
    return redirect("register:operation_answers", operation.pk)


@login_required
@require_POST
def template_keep(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Keep the answers of a request under a name."""
    templates.template_save(actor=request.user, operation_id=operation_id, name=request.POST.get("name", ""))
    messages.success(request, _("The template is kept; it is offered when you ask for the next one."))
    return redirect("register:operation_detail", operation_id)


@login_required
@require_POST
def template_drop(request: HttpRequest, template_id: int) -> HttpResponse:
    """Forget a template."""
    templates.template_delete(actor=request.user, template_id=template_id)
    messages.success(request, _("The template is deleted."))
    return redirect("register:operation_list")


@login_required
@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """Show the templates of the user."""
    rows = OperationTemplate.objects.filter(owner=request.user)
    return render(request, "register/operations/templates.html", {"rows": rows})


def _draft(request: HttpRequest, operation_id: UUID) -> Operation:
    operation = operation_get(request.user, operation_id)
    gate.require(request.user, Action.OPERATION_EDIT, operation_resource(operation))
    return operation


def _lines(operation: Operation) -> list[Any]:
    return list(
        operation.lines.select_related("secret__entity", "secret__owner_department", "carrier", "file__file")
    )


def _deciders(operation: Operation, secret: TradeSecret | None) -> list[tuple[str, int]]:
    """Return the steps of the approval that will follow, in words, with the persons each needs."""
    if secret is None:
        return []
    rule = pack_for(secret.pack).operations.rule(operation.kind)
    return [(said_in(step.names), step.quorum) for step in rule.approval[operation.level]]


def _template_wish(request: HttpRequest) -> Wish | None:
    key = request.POST.get("template", "")
    if not key.isdigit():
        return None
    row = OperationTemplate.objects.filter(owner=request.user, pk=int(key)).first()
    return templates.template_wish(row) if row else None
