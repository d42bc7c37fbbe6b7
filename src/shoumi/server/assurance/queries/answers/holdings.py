"""Answers about what bears the secrets: marks, carriers, where they lie, and what happened to them.

Source: seed guide 五(一) to 五(三).
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from shoumi.server.assurance.queries.answers.asking import LIVE, Answer, Question, address, answers
from shoumi.server.assurance.queries.lived import MOVING
from shoumi.server.assurance.queries.proofs import GONE, PLACELESS
from shoumi.server.register.models import Carrier, EmbeddedMark, LifeEvent, MarkingTask, SecretFile

MARKS_MISSING = "marks=1"
HOLDINGS = "state=registered&state=changing"


def _register(query: str = HOLDINGS) -> str:
    return address("register:secret_list", query)


def _carriers(question: Question) -> QuerySet[Carrier]:
    rows = Carrier.objects.filter(secret__entity=question.entity, secret__state__in=LIVE)
    return rows.exclude(status__in=GONE).exclude(kind=Carrier.Kind.PERSON).order_by()


def _lying(question: Question) -> QuerySet[Carrier]:
    return _carriers(question).exclude(kind__in=PLACELESS)


def _tasks(question: Question) -> QuerySet[MarkingTask]:
    return MarkingTask.objects.filter(secret__entity=question.entity, secret__state__in=LIVE)


@answers("marks.recorded")
def _recorded(question: Question, _argument: str) -> Answer:
    carriers = _carriers(question)
    known = carriers.filter(Exists(MarkingTask.objects.filter(carrier=OuterRef("pk"))))
    return Answer(known.count(), carriers.count(), _register(MARKS_MISSING))


@answers("marks.done")
def _done(question: Question, _argument: str) -> Answer:
    tasks = _tasks(question)
    return Answer(tasks.exclude(done_at=None).count(), tasks.count(), _register(MARKS_MISSING))


@answers("marks.files")
def _files(question: Question, _argument: str) -> Answer:
    files = SecretFile.objects.filter(secret__in=question.secrets)
    marked = EmbeddedMark.objects.filter(file=OuterRef("pk")).exclude(sha256="")
    return Answer(files.filter(Exists(marked)).count(), files.count(), _register(MARKS_MISSING))


@answers("marks.overdue")
def _overdue(question: Question, _argument: str) -> Answer:
    days = question.assurance.measures.lived_days["marking"]
    due = _tasks(question).filter(version__made_at__lt=question.moment - timedelta(days=days))
    late = due.filter(Q(done_at=None) | Q(done_at__gt=F("version__made_at") + timedelta(days=days)))
    return Answer(due.count() - late.count(), due.count(), _register(MARKS_MISSING))


@answers("marks.unmarked_moved")
def _unmarked_moved(question: Question, _argument: str) -> Answer:
    moved = LifeEvent.objects.filter(
        secret__entity=question.entity, kind__in=MOVING, carrier__isnull=False
    ).order_by()
    marked = MarkingTask.objects.filter(carrier=OuterRef("carrier"), done_at__lte=OuterRef("at"))
    return Answer(
        moved.filter(Exists(marked)).count(), moved.count(), address("assurance:cockpit") + "#lived"
    )


@answers("carriers.kinds")
def _kinds(question: Question, _argument: str) -> Answer:
    kinds = set(_carriers(question).values_list("kind", flat=True).distinct())
    electronic = SecretFile.objects.filter(secret__in=question.secrets).exists() or bool(
        kinds & {Carrier.Kind.MEDIUM, Carrier.Kind.SYSTEM, Carrier.Kind.DATABASE, Carrier.Kind.DEVICE}
    )
    return Answer(int(Carrier.Kind.PAPER in kinds) + int(electronic), 2, _register())


@answers("carriers.zone")
def _zone(question: Question, _argument: str) -> Answer:
    rows = _lying(question)
    return Answer(rows.filter(zone__kind="secret").count(), rows.count(), _register())


@answers("carriers.keeper")
def _keeper(question: Question, _argument: str) -> Answer:
    rows = _lying(question)
    kept = rows.filter(keeper__isnull=False).filter(~Q(place="") | Q(zone__isnull=False))
    return Answer(kept.count(), rows.count(), _register())


@answers("carriers.copies")
def _copies(question: Question, _argument: str) -> Answer:
    rows = _carriers(question).filter(copy_of__isnull=False)
    return Answer(rows.filter(number__isnull=False).count(), rows.count(), _register())


@answers("carriers.life")
def _life(question: Question, _argument: str) -> Answer:
    rows = _carriers(question)
    known = rows.filter(Exists(LifeEvent.objects.filter(carrier=OuterRef("pk"))))
    return Answer(known.count(), rows.count(), _register())


@answers("life")
def _event(question: Question, argument: str) -> Answer:
    count = LifeEvent.objects.filter(secret__entity=question.entity, kind=argument).count()
    return Answer(count, count, _register())


@answers("ledger.field")
def _field(question: Question, argument: str) -> Answer:
    conditions = {
        "name": ~Q(name=""),
        "level": ~Q(level=""),
        "period": ~Q(period=""),
        "owner": Q(owner_department__isnull=False),
        "keeper": Q(custodian__isnull=False),
        "form": Q(carriers__isnull=False) | Q(files__isnull=False),
        "place": Q(files__isnull=False) | (Q(carriers__zone__isnull=False) | ~Q(carriers__place="")),
    }
    found = question.secrets.filter(conditions[argument]).distinct().count()
    return Answer(found, question.secret_count, _register())


@answers("ledger.filed")
def _ledger_filed(question: Question, _argument: str) -> Answer:
    filed = question.secrets.annotate(
        office=Count("versions__filings", filter=Q(versions__filings__side="office"))
    ).filter(office__gte=1)
    return Answer(filed.count(), question.secret_count, _register())


@answers("files.encrypted")
def _encrypted(question: Question, _argument: str) -> Answer:
    count = SecretFile.objects.filter(secret__in=question.secrets).count()
    return Answer(count, count, _register())
