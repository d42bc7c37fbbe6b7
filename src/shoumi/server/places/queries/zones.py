"""The zone rule: archives, samples and carriers of secrets lie in secret zones of a sufficient level.

Follows the seed guide 四(四)4 (archives), 四(五)1 (items) and 五(五)1 (places).
It looks nothing up and decides no permission; the caller has read the zone and locked it if it must.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shoumi.engine.errors import ConflictError
from shoumi.server.people.models import LEVELS

if TYPE_CHECKING:
    from shoumi.server.places.models import Zone


class ZoneNotSecretError(ConflictError):
    """The place is an office or reception zone, or no zone at all."""

    code = "places.zone_not_secret"
    message = "“{zone}” is not a secret zone; what bears secrets is kept in secret zones only."


class ZoneClosedError(ConflictError):
    """The zone is there no longer."""

    code = "places.zone_closed"
    message = "The zone “{zone}” has been closed."


class ZoneLevelTooLowError(ConflictError):
    """The zone is secret, but made for lower levels."""

    code = "places.zone_level_too_low"
    message = "The zone “{zone}” is made for “{level}” at most; “{needed}” is needed."


def verify_secret_zone(zone: Zone, level: int) -> None:
    """Return if something of secrecy `level` (0 to 3) may be kept in `zone`; raise otherwise.

    Raises:
        ZoneNotSecretError: the zone is not a secret zone.
        ZoneClosedError: it has been closed.
        ZoneLevelTooLowError: its level is lower than `level`.
    """
    if zone.kind != zone.Kind.SECRET:
        raise ZoneNotSecretError(zone=str(zone))
    if not zone.is_open:
        raise ZoneClosedError(zone=str(zone))
    if zone.level < level:
        words = dict(LEVELS)
        raise ZoneLevelTooLowError(zone=str(zone), level=str(words[zone.level]), needed=str(words[level]))
