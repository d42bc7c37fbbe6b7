"""Erasures: the list, a plan with its progress and its things, drafting, proposing and deciding."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.templatetags.shoumi import day, moment
from shoumi.server.files.listing import Choice, Column, Empty, Listing, State
from shoumi.server.people.border import border_of
from shoumi.server.people.keepers import keepers
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.views.asking import Page, allowed, form_page
from shoumi.server.privacy.forms.unmasking import DecideForm
from shoumi.server.privacy.models import Erasure, ErasureItem, Hold
from shoumi.server.privacy.queries.erasing import (
    erasure_resource,
    erasures_visible_to,
    falling_due,
    least,
    longest,
    progress_of,
)
from shoumi.server.privacy.queries.visible import KEEPERS, entities_of, export_resource
from shoumi.server.privacy.queries.words import said
from shoumi.server.privacy.services.erasing import erasure_decide, erasure_draft, erasure_submit
from shoumi.server.privacy.views.breaches.words import STATUSES
from shoumi.server.privacy.views.pages import FORM, Record, Section, Way, record_page
from shoumi.server.privacy.views.requests import BeginningListView

TONES = {"draft": "active", "waiting": "waiting", "running": "active", "done": "good", "refused": "off"}
MOST_ROWS = 200


def _state(row: Erasure) -> State:
    return State(row.get_state_display(), TONES[row.state])


class ErasureListing(Listing):
    """The plans of the user's entities."""

    name = "privacy.erasures"
    title = gettext_lazy("Erasure")
    columns = (
        Column("made", gettext_lazy("Drafted"), "made_at", kind="moment", sort="made_at", primary=True),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="state"),
        Column("number", gettext_lazy("Things"), "number", kind="number", sort="number"),
        Column("by", gettext_lazy("Proposed by"), "proposed_by"),
        Column("decider", gettext_lazy("Decided by"), "decided_by"),
        Column("finished", gettext_lazy("Finished"), "finished_at", kind="moment", sort="finished_at"),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code"),
    )
    filters = (Choice("state", gettext_lazy("State"), choices=Erasure.State.choices, many=True),)
    default_sort = "-made"
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("Nothing has fallen due"),
        gettext_lazy(
            "What is kept longer than the register says is drafted here daily; two persons let it be erased."
        ),
        icon="trash",
    )

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user keeps a register."""
        return entities_of(self.user, KEEPERS).exists()

    def rows(self) -> QuerySet[Erasure]:
        """Return the plans of the user's entities."""
        return erasures_visible_to(self.user)

    def row_url(self, row: Erasure) -> str:
        """Return the page of a plan."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "entity")


class ErasureListView(BeginningListView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = ErasureListing
    begin = ("privacy:erasure_new", gettext_lazy("Look what falls due"))
    roles = KEEPERS


def _trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    return ((reverse("privacy:erasure_list"), _("Erasure")), *more)


def _seen(request: HttpRequest, key: UUID, action: Action = Action.PRIVACY_MATTER_VIEW) -> Erasure:
    rows = Erasure.objects.select_related("entity", "proposed_by", "decided_by")
    row = get_object_or_404(rows, pk=key)
    gate.require(request.user, action, erasure_resource(row))
    return row


def things(number: int) -> str:
    """Return a number of things in words."""
    return ngettext("%(count)d thing", "%(count)d things", number) % {"count": number}


def rules_of(entity: LegalEntity, names: Iterable[str]) -> Section:
    """Return what holds for each keeper: the register's months, and what the pack asks at the least."""
    today, rows = today_of(entity), []
    for keeper in (known for name, known in sorted(keepers().items()) if name in set(names)):
        kept, asked = longest(entity, keeper), least(entity, keeper, today)
        basis = asked.basis
        rows.append(
            (
                keeper.label,
                said(asked.after) if asked.after else "–",
                months_words(kept.keep_months) if kept else _("not in the register"),
                months_words(asked.months) if asked.months else "–",
                basis.cite or _("the company’s own choice"),
                " · ".join(
                    [*([str(STATUSES[basis.status.value])] if basis.cite else []), *map(said, basis.caveats)]
                ),
            )
        )
    head = (
        _("Kind of data"), _("Counted from"), _("By the register"), _("At the least"), _("Rule"), _("Status"),
    )  # fmt: skip
    return Section("rules", _("How long each kind is kept"), head, rows)


def months_words(number: int) -> str:
    """Return a number of months in words."""
    return ngettext("%(count)d month", "%(count)d months", number) % {"count": number}


@login_required
@require_http_methods(["GET", "POST"])
def erasure_new(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Show what falls due now and what a hold keeps, and draft a plan of it."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.PRIVACY_MANAGE, entity_resource(entity))
    due: dict[str, int] = {}
    held: dict[Hold, int] = {}
    for each in falling_due(entity):
        if each.keeping.hold is None:
            due[str(each.keeper.label)] = due.get(str(each.keeper.label), 0) + 1
        else:
            held[each.keeping.hold] = held.get(each.keeping.hold, 0) + 1
    facts = [(label, things(number)) for label, number in due.items()]
    facts += [
        (line[0], " · ".join(str(part) for part in line[1:] if part != "–"))
        for line in rules_of(entity, keepers()).rows
    ]
    facts += [
        (_("Kept by the litigation hold “%(name)s”") % {"name": hold.name}, things(number))
        for hold, number in held.items()
    ]
    page = Page(
        title=_("What falls due"),
        submit=_("Draft the plan"),
        back=reverse("privacy:erasure_list"),
        said=_("Look through the plan, then propose it to a second person."),
        lead=_("Kept longer than the longest processing in the register that names the kind."),
        trail=_trail(),
        facts=tuple(facts) if due or held else ((_("To be erased"), _("Nothing falls due.")), *facts),
        template=FORM,
    )
    form = Form(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        page,
        form,
        lambda _form: erasure_draft(actor=request.user, entity=entity).get_absolute_url(),
    )


@login_required
@require_safe
def erasure_detail(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """Show a plan, how far it is, and its things."""
    row = _seen(request, erasure_id)
    can = allowed(
        request.user,
        {
            "submit": (Action.PRIVACY_MANAGE, entity_resource(row.entity)),
            "decide": (Action.PRIVACY_MATTER_CONFIRM, erasure_resource(row)),
        },
    )
    main = None
    if row.state == Erasure.State.DRAFT and can["submit"]:
        main = Way(reverse("privacy:erasure_submit", args=[row.pk]), _("Propose it"), "send")
    elif row.state == Erasure.State.WAITING and can["decide"]:
        main = Way(reverse("privacy:erasure_decide", args=[row.pk]), _("Decide"), "checklist")
    progress = progress_of(row)
    names = dict(ErasureItem.Outcome.choices)
    facts = [
        (_("Drafted"), moment(row.made_at)),
        (_("Proposed by"), row.proposed_by),
        (_("Decided by"), row.decided_by),
        (_("Decided"), moment(row.decided_at)),
        (_("Reason"), row.reason),
        (_("Finished"), moment(row.finished_at)),
        *((names[outcome], things(number)) for outcome, number in progress.items() if number),
    ]
    border, known = border_of(request.user), keepers()
    items = list(row.items.select_related("person__entity", "processing")[:MOST_ROWS])
    section = Section(
        "items",
        _("Things"),
        (_("Kind of data"), _("Person"), _("Processing"), _("Collected"), _("Kept until"), _("Result")),
        [
            (
                known[each.keeper].label if each.keeper in known else each.keeper,
                border.shown(each.person, each.person.name),
                each.processing,
                day(each.collected_on),
                day(each.last_day),
                each.get_outcome_display(),
            )
            for each in items
        ],
        words=_("Only the first %(count)d are shown.") % {"count": MOST_ROWS}
        if sum(progress.values()) > MOST_ROWS
        else "",
    )
    record = Record(
        _("Erasure of %(day)s") % {"day": row.made_at.date().isoformat()},
        _trail(),
        facts,
        (section, rules_of(row.entity, row.items.order_by().values_list("keeper", flat=True).distinct())),
        state=_state(row),
        lead=row.entity,
        main=main,
    )
    return record_page(request, record)


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """Propose a draft."""
    row = _seen(request, erasure_id)
    gate.require(request.user, Action.PRIVACY_MANAGE, entity_resource(row.entity))
    page = Page(
        title=_("Propose the erasure"),
        submit=_("Propose it"),
        back=row.get_absolute_url(),
        said=_("A second person decides on it."),
        lead=_("What is erased cannot be brought back."),
        trail=_trail((row.get_absolute_url(), row.made_at.date().isoformat())),
        facts=((_("To be erased"), things(row.items.count())),),
        danger=True,
        template=FORM,
    )
    form = Form(request.POST if request.method == "POST" else None)
    return form_page(
        request, page, form, lambda _form: erasure_submit(actor=request.user, erasure=row) and None
    )


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """Let a plan be carried out or refuse it, as the second person."""
    row = _seen(request, erasure_id, Action.PRIVACY_MATTER_CONFIRM)
    page = Page(
        title=_("Decide on the erasure"),
        submit=_("Decide"),
        back=row.get_absolute_url(),
        said=_("It is decided."),
        lead=_("What is erased cannot be brought back."),
        trail=_trail((row.get_absolute_url(), row.made_at.date().isoformat())),
        facts=((_("Proposed by"), row.proposed_by), (_("To be erased"), things(row.items.count()))),
        danger=True,
        template=FORM,
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        erasure_decide(
            actor=request.user, erasure=row, agreed=values["agreed"] == "yes", reason=values["reason"]
        )

    return form_page(request, page, DecideForm(request.POST or None), act)
