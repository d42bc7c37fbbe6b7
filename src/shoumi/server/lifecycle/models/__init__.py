"""The rows of cases of people: cases with plans and steps, records, a company's own changes."""

from shoumi.server.lifecycle.models.cases import KINDS, CaseParty, CaseStep, PersonCase, PlanVersion
from shoumi.server.lifecycle.models.certificates import Certificate
from shoumi.server.lifecycle.models.handover import HandoverItem
from shoumi.server.lifecycle.models.looking import CaseLog, EvidenceHold, HeldFile, LookBack
from shoumi.server.lifecycle.models.notices import OutsideNotice
from shoumi.server.lifecycle.models.records import Attestation, RecordFile, StepRecord
from shoumi.server.lifecycle.models.templates import TemplateChange

__all__ = [
    "KINDS",
    "Attestation",
    "CaseLog",
    "CaseParty",
    "CaseStep",
    "Certificate",
    "EvidenceHold",
    "HandoverItem",
    "HeldFile",
    "LookBack",
    "OutsideNotice",
    "PersonCase",
    "PlanVersion",
    "RecordFile",
    "StepRecord",
    "TemplateChange",
]
