"""Notices to a leaver's customers, suppliers, partners and new employer: written, sent, delivered.

Follows the guide 五(五)3(6), and for the new employer what the pack of the country says.  Nothing is
sent from here: the company sends it in its own way and keeps the proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from shoumi.engine.jurisdiction.procedures import ItemState
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import files_adopt
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.lifecycle.models import CaseStep, OutsideNotice, PersonCase, StepRecord
from shoumi.server.lifecycle.queries.access import step_resource
from shoumi.server.lifecycle.queries.packs import zone_of
from shoumi.server.lifecycle.queries.standings import standing_of, who
from shoumi.server.lifecycle.services.errors import NoticeError, ProofMissingError, TimeError
from shoumi.server.lifecycle.services.recording import finish, open_step, record_keep
from shoumi.server.people.services.editing import record, text_of

EMPLOYER_LETTER = "employer-letter"
STEPS = frozenset({"notices", EMPLOYER_LETTER})
LANGUAGES = ("zh-hans", "ja", "en")


@dataclass(frozen=True, slots=True)
class NoticeWish:
    """To whom a notice goes."""

    kind: str  # item of the step
    name: str
    contact: str = ""
    language: str = "zh-hans"
    text: str = ""  # empty: the usual words


def notice_write(*, actor: User, step: CaseStep, wish: NoticeWish) -> OutsideNotice:
    """Write a notice in the usual words, or in those given.

    Raises:
        NotPermittedError, CaseOverError, StepDroppedError: each as it says.
        NoticeError: there is no such kind of receiver or language.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(step))
    with transaction.atomic():
        _case, asked, _made = open_step(step)
        if wish.kind not in {item.id for item in asked.step.items} or wish.language not in LANGUAGES:
            raise NoticeError(reason=_("there is no such kind of receiver"))
        return OutsideNotice.objects.create(
            step=step,
            kind=wish.kind,
            name=text_of(OutsideNotice, "name", wish.name, required=True),
            contact=text_of(OutsideNotice, "contact", wish.contact),
            language=wish.language,
            text=wish.text.strip() or usual_words(step, wish.language),
            made_by=actor,
            made_at=clock().now(),
        )


def notice_send(
    *, actor: User, notice: OutsideNotice, channel: str, at: datetime | None = None
) -> OutsideNotice:
    """Record that a notice went out.

    Raises:
        NotPermittedError, CaseOverError, StepDroppedError, TimeError: each as it says.
        NoticeError: it went out already, or there is no such way.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(notice.step))
    moment = _past(at)
    with transaction.atomic():
        case, _asked, _made = open_step(notice.step)
        row = OutsideNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
        if row.sent_at is not None or channel not in OutsideNotice.Channel.values:
            raise NoticeError(reason=_("it went out already"))
        row.channel, row.sent_by, row.sent_at = channel, actor, moment
        row.save()
        _write(LedgerTag.LIFECYCLE_NOTICE_SENT, actor, case, row)
    return row


def notice_deliver(
    *, actor: User, notice: OutsideNotice, proof: StoredFile | UploadedFile | None, at: datetime | None = None
) -> OutsideNotice:
    """Record that a notice arrived, with its proof; once all of a kind have, the step says so.

    Raises:
        NotPermittedError, CaseOverError, StepDroppedError, TimeError, ProofMissingError: each as it says.
        NoticeError: it was not sent, or has arrived already.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(notice.step))
    if proof is None:
        raise ProofMissingError
    moment = _past(at)
    with transaction.atomic():
        case, _asked, _made = open_step(notice.step)
        row = OutsideNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
        if row.sent_at is None or row.delivered_at is not None or moment < row.sent_at:
            raise NoticeError(reason=_("it is sent first, then it arrives"))
        (stored,) = files_adopt(actor=actor, chosen=[proof])
        row.delivered_at, row.proof = moment, stored
        row.save()
        _settle(case, notice.step, actor, row.kind)
        _write(LedgerTag.LIFECYCLE_NOTICE_DELIVERED, actor, case, row)
    return row


def usual_words(step: CaseStep, language: str) -> str:
    """Return the usual text of a notice of this step: what the receiver has to know, and no secret."""
    return (_to_employer if step.key == EMPLOYER_LETTER else _to_others)(step.case, language)


def _to_employer(case: PersonCase, language: str) -> str:
    """Return the letter to a new employer: the duty that goes on, no claim that it was broken."""
    with override(language):
        return _(
            "%(person)s worked for %(company)s until %(day)s and is still bound to keep its trade secrets, "
            "information about customers included. Please see to it that they are not taken in, used or "
            "passed on by you. Under the law against unfair competition, whoever acquires or uses trade "
            "secrets and knows, or should have known, that they were taken or disclosed unlawfully may be "
            "liable as well. This letter does not say that this has happened, and it contains no secret. "
            "Please direct questions to %(company)s."
        ) % {
            "person": case.person.name,
            "company": str(case.entity),
            "day": _day_words(case, case.days.get("last_day") or case.days.get("found_day") or ""),
        }


def _to_others(case: PersonCase, language: str) -> str:
    """Return the notice to who dealt with the person: who left, whom to turn to, what stays secret."""
    receiver = case.parties.filter(party="receiver").select_related("person").first()
    day = case.days.get("last_day") or case.days.get("found_day") or ""
    with override(language):
        return _(
            "%(person)s no longer acts for %(company)s from %(day)s on. "
            "Please turn to %(successor)s from now on. "
            "What you received from %(person)s in confidence stays confidential."
        ) % {
            "person": case.person.name,
            "company": str(case.entity),
            "day": _day_words(case, day),
            "successor": receiver.person.name if receiver else str(case.department or case.entity),
        }


def _day_words(case: PersonCase, text: str) -> str:
    if "T" not in text:
        return text
    return datetime.fromisoformat(text).astimezone(zone_of(case.entity)).strftime("%Y-%m-%d")


def _settle(case: PersonCase, step: CaseStep, actor: User, kind: str) -> None:
    """Record the kind of receivers if every notice to it has arrived; part of a transaction."""
    waiting = step.notices.filter(kind=kind, delivered_at__isnull=True).exists()
    if waiting or kind in standing_of(case).step(step.key).fulfilment.items_at:
        return
    row = record_keep(
        step,
        actor=actor,
        way=StepRecord.Way.NOTICES,
        values={
            "happened_at": clock().now(),
            "by": [who(actor)],
            "items": {kind: {"state": ItemState.SETTLED.value, "at": None}},
        },
    )
    finish(case, row, LedgerTag.LIFECYCLE_RECORD_ADDED, actor)


def _past(at: datetime | None) -> datetime:
    moment = at or clock().now()
    if moment > clock().now():
        raise TimeError
    return moment


def _write(tag: Tag, actor: User, case: PersonCase, row: OutsideNotice) -> None:
    detail = {"step": row.step.key, "notice": str(row.pk), "kind": row.kind, "way": row.channel}
    if row.proof:
        detail["proof"] = row.proof.sha256
    record(tag, actor=actor, subject=case.ledger_subject, detail=detail)
