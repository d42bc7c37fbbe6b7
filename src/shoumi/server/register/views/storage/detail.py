"""A storage unit's page, and the forms of everything that is recorded about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people.models import Department
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.people.views.asking import allowed, form_page
from shoumi.server.register.forms import storage as forms
from shoumi.server.register.forms.carriers import ReasonForm
from shoumi.server.register.models import BackupRecord, StorageAccount, StorageUnit
from shoumi.server.register.queries.carriers.visible import carriers_visible_to
from shoumi.server.register.queries.choosing import departments_for
from shoumi.server.register.queries.storage.faults import next_due
from shoumi.server.register.queries.storage.visible import unit_resource, unit_to_be
from shoumi.server.register.services.storage import units
from shoumi.server.register.views.carriers.asking import asking, unit_found
from shoumi.server.register.views.storage.lists import authorisation, unit_state

ZONE_COLUMNS = {
    "register.zone_missing": "zone",
    "register.zone_elsewhere": "zone",
    "places.zone_not_secret": "zone",
    "places.zone_level_too_low": "zone",
    "register.unit_code_taken": "code",
}


@login_required
@require_safe
def overview(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Show a unit with its level, findings, accounts, backups, checks and servicing."""
    unit = unit_found(request, unit_id)
    resource = unit_resource(unit)
    carriers = carriers_visible_to(request.user).filter(unit=unit).order_by("number")
    context = {
        "unit": unit,
        "can": allowed(
            request.user,
            {
                "manage": (Action.STORAGE_MANAGE, resource),
                "tend": (Action.STORAGE_TEND, resource),
                "authorise": (Action.STORAGE_AUTHORISE, resource),
            },
        ),
        "state": unit_state(unit),
        "authorisation": authorisation(unit),
        "stored": LEVEL_IDS[unit.stored],
        "findings": list(unit.findings.filter(closed_at=None)),
        "carriers": list(carriers),
        "hidden": unit.carriers.filter(number__isnull=False).count() - len(carriers),
        "accounts": list(unit.accounts.select_related("person", "filed_by").order_by("removed_at", "name")),
        "backups": list(unit.backups.select_related("recorded_by")[:10]),
        "backup_due": next_due(unit, BackupRecord.Kind.BACKUP),
        "restore_due": next_due(unit, BackupRecord.Kind.RESTORE),
        "attestation": unit.attestations.select_related("attested_by").first(),
        "servicings": list(unit.servicings.select_related("asked_by", "secured_by")[:10]),
        "there": unit.status != StorageUnit.Status.SCRAPPED,
    }
    return render(request, "register/storage/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Choose the department, then register a unit of it."""
    departments = departments_for(request.user, Action.STORAGE_MANAGE, unit_to_be)
    chosen = request.GET.get("department", "")
    department = next((row for row in departments if str(row.pk) == chosen), None)
    back = reverse("register:unit_list")
    trail = ((back, _("Storage units")),)
    if department is None:
        if not departments:
            gate.require(request.user, Action.STORAGE_MANAGE, unit_to_be(Department.objects.first()))
        context = {"departments": departments, "title": _("New storage unit"), "trail": trail}
        return render(request, "register/storage/department.html", context)
    page = asking(
        _("New storage unit"),
        _("Register the unit"),
        back,
        _("The storage unit is registered. The secrecy office authorises it next."),
        facts=((_("Department"), str(department)),),
        trail=trail,
        columns=ZONE_COLUMNS,
    )

    def act(form: Any) -> str:
        return units.unit_add(
            actor=request.user, department=department, value=form.unit_value
        ).get_absolute_url()

    return form_page(request, page, forms.UnitForm(request.POST or None, department=department), act)


def unit_form(  # noqa: PLR0913, PLR0917 - the parts of a page
    request: HttpRequest,
    unit: StorageUnit,
    title: str,
    submit: str,
    said: str,
    form: Form,
    act: Callable[[Any], object],
    **more: Any,
) -> HttpResponse:
    """Show a form about a unit; see `form_page`."""
    page = asking(
        title,
        submit,
        unit.get_absolute_url(),
        said,
        trail=((reverse("register:unit_list"), _("Storage units")), (unit.get_absolute_url(), unit.code)),
        **more,
    )
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Change what a unit is and where it stands."""
    unit = unit_found(request, unit_id, Action.STORAGE_MANAGE)
    form = forms.UnitForm(request.POST or None, department=unit.department, unit=unit)

    def act(form: Any) -> None:
        units.unit_edit(
            actor=request.user, unit_id=unit.pk, expected_version=form.version, value=form.unit_value
        )

    return unit_form(
        request,
        unit,
        _("Change"),
        _("Save"),
        _("The storage unit is changed."),
        form,
        act,
        columns=ZONE_COLUMNS,
    )


@login_required
@require_http_methods(["GET", "POST"])
def protect(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Record encryption, the owner of the key, and the backup schedule."""
    unit = unit_found(request, unit_id, Action.STORAGE_MANAGE)

    def act(form: Any) -> None:
        units.unit_protect(
            actor=request.user, unit_id=unit.pk, expected_version=form.version, value=form.protection
        )

    form = forms.ProtectionForm(request.POST or None, unit=unit)
    return unit_form(
        request, unit, _("Encryption and backup"), _("Save"), _("The storage unit is changed."), form, act
    )


@login_required
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Put a unit on the list of authorised storage, or take it off."""
    unit = unit_found(request, unit_id, Action.STORAGE_AUTHORISE)

    def act(form: Any) -> None:
        units.unit_authorise(actor=request.user, unit_id=unit.pk, **form.cleaned_data)

    form = forms.AuthorisationForm(request.POST or None, initial={"permitted": unit.permitted or 1})
    return unit_form(
        request,
        unit,
        _("Authorised storage"),
        _("Save the level"),
        _("The authorisation is recorded."),
        form,
        act,
        lead=_(
            "What is stored on the unit must not be of a higher level; the place must be a secret zone of it."
        ),
        columns={"register.zone_missing": "permitted", "places.zone_level_too_low": "permitted"},
    )


@login_required
@require_http_methods(["GET", "POST"])
def attest(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Vouch for “no internet, no USB”."""
    unit = unit_found(request, unit_id, Action.STORAGE_TEND)

    def act(form: Any) -> None:
        units.unit_attest(actor=request.user, unit_id=unit.pk, **form.cleaned_data)

    return unit_form(
        request,
        unit,
        _("No internet, no USB"),
        _("Attest"),
        _("The attestation is recorded."),
        forms.AttestationForm(request.POST or None),
        act,
        lead=_("Look at the device first. You vouch for it with your name and today's date."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def backup(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Record a backup or a restore test."""
    unit = unit_found(request, unit_id, Action.STORAGE_TEND)

    def act(form: Any) -> None:
        units.backup_record(actor=request.user, unit_id=unit.pk, **form.cleaned_data)

    return unit_form(
        request,
        unit,
        _("Record a backup or a restore test"),
        _("Record"),
        _("It is recorded."),
        forms.BackupForm(request.POST or None),
        act,
        columns={"register.backup_day": "done_on"},
    )


@login_required
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Register an account on a unit."""
    unit = unit_found(request, unit_id, Action.STORAGE_MANAGE)

    def act(form: Any) -> None:
        units.account_grant(actor=request.user, unit_id=unit.pk, **form.cleaned_data)

    return unit_form(
        request,
        unit,
        _("New account"),
        _("Grant the account"),
        _("The account is registered. The secrecy office files it next."),
        forms.AccountForm(request.POST or None, unit=unit),
        act,
        columns={"register.account_dates": "ends_on", "register.account_taken": "name"},
    )


@login_required
@require_POST
def file_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """File an account at the secrecy office."""
    row = units.account_file(actor=request.user, account_id=account_id)
    messages.success(request, _("The account is filed."))
    return redirect("register:unit_detail", row.unit_id)


@login_required
@require_http_methods(["GET", "POST"])
def remove_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Record that an account was taken off its unit."""
    row = get_object_or_404(StorageAccount, pk=account_id)
    unit = unit_found(request, row.unit_id, Action.STORAGE_TEND)

    def act(form: Any) -> None:
        units.account_remove(actor=request.user, account_id=row.pk, reason=form.cleaned_data["reason"])

    return unit_form(
        request,
        unit,
        _("Remove the account %(name)s") % {"name": row.name},
        _("Record the removal"),
        _("The removal is recorded."),
        ReasonForm(request.POST or None),
        act,
        danger=True,
    )
