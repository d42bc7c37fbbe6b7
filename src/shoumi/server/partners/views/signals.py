"""Pages of signs of a leak: writing one down, the list, the judgement, and the record for an incident."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.jurisdiction.outsiders import load_outsiders
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.masking import mask
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, ListingView, Preset, State
from shoumi.server.partners.forms.workers import CarriedForm, JudgeForm, SalesForm
from shoumi.server.partners.models import Signal
from shoumi.server.partners.queries.workers import signals_visible_to
from shoumi.server.partners.services.records import signal_print
from shoumi.server.partners.services.signals import SignalWish, signal_judge, signal_take
from shoumi.server.partners.views.partners import scope_of
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_resource
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.places.queries.standards import said

TONES = {"open": "waiting", "suspected": "bad", "harmless": "off"}
FORMS = {"sales": SalesForm, "carried_out": CarriedForm}


class SignalListing(Listing):
    """The signs that the user may see; no customer is named."""

    name = "partners.signals"
    title = _("Signs of leaks")
    columns = (
        Column("kind", _("Kind"), "get_kind_display", sort="kind", primary=True),
        Column("happened", _("When it happened"), "happened_on", kind="day", sort="happened_on"),
        Column("offered", _("What was offered, from which trade"), "offered"),
        Column("worker", _("Outsider"), lambda row: str(row.worker or ""), kind="masked"),
        Column("department", _("Department"), "department.name", sort="department__name"),
        Column(
            "state",
            _("State"),
            lambda row: State(row.get_state_display(), TONES[row.state]),
            kind="state",
            sort="state",
        ),
        Column("taken", _("Written down"), "taken_at", kind="moment", sort="taken_at"),
    )
    filters = (
        Choice("kind", _("Kind"), choices=Signal.Kind.choices, many=True),
        Choice("state", _("State"), choices=Signal.State.choices, many=True),
        DateRange("happened", _("When it happened"), "happened_on"),
    )
    search_fields = ("offered", "text", "seeded")
    default_sort = "-taken"
    presets = (Preset(_("To be judged"), "state=open"),)
    export_action = Action.PARTNER_EXPORT
    empty = Empty(
        _("No sign of a leak is written down"),
        _("When customers tell of strange sales, or an outsider carries something out, write it down."),
        icon="alert-triangle",
    )

    def rows(self) -> QuerySet[Signal]:
        """Return the signs that the user may see."""
        return signals_visible_to(self.user)

    def export_resource(self) -> Resource:
        """Return the department or entity to which all rows belong, else the company."""
        return scope_of(self.rows().order_by().values("department"))


class SignalListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = SignalListing
    template_name = "partners/signals.html"

    def extra_context(self, listing: Listing) -> dict[str, Any]:
        """Return whether the user may write one down."""
        del listing
        own = _own_department(self.request)
        may_take = own is not None and gate.permits(
            self.request.user, Action.COMPLAINT_TAKE, department_resource(own)
        )
        return {"may_take": may_take}


@login_required
@require_http_methods(["GET", "POST"])
def signal_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Write a sign down, for one's own department."""
    department = _own_department(request)
    if kind not in FORMS or department is None:
        raise Http404
    gate.require(request.user, Action.COMPLAINT_TAKE, department_resource(department))
    home = reverse("partners:signal_list")
    pack = load_outsiders(department.entity.pack)
    lead = said(pack.leak_signals[0].names) if kind == Signal.Kind.SALES else ""
    page = Page(
        title=Signal.Kind(kind).label,
        submit=_("Write it down"),
        said=_("It is written down, and the secrecy office is told."),
        back=home,
        lead=lead,
        trail=((home, _("Signs of leaks")),),
        template="partners/form.html",
    )

    def act(form: Any) -> str:
        wish = SignalWish(department=department, kind=kind, **form.cleaned_data)
        return signal_take(actor=request.user, wish=wish).get_absolute_url()

    form = FORMS[kind](request.POST or None, user=request.user, department=department)
    return form_page(request, page, form, act)


@login_required
@require_safe
def signal_detail(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """Show a sign, with what helps to judge it."""
    signal = _seen(request, signal_id)
    judges = gate.permits(request.user, Action.PARTNER_EDIT, department_resource(signal.department))
    pack = load_outsiders(signal.department.entity.pack)
    context = {
        "signal": signal,
        "tone": TONES[signal.state],
        "judges": judges,
        "customer": signal.customer if judges else mask(signal.customer),
        "pack": pack,
        "actors": [(said(actor.names), said(actor.note)) for actor in pack.threat_actors],
        "offences": [(said(item.names), said(item.who), item.cite, item.status) for item in pack.offences],
    }
    return render(request, "partners/signal.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def signal_judgement(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """Judge a sign."""
    signal = _seen(request, signal_id)
    gate.require(request.user, Action.PARTNER_EDIT, department_resource(signal.department))
    page = Page(
        title=_("Judge the sign"),
        submit=_("Judge"),
        said=_("The judgement is kept."),
        back=signal.get_absolute_url(),
        lead=_("If an outsider is suspected, everything that is open for them ends at once."),
        trail=(
            (reverse("partners:signal_list"), _("Signs of leaks")),
            (signal.get_absolute_url(), str(signal)),
        ),
        template="partners/form.html",
    )

    def act(form: Any) -> None:
        signal_judge(actor=request.user, signal=signal, expected_version=signal.version, **form.cleaned_data)

    return form_page(request, page, JudgeForm(request.POST or None), act)


@login_required
@require_safe
def signal_record(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """Send the record for an incident as PDF."""
    signal = _seen(request, signal_id)
    content = signal_print(actor=request.user, signal=signal, language=get_language() or "en")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{signal.happened_on}-{signal.kind}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _own_department(request: HttpRequest) -> Department | None:
    place = gate.subject_of(request.user).department
    return Department.objects.select_related("entity").filter(pk=place).first() if place else None


def _seen(request: HttpRequest, signal_id: UUID) -> Signal:
    """Return a sign that the user may see.

    Raises:
        Http404: there is none for them.
    """
    return get_object_or_404(signals_visible_to(request.user), pk=signal_id)
