"""The processing register: the list, a processing with all that rests on it, and the question of the gate."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.jurisdiction.personal_data import assessment_triggers
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.templatetags.shoumi import day, moment
from shoumi.server.files.listing import Choice, Column, Empty, Flag, Listing, ListingView, Preset, State
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, allowed, form_page
from shoumi.server.privacy.forms.register import (
    AssessmentForm,
    EndForm,
    WhatForm,
    WhereForm,
    WhomForm,
)
from shoumi.server.privacy.models import Processing
from shoumi.server.privacy.queries.visible import (
    KEEPERS,
    entities_of,
    export_resource,
    processing_resource,
    processings_visible_to,
)
from shoumi.server.privacy.queries.words import (
    basis_words,
    choices,
    kinds_words,
    named,
    purpose_words,
    scope_words,
    scopes_of_consent,
    table_of,
    traits_words,
)
from shoumi.server.privacy.services.register import (
    AssessmentWish,
    ProcessingWish,
    assessment_make,
    processing_end,
    processing_record,
)
from shoumi.server.privacy.views.agreeing import agreed_cell, agreed_words, lacks
from shoumi.server.privacy.views.pages import FORM, Record, Section, Way, choose_entity, record_page

PARTS = (
    Part("what", gettext_lazy("What and why"), WhatForm),
    Part("whom", gettext_lazy("About whom"), WhomForm),
    Part("where", gettext_lazy("Where and how long"), WhereForm),
)


def _state(row: Processing) -> State:
    if row.ends_at:
        return State(_("Ended"), "off")
    if row.agreed_at is None:
        return State(_("Waiting for its owners"), "waiting")
    return State(_("Under way"), "good")


def purpose_choices(listing: Listing) -> list[tuple[object, str]]:
    """Return the purposes that the user's registers may name."""
    found: dict[object, str] = {}
    for entity in entities_of(listing.user):
        found |= dict(choices(table_of(entity).purposes))
    return list(found.items())


def entity_choices(listing: Listing) -> list[tuple[object, str]]:
    """Return the legal entities whose register the user reads."""
    return [(row.pk, row.name) for row in entities_of(listing.user)]


class ProcessingListing(Listing):
    """The processings that the user may know of."""

    name = "privacy.processings"
    title = gettext_lazy("Processing register")
    columns = (
        Column("name", gettext_lazy("Processing"), sort="name", primary=True),
        Column("purpose", gettext_lazy("Purpose"), purpose_words, sort="purpose"),
        Column("kinds", gettext_lazy("Kinds of data"), kinds_words),
        Column("basis", gettext_lazy("Legal basis"), basis_words, sort="basis"),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="ends_at"),
        Column("recipients", gettext_lazy("Recipients"), shown=False),
        Column("storage", gettext_lazy("Place of storage"), shown=False),
        Column("keep", gettext_lazy("Months it is kept"), "keep_months", kind="number", sort="keep_months"),
        Column("traits", gettext_lazy("What makes it delicate"), traits_words, shown=False),
        Column("legal", gettext_lazy("Answerable for the law"), "legal_owner", shown=False),
        Column("security", gettext_lazy("Answerable for security"), "security_owner", shown=False),
        Column("from", gettext_lazy("From"), "starts_at", kind="moment", sort="starts_at", shown=False),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code", shown=False),
    )
    filters = (
        Choice("purpose", gettext_lazy("Purpose"), choices=purpose_choices, many=True),
        Choice("entity", gettext_lazy("Legal entity"), choices=entity_choices, many=True),
        Flag("now", gettext_lazy("Under way"), condition=lambda _listing: Q(ends_at__isnull=True)),
        Flag(
            "untold",
            gettext_lazy("Without notice"),
            condition=lambda _listing: Q(ends_at__isnull=True, notices__isnull=True),
        ),
    )
    search_fields = ("name", "recipients", "storage")
    presets = (
        Preset(gettext_lazy("Under way"), "now=1"),
        Preset(gettext_lazy("Without notice"), "untold=1"),
    )
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("Nothing is in the register"),
        gettext_lazy("What is not in the register is not collected: begin with what you collect and why."),
        icon="list-details",
    )

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user keeps a register."""
        return entities_of(self.user, KEEPERS).exists()

    def rows(self) -> QuerySet[Processing]:
        """Return the register of the user's entities."""
        return processings_visible_to(self.user).distinct()

    def row_url(self, row: Processing) -> str:
        """Return the page of a processing."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "entity")


class ProcessingListView(ListingView):
    """The page of the register."""

    listing: ClassVar[type[Listing]] = ProcessingListing
    template_name = "privacy/processings.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say whether the user keeps a register, and whether they may ask the gate."""
        return {"may_record": listing.may_begin, "may_ask": entities_of(listing.user).exists()}


def processing_seen(
    request: HttpRequest, key: UUID, action: Action = Action.PRIVACY_MATTER_VIEW
) -> Processing:
    """Return a processing the user may do `action` to.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    rows = Processing.objects.select_related("entity", "legal_owner", "security_owner", "recorded_by")
    row = get_object_or_404(rows, pk=key)
    by_owner = action.value.startswith("privacy_matter.")
    gate.require(request.user, action, processing_resource(row) if by_owner else entity_resource(row.entity))
    return row


def _trail(row: Processing | None = None) -> tuple[tuple[str, Any], ...]:
    found: tuple[tuple[str, Any], ...] = ((reverse("privacy:processing_list"), _("Processing register")),)
    return found if row is None else (*found, (row.get_absolute_url(), row.name))


@login_required
@require_safe
def processing_detail(request: HttpRequest, processing_id: UUID) -> HttpResponse:
    """Show a processing: what it is, what it needs, who was told, what was assessed."""
    row = processing_seen(request, processing_id)
    where = processing_resource(row)
    can = allowed(
        request.user,
        {
            "manage": (Action.PRIVACY_MANAGE, entity_resource(row.entity)),
            "agree": (Action.PRIVACY_MATTER_AGREE, where),
        },
    )
    table = table_of(row.entity)
    triggers = assessment_triggers(table, kinds=row.kinds, traits=row.traits)
    assessments = list(row.assessments.select_related("made_by"))
    live = can["manage"] and row.ends_at is None
    assess = Way(reverse("privacy:assessment_new", args=[row.pk]), _("Assess the impact"), "clipboard-check")
    main, more = (assess if live else None), []
    if can["agree"] and row.ends_at is None and lacks(row, row, request.user):
        more = [assess] if live else []
        main = Way(reverse("privacy:processing_agree", args=[row.pk]), _("Agree"), "check")
    people = [str(each) for each in (*row.departments.all(), *row.persons.all())]
    facts = [
        (_("Purpose"), purpose_words(row)),
        (_("Kinds of data"), kinds_words(row)),
        (_("Legal basis"), basis_words(row)),
        (_("Why this basis holds"), row.basis_note),
        (_("What makes it delicate"), traits_words(row)),
        (_("About whom"), " · ".join(people) or _("everybody in the legal entity")),
        (_("Recipients"), row.recipients),
        (_("Place of storage"), row.storage),
        (
            _("Kept for"),
            ngettext("%(count)d month", "%(count)d months", row.keep_months) % {"count": row.keep_months},
        ),
        (_("Answerable for the law"), row.legal_owner),
        (_("Answerable for security"), row.security_owner),
        (_("Agreed"), agreed_words(row)),
        (_("From"), moment(row.starts_at)),
        (_("Ended"), moment(row.ends_at)),
        (_("Reason"), row.end_reason),
    ]
    sections = [
        Section(
            "notices",
            _("Notices that tell of it"),
            (_("Notice"), _("Version"), _("Published")),
            [
                (each.notice, each.number, moment(each.published_at))
                for each in row.notices.select_related("notice").order_by("-published_at")
            ],
            empty=_("No notice tells of it yet, so nothing may be collected."),
        ),
        Section(
            "consents",
            _("What each person is asked for, apart"),
            (_("What it is about"), _("Agreed now")),
            [
                (
                    scope_words(row, scope),
                    row.consents.filter(scope=scope, answer="given", withdrawn_at__isnull=True).count(),
                )
                for scope in scopes_of_consent(row)
            ],
            empty=_("It needs no consent."),
        ),
        Section(
            "assessments",
            _("Impact assessments"),
            (
                _("Made"),
                _("By"),
                _("Outcome"),
                _("Measures"),
                _("Legal adviser"),
                _("Agreed"),
                _("Kept at least until"),
            ),
            [
                (
                    moment(each.made_at),
                    each.made_by,
                    each.get_outcome_display(),
                    each.measures,
                    each.adviser,
                    agreed_cell(each, row, request.user) if can["agree"] else agreed_words(each),
                    day(each.keep_until),
                )
                for each in assessments
            ],
            words=_("It needs an assessment before, because of: %(why)s.")
            % {"why": " · ".join(named(table.traits, trait) for trait in triggers)}
            if triggers
            else "",
            empty=_("None has been made."),
        ),
    ]
    end = Way(reverse("privacy:processing_end", args=[row.pk]), _("End it"), "x")
    record = Record(
        row.name,
        _trail(),
        facts,
        sections,
        state=_state(row),
        lead=row.entity,
        main=main,
        more=[*more, *([end] if live else [])],
    )
    return record_page(request, record)


@login_required
@require_http_methods(["GET", "POST"])
def processing_begin(request: HttpRequest) -> HttpResponse:
    """Choose the legal entity of a new processing."""
    page = Page(
        title=_("Record a processing"),
        submit=_("Next"),
        back=reverse("privacy:processing_list"),
        said=_("Now what is collected and why."),
        trail=_trail(),
        template=FORM,
    )
    return choose_entity(
        request, page, lambda entity: reverse("privacy:processing_new", args=[entity.pk, PARTS[0].key])
    )


@login_required
@require_http_methods(["GET", "POST"])
def processing_new(request: HttpRequest, entity_id: UUID, part: str) -> HttpResponse:
    """Record a processing, in three steps."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.PRIVACY_MANAGE, entity_resource(entity))

    def finish(values: Mapping[str, Any]) -> str:
        known = {name: values[name] for name in ProcessingWish.__dataclass_fields__}
        row = processing_record(actor=request.user, entity=entity, wish=ProcessingWish(**known))
        messages.success(request, _("It stands in the register. Tell the persons by a notice next."))
        return row.get_absolute_url()

    stepper = Stepper(
        name=f"privacy.processing.{entity.pk}",
        parts=PARTS,
        title=_("Record a processing"),
        submit=_("Record it"),
        back=reverse("privacy:processing_list"),
        address=lambda key: reverse("privacy:processing_new", args=[entity.pk, key]),
        finish=finish,
        arguments={"entity": entity},
        initial={},
        trail=_trail(),
        lead=str(entity),
    )
    return stepper.page(request, part)


@login_required
@require_http_methods(["GET", "POST"])
def processing_stop(request: HttpRequest, processing_id: UUID) -> HttpResponse:
    """End a processing."""
    row = processing_seen(request, processing_id, Action.PRIVACY_MANAGE)
    page = Page(
        title=_("End the processing"),
        submit=_("End it"),
        back=row.get_absolute_url(),
        said=_("From now on nothing is collected by it."),
        lead=_("Kinds, purpose and basis cannot be changed: end it, and record the new one."),
        trail=_trail(row),
        danger=True,
        template=FORM,
    )

    def act(form: Any) -> None:
        processing_end(
            actor=request.user,
            processing=row,
            reason=form.cleaned_data["reason"],
            expected_version=form.version,
        )

    return form_page(
        request, page, EndForm(request.POST or None, initial={"expected_version": row.version}), act
    )


@login_required
@require_http_methods(["GET", "POST"])
def assessment_new(request: HttpRequest, processing_id: UUID) -> HttpResponse:
    """File an impact assessment."""
    row = processing_seen(request, processing_id, Action.PRIVACY_MANAGE)
    page = Page(
        title=_("Assess the impact"),
        submit=_("File the assessment"),
        back=row.get_absolute_url(),
        said=_("The assessment is filed."),
        trail=_trail(row),
        facts=((_("Purpose"), purpose_words(row)), (_("Kinds of data"), kinds_words(row))),
        template=FORM,
    )

    def act(form: Any) -> None:
        assessment_make(actor=request.user, processing=row, wish=AssessmentWish(**form.cleaned_data))

    return form_page(request, page, AssessmentForm(request.POST or None), act)
