"""Bringing in zones from a table: what is understood, what it would do, what is written."""

from shoumi.server.places.importing.kind import ZONE_IMPORT

__all__ = ["ZONE_IMPORT"]
