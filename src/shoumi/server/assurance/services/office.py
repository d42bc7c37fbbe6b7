"""The management office with its staff, the cooperating departments and their secrecy officers.

Follows the guide 二(二) and 二(三).  What somebody may do comes from their roles, not from these records;
`queries.bodies` tells where the two differ.
"""

from __future__ import annotations

from datetime import date

from django.db import models

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import (
    AuthorisationLetter,
    CooperatingDepartment,
    DepartmentOfficer,
    ManagementOffice,
    OfficeStaff,
    Stretch,
)
from shoumi.server.assurance.services.writing import (
    AlreadyEndedError,
    StandsTwiceError,
    subject_of,
    verify_order,
)
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import counted, writing


class LetterOfAnotherError(InputError):
    """The letter authorises somebody else."""

    code = "assurance.letter_of_another"
    message = "The letter authorises another person."


def office_set(
    *, actor: User, entity: LegalEntity, department: Department, form: str, since: date
) -> ManagementOffice:
    """Make a department the management office; the former one ends the day before."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_OFFICE_CHANGED,
    ) as entry:
        for former in ManagementOffice.objects.select_for_update(no_key=True).filter(
            entity=entity, until__isnull=True
        ):
            verify_order(former.since, since)
            former.until = since
            counted(former)
            former.staff.filter(until__isnull=True).update(until=since)
        row = ManagementOffice.objects.create(
            entity=entity,
            department=department,
            form=ManagementOffice.Form(form),
            since=since,
            created_at=clock().now(),
        )
        entry.subject = subject_of(row)
        entry.detail = {"event": "set", "department": str(department.pk), "since": since.isoformat()}
    return row


def staff_add(  # noqa: PLR0913 - who, how much, what for, since when
    *, actor: User, office: ManagementOffice, person: Person, full_time: bool, duties: str, since: date
) -> OfficeStaff:
    """Put somebody on the staff of the office, full or part time."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(office.entity),
        tag=LedgerTag.ASSURANCE_OFFICE_CHANGED,
    ) as entry:
        _refuse_second(OfficeStaff, office=office, person=person)
        row = OfficeStaff.objects.create(
            office=office,
            person=person,
            full_time=full_time,
            duties=text_of(OfficeStaff, "duties", duties),
            since=since,
            created_at=clock().now(),
        )
        entry.subject = subject_of(office)
        entry.detail = {"event": "staffed", "person": str(person.pk), "full_time": full_time}
    return row


def department_cooperate(
    *, actor: User, department: Department, reason: str, since: date
) -> CooperatingDepartment:
    """Flag a department as cooperating, with the secrets it deals with."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(department.entity),
        tag=LedgerTag.ASSURANCE_COOPERATION_CHANGED,
    ) as entry:
        _refuse_second(CooperatingDepartment, department=department)
        row = CooperatingDepartment.objects.create(
            department=department,
            reason=text_of(CooperatingDepartment, "reason", reason),
            since=since,
            created_at=clock().now(),
        )
        entry.subject = subject_of(row)
        entry.detail = {"event": "cooperates", "department": str(department.pk)}
    return row


def officer_appoint(  # noqa: PLR0913 - who, where, how much, on which letter, since when
    *,
    actor: User,
    department: Department,
    person: Person,
    full_time: bool,
    since: date,
    letter: AuthorisationLetter | None = None,
) -> DepartmentOfficer:
    """Appoint a department's secrecy officer.

    Raises:
        NotPermittedError, StandsTwiceError, LetterOfAnotherError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(department.entity),
        tag=LedgerTag.ASSURANCE_COOPERATION_CHANGED,
    ) as entry:
        _refuse_second(DepartmentOfficer, department=department, person=person)
        if letter is not None and letter.holder_id != person.pk:
            raise LetterOfAnotherError
        row = DepartmentOfficer.objects.create(
            department=department,
            person=person,
            full_time=full_time,
            letter=letter,
            since=since,
            created_at=clock().now(),
        )
        entry.subject = subject_of(row)
        entry.detail = {"event": "appointed", "department": str(department.pk), "person": str(person.pk)}
    return row


ENDING: dict[type[Stretch], Tag] = {
    OfficeStaff: LedgerTag.ASSURANCE_OFFICE_CHANGED,
    CooperatingDepartment: LedgerTag.ASSURANCE_COOPERATION_CHANGED,
    DepartmentOfficer: LedgerTag.ASSURANCE_COOPERATION_CHANGED,
}


def appointment_end(*, actor: User, row: Stretch, expected_version: int, until: date) -> Stretch:
    """End a place on the staff, a cooperation or an appointment on `until`, the last day it holds."""
    kind = type(row)
    entity = row.office.entity if isinstance(row, OfficeStaff) else row.department.entity
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=ENDING[kind],
    ) as entry:
        found = locked(kind, row.pk, expected_version)
        if found.until is not None:
            raise AlreadyEndedError
        verify_order(found.since, until)
        found.until = until
        counted(found)
        entry.subject = subject_of(found)
        entry.detail = {"event": "ended", "until": until.isoformat()}
    return found


def _refuse_second(model: type[models.Model], **same: object) -> None:
    if model.objects.filter(until__isnull=True, **same).exists():
        raise StandsTwiceError
