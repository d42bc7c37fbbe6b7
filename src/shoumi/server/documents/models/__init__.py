"""The rows of documents: indexes, their updates and tables, scans and what they found, exceptions.

What is found is kept masked; what a secret or a table holds is kept in no row.
"""

from shoumi.server.documents.models.exceptions import ExceptedFinding, MatchException
from shoumi.server.documents.models.indexes import Index, IndexedFile, IndexRun
from shoumi.server.documents.models.scans import Match, Scan, ScannedFile, ScanPlan, ScanUpload
from shoumi.server.documents.models.tables import GivenTable

__all__ = [
    "ExceptedFinding",
    "GivenTable",
    "Index",
    "IndexRun",
    "IndexedFile",
    "Match",
    "MatchException",
    "Scan",
    "ScanPlan",
    "ScanUpload",
    "ScannedFile",
]
