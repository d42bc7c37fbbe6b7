"""The rows of places, one module per concern.

Follows the seed guide, section 五(四) (places): three kinds of zones, key places, entry and visits.
"""

from shoumi.server.places.models.designations import Designation, KeyMeasure
from shoumi.server.places.models.entry import EntryPermission
from shoumi.server.places.models.inspections import Inspection, InspectionItem, ZoneTask
from shoumi.server.places.models.plans import FloorPlan, Outline
from shoumi.server.places.models.protection import Entrance, Guard, IsolationProof, Sign
from shoumi.server.places.models.suggestions import SuggestionDecision
from shoumi.server.places.models.visits import Device, Passage, Visit, Visitor, VisitorRetention
from shoumi.server.places.models.zones import Zone

__all__ = [
    "Designation",
    "Device",
    "Entrance",
    "EntryPermission",
    "FloorPlan",
    "Guard",
    "Inspection",
    "InspectionItem",
    "IsolationProof",
    "KeyMeasure",
    "Outline",
    "Passage",
    "Sign",
    "SuggestionDecision",
    "Visit",
    "Visitor",
    "VisitorRetention",
    "Zone",
    "ZoneTask",
]
