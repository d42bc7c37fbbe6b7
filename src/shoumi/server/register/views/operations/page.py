"""The operation's page, and the forms by which it is carried out, taken back, confirmed, or extended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError, RefusalError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.queries import current_step, step_resource
from shoumi.server.register.forms.operations.doing import (
    BackForm,
    ExecuteForm,
    ExtendForm,
    LineForm,
    SignedForm,
)
from shoumi.server.register.models import Operation, OperationLine
from shoumi.server.register.queries.operations.lists import operation_get
from shoumi.server.register.queries.operations.methods import method_label
from shoumi.server.register.queries.operations.obstacles import obstacles, said
from shoumi.server.register.queries.operations.resources import operation_resource
from shoumi.server.register.queries.operations.stations import operation_stations
from shoumi.server.register.services.operations import (
    certificates,
    deciding,
    executing,
    requests,
    returning,
    witnessing,
)
from shoumi.server.register.services.operations.filing import filings_disagree
from shoumi.server.register.views.documents import pdf
from shoumi.server.register.views.finding import spoken

State, LineState = Operation.State, OperationLine.State
BUTTONS = (
    Action.OPERATION_EDIT,
    Action.OPERATION_WITHDRAW,
    Action.OPERATION_EXECUTE,
    Action.OPERATION_CONFIRM,
    Action.OPERATION_EXTEND,
)
LINES = (
    "secret__entity",
    "secret__owner_department",
    "secret__custodian",
    "carrier",
    "file__file",
    "from_zone",
)


@login_required
@require_safe
def detail(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Show what was asked for, decided, done, signed and filed."""
    operation = operation_get(request.user, operation_id)
    lines = _lines(operation)
    for line in lines:
        line.method_words = method_label(operation, line) if line.method else ""
    waiting = [line for line in lines if line.state == LineState.WAITING]
    open_to_do = operation.state in (State.APPROVED, State.UNDER_WAY) and waiting
    context = {
        "operation": operation,
        "lines": lines,
        "rail": operation_stations(operation),
        "can": _can(request, operation, lines),
        "acts": list(operation.acts.select_related("actor").prefetch_related("lines")),
        "witnesses": list(operation.witnesses.select_related("user")),
        "filings": list(operation.filings.all()),
        "disagreement": filings_disagree(operation),
        "extensions": list(operation.extensions.select_related("asked_by")),
        "faults": [said(item) for item in obstacles(operation, waiting)] if open_to_do else [],
        "request_id": operation.request_id,
    }
    return render(request, "register/operations/detail.html", context)


def _can(request: HttpRequest, operation: Operation, lines: list[OperationLine]) -> dict[str, bool]:
    """Return which buttons the page draws: what the gate permits and what there is to do."""
    resource = operation_resource(operation)
    decisions = gate.decide_each(request.user, [(action, resource) for action in BUTTONS])
    edit, withdraw, execute, confirm, extend = (decision.permitted for decision in decisions)
    states = {line.state for line in lines}
    named = operation.witnesses.filter(user=request.user, confirmed_at=None).exists()
    receiver = operation.receiver.user_id if operation.receiver else None
    return {
        "edit": edit,
        "withdraw": withdraw,
        "execute": execute and LineState.WAITING in states,
        "drop": execute and operation.state == State.UNDER_WAY and LineState.WAITING in states,
        "give_back": execute and LineState.OUT in states,
        "receive": confirm and receiver == request.user.pk and bool(returning.unconfirmed(operation)),
        "witness": confirm and named and LineState.UNWITNESSED in states,
        "extend": extend and LineState.OUT in states,
        "refuse": operation.state == State.AWAITING_APPROVAL and _decides(request, operation),
        "certificate": operation.kind == Operation.Kind.DESTROY and operation.state == State.DONE,
        "again": operation.requester_id == request.user.pk and operation.state != State.DRAFT,
    }


def _decides(request: HttpRequest, operation: Operation) -> bool:
    row = ApprovalRequest.objects.filter(pk=operation.request_id).first()
    step = current_step(row) if row else None
    return step is not None and gate.permits(request.user, Action.APPROVAL_DECIDE, step_resource(step))


@login_required
@require_http_methods(["GET", "POST"])
def execute(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Carry out what waits; before approval the gate refuses and the ledger keeps the attempt."""
    operation = operation_get(request.user, operation_id)
    gate.require(request.user, Action.OPERATION_EXECUTE, operation_resource(operation))
    waiting = [line for line in _lines(operation) if line.state == LineState.WAITING]
    data = request.POST or None
    possible = executing.witnesses_possible(operation, request.user)
    initial = {"expected_version": operation.version}
    form = ExecuteForm(data, initial=initial, operation=operation, possible=possible)
    rows = [LineForm(data, operation=operation, line=line) for line in waiting]

    def act() -> object:
        return executing.operation_execute(
            actor=request.user,
            operation_id=operation_id,
            expected_version=form.cleaned_data["expected_version"],
            execution=form.execution(rows),
        )

    context = {
        "title": _("Carry out"),
        "submit": _("Sign: it was carried out"),
        "danger": operation.kind == Operation.Kind.DESTROY,
        "conditions": operation.conditions,
    }
    return _signed(request, operation, form, act, {**context, "rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Take back what is out."""
    operation = operation_get(request.user, operation_id)
    gate.require(request.user, Action.OPERATION_EXECUTE, operation_resource(operation))
    out = [line for line in _lines(operation) if line.state == LineState.OUT]
    data = request.POST or None
    form = SignedForm(data, initial={"expected_version": operation.version})
    rows = [BackForm(data, operation=operation, line=line) for line in out]

    def act() -> object:
        return returning.operation_give_back(
            actor=request.user,
            operation_id=operation_id,
            expected_version=form.cleaned_data["expected_version"],
            lines=[row.back() for row in rows if row.cleaned_data.get("chosen")],
            password=form.cleaned_data["password"],
            note=form.cleaned_data["note"],
        )

    context = {"title": _("Take back"), "submit": _("Sign: it came back")}
    return _signed(request, operation, form, act, {**context, "rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Confirm as the receiver, or as a witness, signed with one's own password."""
    operation = operation_get(request.user, operation_id)
    gate.require(request.user, Action.OPERATION_CONFIRM, operation_resource(operation))
    witness = operation.witnesses.filter(user=request.user).exists()
    form = SignedForm(request.POST or None, initial={"expected_version": operation.version})

    def act() -> object:
        password, note = form.cleaned_data["password"], form.cleaned_data["note"]
        if witness:
            return witnessing.destruction_witness(
                actor=request.user, operation_id=operation_id, password=password, note=note
            )
        return returning.receipt_confirm(actor=request.user, operation_id=operation_id, password=password)

    context = {
        "title": _("Confirm as a witness") if witness else _("Confirm the receipt"),
        "submit": _("Sign: I saw it") if witness else _("Sign: I received it"),
        "lead": _("With enough witnesses everything listed counts as destroyed. It cannot be taken back.")
        if witness
        else "",
        "danger": witness,
    }
    return _signed(request, operation, form, act, context)


@login_required
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Ask for more time."""
    operation = operation_get(request.user, operation_id)
    gate.require(request.user, Action.OPERATION_EXTEND, operation_resource(operation))
    form = ExtendForm(request.POST or None)

    def act() -> object:
        return returning.extension_ask(actor=request.user, operation_id=operation_id, **form.cleaned_data)

    context = {"title": _("Ask for more time"), "submit": _("Submit for approval")}
    return _signed(request, operation, form, act, context)


@login_required
@require_POST
def drop(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Give up what was approved and not carried out."""
    executing.operation_drop(
        actor=request.user,
        operation_id=operation_id,
        expected_version=int(request.POST.get("expected_version") or 0),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("What was left is recorded as not carried out."))
    return redirect("register:operation_detail", operation_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Take the request back."""
    requests.operation_withdraw(
        actor=request.user, operation_id=operation_id, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("The request is withdrawn."))
    return redirect("register:operation_list")


@login_required
@require_POST
def refuse(request: HttpRequest, operation_id: UUID, line_id: int) -> HttpResponse:
    """Refuse one line of what waits for a decision."""
    deciding.operation_line_refuse(actor=request.user, line_id=line_id, reason=request.POST.get("reason", ""))
    messages.success(request, _("The line is refused; decide on the others."))
    return redirect("register:operation_detail", operation_id)


@login_required
@require_POST
def certificate(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Hand out the certificate of a destruction."""
    operation = operation_get(request.user, operation_id)
    content = certificates.certificate_print(actor=request.user, operation=operation)
    return pdf(content, f"destruction-{operation.number}.pdf")


def _lines(operation: Operation) -> list[Any]:
    return list(operation.lines.select_related(*LINES).prefetch_related("copies"))


def _signed(
    request: HttpRequest,
    operation: Operation,
    form: Form,
    act: Callable[[], object],
    context: dict[str, Any],
) -> HttpResponse:
    """Show a form with its lines (`rows` of the context); when it is valid, act and go back."""
    rows: list[Any] = context.get("rows", [])
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() & all([row.is_valid() for row in rows]):  # noqa: C419 - each shows its faults
            try:
                act()
            except gate.NotPermittedError:
                raise
            except (InputError, ConflictError, RefusalError) as error:
                form.add_error("password" if isinstance(error, RefusalError) else None, spoken(error))
            else:
                messages.success(request, _("It is recorded, and written to the ledger."))
                return redirect("register:operation_detail", operation.pk)
    values = {"operation": operation, "form": form, "lines": _lines(operation), **context}
    return render(request, "register/operations/act.html", values, status=status)
