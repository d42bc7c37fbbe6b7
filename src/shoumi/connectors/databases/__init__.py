"""Read-only queries to other databases of the company, PostgreSQL and SQLite.

Addresses with their passwords come from the settings; people give a query and the name of a connection.
Whoever sets up a connection gives it an account that may read what is needed and nothing else: the guard here
keeps a query from writing, not from reading what its account may read.
"""

from __future__ import annotations

from shoumi.connectors.databases.querying import (
    LONGEST_QUERY,
    Connection,
    DatabaseUnreachableError,
    QueryFailedError,
    QueryShapeError,
    checked,
    queried,
)

__all__ = [
    "LONGEST_QUERY",
    "Connection",
    "DatabaseUnreachableError",
    "QueryFailedError",
    "QueryShapeError",
    "checked",
    "queried",
]
