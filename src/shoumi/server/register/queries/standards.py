"""What holds by default for a level: the pack's word, or the company's own where it departed from it.

Follows the seed guide's purpose (its defaults are for reference and may be changed); the departure is kept
with its reason in `LevelDefault`.  The pack itself is never edited.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from shoumi.engine.jurisdiction import ApproverStep, Level, Pack, Period, load_pack, parse_period
from shoumi.server.register.models import LevelDefault, TradeSecret
from shoumi.server.register.queries.catalogues import pack_of

ALL_STAFF = "all_staff"
EXPIRY = "DEC-01"  # the reason by which a period ends by itself
Setting = LevelDefault.Setting


@dataclass(frozen=True, slots=True)
class LevelStandard:
    """What holds by default for one level of one legal entity, and where that departs from the pack."""

    level: Level
    period: Period
    scope_allowed: tuple[str, ...]  # ids of scope kinds
    steps: tuple[ApproverStep, ...]
    notice_days: tuple[int, ...]  # longest first
    departures: tuple[LevelDefault, ...] = ()


def pack_for(pack_id: str) -> Pack:
    """Return a pack by its id; parsed once per process."""
    return load_pack(pack_id)


def level_of(pack: Pack, level_id: str) -> Level | None:
    """Return the level with this id, or None for an empty or unknown one."""
    return next((level for level in pack.levels if level.id == level_id), None)


def notice_days_of(pack: Pack) -> tuple[int, ...]:
    """Return how many days before the last day the pack has notices sent, longest first."""
    return next((reason.notice_days for reason in pack.reasons if reason.id == EXPIRY), ())


def pack_value(pack: Pack, level: Level, setting: str) -> str:
    """Return what the pack says about `setting`, in the form in which a company's value is stored."""
    if setting == Setting.PERIOD:
        return level.default_period.code
    if setting == Setting.QUORUM:
        return str(level.approval[-1].quorum)
    if setting == Setting.SCOPE:
        return ",".join(level.scope_allowed)
    return ",".join(str(day) for day in notice_days_of(pack))


def in_force(entity_id: object) -> QuerySet[LevelDefault]:
    """Return the defaults of its own that a legal entity has now."""
    return LevelDefault.objects.filter(entity_id=entity_id, replaced_at=None, confirmed_at__isnull=False)


def held_at(entity_id: object, at: datetime) -> QuerySet[LevelDefault]:
    """Return the defaults of its own that a legal entity had at a moment."""
    rows = LevelDefault.objects.filter(entity_id=entity_id, confirmed_at__lte=at)
    return rows.filter(Q(replaced_at=None) | Q(replaced_at__gt=at))


def defaults_waiting(entity_id: object) -> QuerySet[LevelDefault]:
    """Return the defaults that were proposed and wait for a second person."""
    rows = LevelDefault.objects.filter(entity_id=entity_id, replaced_at=None, confirmed_at=None)
    return rows.select_related("set_by")


def level_standard(
    entity_id: object, pack: Pack, level_id: str, *, at: datetime | None = None
) -> LevelStandard | None:
    """Return what holds, or held at a moment, for a level of a legal entity; None for an unknown level."""
    level = level_of(pack, level_id)
    if level is None:
        return None
    rows = (in_force(entity_id) if at is None else held_at(entity_id, at)).filter(level=level_id)
    return _overlaid(pack, level, list(rows))


def standards_of(entity_id: object, pack: Pack) -> list[LevelStandard]:
    """Return what holds for every level of a legal entity, highest first."""
    rows = list(in_force(entity_id).select_related("set_by", "confirmed_by"))
    return [_overlaid(pack, level, [row for row in rows if row.level == level.id]) for level in pack.levels]


def standard_for(secret: TradeSecret) -> LevelStandard | None:
    """Return what holds, or held when it was decided, for the level of `secret`; None without a level."""
    return level_standard(secret.entity_id, pack_of(secret), secret.level, at=secret.standard_at)


def _overlaid(pack: Pack, level: Level, rows: list[LevelDefault]) -> LevelStandard:
    standard = LevelStandard(
        level=level,
        period=level.default_period,
        scope_allowed=level.scope_allowed,
        steps=level.approval,
        notice_days=notice_days_of(pack),
        departures=tuple(rows),
    )
    for row in rows:
        standard = _with(standard, row)
    return standard


def _with(standard: LevelStandard, row: LevelDefault) -> LevelStandard:
    if row.setting == Setting.PERIOD:
        return replace(standard, period=parse_period(row.value))
    if row.setting == Setting.QUORUM:
        *earlier, last = standard.steps
        return replace(standard, steps=(*earlier, replace(last, quorum=int(row.value))))
    if row.setting == Setting.SCOPE:
        return replace(standard, scope_allowed=tuple(row.value.split(",")))
    days = sorted((int(day) for day in row.value.split(",")), reverse=True)
    return replace(standard, notice_days=tuple(days))
