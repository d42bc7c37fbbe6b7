"""Where due things come from: each kind with its rows as the reader may see them, its day, and its page.

Each app says by its own query what a user may see; here it only stands which of these rows have a day.
`label` is a sentence without any name of a record or person: calendars and e-mail outside show nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.libraries import kind_words
from shoumi.server.agreements.queries.visible import agreements_visible_to
from shoumi.server.approvals.queries import requests_to_decide
from shoumi.server.assurance.models import Finding, Inspection, PlanTask, Resolution, Risk
from shoumi.server.assurance.queries.access import (
    findings_visible,
    inspections_visible,
    resolutions_visible,
    tasks_visible,
)
from shoumi.server.assurance.queries.risks import risks_visible_to
from shoumi.server.assurance.queries.rounds import entities_to_inspect, round_of
from shoumi.server.documents.models import MatchException
from shoumi.server.documents.queries.access import exceptions_visible_to
from shoumi.server.ledger.services import clock
from shoumi.server.lifecycle.queries.access import tasks_of
from shoumi.server.partners.queries.visible import meetings_visible_to
from shoumi.server.partners.queries.workers import duties_visible_to as duties_asked
from shoumi.server.places.models import EntryPermission, ZoneTask
from shoumi.server.places.queries.visible import zones_managed_by
from shoumi.server.privacy.models import Breach, SubjectRequest
from shoumi.server.privacy.queries.breaches import breaches_visible_to, next_due
from shoumi.server.privacy.queries.visible import requests_visible_to
from shoumi.server.register.models import (
    ConfidentialityAgreement,
    Duty,
    Inventory,
    Operation,
    StorageAccount,
    TradeSecret,
)
from shoumi.server.register.queries.duties import duties_visible_to
from shoumi.server.register.queries.inventory import inventories_visible_to
from shoumi.server.register.queries.operations.lists import operations_visible_to, third_parties_visible_to
from shoumi.server.register.queries.secrets import secrets_visible_to
from shoumi.server.training.models import Assignment, Campaign, Certificate

LIVE_SECRETS = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of due things."""

    key: str  # stable: names of events in calendars hang on it
    label: str  # English source text
    icon: str
    rows: Callable[[User], QuerySet]  # what the user may see and is still open
    field: str  # its day or moment
    title: Callable[[Any], object]  # for the reader after sign-in
    url: Callable[[Any], str]
    moment: Callable[[Any], datetime | date | None] | None = None  # where no column holds it
    counted: Callable[[Any], str] | None = None  # the time zone in which a day that it is due by ends


def _approvals(user: User) -> QuerySet:
    return requests_to_decide(user)


def _learning(user: User) -> QuerySet:
    rows = Assignment.objects.filter(person__user=user, done_at__isnull=True)
    return rows.exclude(campaign__state=Campaign.State.CLOSED).select_related("campaign__course")


def _certificates(user: User) -> QuerySet:
    rows = Certificate.objects.filter(person__user=user, ended_on__isnull=True)
    return rows.select_related("version__course")


def _agreements(user: User) -> QuerySet:
    rows = agreements_visible_to(user)
    return rows.filter(state=Agreement.State.IN_FORCE, ends_on__isnull=False)


def _secrets(user: User) -> QuerySet:
    return secrets_visible_to(user).filter(state__in=LIVE_SECRETS, period_ends_on__isnull=False)


def _operations(user: User) -> QuerySet:
    open_states = (Operation.State.APPROVED, Operation.State.UNDER_WAY)
    return operations_visible_to(user).filter(state__in=open_states, due_on__isnull=False)


def _duties(user: User) -> QuerySet:
    rows = duties_visible_to(user).filter(state=Duty.State.IN_FORCE, review_on__isnull=False)
    return rows.select_related("department", "post", "person")


def _inventories(user: User) -> QuerySet:
    return inventories_visible_to(user).exclude(state=Inventory.State.SIGNED)


def _papers(user: User) -> QuerySet:
    rows = ConfidentialityAgreement.objects.filter(third_party__in=third_parties_visible_to(user))
    return rows.filter(valid_until__isnull=False).select_related("third_party")


def _accounts(user: User) -> QuerySet:
    rows = StorageAccount.objects.filter(person__user=user, removed_at__isnull=True)
    return rows.select_related("unit")


def _meetings(user: User) -> QuerySet:
    return meetings_visible_to(user).filter(state="planned")


def _requests(user: User) -> QuerySet:
    waiting = (SubjectRequest.State.RECEIVED, SubjectRequest.State.OPEN)
    return requests_visible_to(user).filter(state__in=waiting)


def _breaches(user: User) -> QuerySet:
    return breaches_visible_to(user).exclude(state=Breach.State.CLOSED)


def _asked(user: User) -> QuerySet:
    return duties_asked(user).filter(answered_at__isnull=True, partner__ended_on__isnull=True)


def _findings(user: User) -> QuerySet:
    return findings_visible(user).filter(state=Finding.State.OPEN)


def _inspections(user: User) -> QuerySet:
    return inspections_visible(user).filter(state=Inspection.State.PLANNED)


def _coming(kind: str) -> Callable[[User], QuerySet]:
    return lambda user: entities_to_inspect(user, kind)


def _due(kind: str) -> Callable[[Any], date | None]:
    def day(entity: Any) -> date | None:
        found = round_of(entity, kind)
        return found.due_on if found else None

    return day


def _tasks(user: User) -> QuerySet:
    return tasks_visible(user).filter(state=PlanTask.State.OPEN)


def _resolutions(user: User) -> QuerySet:
    return resolutions_visible(user).filter(state=Resolution.State.OPEN, owner__user=user)


def _risks(user: User) -> QuerySet:
    return risks_visible_to(user).exclude(state=Risk.State.CLOSED)


def _entries(user: User) -> QuerySet:
    rows = EntryPermission.objects.filter(person__user=user, state=EntryPermission.State.GRANTED)
    return rows.select_related("zone")


def _gaps(user: User) -> QuerySet:
    rows = ZoneTask.objects.filter(
        done_at__isnull=True, zone__in=zones_managed_by(user).order_by().values("pk")
    )
    return rows.select_related("zone")


def _exceptions(user: User) -> QuerySet:
    return exceptions_visible_to(user).filter(state=MatchException.State.IN_FORCE)


def _operation_words(row: Operation) -> str:
    return f"{row.number or ''} {row.get_kind_display()}".strip()


def _page(name: str) -> Callable[[Any], str]:
    return lambda row: reverse(name, args=[row.pk])


def _fixed(name: str) -> Callable[[Any], str]:
    return lambda _row: reverse(name)


def _own(row: Any) -> str:
    return row.get_absolute_url()


SOURCES = (
    Source("approval", _("A decision is due"), "checklist", _approvals, "due_at",
           lambda row: row.title, _page("approvals:request_detail")),
    Source("case-step", _("A step in a case of a person is due"), "list-check", tasks_of, "due_at",
           lambda row: f"{row.case.number} · {row.title}", _own,
           counted=lambda row: str(row.case.entity.time_zone)),
    Source("course", _("A course is to be learned"), "school", _learning, "campaign__due_on",
           lambda row: row.campaign.course.title, _fixed("training:mine")),
    Source("certificate", _("A training certificate ends"), "certificate", _certificates, "valid_until",
           lambda row: row.version.course.title, _own),
    Source("agreement", _("An agreement ends"), "writing-sign", _agreements, "ends_on",
           lambda row: f"{row.party} · {kind_words(row.entity.pack, row.kind)}", _own),
    Source("secret", _("A confidentiality period ends"), "hourglass-low", _secrets, "period_ends_on",
           lambda row: row.name, _page("register:secret_detail")),
    Source("operation", _("Something handed out or planned is due"), "arrows-exchange", _operations, "due_on",
           _operation_words, _page("register:operation_detail")),
    Source("duty", _("A designation is to be reviewed"), "user-shield", _duties, "review_on",
           lambda row: row.person or row.post or row.department, _page("register:duty_detail")),
    Source("inventory", _("An inventory is due"), "qrcode", _inventories, "due_on",
           lambda row: row.title, _page("register:inventory_detail")),
    Source("third-party", _("A confidentiality agreement of a third party ends"), "file-text", _papers,
           "valid_until", lambda row: row.third_party, _fixed("register:third_party_list")),
    Source("account", _("An account on a storage unit ends"), "key", _accounts, "ends_on",
           lambda row: f"{row.unit.name} · {row.name}", _fixed("console:my_page")),
    Source("meeting", _("A meeting takes place"), "calendar-event", _meetings, "starts_at",
           lambda row: row, _own),
    Source("privacy-request", _("An answer about personal data is due"), "inbox", _requests, "due_at",
           lambda row: row.person.number, _own,
           counted=lambda row: str(row.person.entity.time_zone)),
    Source("breach", _("A clock of a breach of personal data ends"), "alarm", _breaches, "",
           lambda row: row, _own, moment=lambda row: next_due(row, clock().now())),
    Source("asked", _("An answer of a partner is due"), "clipboard-list", _asked, "due_on",
           lambda row: row.title, _page("partners:duty_detail")),
    Source("finding", _("A finding is to be put right"), "clipboard-list", _findings, "due_on",
           lambda row: row, _page("assurance:finding_detail")),
    Source("inspection", _("An inspection is planned"), "clipboard-check", _inspections, "planned_on",
           lambda row: row.title, _own),
    Source("systems-round", _("The security of systems is to be evaluated"), "server-cog", _coming("systems"),
           "", lambda row: row.name, _fixed("assurance:systems_list"), moment=_due("systems")),
    Source("conduct-round", _("The conduct of duties is to be inspected"), "users-group", _coming("conduct"),
           "", lambda row: row.name, _fixed("assurance:inspection_list"), moment=_due("conduct")),
    Source("task", _("A task of the plan is due"), "calendar-stats", _tasks, "due_on",
           lambda row: row, _fixed("assurance:task_list")),
    Source("resolution", _("A resolution is to be carried out"), "building-community", _resolutions, "due_on",
           lambda row: row, _page("assurance:resolution_close")),
    Source("risk", _("A risk is to be reviewed"), "alert-triangle", _risks, "review_on",
           lambda row: row.title, _own),
    Source("entry", _("An entry permission ends"), "door-enter", _entries, "ends_on",
           lambda row: row.zone, lambda row: reverse("places:zone_detail", args=[row.zone_id])),
    Source("gap", _("A gap in the protection of a zone is to be closed"), "map-2", _gaps, "due_on",
           lambda row: row.zone, lambda row: reverse("places:zone_detail", args=[row.zone_id])),
    Source("exception", _("An exception for a finding ends"), "file-search", _exceptions, "expires_on",
           lambda row: row.code, _own),
)  # fmt: skip
