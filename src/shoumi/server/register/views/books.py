"""The secrets ledgers: how each book stands, signing and receiving, comparing, taking a book out.

Follows the seed guide 五(二).  Lines and differences are `book_lists`' and `book_lines`' matter.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entities_visible, today_of
from shoumi.server.register.models import BookSignature, Reconciliation
from shoumi.server.register.queries.books import (
    Book,
    SigningState,
    book_of,
    book_resource,
    differences_open,
    hash_of,
    lines_visible_to,
    month_before,
    signing_states,
)
from shoumi.server.register.services import books
from shoumi.server.register.services.book_exports import book_export
from shoumi.server.register.services.reconciling import reconciliation_start

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
RUNS_SHOWN = 5


@login_required
@require_safe
def ledgers(request: HttpRequest) -> HttpResponse:
    """Show how the books of a legal entity stand: signatures, differences, comparisons."""
    entities = list(entities_visible(request.user))
    wanted = request.GET.get("entity")
    entity = next((row for row in entities if row.code == wanted), entities[0] if entities else None)
    if entity is None or not lines_visible_to(request.user).filter(secret__entity=entity).exists():
        return render(request, "register/books/nothing.html", {"entities": entities, "entity": entity})
    states = [state for state in signing_states(entity) if _may(request, Action.BOOK_VIEW, state.book)]
    visible = lines_visible_to(request.user)
    runs = list(Reconciliation.objects.filter(entity=entity).select_related("asked_by")[:RUNS_SHOWN])
    differences = differences_open(entity).filter(secret__book_lines__in=visible).distinct().count()
    context = {
        "entity": entity,
        "entities": entities,
        "states": [(state, *_buttons(request, state)) for state in states],
        "runs": runs,
        "last": next((run for run in runs if run.state == Reconciliation.State.DONE), None),
        "running": next((run for run in runs if run.state == Reconciliation.State.RUNNING), None),
        "differences": differences,
        "may_compare": _may(request, Action.BOOK_RECONCILE, Book(entity)),
        "overdue": sum(state.overdue for state in states),
    }
    template = (
        "register/books/_comparison.html"
        if request.headers.get("HX-Request")
        else "register/books/ledgers.html"
    )
    return render(request, template, context)


@login_required
@require_POST
def compare(request: HttpRequest, entity_code: str) -> HttpResponse:
    """Begin a comparison of the two books."""
    entity = _entity(request, entity_code)
    run = reconciliation_start(actor=request.user, entity=entity)
    if run.state == Reconciliation.State.DONE and run.found == 0:
        messages.success(request, _("The two secrets ledgers agree: no difference."))
    elif run.state == Reconciliation.State.DONE:
        messages.warning(request, _("The comparison is done: %(count)d differences.") % {"count": run.found})
    else:
        messages.info(request, _("The comparison has begun; it goes on in the background."))
    return redirect(_home(entity))


@login_required
def sign(request: HttpRequest, entity_code: str, key: str) -> HttpResponse:
    """Show what is signed, and sign it."""
    entity = _entity(request, entity_code)
    book = _book(entity, key)
    gate.require(request.user, Action.BOOK_SIGN, book_resource(book))
    month = month_before(today_of(entity))
    if request.method == "POST":
        signature = books.book_sign(
            actor=request.user, book=book, month=month, expected_sha256=request.POST.get("sha256", "")
        )
        text = (
            _("Signed for %(month)s.")
            if signature.department is None
            else _("Signed for %(month)s and filed.")
        )
        messages.success(request, text % {"month": f"{signature.month:%Y-%m}"})
        return redirect(_home(entity))
    open_here = differences_open(entity)
    if book.department:
        open_here = open_here.filter(secret__owner_department=book.department)
    context = {
        "book": book,
        "entity": entity,
        "month": month,
        "sha256": hash_of(book),
        "lines": book.lines().count(),
        "shown": book.lines().select_related("secret").order_by("secret__number")[:200],
        "differences": open_here.count(),
    }
    return render(request, "register/books/sign.html", context)


@login_required
@require_POST
def receive(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    """Confirm that a department's list arrived."""
    signature = books.book_receive(actor=request.user, signature_id=signature_id)
    messages.success(request, _("The list is received."))
    return redirect(_home(signature.entity))


@login_required
@require_POST
def export(request: HttpRequest, entity_code: str, key: str) -> HttpResponse:
    """Return a book as a spreadsheet or as PDF."""
    entity = _entity(request, entity_code)
    book, form = _book(entity, key), request.POST.get("form", "")
    content = book_export(actor=request.user, book=book, form=form)
    unit = book.department.code if book.department else book.key
    name = f"ledger-{entity.code}-{unit}-{clock().now():%Y-%m-%d}.{form}"
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{plain}"'}
    return HttpResponse(content, content_type=MEDIA[form], headers=headers)


@login_required
@require_safe
def signatures(request: HttpRequest, entity_code: str, key: str) -> HttpResponse:
    """Show every signature under one book, with its filing and receipt."""
    entity = _entity(request, entity_code)
    book = _book(entity, key)
    gate.require(request.user, Action.BOOK_VIEW, book_resource(book))
    rows = BookSignature.objects.filter(entity=entity, department=book.department)
    context = {"book": book, "entity": entity, "rows": rows.select_related("signed_by", "received_by")}
    return render(request, "register/books/signatures.html", context)


def _buttons(request: HttpRequest, state: SigningState) -> tuple[bool, bool, bool]:
    """Return whether the user may sign, receive and take out a book now."""
    book, last = state.book, state.last
    waits = last is not None and book.department is not None and last.received_at is None
    may_receive = waits and gate.permits(
        request.user, Action.BOOK_RECEIVE, book_resource(book, last.signed_by_id if last else None)
    )
    may_sign = state.signature is None and state.lines > 0 and _may(request, Action.BOOK_SIGN, book)
    return may_sign, may_receive, _may(request, Action.BOOK_EXPORT, book)


def _may(request: HttpRequest, action: Action, book: Book) -> bool:
    return gate.permits(request.user, action, book_resource(book))


def _entity(request: HttpRequest, code: str) -> LegalEntity:
    entity = entities_visible(request.user).filter(code=code).first()
    if entity is None:
        raise Http404
    return entity


def _book(entity: LegalEntity, key: str) -> Book:
    try:
        book = book_of(entity, key if key == "office" else str(UUID(key)))
    except ValueError:
        raise Http404 from None
    if book is None:
        raise Http404
    return book


def _home(entity: LegalEntity) -> str:
    return f"{reverse('register:ledgers')}?entity={entity.code}"
