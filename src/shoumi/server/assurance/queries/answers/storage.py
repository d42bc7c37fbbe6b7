"""Answers about computers and storage: authorised, backed up, not above their level, attested, looked at.

Source: seed guide 五(四) and question 10; what is wrong stands among the findings of storage units.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from shoumi.server.assurance.queries.answers.asking import Answer, Question, address, answers, exists
from shoumi.server.register.models import AccessReview, Attestation, Servicing, StorageFinding, StorageUnit

UNITS = "register:unit_list"
FINDINGS = "register:finding_list"
Found = StorageFinding.Kind


def _units(question: Question) -> QuerySet[StorageUnit]:
    rows = StorageUnit.objects.filter(department__entity=question.entity)
    return rows.filter(status=StorageUnit.Status.IN_USE).order_by()


def _without(rows: QuerySet[StorageUnit], *kinds: str) -> Answer:
    """Return how many of the units have no open finding of these kinds."""
    found = StorageFinding.objects.filter(unit=OuterRef("pk"), kind__in=kinds, closed_at=None)
    return Answer(rows.filter(~Exists(found)).count(), rows.count(), address(FINDINGS))


@answers("carriers.storage")
def _authorised(question: Question, _argument: str) -> Answer:
    rows = _units(question)
    return Answer(rows.exclude(authorised_at=None).count(), rows.count(), address(UNITS))


@answers("carriers.backups")
def _backups(question: Question, _argument: str) -> Answer:
    return _without(_units(question).exclude(backup_days=None), Found.BACKUP, Found.RESTORE)


@answers("carriers.device_level")
def _level(question: Question, _argument: str) -> Answer:
    return _without(_units(question), Found.EXCEEDED)


@answers("carriers.attested")
def _attested(question: Question, _argument: str) -> Answer:
    rows = _units(question).filter(Exists(Attestation.objects.filter(unit=OuterRef("pk"))))
    held = Attestation.objects.filter(
        unit=OuterRef("pk"), no_internet=True, no_usb=True, due_on__gte=question.day
    )
    return Answer(rows.filter(Exists(held)).count(), rows.count(), address(UNITS))


@answers("carriers.secured")
def _secured(question: Question, _argument: str) -> Answer:
    rows = Servicing.objects.filter(unit__department__entity=question.entity)
    rows = rows.filter(state__in=(Servicing.State.OUT, Servicing.State.DONE))
    return Answer(rows.exclude(secured_at=None).count(), rows.count(), address(UNITS))


@answers("accounts.reviewed")
def _reviewed(question: Question, _argument: str) -> Answer:
    rows = AccessReview.objects.filter(entity=question.entity, due_on__gte=question.day)
    return exists(rows.count(), address(UNITS))
