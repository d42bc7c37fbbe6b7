"""Persons and departments as SCIM resources, scoped to one legal entity.

E-mail and telephone are never given out.  The caller has asked the gate whether the persons may be seen.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from shoumi.server.people.models import Department, Engagement, LegalEntity, Person
from shoumi.server.people.queries.days import engaged_now
from shoumi.server.provisioning.models import Account
from shoumi.server.provisioning.queries.filters import ENTERPRISE
from shoumi.server.provisioning.queries.schemas import GROUP, USER


def accounts_of(entity: LegalEntity) -> QuerySet[Account]:
    """Return the accounts of an entity that its identity provider has not removed."""
    rows = Account.objects.filter(entity=entity, removed_at__isnull=True)
    return rows.select_related("person__entity", "manager").order_by("pk")


def groups_of(entity: LegalEntity) -> QuerySet[Department]:
    """Return the open departments of an entity."""
    return Department.objects.filter(entity=entity, closed_on__isnull=True).order_by("path")


def work_of(person: Person) -> Engagement | None:
    """Return the engagement that a person's account stands for: the newest that is not over."""
    rows = person.engagements.select_related("department__entity", "post")
    today = [row for row in rows if row.ends_on is None]
    return today[0] if today else rows.first()


def version_of(row: Account | Department) -> str:
    """Return the version of a resource as an entity tag."""
    return f'W/"{row.version}"'


def user_resource(row: Account, root: str) -> dict[str, Any]:
    """Return an account as SCIM has it."""
    person, work = row.person, work_of(row.person)
    extension: dict[str, Any] = {"employeeNumber": person.number}
    found: dict[str, Any] = {
        "schemas": [USER, ENTERPRISE],
        "id": str(person.pk),
        "userName": row.user_name,
        "name": {"formatted": person.name},
        "displayName": person.name,
        "active": row.active,
        ENTERPRISE: extension,
        "meta": {
            "resourceType": "User",
            "created": person.created_at.isoformat(),
            "lastModified": row.changed_at.isoformat(),
            "location": f"{root}/Users/{person.pk}",
            "version": version_of(row),
        },
    }
    if row.external_id:
        found["externalId"] = row.external_id
    if work is not None:
        department = work.department
        extension["department"] = department.name
        found["userType"] = work.kind
        found["groups"] = [
            {
                "value": str(department.pk),
                "$ref": f"{root}/Groups/{department.pk}",
                "display": department.name,
            }
        ]
        if work.post:
            found["title"] = work.post.title
    if row.manager:
        extension["manager"] = {
            "value": str(row.manager_id),
            "$ref": f"{root}/Users/{row.manager_id}",
            "displayName": row.manager.name,
        }
    return found


def group_resource(row: Department, root: str) -> dict[str, Any]:
    """Return a department as SCIM has it, with whoever has an account and works there now."""
    people = accounts_of(row.entity).order_by().values("person")
    working = Engagement.objects.filter(engaged_now(), department=row, person__in=people)
    members = working.select_related("person").order_by("person__number")
    return {
        "schemas": [GROUP],
        "id": str(row.pk),
        "externalId": row.code,
        "displayName": row.name,
        "members": [
            {
                "value": str(item.person_id),
                "$ref": f"{root}/Users/{item.person_id}",
                "display": item.person.name,
            }
            for item in members
        ],
        "meta": {
            "resourceType": "Group",
            "location": f"{root}/Groups/{row.pk}",
            "version": version_of(row),
        },
    }
