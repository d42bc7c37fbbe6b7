"""How a carrier is marked and kept: the pack's word, or the company's own where it departed from it.

Follows the seed guide 五(一)1, 五(二) and 五(三)1: form of mark, place and manner of keeping are the
company's to decide by category, level and nature; that the place is a secret zone is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import Pack
from shoumi.engine.jurisdiction.pack import KeepingLine, Named
from shoumi.server.people.models import LegalEntity
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.zones import verify_secret_zone
from shoumi.server.register.models import Carrier, CarrierRule, TradeSecret
from shoumi.server.register.queries.checks import language
from shoumi.server.register.queries.resources import level_rank
from shoumi.server.register.queries.standards import level_of, pack_for

Subject = CarrierRule.Subject
FILE = "file"  # stored files stand beside the kinds of carriers
KEEPER_NEEDED = (Carrier.Kind.SAMPLE, Carrier.Kind.SEMI_FINISHED)
ELECTRONIC = (Carrier.Kind.MEDIUM, Carrier.Kind.DEVICE, Carrier.Kind.SYSTEM, Carrier.Kind.DATABASE)


class ZoneMissingError(InputError):
    """The place must be a secret zone and none is named."""

    code = "register.zone_missing"
    message = "Name the secret zone in which this carrier is kept."


class KeeperMissingError(InputError):
    """Samples and semi-finished products need a person who looks after them."""

    code = "register.keeper_missing"
    message = "Samples and semi-finished products need a keeper."


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line of the company's table: what holds, what the pack says, and what waits to be confirmed."""

    subject: str
    kind: str
    narrowed: str
    value: str
    pack_value: str
    own: CarrierRule | None = None
    waiting: CarrierRule | None = None


def mark_form(secret: TradeSecret, kind: str) -> str:
    """Return the id of the form in which a carrier of `kind` (or `file`) is marked."""
    own = _own(secret.entity_id, Subject.MARK, kind, secret.category)
    return own or pack_for(secret.pack).carriers.marks.get(kind, "label")


def keeping_manner(secret: TradeSecret, kind: str) -> str:
    """Return the id of the manner in which a carrier of `kind` is kept; empty where none is set."""
    own = _own(secret.entity_id, Subject.KEEPING, kind, secret.level)
    line = keeping_line(pack_for(secret.pack), kind, level_rank(secret))
    return own or (line.manner if line else "")


def keeping_line(pack: Pack, kind: str, rank: int) -> KeepingLine | None:
    """Return the pack's line for a kind and a level: of those that reach down to it, the highest."""
    fitting = [
        (level.rank, line)
        for line in pack.carriers.keeping
        if kind in line.kinds and (level := level_of(pack, line.level)) and level.rank <= rank
    ]
    return max(fitting, key=lambda item: item[0])[1] if fitting else None


def zone_needed(secret: TradeSecret, kind: str) -> bool:
    """Tell whether a carrier of `kind` must lie in a secret zone."""
    line = keeping_line(pack_for(secret.pack), kind, level_rank(secret))
    return line is not None and line.zone


def verify_place(secret: TradeSecret, kind: str, zone: Zone | None, *, keeper: object) -> None:
    """Return if a carrier of `kind` may lie in `zone` and be kept by `keeper`.

    Raises:
        ZoneMissingError, KeeperMissingError: each as it says.
        ZoneNotSecretError, ZoneClosedError, ZoneLevelTooLowError: the zone does not do.
    """
    if zone_needed(secret, kind):
        if zone is None:
            raise ZoneMissingError
        verify_secret_zone(zone, level_rank(secret))
    if kind in KEEPER_NEEDED and keeper is None:
        raise KeeperMissingError


def in_force(entity_id: object) -> QuerySet[CarrierRule]:
    """Return the company's own rules that hold now."""
    return CarrierRule.objects.filter(entity=entity_id, replaced_at=None, confirmed_at__isnull=False)


def rule_lines(entity: LegalEntity) -> list[RuleLine]:
    """Return every line of the table of a legal entity: the pack's, then the company's narrowed ones."""
    pack = pack_for(entity.pack)
    rows = list(CarrierRule.objects.filter(entity=entity, replaced_at=None).select_related("set_by"))
    wanted = [(Subject.MARK, kind, "") for kind in pack.carriers.marks]
    wanted += [(Subject.KEEPING, kind, level) for line in pack.carriers.keeping for kind in line.kinds
               for level in [line.level]]  # fmt: skip
    wanted += [(row.subject, row.kind, row.narrowed) for row in rows]
    found = []
    for subject, kind, narrowed in dict.fromkeys(wanted):
        here = [row for row in rows if (row.subject, row.kind, row.narrowed) == (subject, kind, narrowed)]
        own = next((row for row in here if row.confirmed_at), None)
        said = pack_value(pack, subject, kind, narrowed)
        waiting = next((row for row in here if not row.confirmed_at), None)
        found.append(RuleLine(subject, kind, narrowed, own.value if own else said, said, own, waiting))
    return found


def pack_value(pack: Pack, subject: str, kind: str, narrowed: str) -> str:
    """Return what the pack says about a line."""
    if subject == Subject.MARK:
        return pack.carriers.marks.get(kind, "")
    level = level_of(pack, narrowed)
    line = keeping_line(pack, kind, level.rank if level else 1)
    return line.manner if line else ""


def values_of(pack: Pack, subject: str) -> tuple[Named, ...]:
    """Return what may be chosen: forms of mark, or manners of keeping."""
    return pack.carriers.mark_forms if subject == Subject.MARK else pack.carriers.keeping_manners


def value_words(pack: Pack, subject: str, value: str) -> str:
    """Return a form of mark or manner of keeping in the reader's language."""
    named = next((item for item in values_of(pack, subject) if item.id == value), None)
    return named.names.in_language(language()) if named else value


def _own(entity_id: object, subject: str, kind: str, narrowed: str) -> str:
    rows = in_force(entity_id).filter(Q(narrowed=narrowed) | Q(narrowed=""), subject=subject, kind=kind)
    found = sorted(rows.values_list("narrowed", "value"), reverse=True)  # the narrower one first
    return found[0][1] if found else ""
