"""Unmaskings: the list, asking with a reason, the second person's decision, and the look that is recorded."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.templatetags.shoumi import moment
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, ListingView, State
from shoumi.server.people.models import Person
from shoumi.server.people.queries import person_resource
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.views.asking import Page, allowed, form_page
from shoumi.server.privacy.forms.unmasking import AskForm, DecideForm
from shoumi.server.privacy.models import Unmasking
from shoumi.server.privacy.queries.visible import (
    TELLERS,
    export_resource,
    unmasking_resource,
    unmaskings_visible_to,
)
from shoumi.server.privacy.services.unmasking import unmasking_ask, unmasking_decide, unmasking_look
from shoumi.server.privacy.views.pages import FORM, Record, Section, Way, record_page

TONES = {"asked": "waiting", "granted": "good", "refused": "bad"}


def _state(row: Unmasking) -> State:
    return State(row.get_state_display(), TONES[row.state])


class UnmaskingListing(Listing):
    """The unmaskings of which the user may know."""

    name = "privacy.unmaskings"
    title = gettext_lazy("Unmaskings")
    columns = (
        Column(
            "person",
            gettext_lazy("Person"),
            "person.number",
            kind="mono",
            sort="person__number",
            primary=True,
        ),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="state"),
        Column("why", gettext_lazy("Why it must be seen"), "purpose"),
        Column("by", gettext_lazy("Asked by"), "requester", sort="requester__display_name"),
        Column("asked", gettext_lazy("Asked"), "asked_at", kind="moment", sort="asked_at"),
        Column("decider", gettext_lazy("Decided by"), "decided_by"),
        Column("until", gettext_lazy("Until"), "until", kind="moment", sort="until"),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=Unmasking.State.choices, many=True),
        DateRange("asked", gettext_lazy("Asked"), "asked_at"),
    )
    search_fields = ("person__number", "purpose")
    default_sort = "-asked"
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("Nobody was unmasked"),
        gettext_lazy("Who must see whom data are about says why, and a second person agrees."),
        icon="eye-off",
    )

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user may ask for one."""
        return bool(scopes_of(self.user, TELLERS))

    def rows(self) -> QuerySet[Unmasking]:
        """Return what the user may know of."""
        return unmaskings_visible_to(self.user)

    def row_url(self, row: Unmasking) -> str:
        """Return the page of an unmasking."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "person__entity")


class UnmaskingListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = UnmaskingListing
    template_name = "privacy/unmaskings.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say whether the user may ask for one."""
        return {"may_ask": listing.may_begin}


def _seen(request: HttpRequest, key: UUID, action: Action = Action.UNMASKING_VIEW) -> Unmasking:
    rows = Unmasking.objects.select_related("person__entity", "requester", "decided_by")
    row = get_object_or_404(rows, pk=key)
    gate.require(request.user, action, unmasking_resource(row))
    return row


def _trail() -> tuple[tuple[str, Any], ...]:
    return ((reverse("privacy:unmasking_list"), _("Unmaskings")),)


def _record(row: Unmasking, user: User, sections: tuple[Section, ...] = ()) -> Record:
    where = unmasking_resource(row)
    can = allowed(user, {"decide": (Action.UNMASKING_DECIDE, where), "look": (Action.UNMASKING_LOOK, where)})
    main = None
    if row.state == Unmasking.State.ASKED and can["decide"]:
        main = Way(reverse("privacy:unmasking_decide", args=[row.pk]), _("Decide"), "checklist")
    elif can["look"] and not sections:
        main = Way(reverse("privacy:unmasking_look", args=[row.pk]), _("Show who it is"), "eye", post=True)
    facts = [
        (_("Person"), row.person.number),
        (_("Why it must be seen"), row.purpose),
        (_("Asked by"), row.requester),
        (_("Asked"), moment(row.asked_at)),
        (_("Decided by"), row.decided_by),
        (_("Decided"), moment(row.decided_at)),
        (_("Reason"), row.reason),
        (_("Until"), moment(row.until)),
    ]
    return Record(
        _("Unmasking of %(number)s") % {"number": row.person.number},
        _trail(),
        facts,
        sections,
        state=_state(row),
        main=main,
    )


@login_required
@require_safe
def unmasking_detail(request: HttpRequest, unmasking_id: UUID) -> HttpResponse:
    """Show an unmasking; who the person is stays hidden."""
    return record_page(request, _record(_seen(request, unmasking_id), request.user))


@login_required
@require_POST
def look(request: HttpRequest, unmasking_id: UUID) -> HttpResponse:
    """Show who the person is, this once; the look is in the ledger."""
    row = _seen(request, unmasking_id, Action.UNMASKING_LOOK)
    found = unmasking_look(actor=request.user, unmasking=row)
    section = Section(
        "person",
        _("Unmasked"),
        (_("Name"), _("Employee number"), _("Telephone"), _("E-mail")),
        [(found["name"], found["number"], found["phone"] or "–", found["email"] or "–")],
        words=_("The person sees that you looked, when and why."),
    )
    return record_page(request, _record(row, request.user, (section,)))


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to see somebody unmasked."""
    if not scopes_of(request.user, TELLERS):
        own = get_object_or_404(Person, user=request.user)
        gate.require(request.user, Action.PRIVACY_UNMASK, person_resource(own), purpose="-")
    page = Page(
        title=_("Ask to see somebody unmasked"),
        submit=_("Ask a second person"),
        back=reverse("privacy:unmasking_list"),
        said=_("A second person decides on it."),
        lead=_("The person later sees that you looked, when and why."),
        trail=_trail(),
        columns={"people.field_too_long": "purpose"},
        template=FORM,
    )

    def act(form: Any) -> str:
        values = form.cleaned_data
        made = unmasking_ask(actor=request.user, person=values["person"], purpose=values["purpose"])
        return made.get_absolute_url()

    return form_page(request, page, AskForm(request.POST or None, user=request.user), act)


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, unmasking_id: UUID) -> HttpResponse:
    """Agree or refuse, as the second person."""
    row = _seen(request, unmasking_id, Action.UNMASKING_DECIDE)
    page = Page(
        title=_("Decide on an unmasking"),
        submit=_("Decide"),
        back=row.get_absolute_url(),
        said=_("It is decided."),
        trail=(*_trail(), (row.get_absolute_url(), row.person.number)),
        facts=(
            (_("Person"), row.person.number),
            (_("Why it must be seen"), row.purpose),
            (_("Asked by"), row.requester),
        ),
        template=FORM,
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        unmasking_decide(
            actor=request.user, unmasking=row, agreed=values["agreed"] == "yes", reason=values["reason"]
        )

    return form_page(request, page, DecideForm(request.POST or None), act)
