"""The rows of cases of people: cases with plans and steps, records, a company's own changes."""

from shoumi.server.lifecycle.models.cases import KINDS, CaseParty, CaseStep, PersonCase, PlanVersion
from shoumi.server.lifecycle.models.records import Attestation, RecordFile, StepRecord
from shoumi.server.lifecycle.models.templates import TemplateChange

__all__ = [
    "KINDS",
    "Attestation",
    "CaseParty",
    "CaseStep",
    "PersonCase",
    "PlanVersion",
    "RecordFile",
    "StepRecord",
    "TemplateChange",
]
