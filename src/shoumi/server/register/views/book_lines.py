"""One secret in both books side by side: fields, entries, corrections, what settles a difference."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.register.forms.books import CorrectionForm, EventForm
from shoumi.server.register.models import BookDifference, BookLine, TradeSecret
from shoumi.server.register.models.books import FIELDS, Side
from shoumi.server.register.queries.book_words import (
    difference_words,
    entries_in_words,
    field_labels,
    pairs_of,
)
from shoumi.server.register.queries.books import line_resource, lines_visible_to
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.services import books
from shoumi.server.register.views.finding import spoken


@login_required
@require_safe
def detail(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show both lines of a secret, what differs, and what each side wrote."""
    secret, lines = _seen(request, secret_id)
    open_ones = BookDifference.objects.filter(secret=secret, resolved_at=None).select_related("event")
    keeps = {side: _keeps(request, secret, side, lines.get(side)) for side in Side.values}
    context = {
        "secret": secret,
        "pairs": pairs_of(lines.get(Side.OWNER), lines.get(Side.OFFICE)),
        "sides": [
            {
                "side": side,
                "label": label,
                "line": lines.get(side),
                "entries": list(entries_in_words(lines[side])) if side in lines else [],
                "keeps": keeps[side],
                "event_form": EventForm(initial={"expected_version": lines[side].version}, prefix=side)
                if side in lines and keeps[side]
                else None,
            }
            for side, label in Side.choices
        ],
        "keeps": keeps,
        "differences": [(row, *difference_words(row)) for row in open_ones],
    }
    return render(request, "register/books/line.html", context)


@login_required
def correct(request: HttpRequest, secret_id: UUID, side: str, field: str) -> HttpResponse:
    """Correct one field of one side."""
    secret, lines = _seen(request, secret_id)
    line = lines.get(side)
    if line is None or field not in FIELDS:
        raise Http404
    gate.require(request.user, Action.BOOK_KEEP, line_resource(line))
    form = CorrectionForm(request.POST or None, line=line, field=field, pack=pack_of(secret))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                books.line_correct(
                    actor=request.user,
                    line_id=line.pk,
                    expected_version=data["expected_version"],
                    field=field,
                    value=data["value"],
                    reason=data["reason"],
                )
            except (ConflictError, InputError) as error:
                form.add_error(None, spoken(error))
            else:
                messages.success(request, _("The correction is entered."))
                return redirect("register:line_detail", secret.pk)
    other = lines.get(Side.OFFICE if side == Side.OWNER else Side.OWNER)
    pair = next(
        pair for pair in pairs_of(lines.get(Side.OWNER), lines.get(Side.OFFICE)) if pair.field == field
    )
    context = {
        "secret": secret,
        "line": line,
        "form": form,
        "label": field_labels()[field],
        "pair": pair,
        "other": other,
    }
    return render(request, "register/books/correct.html", context, status=status)


@login_required
@require_POST
def note(request: HttpRequest, secret_id: UUID, side: str) -> HttpResponse:
    """Enter a life event that happened outside the system."""
    secret, lines = _seen(request, secret_id)
    form = EventForm(request.POST, prefix=side)
    if side not in lines or not form.is_valid():
        messages.error(request, _("Say what happened, with a note."))
        return redirect("register:line_detail", secret.pk)
    data = form.cleaned_data
    entered = _done(
        request,
        lambda: books.line_event_note(
            actor=request.user,
            line_id=lines[side].pk,
            expected_version=data["expected_version"],
            kind=data["kind"],
            note=data["note"],
        ),
    )
    if entered:
        messages.success(request, _("The life event is entered into this book."))
    return redirect("register:line_detail", secret.pk)


@login_required
@require_POST
def settle(request: HttpRequest, secret_id: UUID, difference_id: UUID, side: str) -> HttpResponse:
    """Settle a missing line or life event on one side: make it, enter it, or strike it out there."""
    secret, lines = _seen(request, secret_id)
    row = BookDifference.objects.filter(pk=difference_id, secret=secret, resolved_at=None).first()
    if row is None or side not in Side.values:
        raise Http404
    reason = request.POST.get("reason", "")
    if row.field == BookDifference.LINE:
        work: Any = lambda: books.line_restore(  # noqa: E731 - one of three
            actor=request.user, difference_id=row.pk, side=side, reason=reason
        )
    elif row.event_id is not None and side in lines:
        held = (row.owner_value if side == Side.OWNER else row.office_value) is not None
        write = books.line_event_strike if held else books.line_event_enter
        work = lambda: write(  # noqa: E731 - one of three
            actor=request.user,
            line_id=lines[side].pk,
            expected_version=lines[side].version,
            event_id=row.event_id,
            reason=reason,
        )
    else:
        raise Http404
    if _done(request, work):
        messages.success(request, _("The difference is settled."))
    return redirect("register:line_detail", secret.pk)


def _done(request: HttpRequest, work: Any) -> bool:
    """Do the work; say what stood against it."""
    try:
        work()
    except (ConflictError, InputError) as error:
        messages.error(request, spoken(error))
        return False
    return True


def _seen(request: HttpRequest, secret_id: UUID) -> tuple[TradeSecret, dict[str, BookLine]]:
    """Return the secret and its lines; 404 unless the user may see at least one of them."""
    lines = {line.side: line for line in lines_visible_to(request.user).filter(secret=secret_id)}
    if not lines:
        raise Http404
    return next(iter(lines.values())).secret, lines


def _keeps(request: HttpRequest, secret: TradeSecret, side: str, line: BookLine | None) -> bool:
    made = line or BookLine(secret=secret, side=side)
    return gate.permits(request.user, Action.BOOK_KEEP, line_resource(made))
