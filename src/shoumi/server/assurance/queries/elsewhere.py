"""Proofs that other rooms keep for a whole legal entity: rules, pledges, signs, agreements, inspections.

They stand beside what people record by hand; whichever shows more is taken.  Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from shoumi.server.assurance.models import Finding, Inspection, RuleAcknowledgement, RuleVersion
from shoumi.server.assurance.queries.proof_states import ProofState
from shoumi.server.people.models import LegalEntity
from shoumi.server.places.models import Entrance, Sign, Visit, Visitor, Zone
from shoumi.server.register.models import (
    AccessReview,
    ConfidentialityAgreement,
    StorageUnit,
    ThirdParty,
)

YEAR = timedelta(days=365)


def proofs_elsewhere(entity: LegalEntity, day: date, moment: datetime) -> Iterator[tuple[str, ProofState]]:
    """Yield proof and state for what holds for every secret of `entity` on `day`.

    Rules, authorised storage, log reviews and inspections are asked for even where there are none at all;
    partners, visitors and entrances only where there are some.
    """
    yield "K1.partners", _partners(entity, day, moment)
    yield "K2.rules", _rules(entity, day, moment)
    yield "K2.visitor", _pledges(entity, moment)
    yield "K3.visitors", _escorts(entity, moment)
    yield "K3.signs", _signs(entity, day)
    yield "K5.storage", _storage(entity, moment)
    yield "K5.log_review", _log_review(entity, day, moment)
    yield "K7.inspection", _inspections(entity, day)


def _state(have: int, need: int, lived: float | None = None, recognisable: float | None = None) -> ProofState:
    return ProofState(have, need, float(bool(have)), lived, recognisable)


def _partners(entity: LegalEntity, day: date, moment: datetime) -> ProofState:
    known = ThirdParty.objects.filter(department__entity=entity, created_at__lt=moment)
    signed = ConfidentialityAgreement.objects.filter(
        third_party=OuterRef("pk"), signed_on__lte=day, recorded_at__lt=moment
    )
    valid = signed.filter(Q(valid_until=None) | Q(valid_until__gte=day))
    return _state(known.filter(Exists(valid)).count(), known.count())


def _rules(entity: LegalEntity, day: date, moment: datetime) -> ProofState:
    held = RuleVersion.objects.filter(document__entity=entity, in_force_from__lte=day)
    held = held.filter(Q(in_force_until=None) | Q(in_force_until__gt=day))
    count = held.count()
    read = RuleAcknowledgement.objects.filter(version__in=held, acknowledged_at__lt=moment)
    return _state(min(count, 1), 1, recognisable=1.0 if read.exists() else None)


def _pledges(entity: LegalEntity, moment: datetime) -> ProofState:
    visitors = Visitor.objects.filter(
        visit__zone__entity=entity, visit__starts_at__lt=moment, visit__starts_at__gte=moment - YEAR
    )
    held = visitors.filter(visit__state__in=(Visit.State.APPROVED, Visit.State.OVER))
    pledged, count = held.filter(pledged_at__lt=moment).count(), held.count()
    share = pledged / count if count else None
    return _state(pledged, count, share, share)


def _escorts(entity: LegalEntity, moment: datetime) -> ProofState:
    visits = Visit.objects.filter(
        zone__entity=entity, zone__kind=Zone.Kind.SECRET, state=Visit.State.OVER,
        starts_at__lt=moment, starts_at__gte=moment - YEAR,
    )  # fmt: skip
    led, count = visits.filter(escort__isnull=False).count(), visits.count()
    return _state(led, count, led / count if count else None)


def _signs(entity: LegalEntity, day: date) -> ProofState:
    entrances = Entrance.objects.filter(zone__entity=entity, zone__kind=Zone.Kind.SECRET)
    entrances = entrances.filter(Q(closed_on=None) | Q(closed_on__gt=day))
    up = Sign.objects.filter(entrance=OuterRef("pk"), put_up_on__lte=day)
    shown = entrances.filter(Exists(up.filter(Q(taken_down_on=None) | Q(taken_down_on__gt=day)))).count()
    count = entrances.count()
    return _state(shown, count, recognisable=shown / count if count else None)


def _storage(entity: LegalEntity, moment: datetime) -> ProofState:
    units = StorageUnit.objects.filter(department__entity=entity, created_at__lt=moment)
    held = units.filter(status=StorageUnit.Status.IN_USE)
    return _state(held.filter(authorised_at__lt=moment).count(), max(held.count(), 1))


def _log_review(entity: LegalEntity, day: date, moment: datetime) -> ProofState:
    newest = (
        AccessReview.objects.filter(entity=entity, reviewed_at__lt=moment).order_by("-reviewed_at").first()
    )
    if newest is None:
        return _state(0, 1)
    return _state(1, 1, float(newest.due_on >= day))


def _inspections(entity: LegalEntity, day: date) -> ProofState:
    done = Inspection.objects.filter(entity=entity, carried_out_on__lte=day, carried_out_on__gt=day - YEAR)
    findings = Finding.objects.filter(inspection__in=done)
    due = findings.filter(due_on__lte=day).count()
    closed = findings.filter(due_on__lte=day, state=Finding.State.VERIFIED).count()
    count = min(done.count(), 1)
    return _state(count, 1, closed / due if due else (1.0 if count else None))
