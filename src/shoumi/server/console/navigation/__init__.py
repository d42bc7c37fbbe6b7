"""The rooms of the console and who sees which; the groups follow the questions people come with.

A room whose address does not exist, or that the person's roles do not reach, is not drawn.  Hiding a room
protects nothing: every view asks the gate itself.
"""

from __future__ import annotations

from shoumi.server.console.navigation.governance import ADMINISTRATION, ASSURANCE, GOVERNANCE
from shoumi.server.console.navigation.outsiders import OUTSIDERS
from shoumi.server.console.navigation.people import PEOPLE, PRIVACY, TRAINING
from shoumi.server.console.navigation.places import PLACES
from shoumi.server.console.navigation.work import DOCUMENTS, HOME, SECRETS

GROUPS = (
    HOME,
    SECRETS,
    DOCUMENTS,
    PEOPLE,
    TRAINING,
    PRIVACY,
    PLACES,
    OUTSIDERS,
    GOVERNANCE,
    ASSURANCE,
    ADMINISTRATION,
)
