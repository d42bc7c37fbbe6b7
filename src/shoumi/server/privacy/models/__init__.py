"""The rows of the privacy app: processings, notices, consents, requests, holds, breaches, erasures.

What was told or agreed to is never overwritten: a change is a new row, and the earlier one has its end.
"""

from shoumi.server.privacy.models.border import ExportBasis
from shoumi.server.privacy.models.breaches import (
    Breach,
    BreachAssessment,
    BreachMeasure,
    BreachNotice,
    BreachStep,
)
from shoumi.server.privacy.models.consents import Consent, Unmasking
from shoumi.server.privacy.models.erasing import Erasure, ErasureItem
from shoumi.server.privacy.models.mailings import BreachMail, BreachMailing
from shoumi.server.privacy.models.notices import Delivery, Notice, NoticeText, NoticeVersion
from shoumi.server.privacy.models.register import Assessment, Processing
from shoumi.server.privacy.models.requests import Hold, SubjectRequest

__all__ = [
    "Assessment",
    "Breach",
    "BreachAssessment",
    "BreachMail",
    "BreachMailing",
    "BreachMeasure",
    "BreachNotice",
    "BreachStep",
    "Consent",
    "Delivery",
    "Erasure",
    "ErasureItem",
    "ExportBasis",
    "Hold",
    "Notice",
    "NoticeText",
    "NoticeVersion",
    "Processing",
    "SubjectRequest",
    "Unmasking",
]
