"""How far the protection of a zone has come, as the rail on its page shows it.

Follows the order of the seed guide 五(四): drawn, closed off, signed, guarded, inspected.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shoumi.server.places.models import Designation, Sign, Zone


@dataclass(frozen=True, slots=True)
class Station:
    """One station: what it is, whether it is reached, and what stands behind it."""

    title: str
    css: str  # done | current | empty
    lines: tuple[str, ...] = ()


def stations_of(zone: Zone, key: Designation | None) -> list[Station]:
    """Return the stations of a zone; the first that is not reached is the current one."""
    entrances = list(zone.entrances.filter(closed_on__isnull=True).values_list("pk", flat=True))
    hanging = Sign.objects.filter(entrance__in=entrances, taken_down_on__isnull=True)
    signed = hanging.filter(kind=Sign.Kind.WARNING).values("entrance").distinct().count()
    found = [
        (_("Entered"), True, (f"{zone.created_at:%Y-%m-%d}",)),
        (_("Drawn on a plan"), zone.outlines.exists(), ()),
    ]
    if zone.kind == Zone.Kind.SECRET:
        guards = zone.guards.filter(until__isnull=True).count()
        found += [
            (_("Isolation proved"), zone.isolation_proofs.exists(), ()),
            (
                _("Signs at every entrance"),
                bool(entrances) and signed >= len(entrances),
                (f"{signed}/{len(entrances)}",),
            ),
            (_("Guards and devices listed"), guards > 0, (str(guards),) if guards else ()),
        ]
        if key is not None:
            has_sign = hanging.filter(kind=Sign.Kind.KEY_PLACE).exists()
            found.append((_("Key place, with its sign"), has_sign, ()))
        score = (f"{zone.score} %",) if zone.score is not None else ()
        found.append((_("Inspected"), zone.score is not None, score))
    stations, waiting = [], True
    for title, reached, lines in found:
        css = "done" if reached else "current" if waiting else ""
        waiting = waiting and reached
        stations.append(Station(title, css, lines))
    return stations
