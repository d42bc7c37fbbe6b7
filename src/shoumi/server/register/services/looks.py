"""Sets how marks look inside the files of one category and level, and takes such a look back.

Follows the seed guide 五(一): the company determines the form of its marks by category and nature.  The four
parts and the properties are not a matter of form; header or watermark must stay, so that every page bears
the mark.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models import MarkLook
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.resources import setting_resource
from shoumi.server.register.queries.standards import level_of


class LookFaultyError(InputError):
    """The look leaves a page without mark, or names something unknown."""

    code = "register.look_faulty"
    message = "This look of marks cannot be used: {reason}."


@dataclass(frozen=True, slots=True)
class Look:
    """The parts of a mark that are shown, and the Purview label that goes with it."""

    banner: bool = True
    header: bool = True
    footer: bool = True
    watermark: bool = True
    cover_sheet: bool = True
    label_id: UUID | None = None
    site_id: UUID | None = None
    label_name: str = ""


def look_set(*, actor: User, entity: LegalEntity, category: str, level: str, look: Look) -> MarkLook:
    """Let marks in files of `category` and `level` (empty: of every one) look so, from the next copy on.

    Raises:
        NotPermittedError: the actor may not change settings.
        LookFaultyError: header and watermark are both left out, half a Purview label, or something unknown.
    """
    gate.require(actor, Action.SETTINGS_EDIT, setting_resource(entity, "marks"))
    pack = company_pack(entity.pk, entity.pack)
    if level and level_of(pack, level) is None:
        raise LookFaultyError(reason="the level is not known")
    if category and category not in {item.id for item in pack.categories}:
        raise LookFaultyError(reason="the category is not known")
    if not look.header and not look.watermark:
        raise LookFaultyError(reason="header or watermark must be on every page")
    if (look.label_id is None) != (look.site_id is None):
        raise LookFaultyError(reason="a Purview label has an id and a tenant")
    with transaction.atomic():
        row, _created = MarkLook.objects.update_or_create(
            entity=entity,
            category=category,
            level=level,
            defaults={**asdict(look), "set_by": actor, "set_at": clock().now()},
        )
        _append(row, actor, "set")
    return row


def look_remove(*, actor: User, look_id: int) -> LegalEntity:
    """Take a look back, so that the next wider one holds; return whose it was.

    Raises:
        NotPermittedError: the actor may not change settings.
        LookFaultyError: there is no such look.
    """
    row = MarkLook.objects.select_related("entity").filter(pk=look_id).first()
    if row is None:
        raise LookFaultyError(reason="there is no such look")
    gate.require(actor, Action.SETTINGS_EDIT, setting_resource(row.entity, "marks"))
    with transaction.atomic():
        _append(row, actor, "removed")
        row.delete()
    return row.entity


def _append(row: MarkLook, actor: User, event: str) -> None:
    parts = ("banner", "header", "footer", "watermark", "cover_sheet")
    append(
        RegisterTag.LOOK_CHANGED,
        actor=actor.ledger_actor,
        subject=f"entity:{row.entity_id}",
        detail={
            "event": event,
            "category": row.category,
            "level": row.level,
            "shown": [part for part in parts if getattr(row, part)],
            "label": str(row.label_id or ""),
        },
    )
