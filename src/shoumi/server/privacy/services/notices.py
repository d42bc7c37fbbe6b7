"""Publishes notices, hands them to persons, and keeps the proof that each was told.

Whose rule: the fields of a notice are those the packs name (who, what for, how, which kinds, how long, how to
exercise the rights); they are taken from the register and frozen with the text.  What a person acknowledges
is the hash of what was shown.  A campaign goes out once: who has a delivery gets no second one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.privacy.models import Delivery, Notice, NoticeText, NoticeVersion, Processing
from shoumi.server.privacy.models.notices import LANGUAGES
from shoumi.server.privacy.queries.collecting import audience, version_ends
from shoumi.server.privacy.queries.visible import own_resource
from shoumi.server.privacy.queries.words import basis_words, kinds_words, purpose_words
from shoumi.server.privacy.services.errors import (
    DayError,
    EndedError,
    NothingToTellError,
    NoticeTextError,
    OtherEntityError,
    ToldAlreadyError,
)

TO_READ = _("A notice about your personal data waits to be read.")
BATCH = 200  # persons told in one transaction


@dataclass(frozen=True, slots=True)
class NoticeWish:
    """What shall be told."""

    title: str
    texts: Mapping[str, str]  # language → text; empty ones are left out
    processings: Sequence[Processing]
    departments: Sequence[Department] = ()
    must_acknowledge: bool = True
    material: bool = True


def notice_publish(
    *, actor: User, entity: LegalEntity, wish: NoticeWish, notice: Notice | None = None
) -> NoticeVersion:
    """Publish a notice, or a new version of one; its texts are fixed and hashed.

    Raises:
        NotPermittedError: the actor does not keep the notices of this entity.
        NothingToTellError, OtherEntityError, EndedError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_MANAGE, entity_resource(entity))
    texts = {language: text.strip() for language, text in wish.texts.items() if text.strip()}
    own = "ja" if entity.country == "JP" else "zh-hans"
    if not wish.processings or own not in texts or not texts.keys() <= set(LANGUAGES):
        raise NothingToTellError
    for each in (*wish.processings, *wish.departments):
        if each.entity_id != entity.pk:
            raise OtherEntityError(name=str(each))
    ended = next((each for each in wish.processings if each.ends_at is not None), None)
    if ended is not None:
        raise EndedError(name=ended.name)
    with transaction.atomic():
        if notice is None:
            row = Notice.objects.create(
                entity=entity,
                title=text_of(Notice, "title", wish.title, required=True),
                must_acknowledge=wish.must_acknowledge,
            )
        else:
            row = locked(Notice, notice.pk, None)
            if row.ended_at is not None:
                raise EndedError(name=row.title)
            row.title = text_of(Notice, "title", wish.title, required=True)
            row.version += 1
            row.save()
        row.departments.set(wish.departments)
        number = (row.versions.aggregate(found=Max("number"))["found"] or 0) + 1
        made = NoticeVersion.objects.create(
            notice=row,
            number=number,
            material=wish.material or number == 1,
            published_at=clock().now(),
            published_by=actor,
        )
        made.processings.set(wish.processings)
        kept = [_text(made, language, text, wish.processings) for language, text in texts.items()]
        NoticeText.objects.bulk_create(kept)
        record(
            LedgerTag.PRIVACY_NOTICE_PUBLISHED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "version": number,
                "material": made.material,
                "processings": [each.ledger_subject for each in wish.processings],
                "sha256": {each.language: each.sha256 for each in kept},
            },
        )
    return made


def notice_end(*, actor: User, notice: Notice) -> Notice:
    """End a notice: what was told by it does not count from now on.

    Raises:
        NotPermittedError, EndedError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_MANAGE, entity_resource(notice.entity))
    with transaction.atomic():
        row = locked(Notice, notice.pk, None)
        if row.ended_at is not None:
            raise EndedError(name=row.title)
        row.ended_at = clock().now()
        row.version += 1
        row.save()
        record(LedgerTag.PRIVACY_NOTICE_ENDED, actor=actor, subject=row.ledger_subject, detail={})
    return row


def notice_send(*, actor: User, version: NoticeVersion, limit: int | None = None) -> int:
    """Hand a version to everybody in its audience who has not got it; return how many got it now.

    Done in batches: stopped half-way, it goes on where it stopped, and nobody is told twice.

    Raises:
        NotPermittedError, EndedError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_TELL, entity_resource(version.notice.entity))
    if version_ends(version) is not None:
        raise EndedError(name=str(version))
    waiting = audience(version.notice.entity, version.notice.departments.all())
    waiting = waiting.filter(user__isnull=False, user__is_active=True).exclude(
        privacy_deliveries__notice_version=version
    )
    keys = list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])
    sent = 0
    for start in range(0, len(keys), BATCH):
        sent += _send_batch(actor, version, keys[start : start + BATCH])
    return sent


def notice_hand(  # noqa: PLR0913 - the fields of the form
    *, actor: User, version: NoticeVersion, person: Person, on: date, language: str, scan: StoredFile
) -> Delivery:
    """Record that a person signed a notice on paper, with the scan of the signed paper.

    Raises:
        NotPermittedError: the actor may not, or it is their own.
        OtherEntityError, DayError, NothingToTellError, ToldAlreadyError: each as it says.
    """
    entity = version.notice.entity
    gate.require(actor, Action.PRIVACY_TELL, entity_resource(entity))
    if person.entity_id != entity.pk or person.user_id == actor.pk:
        raise OtherEntityError(name=str(person))
    zone = ZoneInfo(entity.time_zone)
    if not version.published_at.astimezone(zone).date() <= on <= today_of(entity):
        raise DayError
    text = version.texts.filter(language=language).first()
    if text is None:
        raise NothingToTellError
    moment = max(datetime.combine(on, time(12), zone), version.published_at)
    moment = min(moment, clock().now())
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update(no_key=True)
            .filter(notice_version=version, person=person)
            .first()
        )
        if row is not None and row.acknowledged_at is not None:
            raise ToldAlreadyError
        if row is None:
            row = Delivery(notice_version=version, person=person, sent_at=moment, sent_by=actor)
        row.channel, row.text, row.proof = Delivery.Channel.PAPER, text, scan
        row.shown_at = row.shown_at or moment
        row.acknowledged_at = moment
        row.save()
        record(
            LedgerTag.PRIVACY_NOTICE_HANDED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "notice": version.notice.ledger_subject,
                "version": version.number,
                "person": person.ledger_subject,
                "on": on.isoformat(),
                "sha256": text.sha256,
                "scan_sha256": scan.sha256,
            },
        )
    return row


def notice_shown(*, actor: User, delivery: Delivery, text: NoticeText) -> Delivery:
    """Record the first time that a person opens what was handed to them.

    Raises:
        NotPermittedError: it is not the actor's own.
    """
    gate.require(actor, Action.PRIVACY_OWN, own_resource(delivery.person))
    if delivery.shown_at is not None:
        return delivery
    with transaction.atomic():
        row = Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
        if row.shown_at is None:
            row.shown_at, row.text = clock().now(), text
            row.save()
            record(
                LedgerTag.PRIVACY_NOTICE_SHOWN,
                actor=actor,
                subject=row.ledger_subject,
                detail={"sha256": text.sha256, "language": text.language},
            )
    return row


def notice_acknowledge(*, actor: User, delivery: Delivery, sha256: str) -> Delivery:
    """Acknowledge a notice by the hash of what was read.

    Raises:
        NotPermittedError: it is not the actor's own.
        NoticeTextError: no text of the version has this hash, or its stored words have changed.
        ToldAlreadyError, EndedError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_OWN, own_resource(delivery.person))
    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
        if row.acknowledged_at is not None:
            raise ToldAlreadyError
        if version_ends(row.notice_version) is not None:
            raise EndedError(name=str(row.notice_version))
        text = row.notice_version.texts.filter(sha256=sha256).first()
        if text is None or _hash(text.text) != sha256:
            raise NoticeTextError
        now = clock().now()
        row.text, row.shown_at, row.acknowledged_at = text, row.shown_at or now, now
        row.save()
        record(
            LedgerTag.PRIVACY_NOTICE_ACKNOWLEDGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "notice": row.notice_version.notice.ledger_subject,
                "version": row.notice_version.number,
                "person": row.person.ledger_subject,
                "sha256": sha256,
                "language": text.language,
            },
        )
    return row


def _send_batch(actor: User, version: NoticeVersion, keys: Sequence[object]) -> int:
    with transaction.atomic():
        locked(Notice, version.notice_id, None)  # one batch of a notice at a time
        persons = list(
            Person.objects.filter(pk__in=keys)
            .exclude(privacy_deliveries__notice_version=version)
            .select_related("user")
        )
        made = Delivery.objects.bulk_create(
            Delivery(
                notice_version=version,
                person=person,
                channel=Delivery.Channel.CONSOLE,
                sent_at=clock().now(),
                sent_by=actor,
            )
            for person in persons
        )
        notify(
            users=[person.user for person in persons],
            message=TO_READ,
            parameters={},
            link=reverse("privacy:mine"),
            mail_text=TO_READ,
        )
        if made:
            append(
                LedgerTag.PRIVACY_NOTICE_SENT,
                actor=actor.ledger_actor,
                subject=version.notice.ledger_subject,
                detail={
                    "version": version.number,
                    "persons": [person.ledger_subject for person in persons],
                },
            )
    return len(made)


def _text(version: NoticeVersion, language: str, text: str, processings: Iterable[Processing]) -> NoticeText:
    """Return a text with the facts of the register below it, as it is shown from now on."""
    with override(language):
        parts = [version.notice.title, str(version.notice.entity), text]
        parts += [_facts(row) for row in processings]
        parts.append(
            gettext(
                "Under “What is collected about me” you read at any time what is collected and who looked, "
                "withdraw a consent, and ask for access, a copy, correction or deletion."
            )
        )
        whole = "\n\n".join(parts)
    return NoticeText(version=version, language=language, text=whole, sha256=_hash(whole))


def _facts(row: Processing) -> str:
    lines = (
        (gettext("Processing"), row.name),
        (gettext("Purpose"), purpose_words(row)),
        (gettext("Kinds of data"), kinds_words(row)),
        (gettext("Legal basis"), f"{basis_words(row)}: {row.basis_note}"),
        (gettext("Recipients"), row.recipients),
        (gettext("Place of storage"), row.storage),
        (
            gettext("Kept for"),
            ngettext("%(count)d month", "%(count)d months", row.keep_months) % {"count": row.keep_months},
        ),
        (gettext("Answerable"), f"{row.legal_owner} · {row.security_owner}"),
    )
    return "\n".join(f"{label}: {value}" for label, value in lines)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
