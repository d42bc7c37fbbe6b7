"""Pages on which notices of a breach are sent by e-mail: begun, looked at, stopped and resumed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.jurisdiction.breaches import Addressee
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.masking import mask
from shoumi.server.accounts.templatetags.shoumi import moment
from shoumi.server.files.listing import State
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.privacy.forms.breaches import LANGUAGE_NAMES, MailingForm
from shoumi.server.privacy.models import BreachMail, BreachMailing
from shoumi.server.privacy.queries.breaches import breach_resource, draft_of, table_for
from shoumi.server.privacy.queries.words import said
from shoumi.server.privacy.services.breaches import (
    MailingWish,
    breach_mailing_resume,
    breach_mailing_start,
    breach_mailing_stop,
)
from shoumi.server.privacy.views.breaches.detail import breach_seen, breach_trail
from shoumi.server.privacy.views.breaches.words import country_name
from shoumi.server.privacy.views.pages import FORM, Record, Section, Way, record_page

MOST_ROWS = 200
TONES = {"running": "active", "stopped": "waiting", "done": "good"}
MOVES = {"stop": breach_mailing_stop, "resume": breach_mailing_resume}


@login_required
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, breach_id: UUID, country: str, duty: str) -> HttpResponse:
    """Send persons a text, drafted from the pack in the language of the country or in the one asked for."""
    row = breach_seen(request, breach_id, Action.PRIVACY_MATTER_WORK)
    found = table_for(country).duty(duty) if country in row.countries else None
    language = request.GET.get("language", "ja" if country == "JP" else "zh-hans")
    if found is None or found.to is not Addressee.PERSONS or language not in dict(LANGUAGE_NAMES):
        raise Http404
    page = Page(
        title=_("Tell by e-mail"),
        submit=_("Send it"),
        said=_("It is going out; its page shows how far it is."),
        back=row.get_absolute_url(),
        trail=breach_trail(row),
        template=FORM,
        lead=said(found.names),
        facts=((_("By the law of"), country_name(country)), (_("Language"), dict(LANGUAGE_NAMES)[language])),
        columns={
            "privacy.text": "text",
            "privacy.address": "addresses",
            "privacy.nobody_to_tell": "addresses",
        },
        danger=True,
    )

    def act(form: Any) -> str:
        wish = MailingWish(country=country, duty=duty, language=language, **form.cleaned_data)
        return breach_mailing_start(actor=request.user, breach=row, wish=wish).get_absolute_url()

    drafted = {"subject": said(found.names), "text": draft_of(row, country, found, language)}
    return form_page(request, page, MailingForm(request.POST or None, initial=drafted), act)


def _seen(request: HttpRequest, key: UUID) -> BreachMailing:
    rows = BreachMailing.objects.select_related(
        "breach__entity", "breach__legal_owner", "breach__security_owner", "made_by", "notice"
    )
    row = get_object_or_404(rows, pk=key)
    gate.require(request.user, Action.PRIVACY_MATTER_VIEW, breach_resource(row.breach))
    return row


def mailing_state(row: BreachMailing) -> State:
    """Return how far a mailing is."""
    return State(row.get_state_display(), TONES[row.state])


@login_required
@require_safe
def mailing_detail(request: HttpRequest, mailing_id: UUID) -> HttpResponse:
    """Show how far a mailing is, and each mail that was not taken."""
    row = _seen(request, mailing_id)
    numbers = dict(row.mails.order_by().values_list("state").annotate(found=Count("id")))
    may = gate.permits(request.user, Action.PRIVACY_MATTER_WORK, breach_resource(row.breach))
    what = {
        "running": ("stop", _("Stop it"), "player-stop"),
        "stopped": ("resume", _("Go on"), "player-play"),
    }
    move = what.get(row.state) if may else None
    others = row.mails.exclude(state__in=(BreachMail.State.SENT, BreachMail.State.WAITING)).order_by("pk")
    record = Record(
        row.subject,
        breach_trail(row.breach),
        (
            (_("By the law of"), country_name(row.country)),
            (_("Started by"), row.made_by),
            (_("Started"), moment(row.made_at)),
            *((state.label, numbers.get(state, 0)) for state in BreachMail.State if numbers.get(state)),
            (_("Finished"), moment(row.finished_at)),
            (_("SHA-256"), row.sha256),
        ),
        (
            Section("text", _("Text"), words=row.text),
            Section(
                "mails",
                _("Not taken by the mail server"),
                (_("E-mail"), _("State"), _("Answer of the mail server"), _("Attempts")),
                [
                    (mask(each.address), each.get_state_display(), each.answer or "–", each.attempts)
                    for each in others[:MOST_ROWS]
                ],
                empty=_("There is none."),
            ),
        ),
        state=mailing_state(row),
        lead=row.breach,
        main=Way(reverse("privacy:breach_mailing_move", args=[row.pk, move[0]]), move[1], move[2], post=True)
        if move
        else None,
    )
    return record_page(request, record)


@login_required
@require_POST
def move(request: HttpRequest, mailing_id: UUID, what: str) -> HttpResponse:
    """Stop a mailing, or go on with it."""
    row = _seen(request, mailing_id)
    if what not in MOVES:
        raise Http404
    MOVES[what](actor=request.user, mailing=row)
    messages.success(request, _("It is recorded."))
    return redirect(row.get_absolute_url())
