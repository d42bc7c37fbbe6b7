"""The rows of the privacy app: processings and assessments, notices, consents, unmaskings, requests, holds.

What was told or agreed to is never overwritten: a change is a new row, and the earlier one has its end.
"""

from shoumi.server.privacy.models.border import ExportBasis
from shoumi.server.privacy.models.consents import Consent, Unmasking
from shoumi.server.privacy.models.notices import Delivery, Notice, NoticeText, NoticeVersion
from shoumi.server.privacy.models.register import Assessment, Processing
from shoumi.server.privacy.models.requests import Hold, SubjectRequest

__all__ = [
    "Assessment",
    "Consent",
    "Delivery",
    "ExportBasis",
    "Hold",
    "Notice",
    "NoticeText",
    "NoticeVersion",
    "Processing",
    "SubjectRequest",
    "Unmasking",
]
