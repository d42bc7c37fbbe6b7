"""The figures of the cockpit, counted for a whole legal entity and for each of its departments.

Set-based: some thirty queries whatever the number of secrets.  The services keep the result as the figures of
a day; pages read those and never count themselves.  What a department shows includes all below it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.server.approvals.models import ApprovalRequest, RequestState
from shoumi.server.assurance.models import LeaverStep, Risk
from shoumi.server.assurance.queries.grades import SecretScoreOnDay
from shoumi.server.assurance.queries.lived import lived_rates
from shoumi.server.assurance.queries.proofs import STEPS
from shoumi.server.ledger.queries import subjects_tagged
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.people.models import Department, EndReason, Engagement, LegalEntity
from shoumi.server.people.queries.days import beginning_of
from shoumi.server.register.models import MarkingTask, TradeSecret
from shoumi.server.register.queries.books import differences_open

State = TradeSecret.State
LIVE = (State.REGISTERED, State.CHANGING)
LEVELS = ("core", "important", "general")
EXPIRING = timedelta(days=90)
OPENED = (RegisterTag.FILE_OPENED, RegisterTag.PACKAGE_TAKEN)
# proofs shown as coverage, by the name of the figure
COVERAGES = {
    "agreements": "K1.staff",
    "training": "K2.training",
    "rules": "K2.rules",
    "reminders": "K2.reminder",
    "marks": "K4.mark",
    "zones": "K3.zone",
}
ADDED_UP = frozenset({"reminders", "marks", "zones"})  # counted piece by piece, secret by secret
Figures = dict[str, Any]


def figures_of(
    entity: LegalEntity, day: date, scores: Sequence[SecretScoreOnDay]
) -> dict[UUID | None, Figures]:
    """Return the figures of `entity` (under None) and of each department that has secrets in it or below."""
    departments = {row.pk: row for row in Department.objects.filter(entity=entity)}
    above = {str(key): [*row.path_ids] for key, row in departments.items()}
    gathered: dict[UUID | None, list[SecretScoreOnDay]] = defaultdict(list)
    for item in scores:
        for place in (None, *above.get(item.secret.department, ())):
            gathered[place].append(item)
    made: dict[UUID | None, Figures] = {place: _of_scores(items) for place, items in gathered.items()}
    made.setdefault(None, _of_scores([]))
    moment = beginning_of(day + timedelta(days=1), entity.country)
    for name, rows in _counts(entity, day, moment):
        for figures in made.values():
            figures[name] = 0
        for key, count in rows:
            for place in (None, *above.get(str(key), ())):
                if place in made:
                    made[place][name] += count
    for figures in made.values():
        figures["over_designation"] = _over_designation(entity, figures)
    made[None]["lived"] = {rate.key: [rate.have, rate.need] for rate in lived_rates(entity, day)}
    return made


def _of_scores(items: Sequence[SecretScoreOnDay]) -> Figures:
    """Return what is added up from the scores of single secrets."""
    weight = sum(item.secret.rank for item in items)
    total = sum(item.score.total * item.secret.rank for item in items) / weight if weight else None
    by_level: dict[str, dict[str, list[float]]] = {level: defaultdict(list) for level in LEVELS}
    coverages = {name: [0, 0] for name in COVERAGES}
    for item in items:
        for share in item.score.kinds:
            by_level[item.secret.level][share.kind.id].append(share.strength)
        for name, proof in COVERAGES.items():
            state = item.secret.proofs.get(proof)
            if state is None:
                continue
            if name in ADDED_UP:
                coverages[name] = [coverages[name][0] + state.have, coverages[name][1] + state.need]
            elif state.need > coverages[name][1]:  # one record stands for many secrets: the widest
                coverages[name] = [state.have, state.need]
    return {
        "secrets": {level: sum(item.secret.level == level for item in items) for level in LEVELS},
        "total": None if total is None else round(total, 1),
        "reached": sum(item.score.reached for item in items),
        "missing": sum(len(item.missing) for item in items),
        "kinds": {
            level: {kind: round(100 * sum(values) / len(values)) for kind, values in kinds.items()}
            for level, kinds in by_level.items()
        },
        "coverage": coverages,
    }


def _counts(
    entity: LegalEntity, day: date, moment: datetime
) -> Iterable[tuple[str, list[tuple[UUID | None, int]]]]:
    """Yield name and (department, count) of each figure that is counted by one query."""
    table = load_assurance(entity.pack).measures
    late = moment - timedelta(days=table.lived_days["marking"])
    secrets = TradeSecret.objects.filter(entity=entity)
    live = secrets.filter(state__in=LIVE)
    by_owner = "owner_department"
    tasks = MarkingTask.objects.filter(secret__entity=entity, secret__state__in=LIVE, done_at=None)
    yield "marks_overdue", _grouped(tasks.filter(version__made_at__lt=late), "secret__owner_department")
    yield (
        "expiring",
        _grouped(live.filter(period_ends_on__gte=day, period_ends_on__lte=day + EXPIRING), by_owner),
    )
    yield "not_a_secret", _grouped(secrets.filter(state=State.NOT_A_SECRET), by_owner)
    yield "ledger_differences", _grouped(differences_open(entity), "secret__owner_department")
    since = moment - timedelta(days=table.over_designation["unread_days"])
    old = live.filter(registered_at__lt=since)
    opened = subjects_tagged(OPENED, since=since)
    known = dict(old.order_by().values_list("pk", "owner_department"))
    read = {UUID(subject.removeprefix("secret:")) for subject in opened if subject.startswith("secret:")}
    yield "unread_of", list(Counter(known.values()).items())
    yield "unread", list(Counter(place for key, place in known.items() if key not in read).items())
    risks = Risk.objects.filter(entity=entity).exclude(state=Risk.State.CLOSED)
    yield "risks_open", _grouped(risks, "department")
    yield (
        "risks_high",
        _grouped(risks.filter(product__gte=load_assurance(entity.pack).risks.bands["high"]), "department"),
    )
    yield "risks_overdue", _grouped(risks.filter(review_on__lt=day), "department")
    left = Engagement.objects.filter(department__entity=entity, ends_on__lte=day)
    left = left.exclude(end_reason=EndReason.MOVED)
    ticked = LeaverStep.objects.filter(engagement=OuterRef("pk")).order_by().values("engagement")
    unfinished = left.annotate(steps=Subquery(ticked.annotate(n=Count("pk")).values("n")))
    yield "leavers_open", _grouped(unfinished.exclude(steps=STEPS), "department")
    waiting = ApprovalRequest.objects.filter(state=RequestState.OPEN, due_at__lt=moment)
    yield "approvals_overdue", _overdue_approvals(secrets, waiting)


def _overdue_approvals(
    secrets: QuerySet[TradeSecret], waiting: QuerySet[ApprovalRequest]
) -> list[tuple[UUID | None, int]]:
    """Return the overdue requests about secrets, by their owner department."""
    found = secrets.filter(request_id__in=waiting.values("pk"))
    return _grouped(found, "owner_department")


def _grouped(rows: QuerySet[Any], department: str) -> list[tuple[UUID | None, int]]:
    """Return (department, count) of `rows`."""
    counted = rows.order_by().values_list(department).annotate(count=Count("pk", distinct=True))
    return list(counted)


def _over_designation(entity: LegalEntity, figures: Figures) -> dict[str, Any]:
    """Return whether too much may be designated: a hint to look again, by the thresholds of the pack."""
    limits = load_assurance(entity.pack).measures.over_designation
    designated = sum(figures["secrets"].values())
    looked_at = designated + figures["not_a_secret"]
    marked = 100 * designated / looked_at if looked_at else 0.0
    unread = 100 * figures["unread"] / figures["unread_of"] if figures["unread_of"] else 0.0
    enough = looked_at >= limits["least_records"]
    return {
        "looked_at": looked_at,
        "marked_percent": round(marked),
        "unread_percent": round(unread),
        "hint": enough and (marked > limits["marked_percent"] and unread > limits["unread_percent"]),
    }
