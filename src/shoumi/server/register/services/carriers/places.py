"""Refuses places that cannot be: a zone of another legal entity."""

from __future__ import annotations

from shoumi.engine.errors import InputError


class ZoneElsewhereError(InputError):
    """The zone belongs to another legal entity."""

    code = "register.zone_elsewhere"
    message = "The zone belongs to another legal entity."
