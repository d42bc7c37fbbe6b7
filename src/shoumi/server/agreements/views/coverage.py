"""Coverage by level of post, the list of needs, the facts of a person, changed texts, and long runs."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.agreements.forms.preparing import PersonFactsForm, fact_name
from shoumi.server.agreements.models import Need, Run
from shoumi.server.agreements.queries.coverage import (
    RECORDED,
    coverage,
    needs,
    needs_visible_to,
    outdated,
    recorded_of,
)
from shoumi.server.agreements.queries.libraries import (
    kind_choices,
    kind_or_none,
    kind_words,
    library_for,
    library_of,
    said,
)
from shoumi.server.agreements.queries.texts import spoken
from shoumi.server.agreements.queries.visible import PREPARERS, entities_of, new_resource
from shoumi.server.agreements.services.coverage import facts_record
from shoumi.server.agreements.services.runs import coverage_start, renewal_start, run_resume, run_stop
from shoumi.server.agreements.views.asking import FORM
from shoumi.server.files.listing import Choice, Column, Empty, Listing, ListingView, Preset, State
from shoumi.server.people.models import LEVELS, LegalEntity
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.people.queries import company_resource, entity_resource, persons_visible
from shoumi.server.people.readings import words_of
from shoumi.server.people.views.asking import Page, form_page

Status = Need.Status
TONES = {
    Status.MISSING: "bad",
    Status.UNCLEAR: "off",
    Status.WAITING: "waiting",
    Status.REFUSED: "bad",
    Status.EXPIRING: "waiting",
    Status.COVERED: "good",
}
CHANGES = {
    "added": gettext_lazy("added"),
    "removed": gettext_lazy("removed"),
    "reworded": gettext_lazy("reworded"),
    "conditions": gettext_lazy("for others than before"),
    "moved": gettext_lazy("moved"),
}


def _kind(row: Need) -> str:
    return kind_words(row.person.entity.pack, row.kind)


def _before(row: Need) -> str:
    moments = library_for(row.person.entity.pack).moments
    return next((said(each.names) for each in moments if each.id == row.before), row.before)


def _why(row: Need) -> str:
    return " ".join(spoken(each) for each in row.why)


def _unknown(row: Need) -> str:
    library = library_for(row.person.entity.pack)
    return "、".join(fact_name(library, name) for name in row.unknown if name in library.facts)


def _status(row: Need) -> State:
    return State(row.get_status_display(), TONES[Status(row.status)])


def _kinds(listing: Listing) -> list[tuple[object, str]]:
    del listing
    return list(dict(row for pack in ("cn", "jp") for row in kind_choices(pack)).items())


def _entities(listing: Listing) -> list[tuple[object, str]]:
    del listing
    return [(row.pk, row.name) for row in LegalEntity.objects.all()]


class NeedListing(Listing):
    """Who needs which agreement, and how it stands."""

    name = "agreements.needs"
    title = gettext_lazy("Who needs which agreement")
    columns = (
        Column(
            "person",
            gettext_lazy("Person"),
            "person.name",
            sort=("person__reading", "person__name"),
            primary=True,
            sub="person.number",
        ),
        Column("kind", gettext_lazy("Kind of agreement"), _kind, sort="kind"),
        Column("status", gettext_lazy("State"), _status, kind="state", sort="status"),
        Column(
            "level",
            gettext_lazy("Secrecy level"),
            lambda row: LEVEL_IDS[row.level],
            kind="level",
            sort="level",
        ),
        Column("before", pgettext_lazy("need", "Before"), _before, sort="before"),
        Column("why", gettext_lazy("Why"), _why),
        Column("unknown", gettext_lazy("Facts not recorded"), _unknown, shown=False),
        Column(
            "ends_on", gettext_lazy("Last day"), "agreement.ends_on", kind="day", sort="agreement__ends_on"
        ),
        Column("checked_at", gettext_lazy("Counted"), kind="moment", sort="checked_at", shown=False),
    )
    filters = (
        Choice("status", gettext_lazy("State"), choices=Status.choices, many=True),
        Choice("kind", gettext_lazy("Kind of agreement"), choices=_kinds, many=True),
        Choice("level", gettext_lazy("Secrecy level"), choices=LEVELS, many=True),
        Choice("entity", gettext_lazy("Legal entity"), "person__entity", choices=_entities, many=True),
    )
    search_label = gettext_lazy("Name, number, pinyin or kana")
    default_sort = "person"
    presets = (
        Preset(pgettext_lazy("needs", "Missing"), "status=missing&status=refused"),
        Preset(pgettext_lazy("needs", "Ending soon"), "status=expiring"),
        Preset(pgettext_lazy("needs", "Facts missing"), "status=unclear"),
    )
    export_action = Action.AGREEMENT_EXPORT
    empty = Empty(
        gettext_lazy("Nothing was counted yet"),
        gettext_lazy("Begin a count: it asks for each person which agreements are needed."),
        icon="list-check",
    )

    def rows(self) -> QuerySet[Need]:
        """Return the needs the user may know of."""
        return needs_visible_to(self.user)

    def drawn(self) -> QuerySet[Need]:
        """Return the same without asking again who may see them."""
        return needs()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Return the rows that hold every word in the person's search words."""
        for word in words_of(text):
            rows = rows.filter(person__search__contains=word)
        return rows

    def row_url(self, row: Any) -> str:
        """Return the agreement; else where its facts are recorded or it is begun, for whoever may."""
        if row.agreement_id:
            return reverse("agreements:agreement_detail", args=[row.agreement_id])
        entity = row.person.entity_id
        if entity not in self.prepared:
            return str(row.person.get_absolute_url())
        if row.status == Status.UNCLEAR:
            return reverse("agreements:person_facts", args=[row.person_id])
        new = reverse("agreements:agreement_create", args=[entity])
        return f"{new}?person={row.person_id}&kind={row.kind}"

    @cached_property
    def prepared(self) -> frozenset[UUID]:
        """The legal entities for which the user prepares agreements."""
        return frozenset(entities_of(self.user, PREPARERS).values_list("pk", flat=True))

    def export_resource(self) -> Resource:
        """Return the entity if all rows belong to one, else the company."""
        found = LegalEntity.objects.filter(pk__in=self.rows().order_by().values("person__entity"))[:2]
        return entity_resource(found[0]) if len(found) == 1 else company_resource()


class NeedListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = NeedListing
    template_name = "agreements/needs.html"


@login_required
@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Show by level of post who needs what and who has it; every number leads to its rows."""
    rows = needs_visible_to(request.user)
    packs = {pack: dict(kind_choices(pack)) for pack in ("jp", "cn")}
    words = {**packs["jp"], **packs["cn"]}
    labels = dict(LEVELS)
    counted = coverage(rows)
    cells = [
        (LEVEL_IDS[cell.level], labels[cell.level], words.get(cell.kind, cell.kind), cell)
        for cell in counted.cells
    ]
    entities = list(entities_of(request.user, PREPARERS))
    context = {
        "cells": cells,
        "states": [
            (status.label, status.value, counted.states.get(status, 0), TONES[status]) for status in Status
        ],
        "entities": entities,
        "runs": Run.objects.filter(entity__in=entities)[:10],
        "outdated": [
            (entity, kind_words(entity.pack, row.kind), row)
            for entity in entities
            for row in outdated(entity)
        ],
    }
    return render(request, "agreements/coverage.html", context)


@login_required
@require_POST
def count(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Begin to count."""
    run = coverage_start(actor=request.user, entity=get_object_or_404(LegalEntity, pk=entity_id))
    return redirect(run)


@login_required
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, entity_id: UUID, kind: str) -> HttpResponse:
    """Show what changed in a kind since people signed it, and begin its renewal."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.AGREEMENT_CAMPAIGN, entity_resource(entity))
    if request.method == "POST":
        run = renewal_start(actor=request.user, entity=entity, kind=kind)
        messages.success(request, _("The renewal has begun."))
        return redirect(run)
    row = next((each for each in outdated(entity) if each.kind == kind), None)
    made = kind_or_none(entity.pack, kind)
    changed = []
    for clause_id, what in row.clauses if row else ():
        clause = made.clause(clause_id) if made else None
        changed.append((clause.heading if clause else clause_id or _("the whole"), CHANGES.get(what, what)))
    context = {"entity": entity, "words": kind_words(entity.pack, kind), "row": row, "changed": changed}
    return render(request, "agreements/renew.html", context)


@login_required
@require_safe
def run_detail(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show how far a run is; to htmx only the progress."""
    run = _run(request, run_id)
    counts = dict(run.renewals.order_by().values_list("outcome").annotate(Count("pk")))
    outcomes = [(label, counts.get(value, 0)) for value, label in run.renewals.model.Outcome.choices]
    work = run.renewals.filter(outcome="work").select_related("old__person")[:100]
    context = {"run": run, "outcomes": outcomes, "work": work, "words": kind_words(run.entity.pack, run.kind)}
    partial = bool(request.htmx) and not request.htmx.boosted
    return render(request, "agreements/_run.html" if partial else "agreements/run.html", context)


@login_required
@require_POST
def run_halt(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop a run."""
    run = run_stop(actor=request.user, run=_run(request, run_id))
    messages.success(request, _("The run stops; what is done stays done."))
    return redirect(run)


@login_required
@require_POST
def run_again(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Go on with a stopped run."""
    run = run_resume(actor=request.user, run=_run(request, run_id))
    messages.success(request, _("The run goes on."))
    return redirect(run)


@login_required
@require_http_methods(["GET", "POST"])
def person_facts(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Record the facts of a person on which needs depend."""
    person = get_object_or_404(persons_visible(request.user), pk=person_id)
    gate.require(request.user, Action.AGREEMENT_PREPARE, new_resource(person.entity, person, kind=""))
    library = library_of(person.entity)
    page = Page(
        title=_("Facts for agreements"),
        submit=_("Keep"),
        back=person.get_absolute_url(),
        said=_("The facts are kept; what is needed was counted anew."),
        lead=_("Which agreements somebody needs follows from these facts and from the post."),
        trail=((reverse("agreements:need_list"), _("Who needs which agreement")),),
        facts=((_("Person"), person.name),),
        template=FORM,
    )

    def act(form: Any) -> None:
        facts_record(actor=request.user, person=person, expected_version=form.version, known=form.known)

    row = getattr(person, "agreement_facts", None)
    form = PersonFactsForm(
        request.POST or None,
        library=library,
        names=[name for name in RECORDED if name in library.facts],
        known=recorded_of(person.pk),
        initial={"expected_version": row.version if row else 0},
    )
    return form_page(request, page, form, act)


def _run(request: HttpRequest, run_id: UUID) -> Run:
    run = get_object_or_404(Run.objects.select_related("entity", "asked_by"), pk=run_id)
    gate.require(request.user, Action.AGREEMENT_CAMPAIGN, entity_resource(run.entity))
    return run
