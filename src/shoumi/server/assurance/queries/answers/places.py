"""Answers about places: zones of three kinds, isolation, signs, guards, key places, entry and devices.

Source: seed guide 五(五) and question 11; what must be there stands in the packs of places.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.server.assurance.queries.answers.asking import Answer, Question, address, answers, exists
from shoumi.server.places.models import (
    Designation,
    Device,
    Entrance,
    Guard,
    Inspection,
    IsolationProof,
    Sign,
    Visit,
    Zone,
)

ZONES = "places:zone_list"
KEY = "places:designation_list"


def _zones(question: Question) -> QuerySet[Zone]:
    return Zone.objects.filter(entity=question.entity, closed_on=None).order_by()


def _secret(question: Question) -> QuerySet[Zone]:
    return _zones(question).filter(kind=Zone.Kind.SECRET)


def _of_secret_zones(question: Question, condition: Q | Exists) -> Answer:
    rows = _secret(question)
    return Answer(rows.filter(condition).count(), rows.count(), address(ZONES, "kind=secret"))


@answers("zones.kinds")
def _kinds(question: Question, _argument: str) -> Answer:
    held = set(_zones(question).values_list("kind", flat=True).distinct())
    return Answer(len(held), len(Zone.Kind.values), address(ZONES))


@answers("zones.secret")
def _secret_zones(question: Question, _argument: str) -> Answer:
    return exists(_secret(question).count(), address(ZONES, "kind=secret"))


@answers("zones.isolation")
def _isolation(question: Question, _argument: str) -> Answer:
    return _of_secret_zones(question, Exists(IsolationProof.objects.filter(zone=OuterRef("pk"))))


@answers("zones.signs")
def _signs(question: Question, _argument: str) -> Answer:
    entrances = Entrance.objects.filter(zone__in=_secret(question), closed_on=None).order_by()
    up = Sign.objects.filter(entrance=OuterRef("pk"), taken_down_on=None)
    count = entrances.count() or _secret(question).count()
    return Answer(entrances.filter(Exists(up)).count(), count, address(ZONES, "kind=secret"))


@answers("zones.guards")
def _guards(question: Question, _argument: str) -> Answer:
    held = Guard.objects.filter(zone=OuterRef("pk"), since__lte=question.day)
    return _of_secret_zones(question, Exists(held.filter(Q(until=None) | Q(until__gte=question.day))))


@answers("zones.key")
def _key(question: Question, _argument: str) -> Answer:
    rows = Designation.objects.filter(entity=question.entity, state=Designation.State.IN_FORCE)
    return exists(rows.count(), address(KEY))


@answers("zones.rule")
def _rule(question: Question, _argument: str) -> Answer:
    rows = Designation.objects.filter(
        entity=question.entity, state=Designation.State.IN_FORCE, kind=Designation.Kind.PLACE
    )
    return Answer(rows.filter(rule_version__gte=1).count(), rows.count(), address(KEY))


@answers("zones.defence")
def _defence(question: Question, _argument: str) -> Answer:
    inspected = Inspection.objects.filter(zone=OuterRef("pk"), next_on__gte=question.day)
    return _of_secret_zones(question, Exists(inspected))


@answers("zones.visits")
def _visits(question: Question, _argument: str) -> Answer:
    rows = Visit.objects.filter(zone__entity=question.entity, starts_at__lt=question.moment).order_by()
    held = rows.filter(state__in=(Visit.State.APPROVED, Visit.State.OVER))
    decided = held.filter(decided_by__isnull=False)
    return Answer(decided.count(), held.count(), address("places:visit_list"))


@answers("zones.devices")
def _devices(question: Question, _argument: str) -> Answer:
    rows = Device.objects.filter(passage__zone__entity=question.entity).order_by()
    handed_in = rows.exclude(handed_in_at=None)
    return Answer(handed_in.count(), rows.count(), address("places:visit_list"))
