"""Pages of outsourcing: the assessment before it, the self-check on dispatch, the register of data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.listing import Choice, Column, Empty, Flag, Listing, ListingView
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.partners.forms.outsourcing import (
    CheckForm,
    DataBackForm,
    DecideForm,
    GradeForm,
    OutsourcingForm,
    ScopeForm,
)
from shoumi.server.partners.models import Assessment, Outsourcing
from shoumi.server.partners.queries.outsourcing import outsourcings_visible_to, pack_of, standing_of
from shoumi.server.partners.queries.partners import partner_resource, partner_seen
from shoumi.server.partners.services import outsourcing as services
from shoumi.server.partners.views.partners import partner_page, scope_of, trail
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.places.queries.standards import said

TONES = {"draft": "waiting", "submitted": "active", "agreed": "good", "refused": "bad"}
ON_A_PAGE = 5


class OutsourcingListing(Listing):
    """The register of outsourced personal data that the user may see."""

    name = "partners.outsourcings"
    title = _("Outsourced personal data")
    columns = (
        Column("purpose", _("What it is done for"), "purpose", sort="purpose", primary=True),
        Column("partner", _("Partner"), "partner", sort="partner__third_party__name"),
        Column("kinds", _("Kinds of personal data"), "kinds"),
        Column("number", _("Number of persons"), "get_number_display", sort="number"),
        Column("where", _("Where the data lie"), "where"),
        Column("chain", _("Further contractors, and who agreed to them"), "chain", shown=False),
        Column("starts", _("From"), "starts_on", kind="day", sort="starts_on"),
        Column("ended", _("Ended on"), "ended_on", kind="day", sort="ended_on"),
        Column("returned", _("Proof of return or deletion"), "returned", shown=False),
    )
    filters = (
        Choice("number", _("Number of persons"), choices=Outsourcing.Number.choices, many=True),
        Flag(
            "running",
            pgettext_lazy("outsourcings", "Running"),
            condition=Q(ended_on__isnull=True),
        ),
        Flag("chain", _("With further contractors"), condition=~Q(chain="")),
    )
    search_fields = ("purpose", "kinds", "partner__third_party__name")
    default_sort = "-starts"
    export_action = Action.PARTNER_EXPORT
    empty = Empty(
        _("No personal data are outsourced"),
        _("Enter on a partner's page which personal data it handles, once the risk assessment is agreed to."),
        icon="database-export",
    )

    def rows(self) -> QuerySet[Outsourcing]:
        """Return the lines that the user may see."""
        return outsourcings_visible_to(self.user)

    def row_url(self, row: object) -> str:
        """Return the partner's page."""
        return reverse("partners:partner_detail", args=[row.partner_id])

    def export_resource(self) -> Resource:
        """Return the department or entity to which all rows belong, else the company."""
        return scope_of(self.rows().order_by().values("partner__third_party__department"))


class OutsourcingListView(ListingView):
    """The page of the register."""

    listing: ClassVar[type[Listing]] = OutsourcingListing


@login_required
@require_http_methods(["GET", "POST"])
def assessment_new(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Begin an assessment."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    page = partner_page(partner, _("Assess an outsourcing"), _("Begin"), _("Answer the questions now."))

    def act(form: Any) -> str:
        made = services.assessment_begin(
            actor=request.user, partner=partner, scope=form.cleaned_data["scope"]
        )
        return made.get_absolute_url()

    return form_page(request, page, ScopeForm(request.POST or None), act)


@login_required
@require_safe
def assessment_detail(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the questions with their answers, the score and what is missing."""
    assessment = _seen(request, assessment_id)
    pack, found = pack_of(assessment.partner), standing_of(assessment)
    answers = {row.question: row for row in assessment.answers.select_related("proof")}
    assesses = gate.permits(request.user, Action.PARTNER_ASSESS, partner_resource(assessment.partner))
    decides = gate.permits(request.user, Action.PARTNER_DECIDE, _deciding(assessment))
    (benchmark,) = pack.benchmarks
    context = {
        "assessment": assessment,
        "tone": TONES[assessment.state],
        "found": found,
        "pass_at": pack.assessment.pass_at,
        "questions": [
            (item, said(item.names), said(item.hint), answers.get(item.id), item.id in found.without_proof)
            for item in pack.assessment.questions
        ],
        "answering": assesses and assessment.state == Assessment.State.DRAFT,
        "deciding": decides and assessment.state == Assessment.State.SUBMITTED,
        "benchmark": (benchmark.percent, said(benchmark.names), said(benchmark.source)),
    }
    return render(request, "partners/assessment.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def assessment_question(request: HttpRequest, assessment_id: UUID, question: str) -> HttpResponse:
    """Answer one question."""
    assessment = _seen(request, assessment_id)
    gate.require(request.user, Action.PARTNER_ASSESS, partner_resource(assessment.partner))
    asked = {item.id: item for item in pack_of(assessment.partner).assessment.questions}
    item = asked.get(question)
    title = said(item.names) if item else question
    kept = assessment.answers.filter(question=question).first()
    page = _page(
        assessment, title, _("Answer"), _("The answer is kept."), lead=said(item.hint) if item else ""
    )

    def act(form: Any) -> None:
        services.assessment_answer(
            actor=request.user, assessment=assessment, question=question, **form.cleaned_data
        )

    initial = {"grade": kept.grade, "note": kept.note} if kept else {}
    form = GradeForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    return form_page(request, page, form, act)


@login_required
@require_POST
def assessment_send(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Put the assessment to the decision."""
    assessment = _seen(request, assessment_id)
    return _done(
        request,
        assessment.get_absolute_url(),
        lambda: services.assessment_submit(
            actor=request.user, assessment=assessment, expected_version=assessment.version
        ),
        _("A second person decides now."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def assessment_decision(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Decide as a second person."""
    assessment = _seen(request, assessment_id)
    gate.require(request.user, Action.PARTNER_DECIDE, _deciding(assessment))
    page = _page(assessment, _("Decide on the outsourcing"), _("Decide"), _("The decision is kept."))

    def act(form: Any) -> None:
        services.assessment_decide(
            actor=request.user,
            assessment=assessment,
            expected_version=assessment.version,
            **form.cleaned_data,
        )

    return form_page(request, page, DecideForm(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def self_check(request: HttpRequest, partner_id: UUID, part: str) -> HttpResponse:
    """Check the line to dispatch, item by item."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    items = pack_of(partner).self_check.items
    home = partner.get_absolute_url()

    def finish(values: Mapping[str, Any]) -> str:
        answers = {item.id: values[item.id] for item in items}
        services.self_check_record(actor=request.user, partner=partner, answers=answers, note=values["note"])
        messages.success(request, _("The self-check is recorded."))
        return home

    halves = (items[: len(items) - ON_A_PAGE], items[len(items) - ON_A_PAGE :])
    labels = (_("The first items"), _("The other items"))
    named = [
        (key, label, half) for key, label, half in zip(("first", "rest"), labels, halves, strict=True) if half
    ]
    parts = [
        Part(key, label, partial(CheckForm, items=half, has_note=key == "rest")) for key, label, half in named
    ]
    stepper = Stepper(
        name=f"self-check-{partner.pk}",
        parts=parts,
        title=said(pack_of(partner).self_check.names),
        submit=_("Record the self-check"),
        back=home,
        address=lambda key: reverse("partners:self_check", args=[partner.pk, key]),
        finish=finish,
        arguments={},
        initial={},
        trail=trail((home, str(partner))),
    )
    if part == "begin":
        return redirect(stepper.address(parts[0].key))
    return stepper.page(request, part)


@login_required
@require_http_methods(["GET", "POST"])
def outsourcing_new(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Enter personal data that the partner will handle."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    page = partner_page(partner, _("Enter outsourced personal data"), _("Enter it"), _("It is entered."))

    def act(form: Any) -> None:
        wish = services.OutsourcingWish(**form.cleaned_data)
        services.outsourcing_record(actor=request.user, partner=partner, wish=wish)

    return form_page(request, page, OutsourcingForm(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def outsourcing_over(request: HttpRequest, outsourcing_id: UUID) -> HttpResponse:
    """End an outsourcing, with the proof of what became of the data."""
    row = get_object_or_404(
        Outsourcing.objects.select_related("partner__third_party__department__entity"), pk=outsourcing_id
    )
    partner = partner_seen(request.user, row.partner_id, Action.PARTNER_EDIT)
    page = partner_page(partner, _("End the outsourcing"), _("End it"), _("The end is recorded."))
    today = today_of(partner.third_party.department.entity)

    def act(form: Any) -> None:
        services.outsourcing_end(
            actor=request.user, outsourcing=row, expected_version=row.version, **form.cleaned_data
        )

    return form_page(request, page, DataBackForm(request.POST or None, initial={"day": today}), act)


def _seen(request: HttpRequest, assessment_id: UUID) -> Assessment:
    rows = Assessment.objects.select_related(
        "partner__third_party__department__entity", "assessed_by", "decided_by"
    )
    assessment = get_object_or_404(rows, pk=assessment_id)
    department = assessment.partner.third_party.department
    gate.require(request.user, Action.PARTNER_VIEW, department_resource(department))
    return assessment


def _deciding(assessment: Assessment) -> Resource:
    return partner_resource(assessment.partner, assessors=(str(assessment.assessed_by_id),))


def _page(assessment: Assessment, title: Any, submit: Any, said_when_done: Any, **more: Any) -> Page:
    home, partner = assessment.get_absolute_url(), assessment.partner
    return Page(
        title=title,
        submit=submit,
        said=said_when_done,
        back=home,
        trail=trail((partner.get_absolute_url(), str(partner)), (home, assessment.scope)),
        template="partners/form.html",
        **more,
    )


def _done(request: HttpRequest, home: str, act: Callable[[], object], said_when_done: Any) -> HttpResponse:
    try:
        act()
    except (InputError, ConflictError) as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, str(said_when_done))
    return redirect(home)
