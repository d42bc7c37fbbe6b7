"""Designation: the number, the version, the two filings, the marking tasks and the notices.

Follows the seed guide 四 (two filings), 四(三) (periods) and 五(一) (marks on every carrier).
Called by the handlers of an approval, inside their transaction; it asks nobody for permission itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import translation

from shoumi.engine.jurisdiction import Pack, parse_period, period_end
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import (
    Carrier,
    Deviation,
    LifeEvent,
    Mark,
    MarkingTask,
    NumberSeries,
    SecretFile,
    SecretFiling,
    SecretVersion,
    TradeSecret,
)
from shoumi.server.register.models.holdings import GONE
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.marks import UNMARKABLE
from shoumi.server.register.queries.snapshot import record_of, record_sha256, secrets_read
from shoumi.server.register.queries.standards import LevelStandard, pack_for, standard_for
from shoumi.server.register.services.book_writing import SidesRead
from shoumi.server.register.services.carriers.numbering import carriers_number
from shoumi.server.register.services.life import life_events_record
from shoumi.server.register.services.rows import rows_insert

Cause = SecretVersion.Cause


def number_draw(entity: LegalEntity, year: int) -> str:
    """Return the next number of an entity and year, such as `SM-2026-0001`; see `numbers_draw`."""
    return numbers_draw(entity, year, 1)[0]


def numbers_draw(entity: LegalEntity, year: int, count: int) -> list[str]:
    """Return the next `count` numbers of an entity and year.

    The series is locked until the transaction ends, and a transaction that fails gives its numbers back, so
    that the numbers of a year have no gaps.
    """
    NumberSeries.objects.get_or_create(entity=entity, year=year)
    series = NumberSeries.objects.select_for_update(no_key=True).get(entity=entity, year=year)
    first, series.last = series.last + 1, series.last + count
    series.save(update_fields=["last"])
    return [f"{entity.code}-{year}-{number:04d}" for number in range(first, series.last + 1)]


def secret_designate(
    secret: TradeSecret,
    *,
    deciders: Sequence[dict[str, str]],
    actor: User | None,
    cause: str = Cause.REGISTERED,
) -> SecretVersion:
    """Fix number, period and deciding persons of a locked secret; file it twice, enter both ledgers."""
    designation_fix([secret], deciders=deciders)
    secret.save()
    carriers_number(secret)
    return designations_file([secret], actor=actor, cause=cause)[0]


def designation_fix(secrets: Sequence[TradeSecret], *, deciders: Sequence[dict[str, str]]) -> None:
    """Set number, period and deciding persons of secrets of one legal entity; the caller saves them."""
    if not secrets:
        return
    entity, now = secrets[0].entity, clock().now()
    today = today_of(entity)
    waiting = [secret for secret in secrets if not secret.number]
    if waiting:
        for secret, number in zip(waiting, numbers_draw(entity, today.year, len(waiting)), strict=True):
            secret.number, secret.registered_at = number, now
    for secret in secrets:
        secret.designated_by, secret.standard_at = list(deciders), now
        secret.period_starts_on = secret.period_starts_on or today
        secret.period_ends_on = period_end(secret.period_starts_on, parse_period(secret.period))


def designations_file(
    secrets: Sequence[TradeSecret], *, actor: User | None, cause: str
) -> list[SecretVersion]:
    """File designated secrets with their carriers twice, have them marked, enter them in both ledgers."""
    read = sides_read(secrets)
    versions = versions_file(secrets, cause=cause, at=clock().now(), read=read)
    marking_tasks_make(versions)
    kind = LifeEvent.Kind.CHANGED if cause == Cause.CHANGED else LifeEvent.Kind.CREATED
    life_events_record(secrets, kind=kind, actor=actor, carriers=kind == LifeEvent.Kind.CREATED, read=read)
    return versions


def sides_read(secrets: Sequence[TradeSecret]) -> SidesRead:
    """Return the secrets as the owner department's side and the office's read them, one after the other.

    Each side reads the database for itself, so that what it files and enters is no copy of the other's.
    """
    keys = [secret.pk for secret in secrets]
    return {str(side): secrets_read(keys) for side in SecretFiling.Side}


def version_file(secret: TradeSecret, *, cause: str, at: datetime) -> SecretVersion:
    """Keep the present record as the next version; see `versions_file`."""
    return versions_file([secret], cause=cause, at=at)[0]


def versions_file(
    secrets: Sequence[TradeSecret], *, cause: str, at: datetime, read: SidesRead | None = None
) -> list[SecretVersion]:
    """Keep the present records as next versions, each with the owner department's and the office's filing.

    Each filing is its side's own reading, see `sides_read`; the version keeps the office's.
    """
    keys = [secret.pk for secret in secrets]
    read = sides_read(secrets) if read is None else read
    last = dict(
        SecretVersion.objects.filter(secret__in=keys)
        .order_by()
        .values_list("secret")
        .annotate(last=Max("ordinal"))
    )
    records = {side: {key: record_of(row) for key, row in rows.items()} for side, rows in read.items()}
    digests = {
        side: {key: record_sha256(record) for key, record in rows.items()} for side, rows in records.items()
    }
    office = SecretFiling.Side.OFFICE
    versions = SecretVersion.objects.bulk_create(
        SecretVersion(
            secret=secret,
            ordinal=last.get(secret.pk, 0) + 1,
            cause=cause,
            snapshot=records[office][secret.pk],
            sha256=digests[office][secret.pk],
            made_at=at,
        )
        for secret in secrets
    )
    with translation.override("en"):
        office_name = str(office.label)
    rows_insert(
        SecretFiling(
            version=version,
            side=side,
            record=records[side][version.secret_id],
            sha256=digests[side][version.secret_id],
            filed_for=office_name if side == office else str(read[side][version.secret_id].owner_department),
            filed_at=at,
        )
        for version in versions
        for side in SecretFiling.Side
    )
    return versions


def marking_tasks_make(versions: Sequence[SecretVersion]) -> None:
    """Give owner departments the task to mark files and carriers; undone older tasks fall away.

    What bore a mark before is to be marked anew.  Know-how in a head and what is gone bear none.
    """
    of = {version.secret_id: version for version in versions}
    MarkingTask.objects.filter(secret__in=of, done_at=None).delete()
    changed = [key for key, version in of.items() if version.ordinal > 1]
    borne = set(Mark.objects.filter(secret__in=changed).values_list("carrier", "file")) if changed else set()
    due = {key: _marking_due(version.secret) for key, version in of.items()}
    files = SecretFile.objects.filter(secret__in=of)
    carriers = Carrier.objects.filter(secret__in=of).exclude(kind__in=UNMARKABLE).exclude(status__in=GONE)
    tasks = [(row, {"file": row, "anew": (None, row.pk) in borne}) for row in files]
    tasks += [(row, {"carrier": row, "anew": (row.pk, None) in borne}) for row in carriers]
    rows_insert(
        MarkingTask(secret_id=row.secret_id, version=of[row.secret_id], due_on=due[row.secret_id], **bearer)
        for row, bearer in tasks
    )


def marking_task_make(carrier: Carrier) -> MarkingTask | None:
    """Give the task to mark a carrier that came later, such as a copy; None if it bears no mark."""
    secret = carrier.secret
    if carrier.kind in UNMARKABLE:
        return None
    return MarkingTask.objects.create(
        secret=secret,
        version=secret.versions.latest("ordinal"),
        carrier=carrier,
        due_on=_marking_due(secret),
    )


def deviations_record(secret: TradeSecret, *, actor: User) -> list[str]:
    """Write down where the secret departs from the defaults; return which fields do."""
    kinds = secret.scope.values_list("kind", flat=True)
    found = deviations_of(secret, kinds, standard_for(secret), pack_of(secret), actor=actor)
    secret.deviations.all().delete()
    return [str(row.field) for row in Deviation.objects.bulk_create(found)]


def deviations_of(
    secret: TradeSecret,
    scope_kinds: Iterable[str],
    standard: LevelStandard | None,
    pack: Pack,
    *,
    actor: User,
) -> list[Deviation]:
    """Return where a secret with these kinds of scope departs from what holds for its level, unsaved."""
    if standard is None:
        return []
    now, kinds, allowed = clock().now(), sorted(set(scope_kinds)), set(standard.scope_allowed)
    pack_steps = {level.id: level for level in pack.levels}[secret.level].approval
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
    return [
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
    ]


def _marking_due(secret: TradeSecret) -> date:
    """Return until when what bears a secret is to be marked."""
    return today_of(secret.entity) + timedelta(days=pack_for(secret.pack).carriers.days["marking"])
