"""Changes what holds by default for a level of a legal entity; the departure is kept with its reason.

Follows the seed guide's purpose: its defaults are for reference, a company may set others.  Rows are
replaced, never deleted.  Lowering the quorum or widening the scope is a decision of two: the office
proposes, a leader confirms by `settings.approve`.
"""

from __future__ import annotations

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import Level, Pack, parse_period
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models import LevelDefault
from shoumi.server.register.queries.resources import setting_resource
from shoumi.server.register.queries.standards import ALL_STAFF, level_of, pack_for, pack_value

Setting = LevelDefault.Setting
HIGHEST_QUORUM = 5
LONGEST_NOTICE = 366  # days


class DefaultValueError(InputError):
    """The value cannot be a default."""

    code = "register.default_value"
    message = "“{value}” cannot be the default here."


class DefaultReasonError(InputError):
    """A departure from the pack needs its reason."""

    code = "register.default_reason"
    message = "Say why the company departs from the pack."


def default_propose(  # noqa: PLR0913 - the parts of a default, each named
    *, actor: User, entity: LegalEntity, level_id: str, setting: str, value: str, reason: str
) -> LevelDefault:
    """Propose a default of the company's own; it holds when another person has confirmed it.

    Raises:
        NotPermittedError: the actor may not change settings.
        DefaultValueError, DefaultReasonError: each as it says.
    """
    gate.require(actor, Action.SETTINGS_EDIT, setting_resource(entity, setting))
    pack = pack_for(entity.pack)
    level = level_of(pack, level_id)
    if level is None or setting not in Setting.values:
        raise DefaultValueError(value=value)
    value = _checked(pack, level, setting, value.strip())
    if not reason.strip():
        raise DefaultReasonError
    now = clock().now()
    with transaction.atomic():
        open_rows = LevelDefault.objects.filter(
            entity=entity, level=level_id, setting=setting, confirmed_at=None
        )
        open_rows.filter(replaced_at=None).update(replaced_at=now)
        row = LevelDefault.objects.create(
            entity=entity,
            level=level_id,
            setting=setting,
            value=value,
            pack_value=pack_value(pack, level, setting),
            reason=reason.strip(),
            set_by=actor,
            set_at=now,
        )
        _append(row, actor, "proposed")
    return row


def default_confirm(*, actor: User, default_id: int) -> LevelDefault:
    """Confirm a proposed default as another person; the one before it is replaced."""
    row = LevelDefault.objects.select_related("entity").get(pk=default_id)
    requester = str(row.set_by_id)
    gate.require(actor, Action.SETTINGS_APPROVE, setting_resource(row.entity, row.setting, requester))
    now = clock().now()
    with transaction.atomic():
        row = LevelDefault.objects.select_for_update(no_key=True).get(pk=default_id)
        if row.confirmed_at is None and row.replaced_at is None:
            earlier = LevelDefault.objects.filter(entity=row.entity_id, level=row.level, setting=row.setting)
            earlier.filter(replaced_at=None, confirmed_at__isnull=False).update(replaced_at=now)
            row.confirmed_by, row.confirmed_at = actor, now
            if row.value == row.pack_value:  # back to the pack: nothing departs any more
                row.replaced_at = now
            row.save(update_fields=["confirmed_by", "confirmed_at", "replaced_at"])
            _append(row, actor, "confirmed")
    return row


def _append(row: LevelDefault, actor: User, event: str) -> None:
    append(
        RegisterTag.DEFAULT_CHANGED,
        actor=actor.ledger_actor,
        subject=f"entity:{row.entity_id}",
        detail={
            "event": event,
            "level": row.level,
            "setting": row.setting,
            "value": row.value,
            "pack_value": row.pack_value,
            "reason": row.reason,
        },
    )


def _checked(pack: Pack, level: Level, setting: str, value: str) -> str:
    """Return the value in its stored form; raise if it cannot be a default."""
    if setting == Setting.PERIOD:
        return parse_period(value).code
    if setting == Setting.SCOPE:
        kinds = [kind for kind in value.split(",") if kind]
        known = {kind.id for kind in pack.scope_kinds}
        if (
            not kinds
            or set(kinds) - known
            or (level.rank == max(item.rank for item in pack.levels) and ALL_STAFF in kinds)
        ):
            raise DefaultValueError(value=value)
        return ",".join(dict.fromkeys(kinds))
    numbers = value.split(",") if setting == Setting.NOTICE_DAYS else [value]
    most = LONGEST_NOTICE if setting == Setting.NOTICE_DAYS else HIGHEST_QUORUM
    if not all(part.strip().isdecimal() and 1 <= int(part) <= most for part in numbers):
        raise DefaultValueError(value=value)
    return ",".join(str(day) for day in sorted({int(part) for part in numbers}, reverse=True))
