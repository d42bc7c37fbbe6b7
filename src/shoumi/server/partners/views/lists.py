"""The list of meetings on secrets, and the meetings for which the user is named."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.files.listing import (
    Choice,
    Column,
    DateRange,
    Empty,
    Flag,
    Listing,
    ListingView,
    Preset,
    State,
)
from shoumi.server.partners.models import Meeting
from shoumi.server.partners.queries.visible import departments_to_plan_for, invitations, meetings_visible_to
from shoumi.server.people.models import LEVELS, LegalEntity
from shoumi.server.people.queries import company_resource, entity_resource

TONES = {"planned": "waiting", "open": "active", "closed": "good", "cancelled": "off"}


def state_of(meeting: Meeting) -> State:
    """Return how a meeting's state is drawn."""
    return State(meeting.get_state_display(), TONES[meeting.state])


class MeetingListing(Listing):
    """The meetings that the user may see; no outsider is named."""

    name = "partners.meetings"
    title = _("Meetings on secrets")
    columns = (
        Column("title", _("Subject"), "title", sort="title", primary=True),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), sort="kind"),
        Column("level", _("Level"), "level_id", kind="level", sort="level"),
        Column("starts", _("From"), "starts_at", kind="moment", sort="starts_at"),
        Column("host", pgettext_lazy("meeting", "Led by"), "host", sort="host__reading"),
        Column("department", _("Department"), "department.name", sort="department__name"),
        Column("state", _("State"), state_of, kind="state", sort="state"),
        Column("out", _("Copies out"), "out", kind="number", sort="out", shown=False),
    )
    filters = (
        Choice("state", _("State"), choices=Meeting.State.choices, many=True),
        Choice("kind", _("Kind"), choices=Meeting.Kind.choices, many=True),
        Choice("level", _("Level"), choices=LEVELS[1:], many=True),
        Flag("out", _("Copies not counted back"), condition=Q(out__gt=0)),
        DateRange("starts", _("From"), "starts_at"),
    )
    search_fields = ("title", "place", "zone__name")
    default_sort = "-starts"
    presets = (
        Preset(pgettext_lazy("meetings", "Coming"), "state=planned&sort=starts"),
        Preset(pgettext_lazy("meetings", "Copies out"), "out=1"),
    )
    export_action = Action.MEETING_EXPORT
    empty = Empty(
        _("No meeting is planned"),
        _(
            "Plan a meeting in which secrets are spoken of: the six measures are asked for, and papers are "
            "counted back."
        ),
        icon="calendar-event",
    )

    def rows(self) -> QuerySet[Meeting]:
        """Return the meetings that the user may see, with the copies that are out."""
        out = Count(
            "papers__handouts",
            filter=Q(papers__handouts__returned_at__isnull=True, papers__handouts__missing=""),
        )
        return meetings_visible_to(self.user).annotate(out=out)

    def row_url(self, row: object) -> str:
        """Return the meeting's page."""
        return reverse("partners:meeting_detail", args=[row.pk])

    def export_resource(self) -> Resource:
        """Return the entity if all rows belong to one, else the company."""
        keys = meetings_visible_to(self.user).order_by().values("department__entity")
        found = LegalEntity.objects.filter(pk__in=keys)[:2]
        return entity_resource(found[0]) if len(found) == 1 else company_resource()


class MeetingListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = MeetingListing
    template_name = "partners/meetings.html"

    def extra_context(self, listing: Listing) -> dict[str, Any]:
        """Return where the user may plan one."""
        del listing
        departments = departments_to_plan_for(self.request.user)
        entities = LegalEntity.objects.filter(pk__in=departments.order_by().values("entity"))
        return {"plan_for": list(entities)}


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show the meetings for which the user is named."""
    return render(request, "partners/mine.html", {"rows": invitations(request.user)[:100]})
