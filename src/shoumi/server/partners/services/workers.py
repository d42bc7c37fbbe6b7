"""Keeps outsiders who work here under their company: pledge, computer, accesses.

Follows the seed guide 五(六)2 and the Japanese page.  Persons and engagements are the people app's; this
ties an engagement to the partner that sends the worker.  Nothing is opened while a paper is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import files_adopt
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import Access, Partner, Worker
from shoumi.server.partners.queries.workers import SENT_BY, worker_gaps, workers
from shoumi.server.partners.services.errors import (
    AccessEndedError,
    OutsiderGapsError,
    WorkerElsewhereError,
)
from shoumi.server.people.models import Engagement
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.people.services.editing import FieldMissingError, locked, record, text_of
from shoumi.server.places.models import Zone
from shoumi.server.register.queries.operations.obstacles import said

LOWEST = 1
Files = StoredFile | UploadedFile


@dataclass(frozen=True, slots=True)
class Equipment:
    """On what an outsider works, with its proof."""

    computer: str
    device: str = ""
    encrypted: bool = False


def worker_record(*, actor: User, partner: Partner, engagement: Engagement) -> Worker:
    """Put somebody who works here under the partner that sends them.

    Raises:
        NotPermittedError: the actor does not keep this partner.
        WorkerElsewhereError: an employee, another company's, or one who stands under a partner already.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(partner.third_party.department))
    named = engagement.contractor.strip()
    fits = SENT_BY.get(Partner.Kind(partner.kind)) == engagement.kind
    same_company = not named or named == str(partner)
    if not fits or not same_company or Worker.objects.filter(engagement=engagement).exists():
        raise WorkerElsewhereError(partner=str(partner))
    with transaction.atomic():
        worker = Worker.objects.create(
            partner=partner, engagement=engagement, recorded_by=actor, recorded_at=clock().now()
        )
        record(
            PartnerTag.WORKER_RECORDED,
            actor=actor,
            subject=worker.ledger_subject,
            detail={"partner": partner.ledger_subject, "kind": engagement.kind},
        )
    return worker


def worker_pledge_keep(*, actor: User, worker: Worker, file: Files, pledged_on: date) -> Worker:
    """Keep the pledge that the outsider signed; for a company's worker it came through the company.

    Raises:
        NotPermittedError: the actor does not keep this partner.
    """
    _require(actor, worker)
    (stored,) = files_adopt(actor=actor, chosen=[file])
    with transaction.atomic():
        row = locked(Worker, worker.pk, None)
        row.pledge, row.pledged_on = stored, pledged_on
        row.version += 1
        row.save()
        record(
            PartnerTag.WORKER_PLEDGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"sha256": stored.sha256, "pledged_on": pledged_on.isoformat()},
        )
    return row


def equipment_check(*, actor: User, worker: Worker, equipment: Equipment, proof: Files) -> Worker:
    """Record on what an outsider works, with the proof that was seen.

    Raises:
        NotPermittedError: the actor does not keep this partner.
        FieldMissingError: a computer that is not named.
    """
    _require(actor, worker)
    named = equipment.computer != Worker.Computer.NONE
    device = text_of(Worker, "device", equipment.device, required=named)
    if equipment.computer not in Worker.Computer.values:
        raise FieldMissingError(field=str(Worker._meta.get_field("computer").verbose_name))  # noqa: SLF001 - documented
    (stored,) = files_adopt(actor=actor, chosen=[proof])
    with transaction.atomic():
        row = locked(Worker, worker.pk, None)
        row.computer, row.device, row.encrypted = equipment.computer, device, equipment.encrypted and named
        row.equipment_proof = stored
        row.equipment_checked_at, row.equipment_checked_by = clock().now(), actor
        row.version += 1
        row.save()
        record(
            PartnerTag.EQUIPMENT_CHECKED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"computer": row.computer, "encrypted": row.encrypted, "sha256": stored.sha256},
        )
    return row


def access_give(*, actor: User, worker: Worker, kind: str, what: str, zone: Zone | None = None) -> Access:
    """Open something for an outsider, once every paper of theirs is there.

    Raises:
        NotPermittedError: the actor does not keep this partner.
        OutsiderGapsError: papers or proofs are missing; all of them are named.
        FieldMissingError: it is not said what is opened.
    """
    _require(actor, worker)
    row = workers().get(pk=worker.pk)
    today = today_of(row.engagement.department.entity)
    rank = max(LOWEST, zone.level if zone else LOWEST)
    gaps = list(worker_gaps(row, rank=rank, today=today, until=today))
    if gaps:
        missing = [said(gap) for gap in gaps]
        raise OutsiderGapsError(missing="; ".join(missing), list=missing)
    opened = text_of(Access, "what", what or (str(zone) if zone else ""), required=True)
    with transaction.atomic():
        access = Access.objects.create(
            worker=row,
            kind=Access.Kind(kind),
            what=opened,
            zone=zone,
            given_at=clock().now(),
            given_by=actor,
        )
        record(
            PartnerTag.ACCESS_GIVEN,
            actor=actor,
            subject=row.ledger_subject,
            detail={"access": str(access.pk), "kind": access.kind, "what": access.what},
        )
    return access


def access_end(*, actor: User, access: Access) -> Access:
    """Take back what was opened for an outsider.

    Raises:
        NotPermittedError: the actor does not keep this partner.
        AccessEndedError: it was taken back already.
    """
    _require(actor, access.worker)
    with transaction.atomic():
        row = Access.objects.select_for_update(no_key=True).get(pk=access.pk)
        if row.ended_at is not None:
            raise AccessEndedError
        _ended([row], actor)
    return row


def accesses_end_all(*, actor: User, worker: Worker) -> int:
    """Take back everything that is open for an outsider; part of a transaction that has asked."""
    rows = list(Access.objects.select_for_update(no_key=True).filter(worker=worker, ended_at__isnull=True))
    _ended(rows, actor)
    return len(rows)


def _ended(rows: Iterable[Access], actor: User) -> None:
    now = clock().now()
    for row in rows:
        row.ended_at, row.ended_by = now, actor
        row.save(update_fields=["ended_at", "ended_by"])
        record(
            PartnerTag.ACCESS_ENDED,
            actor=actor,
            subject=row.worker.ledger_subject,
            detail={"access": str(row.pk), "kind": row.kind, "what": row.what},
        )


def _require(actor: User, worker: Worker) -> None:
    department = worker.partner.third_party.department
    gate.require(actor, Action.PARTNER_EDIT, department_resource(department))
