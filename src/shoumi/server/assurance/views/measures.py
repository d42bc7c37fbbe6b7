"""Recorded measures: the list, one record, the stepped form, withdrawal; and the five steps of leavers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.engine.policy import Action, Resource, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.assurance.forms.measures import (
    LeaverStepForm,
    MeasureForForm,
    MeasureGradeForm,
    MeasureWhatForm,
    WithdrawForm,
)
from shoumi.server.assurance.models import LeaverStep, MeasureRecord
from shoumi.server.assurance.queries.proofs import STEPS
from shoumi.server.assurance.queries.scoping import (
    RECORDING,
    VIEWING,
    entities_overseen,
    place_resource,
    remit_resource,
    within,
)
from shoumi.server.assurance.services.measures import (
    MeasureTargetError,
    MeasureValues,
    leaver_step_do,
    measure_record,
    measure_withdraw,
)
from shoumi.server.assurance.views.framing import adopted, entity_asked, trail
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
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department, EndReason, Engagement
from shoumi.server.people.queries import today_of
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.register.models import Carrier, TradeSecret

PARTS = (
    Part("for", gettext_lazy("Which proof, for what"), MeasureForForm),
    Part("what", gettext_lazy("What was done"), MeasureWhatForm),
    Part("grade", gettext_lazy("Whether it is lived"), MeasureGradeForm),
)


def proof_words(record: MeasureRecord) -> str:
    """Return the name of the record's proof or circumstance in the reader's language."""
    table, language = load_assurance(record.entity.pack).measures, get_language() or "en"
    if record.proof.startswith("X."):
        return table.malus[record.proof.removeprefix("X.")].names.in_language(language)
    proof = table.proof(record.proof)
    return proof.names.in_language(language) if proof else record.proof


def _proofs(listing: Listing) -> list[tuple[str, str]]:
    held = set(listing.rows().order_by().values_list("proof", flat=True).distinct())
    table, language = load_assurance("cn").measures, get_language() or "en"
    names = {proof.id: proof.names.in_language(language) for kind in table.kinds for proof in kind.proofs}
    names |= {f"X.{key}": item.names.in_language(language) for key, item in table.malus.items()}
    return [(key, name) for key, name in names.items() if key in held]


def _for_whom(row: MeasureRecord) -> str:
    return str(row.secret or row.department or row.entity)


def _state(row: MeasureRecord) -> State:
    if row.withdrawn_at:
        return State(_("Withdrawn"), "off")
    if not row.file_id or row.recorded_afterwards:
        return State(_("Counts half"), "waiting")
    return State(_("Counts fully"), "good")


class MeasureListing(Listing):
    """Recorded measures within the user's remit."""

    name = "assurance.measures"
    title = gettext_lazy("Recorded measures")
    columns = (
        Column("proof", gettext_lazy("Proof"), proof_words, sort="proof", primary=True, sub="text"),
        Column("for", gettext_lazy("For"), _for_whom),
        Column("from", gettext_lazy("In force from"), "happened_on", kind="day", sort="happened_on"),
        Column("until", gettext_lazy("In force until"), "ends_on", kind="day", sort="ends_on"),
        Column("reach", gettext_lazy("Reached"), lambda row: f"{row.covered}/{row.needed}", kind="mono"),
        Column("state", gettext_lazy("State"), _state, kind="state"),
        Column("party", gettext_lazy("Concerns"), "get_party_display", shown=False),
        Column("partner", gettext_lazy("Name of the partner"), "party_name", shown=False),
        Column(
            "recorded",
            gettext_lazy("Recorded"),
            "recorded_at",
            kind="moment",
            sort="recorded_at",
            shown=False,
        ),
        Column("by", gettext_lazy("Recorded by"), "recorded_by.display_name", shown=False),
    )
    filters = (
        Choice("proof", gettext_lazy("Proof"), choices=_proofs, many=True),
        Choice("party", gettext_lazy("Concerns"), choices=MeasureRecord.Party.choices),
        DateRange("from", gettext_lazy("In force from"), "happened_on"),
        Flag("nofile", gettext_lazy("Without a file"), condition=Q(file=None)),
        Flag("held", gettext_lazy("Not withdrawn"), condition=Q(withdrawn_at=None)),
    )
    search_fields = ("text", "party_name")
    search_label = gettext_lazy("Words of the record")
    default_sort = "-from"
    presets = (
        Preset(gettext_lazy("Not withdrawn"), "held=1"),
        Preset(gettext_lazy("Without a file"), "nofile=1"),
    )
    empty = Empty(
        gettext_lazy("No measure is recorded yet"),
        gettext_lazy(
            "Marks, zones, approvals and permissions are counted by themselves. Agreements, training and "
            "technical limits are recorded here with their day and their file."
        ),
        url=reverse_lazy("assurance:measure_create", args=["for"]),
        action=gettext_lazy("Record a measure"),
        icon="clipboard-check",
    )
    export_action: ClassVar[Action] = Action.ASSURANCE_VIEW

    def rows(self) -> QuerySet[MeasureRecord]:
        """Return the records within the user's remit."""
        rows = MeasureRecord.objects.select_related("entity", "department", "secret", "recorded_by")
        return rows.filter(within(scopes_of(self.user, VIEWING)))

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user records measures in at least one legal entity."""
        return entities_overseen(self.user, RECORDING).exists()

    def export_resource(self) -> Resource:
        """Return the user's remit."""
        return remit_resource(self.user)


class MeasureListView(ListingView):
    """The page of recorded measures."""

    listing = MeasureListing
    template_name = "assurance/measures/list.html"


@login_required
@require_safe
def measure_detail(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Show one record."""
    rows = MeasureRecord.objects.select_related(
        "entity", "department", "secret", "carrier", "file", "recorded_by"
    )
    record = get_object_or_404(rows, pk=record_id)
    resource = place_resource(record.entity, record.department)
    gate.require(request.user, Action.ASSURANCE_VIEW, resource)
    context = {
        "record": record,
        "name": proof_words(record),
        "state": _state(record),
        "whom": _for_whom(record),
        "may_record": gate.permits(request.user, Action.MEASURE_RECORD, resource),
        "trail": trail((reverse("assurance:measure_list"), _("Recorded measures"))),
    }
    return render(request, "assurance/measures/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def measure_new(request: HttpRequest, part: str) -> HttpResponse:
    """Take a record, part by part."""
    entity = entity_asked(request, RECORDING)
    if entity is None:
        gate.require(request.user, Action.MEASURE_RECORD, resources.unit("company"))
        raise Http404

    def finish(values: Mapping[str, Any]) -> str:
        record = measure_record(actor=request.user, entity=entity, values=_values(request, values))
        messages.success(request, _("The measure is recorded."))
        return record.get_absolute_url()

    stepper = Stepper(
        name=f"measure-new-{entity.code}",
        parts=PARTS,
        title=_("Record a measure"),
        submit=_("Record the measure"),
        back=reverse("assurance:measure_list"),
        address=lambda key: f"{reverse('assurance:measure_create', args=[key])}?entity={entity.code}",
        finish=finish,
        arguments={"user": request.user, "entity": entity},
        initial={
            "proof": request.GET.get("proof", ""),
            "happened_on": today_of(entity),
            "covered": 1,
            "needed": 1,
        },
        trail=trail((reverse("assurance:measure_list"), _("Recorded measures"))),
    )
    return stepper.page(request, part)


def _values(request: HttpRequest, values: Mapping[str, Any]) -> MeasureValues:
    secret = TradeSecret.objects.filter(pk=values["secret"] or None).first()
    carrier = None
    if values["carrier"]:
        carrier = Carrier.objects.select_related("secret").filter(number=values["carrier"]).first()
        if carrier is None or (secret and carrier.secret_id != secret.pk):
            raise MeasureTargetError
    return MeasureValues(
        proof=values["proof"],
        department=Department.objects.filter(pk=values["department"] or None).first(),
        secret=secret,
        carrier=carrier,
        text=values["text"],
        happened_on=values["happened_on"],
        ends_on=values["ends_on"],
        covered=values["covered"],
        needed=values["needed"],
        file=adopted(request.user, values["file"]),
        party=values["party"],
        party_name=values["party_name"],
        lived=values["lived"],
        lived_reason=values["lived_reason"],
        recognisable=values["recognisable"],
        recognisable_reason=values["recognisable_reason"],
    )


@login_required
@require_http_methods(["GET", "POST"])
def measure_take_back(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Withdraw a record with its reason."""
    record = get_object_or_404(MeasureRecord.objects.select_related("entity", "department"), pk=record_id)
    gate.require(request.user, Action.MEASURE_RECORD, place_resource(record.entity, record.department))
    page = Page(
        title=_("Withdraw this record"),
        submit=_("Withdraw"),
        lead=_("It holds no longer from now on. It stays readable, and earlier days keep it."),
        danger=True,
        back=record.get_absolute_url(),
        said=_("The record is withdrawn."),
        facts=((_("Proof"), proof_words(record)), (_("What was done"), record.text)),
        trail=trail((reverse("assurance:measure_list"), _("Recorded measures"))),
    )

    def act(form: Any) -> None:
        measure_withdraw(
            actor=request.user,
            record_id=record.pk,
            expected_version=form.version,
            reason=form.cleaned_data["reason"],
        )

    initial = {"expected_version": record.version}
    return form_page(request, page, WithdrawForm(request.POST or None, initial=initial), act)


class LeaverListing(Listing):
    """Those who left a department in the user's remit, with how many of the five steps are done."""

    name = "assurance.leavers"
    title = gettext_lazy("Leavers")
    columns = (
        Column("person", gettext_lazy("Person"), "person.name", sort="person__name", primary=True),
        Column("department", gettext_lazy("Department"), "department.name", sort="department__name"),
        Column("post", gettext_lazy("Post"), "post.title", shown=False),
        Column("ended", gettext_lazy("Ended on"), "ends_on", kind="day", sort="ends_on"),
        Column("reason", gettext_lazy("Reason"), "get_end_reason_display", shown=False),
        Column(
            "steps",
            gettext_lazy("Steps done"),
            lambda row: State(f"{row.steps}/{STEPS}", "good" if row.steps == STEPS else "waiting"),
            kind="state",
            sort="steps",
        ),
    )
    filters = (
        Flag("open", gettext_lazy("Steps are missing"), condition=Q(steps__lt=STEPS)),
        DateRange("ended", gettext_lazy("Ended on"), "ends_on"),
    )
    search_fields = ("person__search", "department__name")
    search_label = gettext_lazy("Name or department")
    default_sort = "-ended"
    presets = (Preset(gettext_lazy("Steps are missing"), "open=1"),)
    empty = Empty(
        gettext_lazy("Nobody has left"),
        gettext_lazy(
            "When an engagement ends, the person appears here with five steps: register, return, delete, "
            "destroy, and the duty that goes on."
        ),
        icon="door-exit",
    )
    export_action: ClassVar[Action] = Action.ASSURANCE_VIEW

    def rows(self) -> QuerySet[Engagement]:
        """Return the ended engagements within the user's remit."""
        ended = Engagement.objects.filter(ends_on__lte=clock().now().date()).exclude(
            end_reason=EndReason.MOVED
        )
        remit = within(scopes_of(self.user, VIEWING), entity="department__entity")
        counted = ended.filter(remit).annotate(steps=Count("leaver_steps"))
        return counted.select_related("person", "department__entity", "post")

    def row_url(self, row: object) -> str:
        """Return the page of the leaver."""
        return reverse("assurance:leaver_detail", args=[row.pk])

    def export_resource(self) -> Resource:
        """Return the user's remit."""
        return remit_resource(self.user)


class LeaverListView(ListingView):
    """The page of leavers."""

    listing = LeaverListing


@login_required
@require_http_methods(["GET", "POST"])
def leaver_detail(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Show the five steps of one leaver and tick one off."""
    rows = Engagement.objects.select_related("person", "department__entity", "post")
    engagement = get_object_or_404(rows, pk=engagement_id, ends_on__isnull=False)
    department = engagement.department
    resource = place_resource(department.entity, department)
    gate.require(request.user, Action.ASSURANCE_VIEW, resource)
    done = {row.step: row for row in engagement.leaver_steps.select_related("recorded_by", "file")}
    open_steps = [step for step in LeaverStep.Step.values if step not in done]
    form = LeaverStepForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        open_steps=open_steps,
        initial={"done_on": today_of(department.entity)},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            leaver_step_do(
                actor=request.user,
                engagement=engagement,
                step=values["step"],
                done_on=values["done_on"],
                text=values["text"],
                file=adopted(request.user, values["file"]),
            )
        except InputError as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The step is ticked off."))
            return redirect("assurance:leaver_detail", engagement.pk)
    context = {
        "engagement": engagement,
        "steps": [(label, done.get(step)) for step, label in LeaverStep.Step.choices],
        "form": form if open_steps else None,
        "may_record": gate.permits(request.user, Action.MEASURE_RECORD, resource),
        "trail": trail((reverse("assurance:leaver_list"), _("Leavers"))),
    }
    return render(request, "assurance/measures/leaver.html", context, status=422 if form.errors else 200)
