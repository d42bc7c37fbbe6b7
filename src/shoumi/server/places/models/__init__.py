"""The rows of places, one module per concern.

Follows the seed guide, section 五(五) (places): three kinds of zones, key places, entry and visits.
"""

from shoumi.server.places.models.zones import Zone

__all__ = ["Zone"]
