"""Designation: the number, the version, the two filings, the marking tasks and the notices.

Follows the seed guide 四 (two filings), 四(三) (periods) and 五(一) (marks on every carrier).
Called by the handlers of an approval, inside their transaction; it asks nobody for permission itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import translation

from shoumi.engine.jurisdiction import parse_period, period_end
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import (
    Carrier,
    Deviation,
    LifeEvent,
    MarkingTask,
    NumberSeries,
    SecretFiling,
    SecretVersion,
    TradeSecret,
)
from shoumi.server.register.models.holdings import GONE
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.marks import UNMARKABLE
from shoumi.server.register.queries.snapshot import record_sha256, snapshot_of
from shoumi.server.register.queries.standards import pack_for, standard_for
from shoumi.server.register.services.carriers.numbering import carriers_number
from shoumi.server.register.services.life import life_event_record, life_events_record

Cause = SecretVersion.Cause


def number_draw(entity: LegalEntity, year: int) -> str:
    """Return the next number of an entity and year, such as `SM-2026-0001`; part of the caller's transaction.

    The series is locked until the transaction ends, and a transaction that fails gives its number back, so
    that the numbers of a year have no gaps.
    """
    NumberSeries.objects.get_or_create(entity=entity, year=year)
    series = NumberSeries.objects.select_for_update().get(entity=entity, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{entity.code}-{year}-{series.last:04d}"


def secret_designate(
    secret: TradeSecret,
    *,
    deciders: Sequence[dict[str, str]],
    actor: User | None,
    cause: str = Cause.REGISTERED,
) -> SecretVersion:
    """Fix number, period and deciding persons of a locked secret; file it twice, enter both ledgers."""
    now, today = clock().now(), today_of(secret.entity)
    if not secret.number:
        secret.number = number_draw(secret.entity, today.year)
        secret.registered_at = now
    secret.designated_by, secret.standard_at = list(deciders), now
    secret.period_starts_on = secret.period_starts_on or today
    secret.period_ends_on = period_end(secret.period_starts_on, parse_period(secret.period))
    secret.save()
    carriers_number(secret)
    version = version_file(secret, cause=cause, at=now)
    marking_tasks_make(secret, version)
    if cause == Cause.CHANGED:
        life_event_record(secret=secret, kind=LifeEvent.Kind.CHANGED, actor=actor)
    else:
        carriers = secret.carriers.all()
        life_events_record(secret=secret, kind=LifeEvent.Kind.CREATED, actor=actor, carriers=carriers)
    return version


def version_file(secret: TradeSecret, *, cause: str, at: datetime) -> SecretVersion:
    """Keep the present record as the next version, with the owner department's and the office's filing.

    The two filings are read from the database one after the other, so that neither is a copy of the other;
    the version keeps the office's reading.
    """
    last = secret.versions.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    with translation.override("en"):
        units = {
            SecretFiling.Side.OWNER: str(secret.owner_department),
            SecretFiling.Side.OFFICE: str(SecretFiling.Side.OFFICE.label),
        }
    records = {side: snapshot_of(_fresh(secret)) for side in units}
    office = records[SecretFiling.Side.OFFICE]
    version = SecretVersion.objects.create(
        secret=secret,
        ordinal=last + 1,
        cause=cause,
        snapshot=office,
        sha256=record_sha256(office),
        made_at=at,
    )
    SecretFiling.objects.bulk_create(
        SecretFiling(
            version=version,
            side=side,
            record=record,
            sha256=record_sha256(record),
            filed_for=units[side],
            filed_at=at,
        )
        for side, record in records.items()
    )
    return version


def marking_tasks_make(secret: TradeSecret, version: SecretVersion) -> None:
    """Give the owner department the task to mark files and carriers; undone older tasks fall away.

    What bore a mark before is to be marked anew.  Know-how in a head and what is gone bear none.
    """
    secret.marking_tasks.filter(done_at=None).delete()
    borne = set(secret.marks.values_list("carrier", "file")) if version.ordinal > 1 else set()
    due = today_of(secret.entity) + timedelta(days=pack_for(secret.pack).carriers.days["marking"])
    carriers = secret.carriers.exclude(kind__in=UNMARKABLE).exclude(status__in=GONE)
    tasks = [
        MarkingTask(secret=secret, version=version, file=row, anew=(None, row.pk) in borne, due_on=due)
        for row in secret.files.all()
    ]
    tasks += [
        MarkingTask(secret=secret, version=version, carrier=row, anew=(row.pk, None) in borne, due_on=due)
        for row in carriers
    ]
    MarkingTask.objects.bulk_create(tasks)


def marking_task_make(carrier: Carrier) -> MarkingTask | None:
    """Give the task to mark a carrier that came later, such as a copy; None if it bears no mark."""
    secret = carrier.secret
    if carrier.kind in UNMARKABLE:
        return None
    days = pack_for(secret.pack).carriers.days["marking"]
    return MarkingTask.objects.create(
        secret=secret,
        version=secret.versions.latest("ordinal"),
        carrier=carrier,
        due_on=today_of(secret.entity) + timedelta(days=days),
    )


def deviations_record(secret: TradeSecret, *, actor: User) -> list[str]:
    """Write down where the secret departs from the defaults; return which fields do."""
    standard, now = standard_for(secret), clock().now()
    if standard is None:
        return []
    allowed = set(standard.scope_allowed)
    kinds = sorted(set(secret.scope.values_list("kind", flat=True)))
    pack_steps = {level.id: level for level in pack_of(secret).levels}[secret.level].approval
    found = []
    if secret.suggested_level and secret.suggested_level != secret.level:
        found.append((Deviation.Field.LEVEL, secret.suggested_level, secret.level, secret.level_reason))
    if secret.period != standard.period.code:
        found.append((Deviation.Field.PERIOD, standard.period.code, secret.period, secret.period_reason))
    if set(kinds) - allowed:
        found.append((Deviation.Field.SCOPE, ",".join(sorted(allowed)), ",".join(kinds), secret.scope_reason))
    if standard.steps != pack_steps:
        quorums = [
            ",".join(f"{step.id}:{step.quorum}" for step in steps) for steps in (pack_steps, standard.steps)
        ]
        reason = next((row.reason for row in standard.departures if row.setting == "quorum"), "")
        found.append((Deviation.Field.APPROVAL, *quorums, reason))
    secret.deviations.all().delete()
    Deviation.objects.bulk_create(
        Deviation(
            secret=secret,
            field=field,
            default=default,
            chosen=chosen,
            reason=reason,
            recorded_by=actor,
            recorded_at=now,
        )
        for field, default, chosen, reason in found
    )
    return [str(field) for field, *_ in found]


def _fresh(secret: TradeSecret) -> TradeSecret:
    return TradeSecret.objects.select_related("entity", "owner_department", "custodian", "proposer").get(
        pk=secret.pk
    )
