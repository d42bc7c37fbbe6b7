"""Requests of persons and litigation holds: lists, a record each, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.templatetags.shoumi import due, moment
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Flag, Listing, ListingView, State
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, allowed, form_page
from shoumi.server.privacy.forms.requests import AnswerForm, HoldForm, ReasonForm, RequestForm
from shoumi.server.privacy.models import Hold, SubjectRequest
from shoumi.server.privacy.queries.keeping import hold_on
from shoumi.server.privacy.queries.visible import (
    ANSWERERS,
    HOLDERS,
    entities_of,
    export_resource,
    holds_visible_to,
    requests_visible_to,
)
from shoumi.server.privacy.queries.words import named, table_of
from shoumi.server.privacy.services.requests import (
    hold_release,
    hold_set,
    request_answer,
    request_extend,
    request_identify,
    request_make,
)
from shoumi.server.privacy.views.mine import own_person
from shoumi.server.privacy.views.pages import FORM, Record, Way, record_page

TONES = {"received": "waiting", "open": "active", "answered": "good", "refused": "bad"}
OPEN = ("received", "open")


def right_words(row: SubjectRequest) -> str:
    """Return what a person asks for."""
    return named(table_of(row.person.entity).rights, row.right)


def _state(row: SubjectRequest) -> State:
    return State(row.get_state_display(), TONES[row.state])


def _late(_listing: Listing) -> Q:
    return Q(state__in=OPEN, due_at__lte=clock().now())


class RequestListing(Listing):
    """What persons ask for in the user's entities."""

    name = "privacy.requests"
    title = gettext_lazy("Requests of persons")
    columns = (
        Column("person", gettext_lazy("Person"), "person", sort="person__reading", primary=True),
        Column("right", gettext_lazy("What is asked for"), right_words, sort="right"),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="state"),
        Column("due", gettext_lazy("Due"), "due_at", sort="due_at", template="privacy/_due.html"),
        Column("received", gettext_lazy("Received"), "received_at", kind="moment", sort="received_at"),
        Column("answered", gettext_lazy("Answered"), "answered_at", kind="moment", sort="answered_at"),
        Column("by", gettext_lazy("Answered by"), "answered_by", shown=False),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=SubjectRequest.State.choices, many=True),
        Flag("late", gettext_lazy("Overdue"), condition=_late),
        DateRange("due", gettext_lazy("Due"), "due_at"),
    )
    search_fields = ("person__search",)
    default_sort = "due"
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("Nobody has asked for anything"),
        gettext_lazy("Persons ask on their own page; what comes by letter is recorded here."),
        icon="inbox",
    )

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user answers requests."""
        return entities_of(self.user, ANSWERERS).exists()

    def rows(self) -> QuerySet[SubjectRequest]:
        """Return the requests of the user's entities."""
        return requests_visible_to(self.user)

    def row_url(self, row: SubjectRequest) -> str:
        """Return the page of a request."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "person__entity")


class HoldListing(Listing):
    """The litigation holds of the user's entities."""

    name = "privacy.holds"
    title = gettext_lazy("Litigation holds")
    columns = (
        Column("name", gettext_lazy("Matter"), "name", sort="name", primary=True),
        Column("reason", gettext_lazy("Reason"), "reason"),
        Column("set", gettext_lazy("Set"), "set_at", kind="moment", sort="set_at"),
        Column("by", gettext_lazy("Set by"), "set_by"),
        Column("released", gettext_lazy("Released"), "released_at", kind="moment", sort="released_at"),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code"),
    )
    filters = (Flag("now", gettext_lazy("In force"), condition=lambda _l: Q(released_at__isnull=True)),)
    search_fields = ("name", "reason")
    default_sort = "-set"
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("Nothing is held"),
        gettext_lazy("A hold keeps data for a dispute that the retention rules would otherwise erase."),
        icon="lock",
    )

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user sets holds."""
        return entities_of(self.user, HOLDERS).exists()

    def rows(self) -> QuerySet[Hold]:
        """Return the holds of the user's entities."""
        return holds_visible_to(self.user)

    def row_url(self, row: Hold) -> str:
        """Return the page of a hold."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "entity")


class BeginningListView(ListingView):
    """A list with one button for each entity in which the user may begin something."""

    template_name = "privacy/begin.html"
    begin: ClassVar[tuple[str, Any]]
    roles: ClassVar[frozenset[Any]]

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Offer to begin one in each entity of the user."""
        entities = list(entities_of(listing.user, self.roles))
        name, label = self.begin
        ways = [(reverse(name, args=[row.pk]), row) for row in entities]
        return {"ways": ways, "label": label}


class RequestListView(BeginningListView):
    """The page of the requests."""

    listing: ClassVar[type[Listing]] = RequestListing
    begin = ("privacy:request_new", gettext_lazy("Record a request"))
    roles = ANSWERERS


class HoldListView(BeginningListView):
    """The page of the holds."""

    listing: ClassVar[type[Listing]] = HoldListing
    begin = ("privacy:hold_new", gettext_lazy("Set a hold"))
    roles = HOLDERS


def _trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    return ((reverse("privacy:request_list"), _("Requests of persons")), *more)


def _request(request: HttpRequest, key: UUID, action: Action) -> SubjectRequest:
    rows = SubjectRequest.objects.select_related("person__entity", "recorded_by", "answered_by")
    row = get_object_or_404(rows, pk=key)
    gate.require(request.user, action, entity_resource(row.person.entity))
    return row


@login_required
@require_safe
def request_detail(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show a request and what is to be done with it next."""
    row = _request(request, request_id, Action.PRIVACY_VIEW)
    may = allowed(request.user, {"answer": (Action.PRIVACY_ANSWER, entity_resource(row.person.entity))})
    hold = hold_on(row.person)

    def way(what: str, label: str, icon: str) -> Way:
        return Way(reverse("privacy:request_do", args=[row.pk, what]), label, icon)

    main, more = None, []
    if may["answer"] and row.state == "received":
        main = way("identify", _("Record the identity check"), "id-badge-2")
    elif may["answer"] and row.state == "open":
        main = way("answer", _("Answer the request"), "send")
        if not row.extension:
            more.append(way("extend", _("Take more time"), "clock"))
    by_sign_in = _("by the sign-in") if row.identity == "sign-in" else row.identity
    facts = [
        (_("Person"), row.person),
        (_("What is asked for"), right_words(row)),
        (_("In the person’s own words"), row.text),
        (_("Received"), moment(row.received_at)),
        (_("Due"), due(row.due_at, row.person.entity.time_zone)),
        (_("How the identity was checked"), by_sign_in),
        (_("Why more time was taken"), row.extension),
        (_("Escalated"), moment(row.escalated_at)),
        (_("Litigation hold"), hold),
        (_("Answer or reason of the refusal"), row.answer),
        (_("Answered by"), row.answered_by),
        (_("Answered"), moment(row.answered_at)),
    ]
    record = Record(right_words(row), _trail(), facts, state=_state(row), main=main, more=more)
    return record_page(request, record)


@login_required
@require_http_methods(["GET", "POST"])
def request_do(request: HttpRequest, request_id: UUID, what: str) -> HttpResponse:
    """Check the identity, take more time, or answer."""
    row = _request(request, request_id, Action.PRIVACY_ANSWER)
    steps: dict[str, tuple[str, type, Callable[[dict[str, Any]], object]]] = {
        "identify": (
            _("Record the identity check"),
            ReasonForm,
            lambda sent: request_identify(actor=request.user, request=row, how=sent["reason"]),
        ),
        "extend": (
            _("Take more time"),
            ReasonForm,
            lambda sent: request_extend(actor=request.user, request=row, reason=sent["reason"]),
        ),
        "answer": (
            _("Answer the request"),
            AnswerForm,
            lambda sent: request_answer(
                actor=request.user,
                request=row,
                refused=sent["outcome"] == "refused",
                answer=sent["answer"],
            ),
        ),
    }
    if what not in steps:
        raise Http404
    title, form, do = steps[what]
    page = Page(
        title=title,
        submit=_("Record it"),
        back=row.get_absolute_url(),
        said=_("It is recorded."),
        trail=_trail((row.get_absolute_url(), right_words(row))),
        facts=((_("Person"), row.person), (_("In the person’s own words"), row.text)),
        template=FORM,
    )

    def act(sent: Any) -> None:
        do(sent.cleaned_data)

    return form_page(request, page, form(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def request_new(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Record what a person asked for by letter or word of mouth."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.PRIVACY_ANSWER, entity_resource(entity))
    page = Page(
        title=_("Record a request"),
        submit=_("Record it"),
        back=reverse("privacy:request_list"),
        said=_("Check the identity of who asks next."),
        trail=_trail(),
        template=FORM,
    )

    def act(form: Any) -> str:
        return request_make(actor=request.user, **form.cleaned_data).get_absolute_url()

    return form_page(request, page, RequestForm(request.POST or None, entity=entity, desk=True), act)


@login_required
@require_http_methods(["GET", "POST"])
def my_request(request: HttpRequest) -> HttpResponse:
    """Ask about one's own data."""
    person = own_person(request)
    page = Page(
        title=_("Ask about my data"),
        submit=pgettext("request", "Send"),
        back=reverse("privacy:mine"),
        said=_("Your request has come in. You see here until when it is answered."),
        trail=((reverse("privacy:mine"), _("What is collected about me")),),
        template=FORM,
    )

    def act(form: Any) -> None:
        request_make(actor=request.user, person=person, **form.cleaned_data)

    form = RequestForm(request.POST or None, entity=person.entity, desk=False)
    return form_page(request, page, form, act)


@login_required
@require_safe
def hold_detail(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Show a hold."""
    row = get_object_or_404(Hold.objects.select_related("entity", "set_by"), pk=hold_id)
    where = entity_resource(row.entity)
    gate.require(request.user, Action.PRIVACY_VIEW, where)
    may = gate.permits(request.user, Action.PRIVACY_HOLD, where) and row.released_at is None
    people = " · ".join(str(each) for each in row.persons.all())
    facts = [
        (_("Reason"), row.reason),
        (_("Persons concerned"), people or _("everybody in the legal entity")),
        (_("Set"), moment(row.set_at)),
        (_("Set by"), row.set_by),
        (_("Released"), moment(row.released_at)),
        (_("Why it was released"), row.release_reason),
    ]
    main = Way(reverse("privacy:hold_release", args=[row.pk]), _("Release the hold"), "lock-open")
    trail = ((reverse("privacy:hold_list"), _("Litigation holds")),)
    return record_page(request, Record(row.name, trail, facts, lead=row.entity, main=main if may else None))


@login_required
@require_http_methods(["GET", "POST"])
def hold_new(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Set a hold."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.PRIVACY_HOLD, entity_resource(entity))
    page = Page(
        title=_("Set a hold"),
        submit=_("Set a hold"),
        back=reverse("privacy:hold_list"),
        said=_("Nothing that the hold covers is erased from now on."),
        trail=((reverse("privacy:hold_list"), _("Litigation holds")),),
        template=FORM,
    )

    def act(form: Any) -> str:
        return hold_set(actor=request.user, entity=entity, **form.cleaned_data).get_absolute_url()

    return form_page(request, page, HoldForm(request.POST or None, entity=entity), act)


@login_required
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Release a hold."""
    row = get_object_or_404(Hold.objects.select_related("entity"), pk=hold_id)
    gate.require(request.user, Action.PRIVACY_HOLD, entity_resource(row.entity))
    page = Page(
        title=_("Release the hold"),
        submit=_("Release the hold"),
        back=row.get_absolute_url(),
        said=_("From now on the retention rules decide again."),
        trail=((reverse("privacy:hold_list"), _("Litigation holds")), (row.get_absolute_url(), row.name)),
        danger=True,
        template=FORM,
    )

    def act(form: Any) -> None:
        hold_release(actor=request.user, hold=row, reason=form.cleaned_data["reason"])

    return form_page(request, page, ReasonForm(request.POST or None), act)
