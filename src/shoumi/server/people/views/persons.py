"""Persons: the list with its filters, a person's page, making and changing, and revealing what is masked."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import ROLE_LABELS
from shoumi.server.accounts.queries import held_roles
from shoumi.server.files.listing import Choice, Column, Empty, Flag, Listing, ListingView, State
from shoumi.server.ledger.services import clock
from shoumi.server.people import forms, services
from shoumi.server.people.border import border_of
from shoumi.server.people.models import LEVELS, Department, Engagement, EngagementKind, LegalEntity, Person
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.people.panels import person_counts
from shoumi.server.people.queries import (
    company_resource,
    departments_visible,
    engaged_now,
    entities_visible,
    holds,
    person_resource,
    persons_found,
    persons_visible,
)
from shoumi.server.people.views.asking import Page, allowed, form_page

YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))
COLUMNS = {"people.number_taken": "number", "people.user_taken": "user"}


def _current(row: Person) -> Engagement | None:
    return row.current[0] if row.current else None


def _department(row: Person) -> str:
    return " · ".join(dict.fromkeys(item.department.name for item in row.current))


def _post(row: Person) -> str:
    return " · ".join(item.post.title for item in row.current if item.post)


def _kind(row: Person) -> str:
    current = _current(row)
    return str(current.get_kind_display()) if current else ""


def _level(row: Person) -> str:
    levels = [item.post.level for item in row.current if item.post]
    return LEVEL_IDS[max(levels, default=0)]


def _state(row: Person) -> State:
    return State(_("engaged today"), "good") if row.current else State(_("not engaged today"), "off")


def _today(**conditions: Any) -> Exists:
    return Exists(Engagement.objects.filter(engaged_now(), person=OuterRef("pk"), **conditions))


def _within(rows: QuerySet[Person], keys: Any) -> QuerySet[Person]:
    """Narrow to who is engaged today in one of the departments or below it."""
    found = Q(pk__in=())
    for key in keys:
        found |= Q(_today(department__path__contains=UUID(key).hex))
    return rows.filter(found)


def _of_kind(rows: QuerySet[Person], kinds: Any) -> QuerySet[Person]:
    return rows.filter(_today(kind__in=kinds))


def _of_level(rows: QuerySet[Person], levels: Any) -> QuerySet[Person]:
    return rows.filter(top_level__in=[int(level) for level in levels])


def _engaged(rows: QuerySet[Person], value: Any) -> QuerySet[Person]:
    return rows.filter(_today()) if value == "yes" else rows.exclude(_today())


def _entities(listing: Listing) -> list[tuple[object, str]]:
    return [(row.pk, row.name) for row in entities_visible(listing.user)]


def _departments(listing: Listing) -> list[tuple[object, str]]:
    """Return the open departments, those below indented; asked once per page."""
    if not hasattr(listing, "departments"):
        rows = departments_visible(listing.user).filter(closed_on__isnull=True)
        listing.departments = [
            (row.pk, "\u2003" * row.depth + row.name) for row in rows.order_by("entity__code", "path")
        ]
    return listing.departments


class PersonListing(Listing):
    """The persons whom the user may look up."""

    name = "people.persons"
    title = gettext_lazy("Persons")
    columns = (
        Column(
            "name", pgettext_lazy("person", "Name"), sort=("reading", "name"), primary=True, sub="reading"
        ),
        Column("number", gettext_lazy("Employee number"), kind="mono", sort="number"),
        Column("department", gettext_lazy("Department"), _department, sort="department_path"),
        Column("post", gettext_lazy("Post"), _post),
        Column("level", gettext_lazy("Secrecy level"), _level, kind="level", sort="top_level"),
        Column("kind", gettext_lazy("Kind"), _kind),
        Column("state", gettext_lazy("State"), _state, kind="state"),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code", shown=False),
    )
    filters = (
        Choice("engaged", gettext_lazy("Engaged today"), choices=YES_NO, apply=_engaged),
        Choice("entity", gettext_lazy("Legal entity"), choices=_entities, many=True),
        Choice("department", gettext_lazy("Department"), choices=_departments, many=True, apply=_within),
        Choice("kind", gettext_lazy("Kind"), choices=EngagementKind.choices, many=True, apply=_of_kind),
        Choice("level", gettext_lazy("Secrecy level"), choices=LEVELS, many=True, apply=_of_level),
        Flag("unlinked", gettext_lazy("without a sign-in"), condition=Q(user__isnull=True)),
    )
    search_label = gettext_lazy("Name, number, pinyin or kana")
    default_sort = "name"
    export_action = Action.PERSON_EXPORT
    empty = Empty(
        gettext_lazy("Nobody is entered yet"),
        gettext_lazy("Bring in the roster of human resources as a spreadsheet, or enter persons one by one."),
        icon="users",
    )

    def rows(self) -> QuerySet[Person]:
        """Return whom the user may look up, with what the columns show."""
        today = Engagement.objects.filter(engaged_now(), person=OuterRef("pk"))
        top = today.order_by().values("person").annotate(top=Max("post__level")).values("top")
        return persons_visible(self.user).annotate(
            top_level=Subquery(top[:1]), department_path=Subquery(today.values("department__code")[:1])
        )

    def search(self, rows: QuerySet[Person], text: str) -> QuerySet[Person]:
        """Return the rows with every word in name, number or reading, with or without its spaces."""
        return persons_found(rows, text)

    def export_resource(self) -> Resource:
        """Return the company: whoever exports this list manages people everywhere."""
        return company_resource()


class PersonListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = PersonListing
    template_name = "people/list.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say what the user may do here."""
        del listing
        company = company_resource()
        wishes = {"bring_in": (Action.PERSON_IMPORT, company), "export": (Action.PERSON_EXPORT, company)}
        return {"can": allowed(self.request.user, wishes)}


def person_or_404(person_id: UUID) -> Person:
    """Return the person; whether they may be seen is asked of the gate, which explains a refusal."""
    return get_object_or_404(Person.objects.select_related("entity", "user"), pk=person_id)


@login_required
@require_safe
def person_detail(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show a person: facts, engagements with their history, roles; masked until revealed."""
    person = person_or_404(person_id)
    engagements = list(person.engagements.select_related("department__entity", "post"))
    resource = person_resource(person, engagements)
    gate.require(request.user, Action.PERSON_LOOKUP, resource)
    can = allowed(
        request.user,
        {
            "view": (Action.PERSON_VIEW, resource),
            "edit": (Action.PERSON_EDIT, resource),
            "reveal": (Action.PERSON_REVEAL, resource),
            "activity": (Action.PERSON_VIEW_ACTIVITY, resource),
        },
    )
    current = [item for item in engagements if holds(item)]
    levels = [item.post.level for item in current if item.post]
    border = border_of(request.user)
    context = {
        "person": person,
        "name": border.shown(person, person.name),
        "reading": border.shown(person, person.reading),
        "number": border.shown(person, person.number),
        "border_open": border.open(person),
        "can_reveal": can["reveal"] and border.open(person),
        "current": current,
        "engagements": engagements if can["view"] else current,
        "level": LEVEL_IDS[max(levels, default=0)],
        "roles": _roles(person) if can["view"] else [],
        "counts": person_counts(person.user) if can["view"] else [],
        "own": person.user_id == request.user.pk,
        "can": can,
    }
    return render(request, "people/person.html", context)


def _roles(person: Person) -> list[dict[str, Any]]:
    """Return the granted roles of the person's sign-in that are in force now."""
    if person.user is None:
        return []
    now = clock().now()
    held = sorted(
        (role for role in held_roles(person.user) if role.in_force(now)),
        key=lambda role: (role.role, role.scope),
    )
    return [
        {"label": ROLE_LABELS[role.role], "place": _place(role.scope), "until": role.ends_at} for role in held
    ]


def _place(scope: str) -> str:
    kind, _colon, key = scope.partition(":")
    models = {"entity": LegalEntity, "department": Department}
    if kind in models:
        return str(models[kind].objects.filter(pk=key).first() or "")
    return _("whole company") if kind == "company" else scope


@login_required
@require_POST
def person_reveal(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show one masked field in full; to htmx only the value, else the page with it."""
    person = person_or_404(person_id)
    field, purpose = request.POST.get("field", ""), request.POST.get("purpose", "")[:400]
    value = services.person_reveal(actor=request.user, person=person, field=field, purpose=purpose)
    context = {"person": person, "field": field, "value": value}
    template = (
        "people/_revealed.html" if request.htmx and not request.htmx.boosted else "people/revealed.html"
    )
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


def _trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    return ((reverse("people:person_list"), _("Persons")), *more)


@login_required
@require_http_methods(["GET", "POST"])
def person_create(request: HttpRequest) -> HttpResponse:
    """Enter a person; the engagement follows on the next page."""
    page = Page(
        title=_("New person"),
        submit=_("Enter the person"),
        back=reverse("people:person_list"),
        said=_("The person is entered. Now say where and as what they work."),
        trail=_trail(),
        columns=COLUMNS,
    )

    def act(form: Any) -> str:
        made = services.person_create(actor=request.user, entity=form.cleaned_data["entity"], **form.values)
        return reverse("people:engagement_start", args=[made.pk])

    form = forms.PersonForm(request.POST or None, entities=entities_visible(request.user))
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def person_change(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Change a person's facts; what is masked stays unless something new is typed."""
    person = person_or_404(person_id)
    gate.require(request.user, Action.PERSON_EDIT, person_resource(person))
    page = Page(
        title=person.name,
        submit=_("Save"),
        back=person.get_absolute_url(),
        said=_("The person is changed."),
        trail=_trail((person.get_absolute_url(), person.name)),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        services.person_change(
            actor=request.user, person=person, expected_version=form.version, values=form.values
        )

    return form_page(request, page, forms.PersonForm(request.POST or None, person=person), act)


@login_required
@require_http_methods(["GET", "POST"])
def person_link(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Say which sign-in belongs to a person."""
    person = person_or_404(person_id)
    gate.require(request.user, Action.PERSON_EDIT, person_resource(person))
    page = Page(
        title=_("Sign-in of %(name)s") % {"name": person.name},
        submit=_("Save"),
        lead=_("The sign-in has the rights of the person's engagements as long as they hold."),
        back=person.get_absolute_url(),
        said=_("The sign-in is set."),
        trail=_trail((person.get_absolute_url(), person.name)),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        services.person_link(
            actor=request.user, person=person, expected_version=form.version, user=form.cleaned_data["user"]
        )

    return form_page(request, page, forms.LinkForm(request.POST or None, person=person), act)


def people_home(request: HttpRequest) -> HttpResponse:
    """Lead from the room's own address to its list."""
    del request
    return redirect("people:person_list")
