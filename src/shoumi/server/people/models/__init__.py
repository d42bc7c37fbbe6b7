"""The rows of the company: legal entities, departments, posts, persons, and their engagements.

Follows the guide's organisation of secrecy work: posts carry a level, and a person's level comes from them.
"""

from shoumi.server.people.models.organisation import LEVELS, Country, Department, LegalEntity, Post
from shoumi.server.people.models.persons import EndReason, Engagement, EngagementKind, Person

__all__ = [
    "LEVELS",
    "Country",
    "Department",
    "EndReason",
    "Engagement",
    "EngagementKind",
    "LegalEntity",
    "Person",
    "Post",
]
