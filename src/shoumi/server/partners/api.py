"""The API of partners, below /api/v1/partners/: partners, what they are asked for, and to whom a task goes.

Errors are those of the services, in the one shape of `project.api`; outsiders are masked.  Annotations are
evaluated at once here: a paginated function is wrapped by django-ninja in a module that does not know ours.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from ninja.pagination import paginate
from pydantic import Field

from shoumi.engine.jurisdiction.outsiders import Purpose
from shoumi.server.accounts.masking import mask
from shoumi.server.accounts.paging import Paging
from shoumi.server.partners.models import Duty, Partner
from shoumi.server.partners.queries.partners import departments_to_keep_for, partner_seen, partners_visible_to
from shoumi.server.partners.queries.workers import duties_visible_to
from shoumi.server.partners.services.duties import DutyWish, duty_ask
from shoumi.server.partners.services.partners import PartnerWish, partner_record
from shoumi.server.people.queries import persons_visible
from shoumi.server.people.queries.addressing import addressee_of

router = Router()
Line = Annotated[str, Field(max_length=200)]
PartnerKind = Literal["supplier", "customer", "expert", "adviser", "contractor", "dispatch_agency"]


class PartnerOut(Schema):
    """A partner; `bound` says whether a filed agreement holds."""

    id: UUID
    department_id: UUID
    kind: PartnerKind
    name: str
    registration_number: str
    work: str
    manager_name: str
    bound: bool
    ended_on: date | None
    version: int

    @staticmethod
    def resolve_department_id(row: Partner) -> UUID:
        """Return the department that keeps the record."""
        return row.third_party.department_id

    @staticmethod
    def resolve_name(row: Partner) -> str:
        """Return the name that the register has."""
        return row.third_party.name

    @staticmethod
    def resolve_registration_number(row: Partner) -> str:
        """Return the number that the register has."""
        return row.third_party.registration_number

    @staticmethod
    def resolve_manager_name(row: Partner) -> str:
        """Return the responsible person, masked."""
        return mask(row.manager_name)


class PartnerIn(Schema):
    """A new partner."""

    department_id: UUID
    kind: PartnerKind
    name: Line
    registration_number: Annotated[str, Field(max_length=60)] = ""
    contact: Line = ""
    work: Line = ""
    manager_name: Annotated[str, Field(max_length=80)] = ""
    manager_contact: Line = ""


class PartnerDutyOut(Schema):
    """What a partner's company is asked for."""

    id: UUID
    partner_id: UUID
    kind: str
    title: str
    due_on: date
    every_months: int
    answered_at: datetime | None
    version: int


class PartnerDutyIn(Schema):
    """Something to ask a partner's company for."""

    kind: Literal["work", "training", "sanction", "report", "audit"]
    title: Line
    text: Annotated[str, Field(max_length=1000)] = ""
    due_on: date
    every_months: Annotated[int, Field(ge=0, le=36)] = 0


class PartnerAddresseeOut(Schema):
    """To whom something for a person goes: to them by name, or to this company."""

    by_name: bool
    company: str
    manager: str
    cite: str
    status: str


@router.get("/", response=list[PartnerOut])
@paginate(Paging)
def partner_list(request: HttpRequest) -> Any:
    """List the partners that the user may see."""
    return partners_visible_to(request.user)


@router.post("/", response={201: PartnerOut})
def partner_create(request: HttpRequest, body: PartnerIn) -> Status:
    """Record a partner."""
    values = body.dict()
    department = departments_to_keep_for(request.user).filter(pk=values.pop("department_id")).first()
    if department is None:
        raise Http404
    made = partner_record(actor=request.user, wish=PartnerWish(department=department, **values))
    return Status(201, partners_visible_to(request.user).get(pk=made.pk))


@router.get("/duties", response=list[PartnerDutyOut])
@paginate(Paging)
def duty_list(request: HttpRequest) -> Any:
    """List what is asked of the partners that the user may see, or answers for."""
    return duties_visible_to(request.user)


@router.get("/addressee/{person_id}", response=PartnerAddresseeOut)
def addressee(
    request: HttpRequest, person_id: UUID, purpose: Literal["work", "training", "pledge", "sanction"] = "work"
) -> PartnerAddresseeOut:
    """Tell to whom something for a person is addressed."""
    person = persons_visible(request.user).filter(pk=person_id).first()
    if person is None:
        raise Http404
    found = addressee_of(person, Purpose(purpose))
    return PartnerAddresseeOut(
        by_name=found.by_name,
        company=found.manager.company if found.manager else "",
        manager=mask(found.manager.name) if found.manager else "",
        cite=found.rule.cite if found.rule else "",
        status=found.rule.status if found.rule else "",
    )


@router.get("/{partner_id}", response=PartnerOut)
def partner_get(request: HttpRequest, partner_id: UUID) -> Any:
    """Return one partner."""
    partner_seen(request.user, partner_id)
    return partners_visible_to(request.user).get(pk=partner_id)


@router.post("/{partner_id}/duties", response={201: PartnerDutyOut})
def duty_create(request: HttpRequest, partner_id: UUID, body: PartnerDutyIn) -> Status:
    """Ask a partner's company for something."""
    partner = partner_seen(request.user, partner_id)
    duty: Duty = duty_ask(actor=request.user, partner=partner, wish=DutyWish(**body.dict()))
    return Status(201, duty)
