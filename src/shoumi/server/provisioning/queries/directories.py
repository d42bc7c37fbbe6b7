"""Directories as they may be seen, what the usual kinds call things, and when each is read next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db.models import QuerySet

from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.provisioning.models import Directory, SyncRun

PERIODS = {Directory.Rhythm.HOURLY: timedelta(minutes=55), Directory.Rhythm.DAILY: timedelta(hours=23)}


@dataclass(frozen=True, slots=True)
class Preset:
    """What a kind of directory calls things."""

    filter: str
    attributes: Mapping[str, str]  # ours → theirs; empty: it has no such thing


PRESETS = {
    Directory.Kind.INET: Preset(
        "(objectClass=inetOrgPerson)",
        MappingProxyType(
            {
                "number": "employeeNumber",
                "user_name": "uid",
                "name": "cn",
                "department": "departmentNumber",
                "title": "title",
                "email": "mail",
                "phone": "telephoneNumber",
                "control": "",
                "groups": "",
            }
        ),
    ),
    Directory.Kind.ACTIVE: Preset(
        "(&(objectClass=user)(employeeID=*))",
        MappingProxyType(
            {
                "number": "employeeID",
                "user_name": "sAMAccountName",
                "name": "displayName",
                "department": "department",
                "title": "title",
                "email": "mail",
                "phone": "telephoneNumber",
                "control": "userAccountControl",
                "groups": "memberOf",
            }
        ),
    ),
}


def entities_with_directory(user: User) -> list[LegalEntity]:
    """Return the legal entities whose directory `user` sets up, looks at, or starts; each with its own."""
    rows = list(LegalEntity.objects.select_related("directory").order_by("code"))
    if gate.permits(user, Action.SETTINGS_VIEW, resources.setting("directory")):
        return rows
    wishes = [(Action.PERSON_IMPORT, entity_resource(row)) for row in rows]
    return [
        row for row, decision in zip(rows, gate.decide_each(user, wishes), strict=True) if decision.permitted
    ]


def directories_due(now: datetime) -> QuerySet[Directory]:
    """Return the directories that are to be read by themselves now."""
    due = []
    for row in Directory.objects.exclude(rhythm=Directory.Rhythm.OFF):
        newest = row.runs.filter(kind=SyncRun.Kind.CLOCK).first()
        if newest is None or newest.started_at <= now - PERIODS[Directory.Rhythm(row.rhythm)]:
            due.append(row.pk)
    return Directory.objects.filter(pk__in=due).select_related("entity", "started_by", "key")
