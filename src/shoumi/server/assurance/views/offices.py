"""What the office writes down about itself, the cooperating departments and their officers: one form each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shoumi.server.assurance.forms import organisation as forms
from shoumi.server.assurance.forms.fields import UntilForm
from shoumi.server.assurance.models import (
    CooperatingDepartment,
    DepartmentOfficer,
    ManagementOffice,
    OfficeStaff,
)
from shoumi.server.assurance.services import office
from shoumi.server.assurance.views.asking import deed, entity_chosen
from shoumi.server.assurance.views.bodies import FORM, deed_of_office
from shoumi.server.people.queries import today_of


@login_required
@FORM
def office_set(request: HttpRequest) -> HttpResponse:
    """Say which department is the management office."""
    entity, _entities = entity_chosen(request)
    what = deed_of_office(
        entity,
        "office",
        title=_("Set the management office"),
        submit=_("Set the office"),
        said=_("The management office is set."),
        form=forms.OfficeForm,
        initial={"since": today_of(entity)},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        office.office_set(
            actor=request.user,
            entity=entity,
            department=data["department"],
            form=data["form"],
            since=data["since"],
        )

    return deed(request, what, act)


@login_required
@FORM
def staff_add(request: HttpRequest, office_id: UUID) -> HttpResponse:
    """Put somebody on the staff of the office."""
    found = get_object_or_404(ManagementOffice.objects.select_related("entity"), pk=office_id)
    what = deed_of_office(
        found.entity,
        "office",
        title=_("Add staff of the office"),
        lead=_("What they may do comes from their roles, not from this list."),
        submit=_("Add"),
        said=_("The staff list is extended."),
        form=forms.StaffForm,
        initial={"since": today_of(found.entity)},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        office.staff_add(
            actor=request.user,
            office=found,
            person=data["person"],
            full_time=data["full_time"],
            duties=data["duties"],
            since=data["since"],
        )

    return deed(request, what, act)


@login_required
@FORM
def department_cooperate(request: HttpRequest) -> HttpResponse:
    """Flag a department as cooperating."""
    entity, _entities = entity_chosen(request)
    what = deed_of_office(
        entity,
        "departments",
        title=_("Flag a cooperating department"),
        submit=_("Flag it"),
        said=_("The department is flagged as cooperating."),
        form=forms.CooperationForm,
        initial={"since": today_of(entity), "department": request.GET.get("department", "")},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        office.department_cooperate(
            actor=request.user, department=data["department"], reason=data["reason"], since=data["since"]
        )

    return deed(request, what, act)


@login_required
@FORM
def officer_appoint(request: HttpRequest) -> HttpResponse:
    """Appoint a department's secrecy officer."""
    entity, _entities = entity_chosen(request)
    what = deed_of_office(
        entity,
        "departments",
        title=_("Appoint a secrecy officer"),
        lead=_("Request the role of department secrecy officer as well: it gives the rights."),
        submit=_("Appoint"),
        said=_("The secrecy officer is appointed."),
        form=forms.OfficerForm,
        initial={"since": today_of(entity), "department": request.GET.get("department", "")},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        office.officer_appoint(
            actor=request.user,
            department=data["department"],
            person=data["person"],
            full_time=data["full_time"],
            letter=data["letter"],
            since=data["since"],
        )

    return deed(request, what, act)


ENDED = {
    "staff": (OfficeStaff, "office__entity", "office"),
    "cooperation": (CooperatingDepartment, "department__entity", "departments"),
    "officer": (DepartmentOfficer, "department__entity", "departments"),
}


@login_required
@FORM
def appointment_end(request: HttpRequest, kind: str, row_id: UUID) -> HttpResponse:
    """End a place on the staff, a cooperation or an appointment."""
    model, path, anchor = ENDED[kind]
    row = get_object_or_404(model.objects.select_related(path), pk=row_id)
    entity = row.office.entity if kind == "staff" else row.department.entity
    what = deed_of_office(
        entity,
        anchor,
        title=_("End: %(what)s") % {"what": row},
        submit=_("End it"),
        said=_("The end is recorded."),
        form=UntilForm,
        initial={"expected_version": row.version, "until": today_of(entity)},
    )

    def act(form: Any) -> None:
        office.appointment_end(
            actor=request.user, row=row, expected_version=form.version, until=form.cleaned_data["until"]
        )

    return deed(request, what, act)
