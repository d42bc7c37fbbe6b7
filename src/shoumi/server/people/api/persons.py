"""Persons and their engagements over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Status
from ninja.pagination import paginate

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.paging import Paging
from shoumi.server.people import services
from shoumi.server.people.api.lookup import engagement_of, found, optional, person_of, terms_of
from shoumi.server.people.api.routing import router
from shoumi.server.people.api.shapes import (
    EndIn,
    EngagementOut,
    MoveIn,
    PersonChange,
    PersonIn,
    PersonOut,
    PersonRecord,
    Revealed,
    RevealIn,
    TermsIn,
)
from shoumi.server.people.models import Engagement, LegalEntity, Person
from shoumi.server.people.queries import (
    departments_visible,
    entities_visible,
    person_resource,
    persons_found,
    persons_visible,
)


@router.get("/persons", response=list[PersonOut])
@paginate(Paging)
def person_list(request: HttpRequest, q: str = "", entity_id: UUID | None = None) -> Any:
    """Return the persons whom the caller may look up, by reading; `q` looks at name, number and reading."""
    rows = persons_found(persons_visible(request.user), q[:200]).order_by("reading", "name", "pk")
    return rows.filter(entity=entity_id) if entity_id else rows


@router.post("/persons", response={201: PersonRecord})
def person_create(request: HttpRequest, data: PersonIn) -> Any:
    """Enter a person."""
    entity: LegalEntity = found(entities_visible(request.user), data.entity_id)
    made = services.person_create(
        actor=request.user,
        entity=entity,
        number=data.number,
        name=data.name,
        reading=data.reading,
        phone=data.phone,
        email=data.email,
        department=optional(departments_visible(request.user), data.department_id),
    )
    made.current = []
    return Status(201, made)


@router.get("/persons/{person_id}", response=PersonRecord)
def person_detail(request: HttpRequest, person_id: UUID) -> Person:
    """Return a person's record, masked."""
    person = person_of(request, person_id)
    gate.require(request.user, Action.PERSON_VIEW, person_resource(person))
    return person


@router.patch("/persons/{person_id}", response=PersonRecord)
def person_change(request: HttpRequest, person_id: UUID, data: PersonChange) -> Person:
    """Change a person's fields."""
    values = data.dict(exclude_none=True, exclude={"expected_version"})
    services.person_change(
        actor=request.user,
        person=person_of(request, person_id),
        expected_version=data.expected_version,
        values=values,
    )
    return person_of(request, person_id)


@router.post("/persons/{person_id}/reveal", response=Revealed)
def person_reveal(request: HttpRequest, person_id: UUID, data: RevealIn) -> dict[str, str]:
    """Show one masked field in full; the ledger keeps who looked and why."""
    person = person_of(request, person_id)
    value = services.person_reveal(actor=request.user, person=person, field=data.field, purpose=data.purpose)
    return {"value": value}


@router.get("/persons/{person_id}/engagements", response=list[EngagementOut])
def engagement_list(request: HttpRequest, person_id: UUID) -> Any:
    """Return a person's engagements with their history, the newest first."""
    person = person_of(request, person_id)
    gate.require(request.user, Action.PERSON_VIEW, person_resource(person))
    return person.engagements.all()


@router.post("/persons/{person_id}/engagements", response={201: EngagementOut})
def engagement_start(request: HttpRequest, person_id: UUID, data: TermsIn) -> Any:
    """Begin an engagement."""
    terms = terms_of(request.user, data)
    made = services.engagement_start(actor=request.user, person=person_of(request, person_id), terms=terms)
    return Status(201, made)


@router.post("/engagements/{engagement_id}/end", response=EngagementOut)
def engagement_end(request: HttpRequest, engagement_id: UUID, data: EndIn) -> Engagement:
    """End an engagement on the first day without rights."""
    return services.engagement_end(
        actor=request.user,
        engagement=engagement_of(request, engagement_id),
        expected_version=data.expected_version,
        ends_on=data.ends_on,
        reason=data.reason,
        note=data.note,
    )


@router.post("/engagements/{engagement_id}/move", response={201: EngagementOut})
def engagement_move(request: HttpRequest, engagement_id: UUID, data: MoveIn) -> Any:
    """End an engagement and begin another on the same day; the new one is returned."""
    made = services.engagement_move(
        actor=request.user,
        engagement=engagement_of(request, engagement_id),
        expected_version=data.expected_version,
        terms=terms_of(request.user, data),
        note=data.note,
    )
    return Status(201, made)
