"""The bank of questions, for those who write courses: nobody else sees here what is right."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.listing import Choice, Column, Empty, Flag, Listing, ListingView, State
from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.queries import company_resource, entity_resource
from shoumi.server.people.views.asking import Page
from shoumi.server.training.forms import QuestionForm, leak_choices, part_choices
from shoumi.server.training.models import BankQuestion
from shoumi.server.training.queries.access import entities_run
from shoumi.server.training.queries.courses import table_of
from shoumi.server.training.services import bank
from shoumi.server.training.views.courses import TrainingListing
from shoumi.server.training.views.framing import FORM, deed, entity_chosen


def _choices_of(listing: Listing, of) -> list[tuple[str, str]]:  # noqa: ANN001 - one of the forms' functions
    found: dict[str, str] = {}
    for entity in listing.run:
        found |= dict(of(table_of(entity)))
    return list(found.items())


def _named(row: BankQuestion, of) -> str:  # noqa: ANN001 - the same
    return dict(of(table_of(row.entity))).get(row.leak if of is leak_choices else row.part, "")


class QuestionListing(TrainingListing):
    """The questions of the entities whose training the user runs."""

    name = "training.questions"
    title = _("Bank of questions")
    columns = (
        Column("text", _("Question"), sort="code", primary=True, sub="code"),
        Column("part", _("Part"), lambda row: _named(row, part_choices), sort="part"),
        Column("leak", _("Type of leak"), lambda row: _named(row, leak_choices), sort="leak"),
        Column("entity", _("Legal entity"), "entity.name", sort="entity__code"),
        Column("language", _("Language"), "get_language_display", sort="language", shown=False),
        Column(
            "origin",
            pgettext_lazy("question", "Origin"),
            lambda row: _now("Pack") if row.from_pack else _now("The company’s own"),
            sort="from_pack",
        ),
        Column(
            "state",
            _("State"),
            lambda row: (
                State(pgettext_lazy("question", "ended"), "off")
                if row.ended_on
                else State(_("in use"), "good")
            ),
            "state",
            sort="ended_on",
        ),
        Column("source", _("Source"), sort="source", shown=False),
    )
    filters = (
        Choice("entity", _("Legal entity"), choices=lambda listing: [(e.pk, e.name) for e in listing.run]),
        Choice("part", _("Part"), choices=lambda listing: _choices_of(listing, part_choices)),
        Choice("leak", _("Type of leak"), choices=lambda listing: _choices_of(listing, leak_choices)),
        Flag("own", _("The company’s own"), condition=Q(from_pack=False)),
        Flag("ended", _("Ended too"), condition=Q()),
    )
    search_fields = ("text", "code", "explanation", "source")
    default_sort = "text"
    empty = Empty(
        _("No question yet"),
        _("Bring in the questions of the law pack, or write your own."),
        url=reverse_lazy("training:question_add"),
        action=_("Write a question"),
        icon="help-circle",
    )

    def rows(self) -> QuerySet[BankQuestion]:
        """Return the questions in use; ended ones only when asked for."""
        rows = BankQuestion.objects.filter(entity__in=[entity.pk for entity in self.run])
        if self.parameters.get("ended") != "1":
            rows = rows.filter(ended_on=None)
        return rows.select_related("entity")

    def row_url(self, row: BankQuestion) -> str:
        """Lead to the question."""
        return reverse("training:question_detail", args=[row.pk])


class QuestionListView(ListingView):
    """The bank of questions."""

    listing = QuestionListing
    template_name = "training/questions.html"

    def allowed(self, request: HttpRequest) -> None:
        """Let in who writes courses."""
        _require_runner(request)

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Add the entities whose pack may be brought in."""
        return {"entities": listing.run}


def _require_runner(request: HttpRequest) -> None:
    entities = entities_run(request.user)
    resource = entity_resource(entities[0]) if entities else company_resource()
    gate.require(request.user, Action.TRAINING_EDIT, resource)


@login_required
@require_safe
def question_detail(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Show a question with what is right and where it comes from."""
    row = get_object_or_404(BankQuestion.objects.select_related("entity"), pk=question_id)
    gate.require(request.user, Action.TRAINING_EDIT, entity_resource(row.entity))
    table, language = table_of(row.entity), get_language() or "en"
    leak = next((leak for leak in table.leaks if leak.id == row.leak), None)
    part = next((part for part in table.parts if part.id == row.part), None)
    context = {
        "question": row,
        "options": [(option, at in row.right) for at, option in enumerate(row.options)],
        "part": part.names.in_language(language) if part else row.part,
        "leak": leak,
        "leak_name": leak.names.in_language(language) if leak else "",
        "leak_meaning": leak.meaning.in_language(language) if leak else "",
    }
    return render(request, "training/question.html", context)


@login_required
@FORM
def question_add(request: HttpRequest) -> HttpResponse:
    """Write a question of the company's own."""
    entities = entities_run(request.user)
    if not entities:
        gate.require(request.user, Action.TRAINING_EDIT, company_resource())
        raise Http404
    entity = entity_chosen(request, entities)
    page = Page(
        title=_now("Write a question"),
        submit=_now("Add the question"),
        back=reverse("training:question_list"),
        said=_now("The question is added. Versions published from now on may ask it."),
        trail=((reverse("training:question_list"), _now("Bank of questions")),),
        columns={"training.options": "options"},
    )

    def act(form: QuestionForm) -> None:
        bank.question_add(
            actor=request.user,
            entity=form.cleaned_data["entity"],
            language=table_of(form.cleaned_data["entity"]).language,
            words=form.words,
        )

    form = QuestionForm(request.POST or None, entities=[entity])
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=entity)


@login_required
@FORM
def question_change(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Put other words in the place of a question."""
    row = get_object_or_404(BankQuestion.objects.select_related("entity"), pk=question_id)
    page = Page(
        title=_now("Change the question"),
        lead=_now("Versions that were published keep it as it was."),
        submit=_now("Save"),
        back=reverse("training:question_list"),
        said=_now("Saved."),
        trail=((reverse("training:question_list"), _now("Bank of questions")),),
        columns={"training.options": "options"},
    )

    def act(form: QuestionForm) -> None:
        bank.question_change(
            actor=request.user,
            question_id=row.pk,
            expected_version=form.cleaned_data["expected_version"],
            words=form.words,
        )

    form = QuestionForm(request.POST or None, entities=[row.entity], question=row)
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=row.entity)


@login_required
@FORM
def question_end(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Ask a question no more, after asking once more."""
    row = get_object_or_404(BankQuestion.objects.select_related("entity"), pk=question_id)
    page = Page(
        title=_now("Ask it no more"),
        lead=_now("Versions that were published keep it as it was."),
        facts=((_now("Question"), row.text),),
        submit=_now("Ask it no more"),
        back=reverse("training:question_list"),
        said=_now("The question is ended."),
        danger=True,
    )

    def act(form: VersionForm) -> None:
        bank.question_end(actor=request.user, question_id=row.pk, expected_version=form.version)

    form = VersionForm(request.POST or None, initial={"expected_version": row.version})
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=row.entity)


@login_required
@require_POST
def bring_in(request: HttpRequest) -> HttpResponse:
    """Bring in what the pack has and the bank has not."""
    entity = entity_chosen(request, entities_run(request.user))
    count = bank.bank_bring_in(actor=request.user, entity=entity)
    messages.success(
        request,
        ngettext("%(count)d question was brought in.", "%(count)d questions were brought in.", count)
        % {"count": count},
    )
    return redirect("training:question_list")
