"""The page of an agreement for HR, legal and the office: state, text, signatures, files, what is missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.agreements.forms.preparing import fact_name, fact_shown
from shoumi.server.agreements.forms.signing import PurposeForm
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.drafts import examine
from shoumi.server.agreements.queries.libraries import library_of, said
from shoumi.server.agreements.queries.texts import refusals_shown, text_drafted, text_fixed
from shoumi.server.agreements.queries.visible import agreement_resource
from shoumi.server.agreements.services.ordering import esign_service
from shoumi.server.agreements.services.signing import agreement_opening_record, agreement_reveal
from shoumi.server.agreements.views.asking import TONES, agreement_seen, title_of
from shoumi.server.agreements.views.preparing import parts
from shoumi.server.files.models import StoredFile
from shoumi.server.files.responses import stream
from shoumi.server.people.panels import links_of
from shoumi.server.people.views.asking import allowed

State = Agreement.State
WISHES = {
    "open": Action.AGREEMENT_OPEN,
    "prepare": Action.AGREEMENT_PREPARE,
    "record": Action.AGREEMENT_RECORD,
    "countersign": Action.AGREEMENT_COUNTERSIGN,
    "reveal": Action.AGREEMENT_REVEAL,
    "calculate": Action.NON_COMPETE_CALCULATE,
    "end": Action.NON_COMPETE_END,
    "see": Action.NON_COMPETE_VIEW,
}


@login_required
@require_safe
def agreement_detail(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show an agreement; personal details masked."""
    agreement = agreement_seen(request, agreement_id)
    return render(request, "agreements/agreement.html", _context(request, agreement, masked=True))


@login_required
@require_POST
def reveal(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show an agreement with everything, for a reason that is recorded."""
    agreement = agreement_seen(request, agreement_id)
    form = PurposeForm(request.POST)
    form.is_valid()
    agreement_reveal(actor=request.user, agreement=agreement, purpose=form.cleaned_data.get("purpose", ""))
    context = _context(request, agreement, masked=False)
    response = render(request, "agreements/agreement.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def download(request: HttpRequest, agreement_id: UUID, what: str) -> HttpResponseBase:
    """Give out one paper of an agreement, exactly the stored bytes."""
    agreement = agreement_seen(request, agreement_id)
    stored = paper_of(agreement, what)
    agreement_opening_record(actor=request.user, agreement=agreement, stored=stored, purpose="download")
    return stream(stored, request=request)


def paper_of(agreement: Agreement, what: str) -> StoredFile:
    """Return a stored paper by its name in addresses.

    Raises:
        Http404: there is none.
    """
    found = {"pdf": agreement.pdf, "docx": agreement.docx, "text": agreement.form}.get(what)
    if found is None and what.startswith("signature-"):
        side = what.removeprefix("signature-")
        signature = agreement.signatures.filter(side=side).select_related("picture").first()
        found = signature.picture if signature else None
    if found is None:
        raise Http404
    return found


def _context(request: HttpRequest, agreement: Agreement, *, masked: bool) -> dict[str, Any]:
    resource = agreement_resource(agreement)
    can = allowed(request.user, {name: (action, resource) for name, action in WISHES.items()})
    context: dict[str, Any] = {
        "agreement": agreement,
        "title": title_of(agreement),
        "can": can,
        "tone": TONES[State(agreement.state)],
        "masked": masked,
        "signatures": agreement.signatures.select_related("signer", "recorded_by", "picture"),
        "order": getattr(agreement, "order", None),
        "refusal": getattr(agreement, "refusal", None),
        "recorded": getattr(agreement, "refusal_recorded", None),
        "non_compete": getattr(agreement, "non_compete", None) if can["see"] else None,
        "successors": agreement.successors.all(),
        "service": esign_service() is not None,
        "links": links_of("agreement", request.user, agreement),
    }
    if agreement.state == State.DRAFT and can["prepare"]:
        return context | _draft(agreement)
    if agreement.form_id and can["open"]:
        context["text"] = text_fixed(agreement, masked=masked)
    return context


def _draft(agreement: Agreement) -> dict[str, Any]:
    """Return what a draft still needs, what is refused, and its text as far as it goes."""
    library = library_of(agreement.entity)
    facts = [
        (fact_name(library, name), fact_shown(library, name, value))
        for name, value in agreement.known.items()
        if name in library.facts
    ]
    try:
        read = examine(agreement)
    except InputError as error:
        return {"fault": words_of(error), "facts": facts}
    draft = read.draft
    missing = [fact_name(library, name) for name in draft.missing_facts if name in library.facts]
    missing += [said(library.fields[name].names) for name in draft.missing_fields]
    every = parts(read)
    return {
        "draft": draft,
        "facts": facts,
        "missing": missing,
        "needs_proposal": "non_compete" in draft.missing_facts,
        "refusals": refusals_shown(draft.refusals),
        "parts": [(number, kind) for number, (kind, _names) in enumerate(every, start=1)],
        "has_optional": any(not clause.mandatory for clause in draft.kind.clauses),
        "text": text_drafted(read, agreement),
    }
