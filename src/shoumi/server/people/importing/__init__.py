"""Brings organisation and people in from tables, and gives them out in the same tables.

One workbook may hold entities, departments, posts, persons and engagements on sheets of their own, or a
roster as human resources keep it; an export read back in changes nothing.
"""

from shoumi.server.people.importing.exporting import people_export
from shoumi.server.people.importing.kind import PEOPLE_IMPORT

__all__ = ["PEOPLE_IMPORT", "people_export"]
