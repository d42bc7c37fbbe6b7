"""Writes of the people app.

Every service takes plain values, asks the gate, writes in one transaction and ends with one ledger entry.
That is also the seam for SCIM (RFC 7643): an adapter maps its users to `person_create`, `person_change` and
`person_link`, its groups to departments, `active: false` to `engagement_end`; the number within the entity
is the external id.
"""

from shoumi.server.people.services.engagements import (
    Terms,
    contractor_correct,
    engagement_end,
    engagement_move,
    engagement_start,
)
from shoumi.server.people.services.organisation import (
    department_change,
    department_close,
    department_create,
    department_move,
    entity_change,
    entity_create,
)
from shoumi.server.people.services.persons import (
    person_change,
    person_create,
    person_link,
    person_reveal,
)
from shoumi.server.people.services.posts import (
    post_close,
    post_create,
    post_level_apply,
    post_rename,
    post_set_level,
)

__all__ = [
    "Terms",
    "contractor_correct",
    "department_change",
    "department_close",
    "department_create",
    "department_move",
    "engagement_end",
    "engagement_move",
    "engagement_start",
    "entity_change",
    "entity_create",
    "person_change",
    "person_create",
    "person_link",
    "person_reveal",
    "post_close",
    "post_create",
    "post_level_apply",
    "post_rename",
    "post_set_level",
]
