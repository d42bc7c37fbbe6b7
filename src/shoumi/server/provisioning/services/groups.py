"""Departments as an identity provider tells them: made, renamed, and whom they get.

Somebody always has a department, so nobody is taken out of one: putting them into another moves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from shoumi.server.accounts.models import User
from shoumi.server.people import services as people
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.people.services import Terms
from shoumi.server.provisioning.errors import ScimMutabilityError, ScimValueError, ScimVersionError
from shoumi.server.provisioning.queries.resources import accounts_of, group_resource, version_of, work_of


def group_create(*, actor: User, entity: LegalEntity, resource: Mapping[str, Any]) -> Department:
    """Make a department at the top of an entity; its code is the external key.

    Raises:
        NotPermittedError, ScimValueError, CodeTakenError, FieldTooLongError: each as it says.
    """
    with transaction.atomic():
        made = people.department_create(
            actor=actor,
            entity=entity,
            code=_text(resource, "externalId"),
            name=_text(resource, "displayName"),
        )
        _members_add(actor, made, resource.get("members") or [])
    return made


def group_replace(
    *, actor: User, group: Department, resource: Mapping[str, Any], version: str = ""
) -> Department:
    """Rename a department and move those into it who are not there yet.

    Raises:
        ScimMutabilityError: somebody is to be taken out, or the code is to change.
        NotPermittedError, ScimValueError, ScimVersionError: each as it says.
        InputError, ConflictError: what the services of people refuse.
    """
    if version and version not in {"*", version_of(group)}:
        raise ScimVersionError
    name = _text(resource, "displayName")
    if resource.get("externalId") not in {None, group.code}:
        raise ScimMutabilityError(attribute="externalId")
    with transaction.atomic():
        if name != group.name:
            group = people.department_change(
                actor=actor, department=group, expected_version=group.version, code=group.code, name=name,
                owner=group.owner,
            )  # fmt: skip
        members = resource.get("members")
        if members is not None:
            there = {item["value"] for item in group_resource(group, "")["members"]}
            if there - {str(item.get("value")) for item in members if isinstance(item, Mapping)}:
                raise ScimMutabilityError(attribute="members")
            _members_add(actor, group, members)
    return group


def _members_add(actor: User, group: Department, members: object) -> None:
    if not isinstance(members, list):
        raise ScimValueError(attribute="members")
    for item in members:
        try:
            key = UUID(str(item["value"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ScimValueError(attribute="members") from error
        row = accounts_of(group.entity).filter(person=key).first()
        work = work_of(row.person) if row else None
        if work is None or work.ends_on is not None:
            raise ScimValueError(attribute="members")
        if work.department_id != group.pk:
            terms = Terms(work.kind, group, today_of(group.entity))
            people.engagement_move(
                actor=actor, engagement=work, expected_version=work.version, terms=terms, note="SCIM"
            )


def _text(resource: Mapping[str, Any], name: str) -> str:
    value = resource.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ScimValueError(attribute=name)
    return value.strip()
