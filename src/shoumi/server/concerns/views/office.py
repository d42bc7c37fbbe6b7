"""The office: the concerns addressed to the reader, their letters, answers and the end."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.concerns.forms import CloseForm, LetterForm
from shoumi.server.concerns.models import Concern, Enclosure
from shoumi.server.concerns.queries.visible import concern_resource, concerns, concerns_visible_to
from shoumi.server.concerns.services.examining import (
    concern_answer,
    concern_close,
    concern_open,
    enclosure_open,
)
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, ListingView, Preset, State
from shoumi.server.files.responses import stream
from shoumi.server.people.views.asking import Page, form_page

TONES = {"received": "waiting", "examined": "active", "closed": "good"}


def _state(row: Concern) -> State:
    return State(row.get_state_display(), TONES[row.state])


def _name(row: Concern) -> str:
    return str(row.reporter) if row.reporter else _("without a name")


class ConcernListing(Listing):
    """The concerns addressed to the user; their letters are not shown here."""

    name = "concerns.concerns"
    title = pgettext_lazy("report", "Concerns")
    columns = (
        Column("number", gettext_lazy("Number"), "number", kind="mono", primary=True),
        Column("kind", gettext_lazy("What it is about"), "get_kind_display", sort="kind"),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="state"),
        Column("reporter", gettext_lazy("Reported by"), _name),
        Column("received", gettext_lazy("Received"), "received_at", kind="moment", sort="received_at"),
        Column(
            "waiting", gettext_lazy("Waiting since"), "waiting_since", kind="moment", sort="waiting_since"
        ),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code", shown=False),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=Concern.State.choices, many=True),
        Choice("kind", gettext_lazy("What it is about"), choices=Concern.Kind.choices, many=True),
        DateRange("received", gettext_lazy("Received"), "received_at"),
    )
    default_sort = "-received"
    presets = (Preset(pgettext_lazy("concern", "Not closed"), "state=received&state=examined"),)
    empty = Empty(
        gettext_lazy("Nothing was reported to you"),
        gettext_lazy("What employees report to legal or the secrecy office stands here."),
        icon="message-report",
    )

    def rows(self) -> QuerySet[Concern]:
        """Return what is addressed to the user."""
        return concerns_visible_to(self.user)

    def row_url(self, row: Concern) -> str:
        """Return the page of a concern."""
        return row.get_absolute_url()


class ConcernListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = ConcernListing


def _seen(request: HttpRequest, concern_id: UUID, action: Action = Action.CONCERN_VIEW) -> Concern:
    concern = get_object_or_404(concerns(), pk=concern_id)
    gate.require(request.user, action, concern_resource(concern))
    return concern


def _trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    return ((reverse("concerns:concern_list"), pgettext_lazy("report", "Concerns")), *more)


@login_required
@require_safe
def concern_detail(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """Show a concern with its letters; that it was opened is recorded."""
    concern = _seen(request, concern_id)
    context = {
        "concern": concern,
        "letters": concern_open(actor=request.user, concern=concern),
        "reporter": _name(concern),
        "tone": TONES[concern.state],
        "open": concern.state != Concern.State.CLOSED,
        "trail": _trail(),
    }
    response = render(request, "concerns/concern.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """Write to whoever reported it."""
    concern = _seen(request, concern_id, Action.CONCERN_ANSWER)
    form = LetterForm(request.POST or None, request.FILES or None)
    page = _page(concern, _("Answer"), _("Send the answer"), _("The answer lies in the mailbox."))
    act = partial(concern_answer, actor=request.user, concern=concern)
    return form_page(request, page, form, lambda sent: act(**sent.cleaned_data))


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """End the examination with what was found."""
    concern = _seen(request, concern_id, Action.CONCERN_ANSWER)
    form = CloseForm(request.POST or None)
    page = _page(concern, _("Close the concern"), _("Close it"), _("The concern is closed."))
    act = partial(concern_close, actor=request.user, concern=concern)
    return form_page(request, page, form, lambda sent: act(**sent.cleaned_data))


@login_required
@require_safe
def enclosure(request: HttpRequest, concern_id: UUID, enclosure_id: int) -> HttpResponseBase:
    """Give a reader of the office a file; that it was taken is recorded."""
    row = get_object_or_404(
        Enclosure.objects.select_related("file", "letter__concern"),
        pk=enclosure_id,
        letter__concern=_seen(request, concern_id),
    )
    return stream(enclosure_open(actor=request.user, enclosure=row))


def _page(concern: Concern, title: str, submit: str, said: str) -> Page:
    home = concern.get_absolute_url()
    return Page(
        title=title,
        submit=submit,
        said=said,
        back=home,
        trail=_trail((home, concern.number)),
        facts=((_("What it is about"), concern.get_kind_display()), (_("Reported by"), _name(concern))),
        template="concerns/form.html",
    )
