"""Campaigns: the list, how one is started, its page with progress, and who has been trained."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import Action, Role, resources
from shoumi.server.accounts import gate
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
from shoumi.server.people.models import Country
from shoumi.server.people.queries import company_resource, entity_resource, today_in, today_of
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.views.asking import Page
from shoumi.server.training.forms import CampaignForm, audience_choices
from shoumi.server.training.models import Assignment, Campaign, Course, CourseVersion, Sitting
from shoumi.server.training.queries.access import (
    SEE_RESULTS,
    SEE_STANDING,
    assignments,
    assignments_visible,
    campaigns_visible,
    entities_run,
)
from shoumi.server.training.queries.audiences import contractors_workers
from shoumi.server.training.queries.campaigns import figures_of, persons_to_assign
from shoumi.server.training.queries.courses import table_of
from shoumi.server.training.services import campaigns
from shoumi.server.training.services.reminding import campaign_remind
from shoumi.server.training.views.courses import TrainingListing, entity_pairs, require_viewer
from shoumi.server.training.views.framing import FORM, deed, entity_chosen

TONES = {"waiting": "waiting", "sending": "active", "stopped": "bad", "open": "good", "closed": "off"}


def campaign_state(row: Campaign) -> State:
    """Return how far a campaign has come, in words."""
    return State(row.get_state_display(), TONES[row.state])


class CampaignListing(TrainingListing):
    """The campaigns that the user may see."""

    name = "training.campaigns"
    title = _("Campaigns")
    columns = (
        Column("title", _("Campaign"), sort="title", primary=True, sub="course.title"),
        Column("entity", _("Legal entity"), "course.entity.name", sort="course__entity__code"),
        Column("state", _("State"), campaign_state, kind="state", sort="state"),
        Column("due", pgettext_lazy("training", "Due on"), "due_on", kind="day", sort="due_on"),
        Column("assigned", _("Persons"), kind="number", sort="assigned"),
        Column("done", pgettext_lazy("training", "Done"), kind="number", sort="done"),
        Column("started", _("Started"), "created_at", kind="moment", sort="created_at"),
        Column(
            "by", _("Started by"), "started_by.display_name", sort="started_by__display_name", shown=False
        ),
    )
    filters = (
        Choice("state", _("State"), choices=Campaign.State.choices, many=True),
        Choice("entity", _("Legal entity"), "course__entity", choices=entity_pairs),
        DateRange("due", pgettext_lazy("training", "Due on"), "due_on"),
    )
    search_fields = ("title", "course__title")
    default_sort = "-started"
    presets = (Preset(pgettext_lazy("campaign", "Running"), "state=waiting&state=sending&state=open"),)
    empty = Empty(
        _("No campaign yet"),
        _("A campaign asks an audience to learn a course by a day, and reminds those who have not."),
        url=reverse_lazy("training:campaign_start"),
        action=_("Start a campaign"),
        icon="speakerphone",
    )

    def rows(self) -> QuerySet[Campaign]:
        """Return the campaigns that the user may see, with their numbers."""
        return campaigns_visible(self.user).annotate(
            assigned=Count("assignments"),
            done=Count("assignments", filter=Q(assignments__done_at__isnull=False)),
        )


class CampaignListView(ListingView):
    """The campaigns."""

    listing = CampaignListing
    template_name = "training/campaigns.html"

    def allowed(self, request: HttpRequest) -> None:
        """Let in who sees the training of at least one legal entity."""
        require_viewer(request)


@login_required
@FORM
def campaign_start(request: HttpRequest) -> HttpResponse:
    """Start a campaign."""
    entities = entities_run(request.user)
    if not entities:
        gate.require(request.user, Action.TRAINING_RUN, company_resource())
        raise Http404
    entity = entity_chosen(request, entities)
    courses = Course.objects.filter(
        entity=entity, retired_on=None, versions__state=CourseVersion.State.PUBLISHED
    ).order_by("title")
    page = Page(
        title=_now("Start a campaign"),
        lead=_now("Whoever holds a certificate of the course that is still good is left out."),
        submit=_now("Start the campaign"),
        back=reverse("training:campaign_list"),
        said=_now("The campaign is started; it goes out within seconds."),
        trail=((reverse("training:campaign_list"), _now("Campaigns")),),
        facts=((_now("Legal entity"), entity.name),),
        columns={"training.due_day": "due_on", "training.departments_needed": "departments"},
    )

    def act(form: CampaignForm) -> str:
        data = form.cleaned_data
        wish = campaigns.Wish(
            title=data["title"],
            audience=data["audience"],
            due_on=data["due_on"],
            departments=list(data["departments"]),
        )
        row = campaigns.campaign_start(actor=request.user, course=data["course"], wish=wish)
        return row.get_absolute_url()

    initial = {"course": request.GET.get("course"), "audience": "all"}
    form = CampaignForm(request.POST or None, courses=courses, entity=entity, initial=initial)
    return deed(request, page, form, act, action=Action.TRAINING_RUN, entity=entity)


@login_required
@require_safe
def campaign_detail(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Show a campaign with its progress; htmx asks for the progress alone."""
    rows = Campaign.objects.select_related("course__entity", "started_by").prefetch_related("departments")
    campaign = get_object_or_404(rows, pk=campaign_id)
    entity = campaign.course.entity
    resource = entity_resource(entity)
    gate.require(request.user, Action.TRAINING_VIEW, resource)
    run = gate.permits(request.user, Action.TRAINING_RUN, resource)
    day = today_of(entity)
    figures = figures_of(campaign)
    context: dict[str, Any] = {
        "campaign": campaign,
        "course": campaign.course,
        "figures": figures,
        "state": campaign_state(campaign),
        "audience": dict(audience_choices(table_of(entity))).get(campaign.audience, campaign.audience),
        "stops": run and campaign.state in {"waiting", "sending", "open"} and not campaign.stop_asked,
        "resumes": run and campaign.state == Campaign.State.STOPPED,
        "reminds": run and campaign.state == Campaign.State.OPEN and figures.open > 0,
        "closes": run and campaign.state in {"open", "stopped"},
        "overdue": day > campaign.due_on and figures.open > 0,
        "waiting": persons_to_assign(campaign).count()
        if campaign.state == Campaign.State.STOPPED
        else max(0, figures.expected - figures.assigned),
        "contractors": contractors_workers(entity, campaign.departments.all())
        .order_by("contractor")
        .values("contractor")
        .annotate(count=Count("person", distinct=True)),
    }
    partial = bool(request.htmx) and not request.htmx.boosted
    return render(request, "training/_campaign.html" if partial else "training/campaign.html", context)


@login_required
@require_POST
def campaign_control(request: HttpRequest, campaign_id: UUID, verb: str) -> HttpResponse:
    """Stop, resume, close or remind."""
    if verb == "remind":
        told = campaign_remind(actor=request.user, campaign_id=campaign_id)
        messages.success(
            request,
            ngettext("%(count)d person is reminded.", "%(count)d persons are reminded.", told)
            % {"count": told},
        )
        return redirect("training:campaign_detail", campaign_id)
    acts = {
        "stop": (campaigns.campaign_stop, _now("The campaign stops after the batch that is going out.")),
        "resume": (campaigns.campaign_resume, _now("The campaign goes on. Nobody is told twice.")),
        "close": (campaigns.campaign_close, _now("The campaign is closed.")),
    }
    if verb not in acts:
        raise Http404
    act, said = acts[verb]
    act(actor=request.user, campaign_id=campaign_id)
    messages.success(request, said)
    return redirect("training:campaign_detail", campaign_id)


def standing_of(row: Assignment) -> State:
    """Return whether an assignment is done, in words."""
    if row.done_at is not None:
        return State(pgettext_lazy("training", "Done"), "good")
    if row.campaign.due_on < today_of(row.campaign.course.entity):
        return State(pgettext_lazy("training", "Overdue"), "bad")
    return State(pgettext_lazy("training", "To be learned"), "waiting")


def _campaign_pairs(listing: Listing) -> list[tuple[object, str]]:
    asked = listing.scoped.order_by().filter(campaign=OuterRef("pk"))
    rows = Campaign.objects.filter(Exists(asked)).values_list("pk", "title")
    return sorted(rows, key=lambda pair: pair[1])


RESULTS = ("campaign__course__entity", "person", "certificate")
DONE = Case(When(done_at__isnull=False, then=Value("done")), default=Value("open"), output_field=CharField())


class StandingListing(TrainingListing):
    """Who has been trained and who has not: nothing of how it went."""

    name = "training.standing"
    title = _("Who has been trained")
    columns = (
        Column("name", _("Person"), "person.name", sort="person__reading", primary=True, sub="person.number"),
        Column("course", _("Course"), "campaign.course.title", sort="campaign__course__title"),
        Column("campaign", _("Campaign"), "campaign.title", sort="campaign__title"),
        Column(
            "due", pgettext_lazy("training", "Due on"), "campaign.due_on", kind="day", sort="campaign__due_on"
        ),
        Column("standing", _("State"), standing_of, kind="state", sort="standing"),
    )
    filters = (
        Choice(
            "standing",
            _("State"),
            choices=(
                ("open", pgettext_lazy("training", "Not done")),
                ("done", pgettext_lazy("training", "Done")),
            ),
        ),
        Choice("campaign", _("Campaign"), choices=_campaign_pairs),
        DateRange("due", pgettext_lazy("training", "Due on"), "campaign__due_on"),
        Flag("overdue", pgettext_lazy("training", "Overdue"), condition=lambda listing: listing.overdue),
    )
    search_fields = ("person__name", "person__number", "person__reading", "campaign__course__title")
    default_sort = "name"
    empty = Empty(
        _("Nobody has been asked to learn yet"),
        _("Those whom a campaign asks to learn a course stand here, with whether they have."),
        icon="school",
    )
    roles = SEE_STANDING

    def rows(self) -> QuerySet[Assignment]:
        """Return the assignments of those in the user's remit, and the user's own."""
        return assignments_visible(self.user, self.roles).annotate(standing=DONE)

    def drawn(self) -> QuerySet[Assignment]:
        """Return the same without asking again who may see them."""
        return assignments().annotate(standing=DONE)

    @property
    def overdue(self) -> Q:
        """The condition that an assignment is overdue."""
        found = Q(pk__in=())
        for country in Country.values:
            day = today_in(country)
            found |= Q(campaign__course__entity__country=country, campaign__due_on__lt=day)
        return found & Q(done_at__isnull=True)

    def row_url(self, row: Assignment) -> str:
        """Lead nowhere."""
        del row
        return ""


class ResultListing(StandingListing):
    """The same with results, for those who may see them; never with answers."""

    name = "training.results"
    columns = (
        *StandingListing.columns,
        Column(
            "percent",
            _("Result in percent"),
            "certificate.percent",
            kind="number",
            sort="certificate__percent",
        ),
        Column("done", _("Done on"), "done_at", kind="moment", sort="done_at"),
        Column(
            "until", _("Holds until"), "certificate.valid_until", kind="day", sort="certificate__valid_until"
        ),
        Column("told", _("Told"), "told_at", kind="moment", sort="told_at", shown=False),
        Column("reminders", _("Reminders"), kind="number", sort="reminders", shown=False),
        Column("escalated", _("Escalated"), "escalated_on", kind="day", sort="escalated_on", shown=False),
    )
    filters = (
        *StandingListing.filters,
        Flag("paper", _("Without a sign-in"), condition=Q(told_at__isnull=True)),
        Flag("escalated", _("Escalated"), condition=Q(escalated_on__isnull=False)),
    )
    roles = SEE_RESULTS

    def rows(self) -> QuerySet[Assignment]:
        """Return the assignments of those whose results the user may see, and the user's own."""
        return super().rows().select_related(*RESULTS)

    def drawn(self) -> QuerySet[Assignment]:
        """Return the same without asking again who may see them, for legal with each one's last try."""
        rows = super().drawn().select_related(*RESULTS)
        if not scopes_of(self.user, (Role.LEGAL,)):
            return rows
        tries = Sitting.objects.filter(
            learning__person=OuterRef("person"),
            learning__version__course=OuterRef("campaign__course"),
            handed_in_at__isnull=False,
        )
        return rows.annotate(last_try=Subquery(tries.order_by("-handed_in_at").values("pk")[:1]))

    def row_url(self, row: Assignment) -> str:
        """Lead to the certificate; legal also to where the answers of who did not pass can be looked at."""
        if row.certificate:
            return row.certificate.get_absolute_url()
        tried = getattr(row, "last_try", None)
        return reverse("training:answers_look", args=[tried]) if tried else ""


class TeamListView(ListingView):
    """Who has been trained, with results for those who may see them."""

    listing = StandingListing
    template_name = "training/team.html"

    def allowed(self, request: HttpRequest) -> None:
        """Let in who sees the standing of somebody besides themselves."""
        if not scopes_of(request.user, SEE_STANDING):
            gate.require(request.user, Action.TRAINING_STANDING, resources.training("everybody"))

    def made(self, request: HttpRequest) -> Listing:
        """Return the list with results where the user may see those of their whole remit."""
        standing = scopes_of(request.user, SEE_STANDING)
        results = scopes_of(request.user, SEE_RESULTS)
        kind = ResultListing if standing == results else StandingListing
        return kind(request.user, request.GET)
