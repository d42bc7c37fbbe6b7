"""Answers about operations on secrets: approved before they were carried out, witnessed, reviewed first.

Source: seed guide 五(二)5 and 7, 五(三), 五(四); an operation that needed none is not counted.
"""

from __future__ import annotations

from django.db.models import Count, F, Q, QuerySet

from shoumi.server.assurance.queries.answers.asking import Answer, Question, address, answers
from shoumi.server.register.models import Operation

WITNESSES = 2
Kind = Operation.Kind


def _carried_out(question: Question, *kinds: str) -> QuerySet[Operation]:
    rows = Operation.objects.filter(department__entity=question.entity, begun_at__isnull=False)
    return rows.filter(kind__in=kinds).order_by() if kinds else rows.order_by()


def _list(*kinds: str) -> str:
    return address("register:operation_list", "&".join(f"kind={kind}" for kind in kinds))


def _approved_first(rows: QuerySet[Operation], link: str) -> Answer:
    approved = rows.filter(approved_at__isnull=False, approved_at__lte=F("begun_at"))
    return Answer(approved.count(), rows.count(), link)


@answers("operations")
def _of_kind(question: Question, argument: str) -> Answer:
    kinds = (Kind.DESTROY, Kind.SCRAP) if argument == Kind.DESTROY else (argument,)
    return _approved_first(_carried_out(question, *kinds), _list(*kinds))


@answers("operations.approved")
def _any_kind(question: Question, _argument: str) -> Answer:
    return _approved_first(_carried_out(question), _list())


@answers("operations.witnessed")
def _witnessed(question: Question, _argument: str) -> Answer:
    rows = _carried_out(question, Kind.DESTROY).filter(state=Operation.State.DONE)
    seen = rows.annotate(confirmed=Count("witnesses", filter=Q(witnesses__confirmed_at__isnull=False)))
    return Answer(seen.filter(confirmed__gte=WITNESSES).count(), rows.count(), _list(Kind.DESTROY))


@answers("operations.publication")
def _publication(question: Question, _argument: str) -> Answer:
    return _approved_first(_carried_out(question, Kind.RELEASE), _list(Kind.RELEASE))


@answers("carriers.repairs")
def _repairs(question: Question, _argument: str) -> Answer:
    kinds = (Kind.REPAIR, Kind.SCRAP)
    return _approved_first(_carried_out(question, *kinds), _list(*kinds))
