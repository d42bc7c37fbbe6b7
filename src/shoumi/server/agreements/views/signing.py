"""Signing: what I have to sign, drawing, witnessing; recording paper and refusals, countersigning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.services.signatures import SignatureError, SignatureLockedError
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.agreements.forms.signing import DrawForm, OrderForm, PaperForm, PasswordForm, RefusedForm
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.texts import text_fixed
from shoumi.server.agreements.queries.visible import mine, to_sign, to_witness
from shoumi.server.agreements.services.drawings import drawing_read
from shoumi.server.agreements.services.ordering import order_send
from shoumi.server.agreements.services.refusing import refusal_record, refusal_witness
from shoumi.server.agreements.services.signing import (
    Paper,
    agreement_countersign,
    agreement_opening_record,
    agreement_paper_record,
    agreement_sign,
)
from shoumi.server.agreements.views.asking import FORM, TONES, agreement_seen, own_agreement, title_of, trail
from shoumi.server.agreements.views.detail import paper_of
from shoumi.server.files.responses import stream
from shoumi.server.files.services import files_adopt
from shoumi.server.people.views.asking import UNPROCESSABLE, Page, form_page

State = Agreement.State


@login_required
@require_safe
def my_agreements(request: HttpRequest) -> HttpResponse:
    """Show what the user has to sign and to witness, and their agreements."""
    waiting = list(to_sign(request.user))
    others = mine(request.user).exclude(state=State.OFFERED)
    context = {
        "waiting": [(row, title_of(row)) for row in waiting],
        "witnessing": [(row, title_of(row.refusal.agreement)) for row in to_witness(request.user)],
        "rows": [(row, title_of(row), TONES[State(row.state)]) for row in others],
    }
    return render(request, "agreements/mine.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def my_agreement(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show the user an agreement of theirs in full, and take the drawn signature."""
    agreement = own_agreement(request, agreement_id)
    form, status = DrawForm(request.POST or None, initial={"pdf_sha256": agreement.pdf.sha256}), 200
    if request.method == "POST":
        if form.is_valid() and _done(form, partial(_sign, request, agreement, form)):
            messages.success(request, _("You have signed. The agreement is kept for you here."))
            return redirect("agreements:mine_detail", agreement.pk)
        status = UNPROCESSABLE
    context = {
        "agreement": agreement,
        "title": title_of(agreement),
        "tone": TONES[State(agreement.state)],
        "text": text_fixed(agreement, masked=False),
        "form": form,
        "signatures": agreement.signatures.select_related("picture"),
    }
    response = render(request, "agreements/sign.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def my_download(request: HttpRequest, agreement_id: UUID, what: str) -> HttpResponseBase:
    """Give the user a paper of an agreement of theirs, exactly the bytes that were signed."""
    agreement = own_agreement(request, agreement_id)
    stored = paper_of(agreement, what)
    agreement_opening_record(actor=request.user, agreement=agreement, stored=stored, purpose="download")
    return stream(stored, request=request)


@login_required
@require_http_methods(["GET", "POST"])
def witness(request: HttpRequest, witness_id: UUID) -> HttpResponse:
    """Show a named witness the record of a refused signature, and take their confirmation."""
    row = get_object_or_404(to_witness(request.user), pk=witness_id)
    confirming = Confirming(
        title=_("Confirm as a witness"),
        lead=_("You were there when the signature was refused. Read the record and confirm it if it is so."),
        submit=_("I confirm the record"),
        said=_("You have confirmed the record."),
        agreement=row.refusal.paper,
        back=reverse("agreements:mine"),
    )
    return _confirm(request, confirming, partial(refusal_witness, actor=request.user, witness=row))


@login_required
@require_http_methods(["GET", "POST"])
def countersign(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Sign for the company."""
    agreement = agreement_seen(request, agreement_id, Action.AGREEMENT_COUNTERSIGN)
    if agreement.state != State.SIGNED:
        raise Http404
    confirming = Confirming(
        title=_("Sign for the company"),
        lead=_("The other party has signed exactly this text."),
        submit=_("Sign for the company"),
        said=_("The company has signed; the agreement is in force."),
        agreement=agreement,
        back=agreement.get_absolute_url(),
    )
    act = partial(agreement_countersign, actor=request.user, agreement=agreement)
    return _confirm(request, confirming, act)


@dataclass(frozen=True, slots=True)
class Confirming:
    """A page with a whole text that is confirmed with the password."""

    title: str
    lead: str
    submit: str
    said: str
    agreement: Agreement
    back: str


def _confirm(request: HttpRequest, page: Confirming, act: Callable[..., object]) -> HttpResponse:
    form = PasswordForm(request.POST or None, initial={"pdf_sha256": page.agreement.pdf.sha256})
    status = 200
    if request.method == "POST":
        if form.is_valid() and _done(form, partial(act, **form.cleaned_data)):
            messages.success(request, page.said)
            return redirect(page.back)
        status = UNPROCESSABLE
    context = {"page": page, "form": form, "text": text_fixed(page.agreement, masked=False)}
    response = render(request, "agreements/confirm.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Record what was signed on paper."""
    agreement = agreement_seen(request, agreement_id, Action.AGREEMENT_RECORD)
    page = Page(
        title=_("Signed on paper"),
        submit=_("Record the signature"),
        back=agreement.get_absolute_url(),
        said=_("The signature is recorded."),
        trail=trail(agreement),
        facts=((_("Agreement"), title_of(agreement)),),
        columns={"agreements.day": "signed_on"},
        template=FORM,
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        (scan,) = files_adopt(actor=request.user, chosen=[values["scan"]])
        agreement_paper_record(
            actor=request.user,
            agreement=agreement,
            expected_version=form.version,
            paper=Paper(scan, values["signed_on"], values["signer_name"]),
        )

    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        initial={"expected_version": agreement.version},
    )
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Record that the person would not sign."""
    agreement = agreement_seen(request, agreement_id, Action.AGREEMENT_RECORD)
    page = Page(
        title=_("The signature was refused"),
        submit=_("Record the refusal"),
        back=agreement.get_absolute_url(),
        said=_("The refusal is recorded; both witnesses are asked to confirm it."),
        lead=_("Read the agreement out, explain it, and name two witnesses who were there all the time."),
        trail=trail(agreement),
        facts=((_("Agreement"), title_of(agreement)),),
        columns={"agreements.witnesses": "witness_one"},
        template=FORM,
    )

    def act(form: Any) -> None:
        refusal_record(
            actor=request.user, agreement=agreement, expected_version=form.version, refused=form.refused
        )

    form = RefusedForm(
        request.POST or None,
        user=request.user,
        entity=agreement.entity,
        initial={"expected_version": agreement.version},
    )
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Give the agreement to the signing service."""
    agreement = agreement_seen(request, agreement_id, Action.AGREEMENT_PREPARE)
    page = Page(
        title=_("Have it signed by the signing service"),
        submit=_("Send it to the service"),
        back=agreement.get_absolute_url(),
        said=_("The service has taken the order."),
        trail=trail(agreement),
        facts=((_("Agreement"), title_of(agreement)),),
        columns={"people.field_missing": "contact"},
        template=FORM,
    )

    def act(form: Any) -> None:
        order_send(
            actor=request.user,
            agreement=agreement,
            expected_version=form.version,
            contact=form.cleaned_data["contact"],
        )

    form = OrderForm(request.POST or None, initial={"expected_version": agreement.version})
    return form_page(request, page, form, act)


def _sign(request: HttpRequest, agreement: Agreement, form: DrawForm) -> None:
    values = form.cleaned_data
    agreement_sign(
        actor=request.user,
        agreement=agreement,
        pdf_sha256=values["pdf_sha256"],
        drawing=drawing_read(values["picture"], values["strokes"]),
        password=values["password"],
    )


def _done(form: Any, act: Callable[[], object]) -> bool:
    """Tell whether `act` was done; what was wrong stands in the form."""
    try:
        act()
    except (SignatureError, SignatureLockedError) as error:
        form.add_error("password", words_of(error))
    except (InputError, ConflictError) as error:
        form.add_error(None, words_of(error))
    else:
        return True
    return False
