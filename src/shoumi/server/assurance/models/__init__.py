"""The rows of assurance: organisation, plans, inspections, rules, risks, measures; one module each."""

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
from shoumi.server.assurance.models.cockpit import AssuranceSnapshot, SecretScore
from shoumi.server.assurance.models.duties import DutyEvidence, TechnicalMeasure
from shoumi.server.assurance.models.inspections import Evaluation, Finding, Inspection
from shoumi.server.assurance.models.measures import LeaverStep, MeasureRecord, WeightChange
from shoumi.server.assurance.models.plans import BudgetLine, Expense, Money, PlanTask, YearPlan
from shoumi.server.assurance.models.records import Record, Stretch, during
from shoumi.server.assurance.models.risks import Risk, RiskLink, RiskVersion
from shoumi.server.assurance.models.rounds import Change, InspectedSystem, InspectionPoint
from shoumi.server.assurance.models.rules import (
    LANGUAGES,
    ProcedureRecord,
    RuleAcknowledgement,
    RuleAudience,
    RuleClause,
    RuleDocument,
    RuleVersion,
)
from shoumi.server.assurance.models.self_inspection import (
    EnterpriseProfile,
    SelfInspection,
    SelfInspectionRow,
)

__all__ = [
    "LANGUAGES",
    "AssuranceSnapshot",
    "AuthorisationLetter",
    "BodyMember",
    "BudgetLine",
    "Change",
    "CooperatingDepartment",
    "DepartmentOfficer",
    "DutyEvidence",
    "EnterpriseProfile",
    "Evaluation",
    "Expense",
    "Finding",
    "InspectedSystem",
    "Inspection",
    "InspectionPoint",
    "LeadingBody",
    "LeaverStep",
    "ManagementOffice",
    "MeasureRecord",
    "Meeting",
    "Money",
    "OfficeStaff",
    "PlanTask",
    "ProcedureRecord",
    "Record",
    "Resolution",
    "Risk",
    "RiskLink",
    "RiskVersion",
    "RuleAcknowledgement",
    "RuleAudience",
    "RuleClause",
    "RuleDocument",
    "RuleVersion",
    "SecretScore",
    "SelfInspection",
    "SelfInspectionRow",
    "Stretch",
    "TechnicalMeasure",
    "WeightChange",
    "YearPlan",
    "during",
]
