"""Tests of the zone rule that archives, samples and carriers follow."""

from __future__ import annotations

from datetime import date

import pytest

from shoumi.server.places.models import Zone
from shoumi.server.places.queries.zones import (
    ZoneClosedError,
    ZoneLevelTooLowError,
    ZoneNotSecretError,
    verify_secret_zone,
)


def zone(**changes) -> Zone:
    return Zone(**{"code": "A1", "name": "档案室", "kind": Zone.Kind.SECRET, "level": 2, **changes})


@pytest.mark.requirement("ARC-06", "CAR-03")
@pytest.mark.parametrize("kind", [Zone.Kind.OFFICE, Zone.Kind.RECEPTION])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_nothing_secret_is_kept_outside_secret_zones(kind, level):
    with pytest.raises(ZoneNotSecretError):
        verify_secret_zone(zone(kind=kind, level=0), level)


@pytest.mark.requirement("ARC-06", "CAR-03")
def test_a_closed_zone_keeps_nothing():
    with pytest.raises(ZoneClosedError):
        verify_secret_zone(zone(closed_on=date(2026, 1, 1)), 1)


@pytest.mark.requirement("ARC-06", "CAR-03")
@pytest.mark.parametrize("zone_level", [1, 2, 3])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_the_level_of_the_zone_is_the_highest_that_it_keeps(zone_level, level):
    if level <= zone_level:
        verify_secret_zone(zone(level=zone_level), level)
        return
    with pytest.raises(ZoneLevelTooLowError) as refused:
        verify_secret_zone(zone(level=zone_level), level)
    assert "A1 档案室" in refused.value.detail
