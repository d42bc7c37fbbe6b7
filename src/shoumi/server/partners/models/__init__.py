"""Rows of the partners app."""

from shoumi.server.partners.models.authorities import AuthorityNotice, AuthorityPaper, AuthorityVisit
from shoumi.server.partners.models.duties import Duty, DutyFinding
from shoumi.server.partners.models.meetings import Handout, Meeting, Paper, Participant
from shoumi.server.partners.models.originals import Original
from shoumi.server.partners.models.outsourcing import Assessment, AssessmentAnswer, Outsourcing, SelfCheck
from shoumi.server.partners.models.partners import Filing, Partner
from shoumi.server.partners.models.signals import Signal
from shoumi.server.partners.models.workers import Access, Worker

__all__ = [
    "Access",
    "Assessment",
    "AssessmentAnswer",
    "AuthorityNotice",
    "AuthorityPaper",
    "AuthorityVisit",
    "Duty",
    "DutyFinding",
    "Filing",
    "Handout",
    "Meeting",
    "Original",
    "Outsourcing",
    "Paper",
    "Participant",
    "Partner",
    "SelfCheck",
    "Signal",
    "Worker",
]
