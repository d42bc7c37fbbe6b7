"""Asks a partner's company for work, reports and audits, takes its answers, and follows findings up.

Follows the Japanese page: supervision goes through the other company and its responsible person, never to a
worker of theirs by name.  What recurs is asked again when it is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_opening_record, files_adopt
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.notifications.services import notify
from shoumi.server.partners.models import Duty, DutyFinding, Partner
from shoumi.server.partners.queries.partners import partner_resource
from shoumi.server.partners.queries.workers import workers_forbidden
from shoumi.server.partners.services.errors import (
    DutyAnsweredError,
    DutyDayError,
    DutyFileError,
    DutyNamesWorkerError,
)
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.people.services.editing import locked, record, text_of

ASKED = gettext_noop("Your company is asked for “%(title)s” by %(day)s.")
ASKED_MAIL = gettext_noop("Your company is asked for something.")
LATE = gettext_noop("“%(partner)s” has not answered “%(title)s”, due on %(day)s.")
LATE_MAIL = gettext_noop("A partner has not answered what was asked of it.")
MOST_MONTHS = 36
YEAR_MONTHS = 12
LAST_DAY_OF_ALL = 28


@dataclass(frozen=True, slots=True)
class DutyWish:
    """What a partner's company is asked for."""

    kind: str
    title: str
    due_on: date
    text: str = ""
    every_months: int = 0


def duty_ask(*, actor: User, partner: Partner, wish: DutyWish) -> Duty:
    """Ask a partner's company for something; its responsible person is told, if they have a sign-in.

    Raises:
        NotPermittedError: the actor does not keep this partner.
        DutyDayError: the day lies in the past, or the interval is none.
        DutyNamesWorkerError: the text names one of the partner's workers where labour law forbids it.
        FieldMissingError, FieldTooLongError: each as it says.
    """
    department = partner.third_party.department
    gate.require(actor, Action.PARTNER_EDIT, department_resource(department))
    if wish.due_on < today_of(department.entity) or not 0 <= wish.every_months <= MOST_MONTHS:
        raise DutyDayError
    title, text = text_of(Duty, "title", wish.title, required=True), text_of(Duty, "text", wish.text)
    _verify_names_nobody(partner, wish.kind, f"{title} {text}")
    with transaction.atomic():
        duty = Duty.objects.create(
            partner=partner,
            kind=Duty.Kind(wish.kind),
            title=title,
            text=text,
            due_on=wish.due_on,
            every_months=wish.every_months,
            asked_by=actor,
            asked_at=clock().now(),
        )
        _tell_manager(duty)
        record(
            PartnerTag.DUTY_ASKED,
            actor=actor,
            subject=partner.ledger_subject,
            detail={"duty": str(duty.pk), "kind": duty.kind, "due_on": duty.due_on.isoformat()},
        )
    return duty


def duty_answer(
    *, actor: User, duty: Duty, expected_version: int, answer: str, file: StoredFile | UploadedFile | None
) -> Duty:
    """Answer for the partner: by its responsible person, or by whoever keeps the partner and has the paper.

    Raises:
        NotPermittedError: the actor neither answers for the partner nor keeps it.
        RecordChangedError, FieldMissingError: each as it says.
        DutyAnsweredError: it is answered already.
    """
    _require_answering(actor, duty.partner)
    stored = files_adopt(actor=actor, chosen=[file])[0] if file else None
    with transaction.atomic():
        row = locked(Duty, duty.pk, expected_version)
        if row.answered_at is not None:
            raise DutyAnsweredError
        row.answer = text_of(Duty, "answer", answer, required=True)
        row.file, row.answered_by, row.answered_at = stored, actor, clock().now()
        row.version += 1
        row.save()
        _again(row)
        record(
            PartnerTag.DUTY_ANSWERED,
            actor=actor,
            subject=row.partner.ledger_subject,
            detail={"duty": str(row.pk), "sha256": stored.sha256 if stored else ""},
        )
    return row


def finding_record(*, actor: User, duty: Duty, text: str, due_on: date) -> DutyFinding:
    """Record something that an audit or report showed, which the partner is to put right by a day.

    Raises:
        NotPermittedError: the actor does not keep this partner.
        DutyDayError: the day lies in the past.
        DutyNamesWorkerError, FieldMissingError, FieldTooLongError: each as it says.
    """
    department = duty.partner.third_party.department
    gate.require(actor, Action.PARTNER_EDIT, department_resource(department))
    if due_on < today_of(department.entity):
        raise DutyDayError
    words = text_of(DutyFinding, "text", text, required=True)
    _verify_names_nobody(duty.partner, Duty.Kind.WORK, words)
    with transaction.atomic():
        finding = DutyFinding.objects.create(
            duty=duty, text=words, due_on=due_on, recorded_by=actor, recorded_at=clock().now()
        )
        record(
            PartnerTag.FINDING_RECORDED,
            actor=actor,
            subject=duty.partner.ledger_subject,
            detail={"duty": str(duty.pk), "finding": str(finding.pk), "due_on": due_on.isoformat()},
        )
    return finding


def finding_settle(*, actor: User, finding: DutyFinding, how: str) -> DutyFinding:
    """Record how the partner put a finding right.

    Raises:
        NotPermittedError: the actor does not keep this partner.
        DutyAnsweredError: it is settled already.
        FieldMissingError: it is not said how.
    """
    partner = finding.duty.partner
    gate.require(actor, Action.PARTNER_EDIT, department_resource(partner.third_party.department))
    with transaction.atomic():
        row = DutyFinding.objects.select_for_update(no_key=True).get(pk=finding.pk)
        if row.settled_at is not None:
            raise DutyAnsweredError
        row.settled = text_of(DutyFinding, "settled", how, required=True)
        row.settled_at, row.settled_by = clock().now(), actor
        row.save()
        record(
            PartnerTag.FINDING_SETTLED,
            actor=actor,
            subject=partner.ledger_subject,
            detail={"finding": str(row.pk)},
        )
    return row


def duty_file_open(*, actor: User, duty: Duty) -> StoredFile:
    """Return the file of an answer to be streamed, after the gate and the ledger have had their say.

    Raises:
        NotPermittedError: the actor opens no papers of this partner.
        DutyFileError: the answer has no file.
    """
    gate.require(actor, Action.PARTNER_OPEN, department_resource(duty.partner.third_party.department))
    if duty.file is None:
        raise DutyFileError
    with transaction.atomic():
        file_opening_record(actor=actor, stored=duty.file, purpose="download")
    return duty.file


def duties_remind() -> int:
    """Tell, once for each, who keeps a partner that something is due and not answered; return how many."""
    count = 0
    for key in Duty.objects.filter(answered_at__isnull=True, reminded_on__isnull=True).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            duty = locked(Duty, key, None)
            department = duty.partner.third_party.department
            today = today_of(department.entity)
            if duty.answered_at or duty.reminded_on or duty.due_on >= today:
                continue
            duty.reminded_on = today
            duty.save(update_fields=["reminded_on"])
            _tell_manager(duty)
            officers = role_holders(Role.SECRECY_OFFICER, department.scope)
            notify(
                users={user.pk: user for user in [*officers, duty.asked_by]}.values(),
                message=LATE,
                parameters={
                    "partner": str(duty.partner),
                    "title": duty.title,
                    "day": duty.due_on.isoformat(),
                },
                link=reverse("partners:duty_detail", args=[duty.pk]),
                mail_text=LATE_MAIL,
            )
            append(
                PartnerTag.DUTY_LATE,
                actor="system:partners",
                subject=duty.partner.ledger_subject,
                detail={"duty": str(duty.pk), "due_on": duty.due_on.isoformat()},
            )
            count += 1
    return count


def _verify_names_nobody(partner: Partner, kind: str, text: str) -> None:
    """Return if no worker of the partner is named to whom this may not be addressed."""
    named = [str(worker) for worker in workers_forbidden(partner, kind) if str(worker) in text]
    if named:
        raise DutyNamesWorkerError(partner=str(partner))


def _require_answering(actor: User, partner: Partner) -> None:
    unit = department_resource(partner.third_party.department)
    if not gate.permits(actor, Action.PARTNER_EDIT, unit):
        gate.require(actor, Action.PARTNER_ANSWER, partner_resource(partner))


def _tell_manager(duty: Duty) -> None:
    manager = duty.partner.manager
    if manager is not None:
        notify(
            users=[manager],
            message=ASKED,
            parameters={"title": duty.title, "day": duty.due_on.isoformat()},
            link=reverse("partners:duty_detail", args=[duty.pk]),
            mail_text=ASKED_MAIL,
        )


def _again(duty: Duty) -> None:
    """Ask anew for what recurs, the interval after the day it was due."""
    if not duty.every_months or duty.partner.ended_on is not None:
        return
    months = duty.due_on.year * YEAR_MONTHS + duty.due_on.month - 1 + duty.every_months
    year, month = divmod(months, YEAR_MONTHS)
    Duty.objects.create(
        partner=duty.partner,
        kind=duty.kind,
        title=duty.title,
        text=duty.text,
        due_on=date(year, month + 1, min(duty.due_on.day, LAST_DAY_OF_ALL)),
        every_months=duty.every_months,
        asked_by=duty.asked_by,
        asked_at=clock().now(),
    )
