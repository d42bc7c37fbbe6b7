"""Preparing an agreement: begin, facts and fields by parts, clauses, own wordings, offer, withdraw, end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError, RefusalError
from shoumi.engine.policy import Action
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.agreements.forms.preparing import (
    ClausesForm,
    FactsForm,
    NewForm,
    ValuesForm,
    WordingForm,
    parts_of,
)
from shoumi.server.agreements.forms.signing import ReasonForm
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.drafts import Read, examine, fields_used, inputs_of
from shoumi.server.agreements.queries.libraries import facts_of_kind
from shoumi.server.agreements.queries.visible import entities_of
from shoumi.server.agreements.services.drafting import (
    agreement_change,
    agreement_draft,
    agreement_end,
    agreement_withdraw,
)
from shoumi.server.agreements.services.offering import agreement_offer
from shoumi.server.agreements.views.asking import FORM, agreement_seen, title_of, trail, version_of
from shoumi.server.people.models import Person
from shoumi.server.people.queries import persons_visible
from shoumi.server.people.views.asking import Page, form_page

COLUMNS = {
    "agreements.party": "party_name",
    "agreements.day": "ends_on",
    "agreements.open_already": "person",
}


@login_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Choose the legal entity; where there is one only, go on."""
    rows = list(entities_of(request.user))
    if len(rows) == 1:
        return redirect("agreements:agreement_create", rows[0].pk)
    return render(request, "agreements/entities.html", {"entities": rows})


@login_required
@require_http_methods(["GET", "POST"])
def agreement_new(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Begin an agreement."""
    entity = get_object_or_404(entities_of(request.user), pk=entity_id)
    page = Page(
        title=_("New agreement"),
        submit=_("Go on"),
        back=reverse("agreements:agreement_list"),
        said=_("The draft is made; fill in what is missing."),
        lead=_("Clauses come from the library of the country, by the facts of the person or the occasion."),
        trail=trail(),
        columns=COLUMNS,
        template=FORM,
    )

    def act(form: Any) -> str:
        return next_part(agreement_draft(actor=request.user, wish=form.wish))

    initial = {"person": _asked_for(request), "kind": request.GET.get("kind", "")}
    form = NewForm(request.POST or None, user=request.user, entity=entity, initial=initial)
    return form_page(request, page, form, act)


def parts(read: Read) -> list[tuple[str, tuple[str, ...]]]:
    """Return the parts in which a draft is filled in: facts, then fields, at most eight each."""
    facts = [name for name in facts_of_kind(read.draft.kind) if not name.startswith("nc_")]
    found = [("facts", names) for names in parts_of(facts)]
    return found + [("fields", names) for names in parts_of(fields_used(read))]


def next_part(agreement: Agreement, after: int = 0) -> str:
    """Return the address of the next part behind `after` in which something is missing, else of the draft."""
    read = examine(agreement)
    missing = {*read.draft.missing_facts, *read.draft.missing_fields}
    for number, (_kind, names) in enumerate(parts(read), start=1):
        if number > after and missing & set(names):
            return reverse("agreements:agreement_part", args=[agreement.pk, number])
    return agreement.get_absolute_url()


@login_required
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, agreement_id: UUID, number: int) -> HttpResponse:
    """Fill in one part of a draft."""
    agreement = _draft(request, agreement_id)
    read = examine(agreement)
    every = parts(read)
    if not 1 <= number <= len(every):
        raise Http404
    kind, names = every[number - 1]
    step = {"number": number, "count": len(every)}
    page = Page(
        title=pgettext("agreement", "Facts") if kind == "facts" else _("Fields of the text"),
        submit=_("Keep and go on"),
        back=agreement.get_absolute_url(),
        said=_("Kept."),
        lead=_("Part %(number)s of %(count)s.") % step,
        trail=trail(agreement),
        template=FORM,
    )

    def act(form: Any) -> str:
        row = agreement_change(
            actor=request.user, agreement=agreement, expected_version=form.version, change=form.change
        )
        return next_part(row, number)

    initial = {"expected_version": agreement.version}
    made: FactsForm | ValuesForm
    if kind == "facts":
        made = FactsForm(
            request.POST or None, library=read.library, names=names, known=agreement.known, initial=initial
        )
    else:
        values = inputs_of(agreement).get("values", {})
        made = ValuesForm(
            request.POST or None, library=read.library, names=names, values=values, initial=initial
        )
    return form_page(request, page, made, act)


@login_required
@require_http_methods(["GET", "POST"])
def clauses(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Choose optional clauses."""
    agreement = _draft(request, agreement_id)
    kind = examine(agreement).draft.kind
    page = Page(
        title=_("Optional clauses"),
        submit=_("Keep"),
        back=agreement.get_absolute_url(),
        said=_("Kept."),
        lead=_("Clauses that the facts call for are there by themselves; these can be added."),
        trail=trail(agreement),
        template=FORM,
    )

    def act(form: Any) -> str:
        row = agreement_change(
            actor=request.user, agreement=agreement, expected_version=form.version, change=form.change
        )
        return next_part(row)

    form = ClausesForm(
        request.POST or None,
        choices=[(clause.id, clause.heading) for clause in kind.clauses if not clause.mandatory],
        initial={"expected_version": agreement.version, "optional": agreement.optional},
    )
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def wording(request: HttpRequest, agreement_id: UUID, clause_id: str) -> HttpResponse:
    """Give a clause the company's own wording."""
    agreement = _draft(request, agreement_id)
    kind = examine(agreement).draft.kind
    clause = kind.clause(clause_id)
    if clause is None:
        raise Http404
    own = agreement.own_changes.get(clause_id, {})
    page = Page(
        title=_("Own wording"),
        submit=_("Keep"),
        back=agreement.get_absolute_url(),
        said=_("The wording is kept as a deviation from the library."),
        trail=trail(agreement),
        facts=((_("Library"), clause.text),),
        template=FORM,
    )

    def act(form: Any) -> None:
        agreement_change(
            actor=request.user,
            agreement=agreement,
            expected_version=form.version,
            change=form.change(clause_id),
        )

    initial = {
        "expected_version": agreement.version,
        "heading": own.get("heading") or clause.heading,
        "text": own.get("text") or clause.text,
    }
    return form_page(request, page, WordingForm(request.POST or None, initial=initial), act)


@login_required
@require_POST
def offer(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Fix the bytes and let the party sign."""
    agreement = agreement_seen(request, agreement_id)
    try:
        agreement_offer(actor=request.user, agreement=agreement, expected_version=version_of(request))
    except NotPermittedError:
        raise
    except (InputError, ConflictError, RefusalError) as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("The agreement is fixed and waits for the signature."))
    return redirect(agreement)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take an agreement back that is not in force."""
    texts = (_("Withdraw the agreement"), _("Withdraw it"), _("The agreement is withdrawn."))
    return _over(request, agreement_id, agreement_withdraw, texts)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """End an agreement that is in force."""
    texts = (_("End the agreement"), _("End it"), _("The agreement is ended."))
    return _over(request, agreement_id, agreement_end, texts)


def _over(
    request: HttpRequest, agreement_id: UUID, service: Callable[..., Agreement], texts: tuple[str, str, str]
) -> HttpResponse:
    agreement = agreement_seen(request, agreement_id, Action.AGREEMENT_PREPARE)
    title, submit, told = texts
    page = Page(
        title=title,
        submit=submit,
        back=agreement.get_absolute_url(),
        said=told,
        trail=trail(agreement),
        danger=True,
        facts=((_("Agreement"), title_of(agreement)),),
        template=FORM,
    )

    def act(form: Any) -> None:
        service(
            actor=request.user,
            agreement=agreement,
            expected_version=form.version,
            reason=form.cleaned_data["reason"],
        )

    form = ReasonForm(request.POST or None, initial={"expected_version": agreement.version})
    return form_page(request, page, form, act)


def _draft(request: HttpRequest, agreement_id: UUID) -> Agreement:
    agreement = agreement_seen(request, agreement_id, Action.AGREEMENT_PREPARE)
    if agreement.state != Agreement.State.DRAFT:
        raise Http404
    return agreement


def _asked_for(request: HttpRequest) -> str:
    """Return the number of the person whom the address names."""
    try:
        key = UUID(request.GET.get("person", ""))
    except ValueError:
        return ""
    row: Person | None = persons_visible(request.user).filter(pk=key).first()
    return row.number if row else ""
