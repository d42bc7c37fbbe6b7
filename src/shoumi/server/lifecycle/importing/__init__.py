"""Joiners and leavers from a table: each row opens a case for a person who is known already."""

from shoumi.server.lifecycle.importing.kind import CASE_IMPORT

__all__ = ["CASE_IMPORT"]
