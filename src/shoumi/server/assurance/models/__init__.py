"""The rows of assurance: organisation, duties, plans, inspections and rule documents, one module each."""

from shoumi.server.assurance.models.bodies import (
    AuthorisationLetter,
    BodyMember,
    CooperatingDepartment,
    DepartmentOfficer,
    LeadingBody,
    ManagementOffice,
    Meeting,
    OfficeStaff,
    Resolution,
)
from shoumi.server.assurance.models.duties import DutyEvidence, TechnicalMeasure
from shoumi.server.assurance.models.inspections import Evaluation, Finding, Inspection
from shoumi.server.assurance.models.plans import BudgetLine, Expense, Money, PlanTask, YearPlan
from shoumi.server.assurance.models.records import Record, Stretch, during
from shoumi.server.assurance.models.rules import (
    LANGUAGES,
    ProcedureRecord,
    RuleAcknowledgement,
    RuleAudience,
    RuleClause,
    RuleDocument,
    RuleVersion,
)

__all__ = [
    "LANGUAGES",
    "AuthorisationLetter",
    "BodyMember",
    "BudgetLine",
    "CooperatingDepartment",
    "DepartmentOfficer",
    "DutyEvidence",
    "Evaluation",
    "Expense",
    "Finding",
    "Inspection",
    "LeadingBody",
    "ManagementOffice",
    "Meeting",
    "Money",
    "OfficeStaff",
    "PlanTask",
    "ProcedureRecord",
    "Record",
    "Resolution",
    "RuleAcknowledgement",
    "RuleAudience",
    "RuleClause",
    "RuleDocument",
    "RuleVersion",
    "Stretch",
    "TechnicalMeasure",
    "YearPlan",
    "during",
]
