"""Evaluations of systems: their list, planning; and the points and the paper of every inspection."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.assurance.forms.rounds import PointForm, SystemsForm
from shoumi.server.assurance.models import Inspection, InspectionPoint
from shoumi.server.assurance.queries.access import entities_governed, inspections_visible
from shoumi.server.assurance.queries.rounds import entities_with_last, next_open_point, rounds_of
from shoumi.server.assurance.services.inspection_papers import inspection_print
from shoumi.server.assurance.services.inspections import inspection_plan
from shoumi.server.assurance.services.rounds import point_judge
from shoumi.server.assurance.views.asking import Deed, GovernedListing, deed, entity_chosen, room
from shoumi.server.assurance.views.framing import download
from shoumi.server.assurance.views.inspections import InspectionListing, state_of
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, ListingView
from shoumi.server.people.queries import entity_resource, today_of

FORM = require_http_methods(["GET", "POST"])


class SystemsListing(GovernedListing):
    """The evaluations of the security of systems."""

    name = "assurance.systems"
    title = gettext_lazy("Security of systems")
    columns = (
        Column("title", gettext_lazy("Title"), sort="title", primary=True, sub="number"),
        Column("entity", gettext_lazy("Legal entity"), "entity.name", sort="entity__code", shown=False),
        Column("systems", gettext_lazy("Systems"), "scope", kind="number", sort="scope"),
        Column("planned", gettext_lazy("Planned on"), "planned_on", kind="day", sort="planned_on"),
        Column("done", gettext_lazy("Carried out on"), "carried_out_on", kind="day", sort="carried_out_on"),
        Column("lead", gettext_lazy("Led by"), "lead.name", sort="lead__reading"),
        Column("severe", gettext_lazy("High or critical"), "severe", kind="number", sort="severe"),
        Column("findings", gettext_lazy("Changes verified"), lambda row: f"{row.verified} / {row.all}"),
        Column("state", gettext_lazy("State"), state_of, "state", sort="state"),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=Inspection.State.choices, many=True),
        DateRange("planned", gettext_lazy("Planned on"), "planned_on"),
    )
    search_fields = ("number", "title", "summary", "systems__name")
    default_sort = "-planned"
    empty = Empty(
        gettext_lazy("No evaluation of systems yet"),
        gettext_lazy("Once a year the security of the systems is evaluated; what is found leads to changes."),
        url=reverse_lazy("assurance:systems_plan"),
        action=gettext_lazy("Plan an evaluation of systems"),
        icon="server-cog",
    )

    def rows(self) -> QuerySet[Inspection]:
        """Return the evaluations that the user may see, counted."""
        rows = inspections_visible(self.user).filter(reason=Inspection.Reason.SYSTEMS)
        severe = Q(findings__change__severity__in=("high", "critical"))
        return rows.annotate(
            scope=Count("systems", distinct=True),
            all=Count("findings", distinct=True),
            verified=Count("findings", filter=Q(findings__state="verified"), distinct=True),
            severe=Count("findings", filter=severe, distinct=True),
        )


class RoundsListView(ListingView):
    """The page of a list of inspections, with the day on which the next one of a kind is due."""

    kind: ClassVar[str] = Inspection.Reason.CONDUCT

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Add when each legal entity is to be inspected next."""
        entities = entities_with_last(entities_governed(listing.user), self.kind)
        coming = [
            {"round": each, "late": each.due_on < today_of(each.entity)}
            for each in rounds_of(entities, self.kind)
        ]
        return {"coming": coming}


class InspectionListView(RoundsListView):
    """All inspections, with the next one of the conduct of duties."""

    listing: ClassVar[type[Listing]] = InspectionListing
    template_name = "assurance/inspection_list.html"


class SystemsListView(RoundsListView):
    """The evaluations of systems, with the next one."""

    listing: ClassVar[type[Listing]] = SystemsListing
    template_name = "assurance/systems_list.html"
    kind: ClassVar[str] = Inspection.Reason.SYSTEMS


@login_required
@FORM
def systems_plan(request: HttpRequest) -> HttpResponse:
    """Plan an evaluation of the security of systems."""
    entity, _entities = entity_chosen(request)
    what = Deed(
        title=_("Plan an evaluation of systems"),
        lead=_("The points that are looked at are those of the country's pack."),
        submit=_("Plan it"),
        said=_("The evaluation is planned."),
        back=room("systems_list", entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=SystemsForm,
        entity=entity,
        initial={"planned_on": today_of(entity)},
        trail=((room("systems_list", entity), _("Security of systems")),),
    )

    def act(form: Any) -> str:
        data = form.cleaned_data
        made = inspection_plan(
            actor=request.user,
            entity=entity,
            title=data["title"],
            reason=Inspection.Reason.SYSTEMS,
            departments=list(data["departments"]),
            lead=data["lead"],
            planned_on=data["planned_on"],
            beside=data["beside"],
            units=list(data["units"]),
            further=data["further"],
        )
        return made.get_absolute_url()

    return deed(request, what, act)


@login_required
@FORM
def point_page(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """Record what was seen at one point, and go on to the next that is open."""
    rows = InspectionPoint.objects.select_related("inspection__entity")
    point = get_object_or_404(rows, pk=point_id)
    inspection = point.inspection
    what = Deed(
        title=_("Point %(number)d") % {"number": point.number},
        facts=((_("What is looked at"), point.in_language(get_language() or "en")),),
        submit=_("Record it"),
        said=_("The point is recorded."),
        back=inspection.get_absolute_url(),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(inspection.entity),
        form=PointForm,
        entity=inspection.entity,
        initial={"expected_version": point.version, "result": point.result, "note": point.note},
        trail=((inspection.get_absolute_url(), inspection.title),),
    )

    def act(form: Any) -> str:
        point_judge(
            actor=request.user,
            point=point,
            expected_version=form.version,
            result=form.cleaned_data["result"],
            note=form.cleaned_data["note"],
        )
        left = next_open_point(inspection)
        return reverse("assurance:point", args=[left.pk]) if left else inspection.get_absolute_url()

    return deed(request, what, act)


@login_required
@require_safe
def inspection_paper(request: HttpRequest, inspection_id: UUID) -> HttpResponse:
    """Give the record of an inspection as PDF in the reader's language."""
    rows = Inspection.objects.select_related("entity", "lead", "beside").prefetch_related("departments")
    inspection = get_object_or_404(rows, pk=inspection_id)
    content = inspection_print(
        actor=request.user, inspection=inspection, language=get_language() or "zh-hans"
    )
    return download(content, inspection.number or "inspection", "pdf")
