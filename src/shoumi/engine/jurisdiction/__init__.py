"""Loads the packs and answers which rule is in force, due when, and how much.

Public names, all pure:

* `load_pack("cn")` → `Pack`, frozen and cached; `pack_ids()` lists the countries.
* `rule_at(pack, rule_id, day)` → `RuleAnswer(rule, day, status, caveats)`;
  `article_of(pack, concept, act_day, act_until=…)` → `Provision`.
* `level_by_id(pack, "core")`, `suggest_level(pack, {"LVL-F1": 3, …})` → `Suggestion`.
* `check_exclusions(pack, {"IDN-X1": ExclusionAnswer(…)}, day)` → `ExclusionVerdict`.
* `Period`, `parse_period(code)`, `Period.code` (what a database stores), `period_end(start, period)` = the
  last secret day or None, `period_over(end, day)`.
* `level_named`, `category_named`, `period_named` read the words of companies' own ledgers.
* `pack.places` → `PlaceRules`; `recognised_by(group, name)` suggests a secret zone, `rule_text(…)` writes the
  rule of a key place.
* Lists for forms: `pack.categories`, `.levels`, `.factors`, `.exclusions`, `.state_secret`,
  `.periods.offered`, `.reasons`, `.operations`, `.measures`, `.reminders["screen"]`, `.scope_kinds`;
  every text has `.in_language(code)`.
* `load_assurance("cn")` → kinds of protective measures, codes of risks, rows of the self-inspection;
  `score_measures(table, level_id=…, grades={"K1": Grade(…)})` → `MeasuresScore`.
* Rooms of their own: `clocks` → `due(pack, clock_id, start, zone=…, facts=…)`, the days the law sets;
  `noncompete` → `law_on("cn", day)`, `check_agreement`, schedules, arrears, release and breach;
  `procedures` → `plan(pack, kind, facts, days, zone=…)` and `standing(plan, records, now)`, the cases of
  people; `training` → `load_training`, `draw`, `grade`, `certify`, `coverage`; `agreements` →
  `load_agreements("cn")`, `assemble`, `needed`; `outsiders` → `load_outsiders("jp")`, `address`, `assess`;
  `basis` is what they show beside a figure.

Unconfirmed law stays visible: `status` and `caveats` travel with every answer and belong on the page.
"""

from shoumi.engine.jurisdiction.assurance import (
    AssurancePack,
    InspectionRow,
    MeasureKind,
    MeasureTable,
    Proof,
    RiskTable,
    load_assurance,
)
from shoumi.engine.jurisdiction.exclusions import (
    ExclusionAnswer,
    ExclusionVerdict,
    FieldFault,
    UnknownExclusionError,
    check_exclusions,
)
from shoumi.engine.jurisdiction.levels import (
    FactorShare,
    GradeError,
    Suggestion,
    UnknownLevelError,
    level_by_id,
    suggest_level,
)
from shoumi.engine.jurisdiction.loading import UnknownPackError, load_pack, pack_ids
from shoumi.engine.jurisdiction.measures import (
    Circumstances,
    Grade,
    KindShare,
    MeasureGradeError,
    MeasuresScore,
    score_measures,
)
from shoumi.engine.jurisdiction.naming import (
    ReservedLevelError,
    UnknownCategoryError,
    category_named,
    level_named,
    period_named,
)
from shoumi.engine.jurisdiction.operations import (
    ApproverStep,
    DestructionMethod,
    OperationRule,
    Operations,
    UnknownOperationError,
)
from shoumi.engine.jurisdiction.pack import (
    Category,
    CheckField,
    DeclassificationReason,
    DefenceCheck,
    Exclusion,
    Factor,
    Level,
    Named,
    Pack,
    PlaceGroup,
    PlaceRules,
    Provision,
    Rule,
)
from shoumi.engine.jurisdiction.periods import (
    LONG_TERM,
    UNTIL_PUBLICATION,
    Period,
    PeriodFormError,
    PeriodKind,
    PeriodTooLongError,
    parse_period,
    period_end,
    period_over,
)
from shoumi.engine.jurisdiction.places import COMPANY_CHOICE, recognised_by, rule_text
from shoumi.engine.jurisdiction.reading import PackFaultsError
from shoumi.engine.jurisdiction.rules import (
    NoProvisionError,
    RuleAnswer,
    RuleNotInForceError,
    UnknownConceptError,
    UnknownRuleError,
    article_of,
    rule_at,
)
from shoumi.engine.jurisdiction.values import EffectivePeriod, Origin, Status, Texts, weakest

__all__ = [
    "COMPANY_CHOICE",
    "LONG_TERM",
    "UNTIL_PUBLICATION",
    "ApproverStep",
    "AssurancePack",
    "Category",
    "CheckField",
    "Circumstances",
    "DeclassificationReason",
    "DefenceCheck",
    "DestructionMethod",
    "EffectivePeriod",
    "Exclusion",
    "ExclusionAnswer",
    "ExclusionVerdict",
    "Factor",
    "FactorShare",
    "FieldFault",
    "Grade",
    "GradeError",
    "InspectionRow",
    "KindShare",
    "Level",
    "MeasureGradeError",
    "MeasureKind",
    "MeasureTable",
    "MeasuresScore",
    "Named",
    "NoProvisionError",
    "OperationRule",
    "Operations",
    "Origin",
    "Pack",
    "PackFaultsError",
    "Period",
    "PeriodFormError",
    "PeriodKind",
    "PeriodTooLongError",
    "PlaceGroup",
    "PlaceRules",
    "Proof",
    "Provision",
    "ReservedLevelError",
    "RiskTable",
    "Rule",
    "RuleAnswer",
    "RuleNotInForceError",
    "Status",
    "Suggestion",
    "Texts",
    "UnknownCategoryError",
    "UnknownConceptError",
    "UnknownExclusionError",
    "UnknownLevelError",
    "UnknownOperationError",
    "UnknownPackError",
    "UnknownRuleError",
    "article_of",
    "category_named",
    "check_exclusions",
    "level_by_id",
    "level_named",
    "load_assurance",
    "load_pack",
    "pack_ids",
    "parse_period",
    "period_end",
    "period_named",
    "period_over",
    "recognised_by",
    "rule_at",
    "rule_text",
    "score_measures",
    "suggest_level",
    "weakest",
]
