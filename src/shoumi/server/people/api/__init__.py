"""The API of people, below /api/v1/people: organisation, persons, engagements, import and export.

Every call asks the same services and queries as the console.  Telephone and e-mail are masked in every
answer; `POST …/reveal` shows one of them, with a purpose and a ledger entry.
"""

from shoumi.server.people.api import organisation, persons, tables
from shoumi.server.people.api.routing import router

__all__ = ["organisation", "persons", "router", "tables"]
