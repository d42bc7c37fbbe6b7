"""The non-compete desk: the list, the calculator, groups, and what runs with its schedule and arrears."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.agreements.forms.noncompete import BoundForm, GroupForm, SumsForm
from shoumi.server.agreements.models import Agreement, NonCompete
from shoumi.server.agreements.queries.drafts import inputs_of
from shoumi.server.agreements.queries.libraries import NON_COMPETE
from shoumi.server.agreements.queries.noncompete import (
    breach_dues,
    checked,
    group_checked,
    non_competes,
    non_competes_visible_to,
    not_begun,
    objections_shown,
    said_all,
    standing,
)
from shoumi.server.agreements.queries.texts import basis_shown
from shoumi.server.agreements.queries.visible import agreement_resource, entities_of
from shoumi.server.agreements.sealing import unseal
from shoumi.server.agreements.services.noncompete import group_draft, group_of, overridable, proposal_change
from shoumi.server.agreements.views.asking import FORM, agreement_seen, title_of, trail
from shoumi.server.files.listing import Choice, Column, Empty, Listing, ListingView, State
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import company_resource, entity_resource, today_of
from shoumi.server.people.readings import words_of as search_words
from shoumi.server.people.views.asking import UNPROCESSABLE, Page, allowed, form_page

COLUMNS = {
    "jurisdiction.non_compete_term": "term",
    "jurisdiction.non_compete_compensation": "percent",
    "jurisdiction.non_compete_override": "override_reason",
}
TONES = {"active": "active", "waived": "off", "released": "off", "over": "off"}


def _state(row: NonCompete) -> State:
    if row.state == NonCompete.State.ACTIVE and row.months_behind:
        return State(_("in arrears"), "bad")
    return State(row.get_state_display(), TONES[row.state])


class NonCompeteListing(Listing):
    """The non-competition of which the user may know; no sums."""

    name = "agreements.non_compete"
    title = gettext_lazy("Non-competition")
    columns = (
        Column(
            "person",
            gettext_lazy("Person"),
            "agreement.party",
            about="agreement.person",
            sort=("agreement__person__reading", "agreement__person__name"),
            primary=True,
        ),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="state"),
        Column("service_ends", gettext_lazy("Last day of service"), kind="day", sort="service_ends"),
        Column("ends_on", gettext_lazy("Bound until"), kind="day", sort="ends_on"),
        Column("months_behind", gettext_lazy("Months in arrears"), kind="number", sort="months_behind"),
        Column("entity", gettext_lazy("Legal entity"), "agreement.entity", shown=False),
    )
    filters = (Choice("state", gettext_lazy("State"), choices=NonCompete.State.choices, many=True),)
    search_label = gettext_lazy("Name, number, pinyin or kana")
    default_sort = "-service_ends"
    export_action = Action.AGREEMENT_EXPORT
    empty = Empty(
        gettext_lazy("No non-competition is under way"),
        gettext_lazy("It begins when service has ended and legal decides to use the agreement."),
        icon="scale",
    )

    def rows(self) -> QuerySet[NonCompete]:
        """Return what the user may know of."""
        return non_competes_visible_to(self.user)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Return the rows that hold every word in the person's search words."""
        for word in search_words(text):
            rows = rows.filter(agreement__person__search__contains=word)
        return rows

    def export_resource(self) -> Resource:
        """Return the entity if all rows belong to one, else the company."""
        found = LegalEntity.objects.filter(pk__in=self.rows().order_by().values("agreement__entity"))[:2]
        return entity_resource(found[0]) if len(found) == 1 else company_resource()


class NonCompeteListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = NonCompeteListing
    template_name = "agreements/noncompete/list.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say what waits for a decision, and what the user may do."""
        del listing
        user = self.request.user
        entities = [
            entity
            for entity in entities_of(user)
            if gate.permits(user, Action.NON_COMPETE_PAY, entity_resource(entity))
        ]
        return {
            "waiting": [(row, title_of(row)) for row in not_begun(user)[:50]],
            "pays": bool(entities),
            "groups": entities,
        }


@login_required
@require_http_methods(["GET", "POST"])
def bound(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Propose who is bound to what and how long: the first part of the calculator."""
    agreement = _proposal(request, agreement_id)
    inputs = inputs_of(agreement)
    page = _page(agreement, _("Who is bound, and how long"), _("Keep and go on"), 1)

    def act(form: Any) -> str:
        proposal_change(
            actor=request.user, agreement=agreement, expected_version=form.version, values=form.values
        )
        return reverse("agreements:nc_sums", args=[agreement.pk])

    form = BoundForm(
        request.POST or None,
        pack=agreement.entity.pack,
        proposal=inputs.get("non_compete", {}),
        initial={"expected_version": agreement.version},
    )
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def sums(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Propose the sums: the second part of the calculator."""
    agreement = _proposal(request, agreement_id)
    inputs = inputs_of(agreement)
    if "non_compete" not in inputs:
        return redirect("agreements:nc_bound", agreement.pk)
    page = _page(agreement, _("What is paid"), _("Compute and check"), 2)

    def act(form: Any) -> str:
        proposal_change(
            actor=request.user,
            agreement=agreement,
            expected_version=form.version,
            values=form.values,
            overrides=form.overrides,
        )
        return reverse("agreements:nc_check", args=[agreement.pk])

    form = SumsForm(
        request.POST or None,
        parts=overridable(agreement.entity.pack),
        inputs=inputs,
        initial={"expected_version": agreement.version},
    )
    return form_page(request, page, form, act)


@login_required
@require_safe
def check(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show what the law says about the proposal, every figure with its rule and status."""
    agreement = _proposal(request, agreement_id)
    try:
        found = checked(agreement)
    except InputError as error:
        found, fault = None, words_of(error)
    else:
        fault = ""
    context: dict[str, Any] = {
        "agreement": agreement,
        "title": title_of(agreement),
        "found": found,
        "fault": fault,
    }
    if found:
        context |= {
            "objections": objections_shown(found.objections),
            "floors": [(floor, basis_shown(floor.basis), said_all(floor.notes)) for floor in found.floors],
            "notes": said_all(found.notes),
            "missing": said_all(found.missing.values()),
        }
    response = render(request, "agreements/noncompete/check.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Check a group of persons, and begin drafts for them if nobody of them may not be bound."""
    entity = get_object_or_404(entities_of(request.user), pk=entity_id)
    gate.require(request.user, Action.NON_COMPETE_PAY, entity_resource(entity))
    form, status = GroupForm(request.POST or None, user=request.user, entity=entity), 200
    context: dict[str, Any] = {"entity": entity, "form": form}
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            people = form.cleaned_data["people"]
            found = group_checked(entity.pack, group_of(people), today_of(entity))
            context["blanket"] = objections_shown(found.objections)
            context["persons"] = [(name, objections_shown(rows)) for name, rows in found.persons.items()]
            status = 200
            if request.POST.get("do") == "draft":
                try:
                    group_draft(actor=request.user, entity=entity, people=people)
                except InputError as error:
                    form.add_error(None, words_of(error))
                    status = UNPROCESSABLE
                else:
                    return redirect(f"{reverse('agreements:agreement_list')}?kind={NON_COMPETE}&state=draft")
    return render(request, "agreements/noncompete/group.html", context, status=status)


@login_required
@require_safe
def nc_detail(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show non-competition: days and arrears; sums for HR, legal and the person only."""
    row = seen(request, agreement_id)
    resource = agreement_resource(row.agreement)
    can = allowed(
        request.user,
        {
            "calculate": (Action.NON_COMPETE_CALCULATE, resource),
            "end": (Action.NON_COMPETE_END, resource),
            "open": (Action.AGREEMENT_OPEN, resource),
        },
    )
    own = gate.subject_of(request.user).person == str(row.agreement.person_id)
    context: dict[str, Any] = {
        "row": row,
        "title": title_of(row.agreement),
        "can": can,
        "own": own,
        "tone": TONES[row.state],
        "alarms": row.alarms.all(),
        "breaches": [(each, each.files.all()) for each in row.breaches.prefetch_related("files")],
        "shows_sums": row.sums_id is not None and (can["calculate"] or own),
    }
    if row.sums_id is not None:
        found = standing(row)
        context |= {
            "standing": found,
            "may_end": str(found.arrears.employee_may_end),
            "arrears_basis": basis_shown(found.arrears.basis) if found.arrears.basis else None,
            "arrears_notes": said_all(found.arrears.notes),
            "release_due": unseal(row.sums).get("release_due", "") if context["shows_sums"] else "",
        }
        if context["shows_sums"] and not own and context["breaches"]:
            first = min(each.since for each, _files in context["breaches"])
            dues = breach_dues(row, min(first, row.ends_on))
            basis = basis_shown(dues.basis) if dues.basis else None
            context |= {"dues": dues, "dues_basis": basis, "dues_notes": said_all(dues.notes)}
    response = render(request, "agreements/noncompete/detail.html", context)
    response["Cache-Control"] = "no-store"
    return response


def seen(request: HttpRequest, agreement_id: UUID) -> NonCompete:
    """Return non-competition that the user may see.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    row = get_object_or_404(non_competes(), pk=agreement_id)
    gate.require(request.user, Action.NON_COMPETE_VIEW, agreement_resource(row.agreement))
    return row


def _proposal(request: HttpRequest, agreement_id: UUID) -> Agreement:
    agreement = agreement_seen(request, agreement_id, Action.NON_COMPETE_CALCULATE)
    if agreement.kind != NON_COMPETE or agreement.state != Agreement.State.DRAFT:
        raise Http404
    return agreement


def _page(agreement: Agreement, title: str, submit: str, number: int) -> Page:
    return Page(
        title=title,
        submit=submit,
        back=agreement.get_absolute_url(),
        said=_("Kept."),
        lead=_("Part %(number)s of %(count)s.") % {"number": number, "count": 2},
        trail=trail(agreement),
        columns=COLUMNS,
        template=FORM,
    )
