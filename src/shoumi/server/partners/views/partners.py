"""Pages of partners: the list, what hangs on one partner, recording, filing, ending."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.files.listing import Choice, Column, Empty, Flag, Listing, ListingView, Preset, State
from shoumi.server.partners.forms.partners import EndForm, FilingForm, ManagerForm, PartnerForm
from shoumi.server.partners.models import Partner
from shoumi.server.partners.queries.partners import (
    departments_to_keep_for,
    partner_seen,
    partners_visible_to,
    unfiled,
)
from shoumi.server.partners.services.partners import (
    FilingWish,
    PartnerWish,
    agreement_file,
    partner_change,
    partner_end,
    partner_manager_set,
    partner_record,
)
from shoumi.server.partners.views.hanging import sections_of
from shoumi.server.people.models import Department
from shoumi.server.people.queries import company_resource, department_resource, entity_resource, today_of
from shoumi.server.people.views.asking import Page, form_page

FILED = ("number", "form", "content", "period", "duties", "liability", "filed_where")


def _standing(partner: Partner) -> State:
    """Return whether the partner may be told anything, as far as papers go."""
    if partner.ended_on is not None:
        return State(pgettext_lazy("partner", "Ended"), "off")
    if partner.bound:  # type: ignore[attr-defined]  # annotated by the query
        return State(pgettext_lazy("partner", "Agreement filed"), "good")
    return State(pgettext_lazy("partner", "No filed agreement"), "bad")


def _departments(listing: Listing) -> list[tuple[str, str]]:
    keys = listing.rows().order_by().values("third_party__department")
    return [(str(row.pk), row.name) for row in Department.objects.filter(pk__in=keys)]


class PartnerListing(Listing):
    """The partners that the user may see."""

    name = "partners.partners"
    title = _("Partners")
    columns = (
        Column(
            "name",
            _("Name of the partner"),
            "third_party.name",
            sort="third_party__name",
            primary=True,
            sub="third_party.registration_number",
        ),
        Column("kind", _("Kind"), "get_kind_display", sort="kind"),
        Column("work", _("What they do for us"), "work"),
        Column("standing", _("State"), _standing, kind="state"),
        Column(
            "department",
            _("Responsible department"),
            "third_party.department.name",
            sort="third_party__department__name",
        ),
        Column("manager", _("Their responsible person"), "manager_name", kind="masked", shown=False),
        Column("recorded", _("Recorded"), "recorded_at", kind="day", sort="recorded_at", shown=False),
    )
    filters = (
        Choice("kind", _("Kind"), choices=Partner.Kind.choices, many=True),
        Choice(
            "department",
            _("Responsible department"),
            choices=_departments,
            many=True,
            apply=lambda rows, values: rows.filter(third_party__department__in=values),
        ),
        Flag("unbound", _("Without a filed agreement"), condition=Q(bound=False, ended_on__isnull=True)),
        Flag("ended", pgettext_lazy("partners", "Ended"), condition=Q(ended_on__isnull=False)),
    )
    search_fields = ("third_party__name", "third_party__registration_number", "work")
    search_label = _("Name, number or work")
    default_sort = "name"
    presets = (
        Preset(_("Without a filed agreement"), "unbound=1"),
        Preset(_("Contractors and agencies"), "kind=contractor&kind=dispatch_agency"),
    )
    export_action = Action.PARTNER_EXPORT

    def rows(self) -> QuerySet[Partner]:
        """Return the partners that the user may see."""
        return partners_visible_to(self.user)

    def export_resource(self) -> Resource:
        """Return the department or entity to which all rows belong, else the company."""
        return scope_of(self.rows().order_by().values("third_party__department"))

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user records partners for at least one department."""
        return departments_to_keep_for(self.user).exists()

    def empty_now(self) -> Empty:
        """Teach what partners are for."""
        return Empty(
            _("No partner is recorded"),
            _("Record suppliers, experts and contractors, with the agreement that comes before any secret."),
            url=reverse("partners:partner_create"),
            action=_("Record a partner"),
            icon="building",
        )


class PartnerListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = PartnerListing
    template_name = "partners/partners.html"

    def extra_context(self, listing: Listing) -> dict[str, Any]:
        """Return whether the user may record one."""
        return {"may_keep": listing.may_begin}


@login_required
@require_safe
def partner_detail(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Show a partner with everything that hangs on it."""
    partner = partner_seen(request.user, partner_id)
    keeps = gate.permits(
        request.user, Action.PARTNER_EDIT, department_resource(partner.third_party.department)
    )
    context = {"partner": partner, "keeps": keeps, **sections_of(request.user, partner)}
    return render(request, "partners/partner.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def partner_new(request: HttpRequest) -> HttpResponse:
    """Record a partner."""
    home = reverse("partners:partner_list")
    page = Page(
        title=_("Record a partner"),
        submit=_("Record"),
        said=_("The partner is recorded."),
        back=home,
        trail=trail(),
        template="partners/form.html",
        columns={"partners.twice": "name", "register.third_party_twice": "name"},
    )
    initial = {"department": gate.subject_of(request.user).department}

    def act(form: Any) -> str:
        partner = partner_record(actor=request.user, wish=PartnerWish(**form.cleaned_data))
        return partner.get_absolute_url()

    if not departments_to_keep_for(request.user).exists():
        gate.require(request.user, Action.PARTNER_EDIT, company_resource())
    return form_page(
        request, page, PartnerForm(request.POST or None, user=request.user, initial=initial), act
    )


@login_required
@require_http_methods(["GET", "POST"])
def partner_edit(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Change a partner."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    page = partner_page(partner, _("Change the partner"), _("Save"), _("The partner is changed."))
    party = partner.third_party
    initial = {
        "department": party.department_id,
        "kind": partner.kind,
        "name": party.name,
        "registration_number": party.registration_number,
        "contact": party.contact,
        "work": partner.work,
        "manager_name": partner.manager_name,
        "manager_contact": partner.manager_contact,
    }

    def act(form: Any) -> None:
        partner_change(
            actor=request.user,
            partner=partner,
            expected_version=partner.version,
            wish=PartnerWish(**form.cleaned_data),
        )

    return form_page(
        request, page, PartnerForm(request.POST or None, user=request.user, initial=initial), act
    )


@login_required
@require_http_methods(["GET", "POST"])
def partner_manager(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Let the responsible person in by a sign-in."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    page = partner_page(
        partner,
        _("Sign-in of the responsible person"),
        _("Save"),
        _("It is kept."),
        lead=_("With it they see what is asked of their company, and answer it; nothing else."),
    )

    def act(form: Any) -> None:
        partner_manager_set(
            actor=request.user,
            partner=partner,
            expected_version=partner.version,
            manager=form.cleaned_data["manager"],
        )

    form = ManagerForm(request.POST or None, initial={"manager": partner.manager_id})
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def partner_over(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """End the work with a partner."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    page = partner_page(
        partner,
        _("End the work with the partner"),
        _("End it"),
        _("The end is recorded. Have back what they hold."),
        danger=True,
    )
    today = today_of(partner.third_party.department.entity)

    def act(form: Any) -> None:
        partner_end(
            actor=request.user, partner=partner, expected_version=partner.version, **form.cleaned_data
        )

    return form_page(request, page, EndForm(request.POST or None, initial={"day": today}), act)


@login_required
@require_http_methods(["GET", "POST"])
def filing_new(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """File a signed agreement."""
    partner = partner_seen(request.user, partner_id, Action.PARTNER_EDIT)
    page = partner_page(partner, _("File an agreement"), _("File it"), _("The agreement is filed."))

    def act(form: Any) -> None:
        wish = FilingWish(**{name: form.cleaned_data[name] for name in FILED})
        agreement_file(
            actor=request.user, partner=partner, agreement=form.cleaned_data["agreement"], wish=wish
        )

    only = unfiled(partner)[:2]
    initial = {"agreement": only[0]} if len(only) == 1 else {}
    return form_page(request, page, FilingForm(request.POST or None, partner=partner, initial=initial), act)


def partner_page(partner: Partner, title: Any, submit: Any, said: Any, **more: Any) -> Page:
    """Return a form page below a partner's page."""
    home = partner.get_absolute_url()
    return Page(
        title=title,
        submit=submit,
        said=said,
        back=home,
        trail=trail((home, str(partner))),
        template="partners/form.html",
        **more,
    )


def scope_of(keys: QuerySet) -> Resource:
    """Return the one department or entity in which the departments of `keys` lie, else the company."""
    departments = list(Department.objects.filter(pk__in=keys).select_related("entity"))
    if len(departments) == 1:
        return department_resource(departments[0])
    entities = {row.entity_id: row.entity for row in departments}
    return entity_resource(next(iter(entities.values()))) if len(entities) == 1 else company_resource()


def trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return the pages above: the list of partners, then `more`."""
    return ((reverse("partners:partner_list"), _("Partners")), *more)
