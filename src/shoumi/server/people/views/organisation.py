"""The organisation: the tree of each legal entity, a department's page, and the forms that change them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people import forms, services
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person
from shoumi.server.people.queries import (
    company_resource,
    department_resource,
    departments_visible,
    engaged_now,
    entities_visible,
    entity_resource,
    persons_of,
    persons_visible,
    posts_visible,
    today_of,
)
from shoumi.server.people.views.asking import Page, allowed, form_page

COLUMNS = {
    "people.code_taken": "code",
    "people.tree": "parent",
    "people.unknown_country": "country",
    "people.post_exists": "title",
    "people.post_level": "level",
}


@dataclass(slots=True)
class Branch:
    """A department in the tree as the page draws it."""

    department: Department
    persons: int  # engaged in it today, without those below
    children: list[Branch] = field(default_factory=list)


def _trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    return ((reverse("people:department_tree"), _("Organisation")), *more)


@login_required
@require_safe
def department_tree(request: HttpRequest) -> HttpResponse:
    """Show the departments of each entity that the user may see, as trees."""
    show_closed = request.GET.get("closed") == "1"
    departments = list(departments_visible(request.user))
    counts = dict(
        Engagement.objects.filter(engaged_now(), department__in=[row.pk for row in departments])
        .values_list("department")
        .annotate(Count("person", distinct=True))
    )
    branches = {
        row.pk: Branch(row, counts.get(row.pk, 0)) for row in departments if row.is_open or show_closed
    }
    roots: dict[UUID, list[Branch]] = defaultdict(list)
    for branch in branches.values():
        above = branches.get(branch.department.parent_id)
        (above.children if above else roots[branch.department.entity_id]).append(branch)
    entities = []
    for entity in entities_visible(request.user):
        can = allowed(request.user, {"edit": (Action.ORGANISATION_EDIT, entity_resource(entity))})
        entities.append({"entity": entity, "roots": roots[entity.pk], "can": can})
    context = {
        "entities": entities,
        "show_closed": show_closed,
        "any_closed": any(not row.is_open for row in departments),
        "can": _company_wide(request),
    }
    return render(request, "people/organisation.html", context)


def _company_wide(request: HttpRequest) -> dict[str, bool]:
    return allowed(
        request.user,
        {
            "edit": (Action.ORGANISATION_EDIT, company_resource()),
            "bring_in": (Action.PERSON_IMPORT, company_resource()),
            "export": (Action.PERSON_EXPORT, company_resource()),
        },
    )


@login_required
@require_safe
def department_detail(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """Show one department: its place, posts with levels, and who works there today."""
    department = _department(department_id)
    resource = department_resource(department)
    gate.require(request.user, Action.ORGANISATION_VIEW, resource)
    today = Q(engagements__in=Engagement.objects.filter(engaged_now()))
    held = Count("engagements__person", filter=today, distinct=True)
    line = {row.pk: row for row in Department.objects.filter(pk__in=department.path_ids)}
    context = {
        "department": department,
        "above": [line[key] for key in department.path_ids[:-1] if key in line],
        "below": departments_visible(request.user).filter(parent=department),
        "posts": posts_visible(request.user)
        .filter(department=department)
        .annotate(held=held)
        .order_by("-level", "title"),
        "persons": _people_there(request, department),
        "can": allowed(
            request.user,
            {
                "edit": (Action.ORGANISATION_EDIT, resource),
                "grade": (Action.POST_SET_LEVEL, resource),
            },
        ),
    }
    return render(request, "people/department.html", context)


def _people_there(request: HttpRequest, department: Department) -> list[Person]:
    """Return who works in the department today and may be looked up, in the order of their readings."""
    seen = set(persons_visible(request.user).values_list("pk", flat=True))
    return [person for person in persons_of(department).order_by("reading", "name") if person.pk in seen]


def _department(department_id: UUID) -> Department:
    return get_object_or_404(Department.objects.select_related("entity", "parent", "owner"), pk=department_id)


def _entity(entity_id: UUID) -> LegalEntity:
    return get_object_or_404(LegalEntity, pk=entity_id)


@login_required
@require_http_methods(["GET", "POST"])
def entity_create(request: HttpRequest) -> HttpResponse:
    """Make a legal entity."""
    gate.require(request.user, Action.ORGANISATION_EDIT, company_resource())
    page = Page(
        title=_("New legal entity"), submit=_("Make the entity"), back=reverse("people:department_tree"),
        said=_("The legal entity is made."), trail=_trail(), columns=COLUMNS,
    )  # fmt: skip

    def act(form: Any) -> None:
        services.entity_create(
            actor=request.user,
            code=form.cleaned_data["code"],
            country=form.cleaned_data["country"],
            names=form.names,
            registration_number=form.cleaned_data["registration_number"],
        )

    return form_page(request, page, forms.EntityForm(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def entity_change(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Change the names or the registration number of a legal entity."""
    entity = _entity(entity_id)
    gate.require(request.user, Action.ORGANISATION_EDIT, entity_resource(entity))
    page = Page(
        title=entity.name, submit=_("Save"), back=reverse("people:department_tree"),
        said=_("The legal entity is changed."), trail=_trail(), columns=COLUMNS,
    )  # fmt: skip

    def act(form: Any) -> None:
        services.entity_change(
            actor=request.user,
            entity=entity,
            expected_version=form.version,
            code=form.cleaned_data["code"],
            names=form.names,
            registration_number=form.cleaned_data["registration_number"],
        )

    return form_page(request, page, forms.EntityForm(request.POST or None, entity=entity), act)


def _parents(request: HttpRequest, entity: LegalEntity, department: Department | None = None) -> Any:
    rows = departments_visible(request.user).filter(entity=entity, closed_on__isnull=True)
    return rows.exclude(path__startswith=department.path) if department else rows


def _owners(entity: LegalEntity) -> Any:
    today = Engagement.objects.filter(engaged_now(), department__entity=entity)
    return Person.objects.filter(engagements__in=today).distinct().order_by("reading", "name")


@login_required
@require_http_methods(["GET", "POST"])
def department_create(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Make a department of an entity, below another or at the top."""
    entity = _entity(entity_id)
    above = request.GET.get("parent", "")
    page = Page(
        title=_("New department"), submit=_("Make the department"), back=reverse("people:department_tree"),
        said=_("The department is made."), trail=_trail(), lead=entity.name, columns=COLUMNS,
    )  # fmt: skip
    form = forms.DepartmentForm(
        request.POST or None,
        parents=_parents(request, entity),
        owners=_owners(entity),
        initial={"parent": above},
    )

    def act(sent: Any) -> str:
        values = sent.cleaned_data
        made = services.department_create(
            actor=request.user, entity=entity, code=values["code"], name=values["name"],
            parent=values["parent"], owner=values["owner"],
        )  # fmt: skip
        return made.get_absolute_url()

    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def department_change(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """Change code, name or head of a department."""
    department = _department(department_id)
    gate.require(request.user, Action.ORGANISATION_EDIT, department_resource(department))
    page = Page(
        title=department.name, submit=_("Save"), back=department.get_absolute_url(),
        said=_("The department is changed."), columns=COLUMNS,
        trail=_trail((department.get_absolute_url(), department.name)),
    )  # fmt: skip

    def act(form: Any) -> None:
        values = form.cleaned_data
        services.department_change(
            actor=request.user, department=department, expected_version=form.version,
            code=values["code"], name=values["name"], owner=values["owner"],
        )  # fmt: skip

    form = forms.DepartmentForm(
        request.POST or None, owners=_owners(department.entity), department=department
    )
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def department_move(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """Hang a department elsewhere in the tree of its entity."""
    department = _department(department_id)
    gate.require(request.user, Action.ORGANISATION_EDIT, department_resource(department))
    page = Page(
        title=_("Move %(name)s") % {"name": department.name}, submit=_("Move"),
        lead=_("Everything below moves along. Roles held for the old place do not reach it any more."),
        back=department.get_absolute_url(), said=_("The department is moved."), columns=COLUMNS,
        trail=_trail((department.get_absolute_url(), department.name)),
    )  # fmt: skip

    def act(form: Any) -> None:
        services.department_move(
            actor=request.user, department=department, expected_version=form.version,
            parent=form.cleaned_data["parent"],
        )  # fmt: skip

    parents = _parents(request, department.entity, department)
    form = forms.DepartmentMoveForm(request.POST or None, department=department, parents=parents)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def department_close(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """Close a department, after asking once more."""
    department = _department(department_id)
    gate.require(request.user, Action.ORGANISATION_EDIT, department_resource(department))
    page = Page(
        title=_("Close %(name)s") % {"name": department.name}, submit=_("Close the department"), danger=True,
        lead=_("Its posts close with it. Nobody may work there and no department below may be open."),
        facts=((_("Closed on"), today_of(department.entity).isoformat()),),
        back=department.get_absolute_url(), said=_("The department is closed."),
        trail=_trail((department.get_absolute_url(), department.name)),
    )  # fmt: skip

    def act(form: Any) -> None:
        services.department_close(actor=request.user, department=department, expected_version=form.version)

    form = forms.VersionForm(request.POST or None, initial={"expected_version": department.version})
    return form_page(request, page, form, act)
