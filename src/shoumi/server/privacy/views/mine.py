"""“What is collected about me”: notices to read, what is collected and why, consents, who looked.

Everybody sees only their own; written for a telephone first.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.people.models import Person
from shoumi.server.privacy.models import Consent, Delivery, NoticeText, Processing
from shoumi.server.privacy.queries.collecting import deliveries_of
from shoumi.server.privacy.queries.mine import collected_about, notices_waiting, requests_of, who_looked
from shoumi.server.privacy.queries.visible import own_resource
from shoumi.server.privacy.queries.words import scope_words, scopes_of_consent
from shoumi.server.privacy.services.consents import consent_answer, consent_withdraw, question_of
from shoumi.server.privacy.services.notices import notice_acknowledge, notice_shown


def own_person(request: HttpRequest) -> Person:
    """Return the person behind the sign-in.

    Raises:
        Http404: the sign-in has none.
        NotPermittedError: the account is not active any more.
    """
    rows = Person.objects.select_related("entity", "user")
    person = get_object_or_404(rows, user=request.user)
    gate.require(request.user, Action.PRIVACY_OWN, own_resource(person))
    return person


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is collected about the reader, why, and who looked."""
    person = Person.objects.select_related("entity", "user").filter(user=request.user).first()
    if person is None:
        return render(request, "privacy/mine.html", {"person": None})
    gate.require(request.user, Action.PRIVACY_OWN, own_resource(person))
    context = {
        "person": person,
        "waiting": notices_waiting(person),
        "collected": collected_about(person),
        "looks": who_looked(person),
        "requests": requests_of(person),
        "read": [row for row in deliveries_of(person).order_by("-sent_at") if row.shown_at],
    }
    return render(request, "privacy/mine.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Read a notice that was handed over, and acknowledge it by the hash of what was read."""
    person = own_person(request)
    row = get_object_or_404(deliveries_of(person), pk=delivery_id)
    text = _text_for(row)
    fault = ""
    if request.method == "POST":
        try:
            notice_acknowledge(actor=request.user, delivery=row, sha256=request.POST.get("sha256", ""))
        except (ConflictError, InputError) as error:
            fault = words_of(error)
        else:
            messages.success(request, _("You have acknowledged the notice."))
            return redirect("privacy:mine")
    else:
        row = notice_shown(actor=request.user, delivery=row, text=text)
    context = {"row": row, "text": text, "fault": fault}
    return render(request, "privacy/notice.html", context, status=409 if fault else 200)


@login_required
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, processing_id: UUID, scope: str) -> HttpResponse:
    """Answer one question about one processing: agree or refuse."""
    person = own_person(request)
    row = get_object_or_404(Processing.objects.select_related("entity"), pk=processing_id)
    if row.entity_id != person.entity_id or scope not in scopes_of_consent(row):
        raise Http404
    question, sha256 = question_of(row, scope)
    fault = ""
    if request.method == "POST":
        agreed = request.POST.get("answer") == "agree"
        try:
            consent_answer(
                actor=request.user,
                person=person,
                processing=row,
                scope=scope,
                agreed=agreed,
                sha256=request.POST.get("sha256", ""),
            )
        except (ConflictError, InputError) as error:
            fault = words_of(error)
        else:
            said = _("You have agreed. You can withdraw at any time.") if agreed else _("You have refused.")
            messages.success(request, said)
            return redirect("privacy:mine")
    context = {
        "processing": row,
        "scope": scope_words(row, scope),
        "question": question,
        "sha256": sha256,
        "fault": fault,
    }
    return render(request, "privacy/consent.html", context, status=409 if fault else 200)


@login_required
@require_POST
def withdraw(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Withdraw a consent, in one step."""
    person = own_person(request)
    row = get_object_or_404(Consent, pk=consent_id, person=person)
    try:
        consent_withdraw(actor=request.user, consent=row)
    except ConflictError as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("You have withdrawn it. From now on this is not collected any more."))
    return redirect("privacy:mine")


def _text_for(row: Delivery) -> NoticeText:
    """Return the text in the reader's language, else in that of the company's country, else any."""
    texts = {text.language: text for text in row.notice_version.texts.all()}
    own = "ja" if row.person.entity.country == "JP" else "zh-hans"
    if row.text is not None and row.acknowledged_at:
        return row.text
    return texts.get(get_language() or "") or texts.get(own) or next(iter(texts.values()))
