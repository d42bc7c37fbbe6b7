"""The lists of requests: to decide, opened by me, decided by me, and all within my remit."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import explain
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.models import OPEN_STATES, ApprovalRequest, RequestState
from shoumi.server.approvals.queries import (
    kind_label,
    kinds,
    requests_decided_by,
    requests_opened_by,
    requests_to_decide,
    requests_visible_to,
    step_label,
    waiting_count,
)
from shoumi.server.approvals.services import Result, requests_decide
from shoumi.server.files.listing import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    Empty,
    Flag,
    Listing,
    ListingView,
    State,
)
from shoumi.server.ledger.services import clock

TONES = {
    RequestState.OPEN: "waiting",
    RequestState.ESCALATED: "bad",
    RequestState.APPROVED: "good",
    RequestState.RETURNED: "active",
    RequestState.REJECTED: "bad",
}


def state_of(row: ApprovalRequest) -> State:
    """Return the state of a request in words, with its tone."""
    return State(RequestState(row.state).label, TONES.get(row.state, "off"))


def _step(row: ApprovalRequest) -> str:
    return step_label(row.step_name) if row.step_name else ""


def _kinds(_listing: Listing) -> list[tuple[str, object]]:
    return [(name, handlers.label) for name, handlers in kinds().items()]


def _overdue(_listing: Listing) -> Q:
    return Q(due_at__lt=clock().now(), state__in=OPEN_STATES)


class RequestListing(Listing):
    """What all four lists share."""

    title = _("Approvals")
    columns = (
        Column("title", _("Request"), sort="title", primary=True, sub=lambda row: kind_label(row.kind)),
        Column("step", _("Step"), value=_step),
        Column("requester", _("Requested by"), "requester.display_name", sort="requester__display_name"),
        Column("opened", _("Opened"), "opened_at", kind="moment", sort="opened_at"),
        Column("due", _("Due"), "due_at", sort="due_at", template="approvals/_due.html"),
        Column("state", _("State"), value=state_of, kind="state", sort="state"),
        Column("closed", _("Closed"), "closed_at", kind="moment", sort="closed_at", shown=False),
    )
    filters = (
        Choice("kind", _("Kind"), choices=_kinds),
        Choice("state", _("State"), choices=RequestState.choices, many=True),
        DateRange("opened", _("Opened"), "opened_at", moments=True),
        Flag("overdue", _("Only overdue"), condition=_overdue),
    )
    search_fields = ("title", "requester__display_name")
    search_label = _("Search requests")
    default_sort = "-opened"

    def row_url(self, row: ApprovalRequest) -> str:
        """Return the page of the request."""
        return reverse("approvals:request_detail", args=[row.pk])


class ToDecide(RequestListing):
    """What waits for my decision."""

    name = "approvals.to_decide"
    title = _("Waiting for my decision")
    default_sort = "due"
    bulk = (BulkAction("approve", _("Approve"), "check", _("Approve the chosen requests?")),)
    empty = Empty(
        _("Nothing waits for your decision"),
        _("When a proposal or a change needs your review or approval, it shows up here with its date."),
        icon="circle-check",
    )
    results: list[Result]

    def rows(self) -> QuerySet[ApprovalRequest]:
        """Return the requests whose open step I may decide now."""
        return requests_to_decide(self.user)

    def bulk_approve(self, rows: list[ApprovalRequest]) -> str:
        """Approve each by itself; the view tells what became of each."""
        self.results = requests_decide(requests=rows, actor=self.user, verdict="approve")
        return ""


class Opened(RequestListing):
    """What I asked for."""

    name = "approvals.opened"
    title = _("Requested by me")
    empty = Empty(
        _("You have not asked for anything yet"),
        _("When you propose a secret or a change, you follow here who has to decide it and what they said."),
        icon="send",
    )

    def rows(self) -> QuerySet[ApprovalRequest]:
        """Return my own requests."""
        return requests_opened_by(self.user)


class Decided(RequestListing):
    """What I decided."""

    name = "approvals.decided"
    title = _("Decided by me")
    empty = Empty(_("You have not decided anything yet"), _("Your decisions are kept here."), icon="checks")

    def rows(self) -> QuerySet[ApprovalRequest]:
        """Return what I decided, or somebody on my behalf."""
        return requests_decided_by(self.user)


class Visible(RequestListing):
    """Everything I may see."""

    name = "approvals.all"
    title = _("All requests within my remit")
    empty = Empty(_("There are no requests"), _("Requests within your remit show up here."), icon="inbox")

    def rows(self) -> QuerySet[ApprovalRequest]:
        """Return every request that I may see."""
        return requests_visible_to(self.user)


class RequestListView(ListingView):
    """A list of requests with the tabs above it; tells what became of each request of a bulk decision."""

    template_name = "approvals/request_list.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Add the tabs."""
        tabs = (
            ("approvals:inbox", ToDecide, waiting_count(listing.user)),
            ("approvals:opened", Opened, None),
            ("approvals:decided", Decided, None),
            ("approvals:all", Visible, None),
        )
        return {
            "tabs": [(reverse(name), kind.title, count, kind is type(listing)) for name, kind, count in tabs]
        }

    def bulk(self, request: HttpRequest, listing: Listing) -> HttpResponse | None:
        """Run the action, then say of each request what became of it."""
        answer = super().bulk(request, listing)
        for result in getattr(listing, "results", ()):
            named = {"title": result.request.title}
            if result.error is None:
                messages.success(request, gettext("“%(title)s” is approved by you.") % named)
            else:
                text = gettext("“%(title)s” is not approved: %(reason)s")
                messages.error(request, text % (named | {"reason": told(result.error)}))
        return answer


def told(error: ShoumiError) -> str:
    """Return why something was refused, in the language in force."""
    if isinstance(error, NotPermittedError):
        return " ".join(pgettext("policy reason", explain(reason)) for reason in error.reasons)
    return pgettext(type(error).code, type(error).message).format(**error.fields)
