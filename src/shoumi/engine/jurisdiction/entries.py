"""Turns one entry of a pack file into one value of `pack`, kind by kind.

The keys are described in the head of each file under `shoumi.packs`.  Every reader asks for all keys it knows
and closes the entry, so that a misspelt key is a fault.  Whether entries fit together is `loading`'s task.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from shoumi.engine.jurisdiction.operations import (
    KINDS,
    RECORDS,
    ApproverStep,
    DestructionMethod,
    OperationRule,
    Operations,
)
from shoumi.engine.jurisdiction.pack import (
    GROUPS,
    CarrierTable,
    Category,
    CheckField,
    DeclassificationReason,
    Exclusion,
    Factor,
    Floor,
    KeepingLine,
    Level,
    Named,
    PeriodTable,
    Plain,
    Provision,
    Rule,
    StateSecretGate,
)
from shoumi.engine.jurisdiction.periods import PeriodFormError, PeriodKind, parse_period
from shoumi.engine.jurisdiction.reading import Entry, read_texts
from shoumi.engine.jurisdiction.values import EffectivePeriod, Texts

LEVELS = ("core", "important", "general")
GRADES = range(5)
_MANY = 1_000
_YEAR = 365  # days


def read_named(entry: Entry) -> Named:
    """Return a code with its names."""
    named = Named(id=entry.text("id"), names=entry.texts("names"), spellings=entry.words("spellings"))
    entry.close()
    return named


DAYS = ("marking", "inventory_clearing", "attestation", "backup", "restore_test", "access_review")


def read_carriers(entry: Entry) -> CarrierTable:
    """Return how carriers are marked and kept; the caller closes the file's own entry."""
    marks = {kind: form for kinds, form in map(_read_mark, entry.entries("marks")) for kind in kinds}
    days = entry.entry("days")
    table = CarrierTable(
        mark_forms=tuple(read_named(item) for item in entry.entries("mark_forms")),
        marks=MappingProxyType(marks),
        keeping_manners=tuple(read_named(item) for item in entry.entries("keeping_manners")),
        keeping=tuple(_read_keeping(item) for item in entry.entries("keeping")),
        days=MappingProxyType({name: days.number(name, lowest=1, highest=_MANY) for name in DAYS}),
    )
    days.close()
    return table


def _read_mark(entry: Entry) -> tuple[tuple[str, ...], str]:
    read = entry.words("kinds"), entry.text("form")
    entry.close()
    return read


def _read_keeping(entry: Entry) -> KeepingLine:
    line = KeepingLine(
        kinds=entry.words("kinds"),
        level=entry.text("from", among=LEVELS),
        manner=entry.text("manner"),
        zone=entry.flag("zone", default=True),
    )
    entry.close()
    return line


def read_rule(entry: Entry) -> Rule:
    """Return one rule of law; its examples are left to the tests."""
    entry.plain("examples")
    rule = Rule(
        id=entry.text("id"),
        cite=entry.text("cite"),
        period=read_days(entry.entry("in_force")),
        compute=entry.texts("compute"),
        status=entry.status(),
        status_note=entry.texts("status_note") if entry.has("status_note") else None,
        source=entry.text("source"),
        params=_mapping(entry, "params"),
    )
    entry.close()
    return rule


def read_concept(entry: Entry, source: Texts) -> tuple[Provision, ...]:
    """Return the provisions of one concept, one per period."""
    entry.plain("examples")
    concept, names = entry.text("id"), entry.texts("names")
    provisions = tuple(
        Provision(
            concept=concept,
            names=names,
            law=period.text("law"),
            article=period.text("article"),
            paragraph=period.text("paragraph", ""),
            item=period.text("item", ""),
            status=period.status(),
            source=source,
            period=read_days(period),
        )
        for period in entry.entries("periods")
    )
    entry.close()
    return provisions


def read_category(entry: Entry) -> Category:
    """Return one kind of secret information."""
    entry.plain("examples")
    contents = entry.entry("contents")
    category = Category(
        id=entry.text("id"),
        group=entry.text("group", among=GROUPS),
        names=entry.texts("names"),
        contents=MappingProxyType({code: contents.words(code) for code in ("zh", "ja", "en")}),
        spellings=entry.words("spellings"),
    )
    contents.close()
    entry.close()
    return category


def read_exclusion(entry: Entry) -> Exclusion:
    """Return one exclusion with the fields its answer needs."""
    entry.plain("examples")
    exclusion = Exclusion(
        id=entry.text("id"),
        names=entry.texts("names"),
        question=entry.texts("question"),
        excludes=entry.text("excludes", among=("answer", "on_date")),
        date_field=entry.text("date_field", ""),
        fields=tuple(_read_field(field) for field in entry.entries("fields")),
    )
    days = {field.id for field in exclusion.fields if field.kind == "date"}
    if exclusion.excludes == "on_date" and exclusion.date_field not in days:
        entry.fault(
            "an exclusion from a day on must name a field of kind date in “date_field”", at="date_field"
        )
    entry.close()
    return exclusion


def read_state_secret(entry: Entry) -> StateSecretGate:
    """Return the question whose yes leaves this product."""
    gate = StateSecretGate(
        question=entry.texts("question"), consequence=entry.texts("consequence"), cite=entry.text("cite")
    )
    entry.close()
    return gate


def read_level(entry: Entry) -> Level:
    """Return one level with its approver steps."""
    entry.plain("examples")
    level = Level(
        id=entry.text("id", among=LEVELS),
        rank=entry.number("rank", lowest=1, highest=3),
        labels=entry.texts("labels"),
        names=entry.texts("names"),
        spellings=entry.words("spellings"),
        default_period=entry.period("default_period"),
        scope_allowed=entry.words("scope_allowed"),
        scope_template=entry.texts("scope_template"),
        approval=tuple(read_step(step) for step in entry.entries("approval")),
    )
    entry.close()
    return level


def read_factor(entry: Entry) -> Factor:
    """Return one factor with five described grades."""
    factor = Factor(
        id=entry.text("id"),
        weight=entry.number("weight", lowest=1, highest=_MANY),
        required=entry.flag("required", default=True),
        names=entry.texts("names"),
        grades=tuple(read_texts(grade) for grade in entry.entries("grades")),
    )
    if len(factor.grades) != len(GRADES):
        entry.fault(f"a factor has {len(GRADES)} grades, 0 to 4", at="grades")
    entry.close()
    return factor


def read_floor(entry: Entry) -> Floor:
    """Return one floor of the suggestion."""
    floor = Floor(
        factor=entry.text("factor"),
        grade=entry.number("grade", lowest=0, highest=GRADES[-1]),
        level=entry.text("level", among=LEVELS),
    )
    entry.close()
    return floor


def read_periods(entry: Entry) -> PeriodTable:
    """Return the periods a country offers; the whole file is one entry."""
    entry.plain("examples")
    units = entry.entry("units")
    offered = []
    for code in entry.words("offered"):
        try:
            offered.append(parse_period(code))
        except PeriodFormError:
            entry.fault(f"“{code}” in “offered” is no period", at="offered")
    table = PeriodTable(
        kinds=tuple(read_named(kind) for kind in entry.entries("kinds")),
        units=MappingProxyType({unit: units.words(unit) for unit in ("years", "months", "days")}),
        offered=tuple(offered),
        review_months=entry.number("review_months", lowest=1, highest=_MANY),
    )
    units.close()
    if {kind.id for kind in table.kinds} != set(PeriodKind):
        entry.fault(f"“kinds” must be exactly {', '.join(PeriodKind)}", at="kinds")
    return table


def read_reason(entry: Entry) -> DeclassificationReason:
    """Return one reason why a secret ends."""
    days = entry.plain("notice_days", ())
    if not isinstance(days, tuple) or not all(isinstance(day, int) and day > 0 for day in days):
        entry.fault("“notice_days” must be a list of days", at="notice_days")
        days = ()
    reason = DeclassificationReason(
        id=entry.text("id"),
        names=entry.texts("names"),
        decided_by=entry.text("decided_by", among=("clock", "approval")),
        notice_days=tuple(sorted((day for day in days if isinstance(day, int)), reverse=True)),
        links_incident=entry.flag("links_incident", default=False),
    )
    entry.close()
    return reason


def read_operations(operations: Entry, destruction: Entry) -> Operations:
    """Return both files of a pack as one value."""
    approvals = {entry.text("id"): _read_approval(entry) for entry in operations.entries("approvals")}
    rules = tuple(_read_rule(entry, approvals) for entry in operations.entries("operations"))
    if tuple(rule.id for rule in rules) != KINDS:
        operations.fault(f"“operations” must be exactly {', '.join(KINDS)}, in this order", at="operations")
    remind = operations.plain("remind_days")
    days = tuple(day for day in remind if isinstance(day, int)) if isinstance(remind, tuple) else ()
    if not days or min(days) < 1:
        operations.fault("“remind_days” must be a list of days", at="remind_days")
    return Operations(
        rules=rules,
        holds_days=operations.number("holds_days", lowest=1, highest=_YEAR),
        remind_days=tuple(sorted(days, reverse=True)),
        escalate_days=operations.number("escalate_days", lowest=1, highest=_YEAR),
        methods=tuple(_read_method(entry) for entry in destruction.entries("methods")),
        witnesses=destruction.number("witnesses", lowest=1, highest=9),
        recording=destruction.flag("recording", default=True),
    )


def _read_approval(entry: Entry) -> Mapping[str, tuple[ApproverStep, ...]]:
    steps = {level: tuple(read_step(step) for step in entry.entries(level)) for level in LEVELS}
    weights = [sum(step.quorum for step in steps[level]) for level in LEVELS]
    if weights != sorted(weights, reverse=True):
        entry.fault("a higher level must not be easier to approve than a lower one")
    entry.close()
    return MappingProxyType(steps)


def _read_rule(
    entry: Entry, approvals: Mapping[str, Mapping[str, tuple[ApproverStep, ...]]]
) -> OperationRule:
    named = Named(entry.text("id"), entry.texts("names"))
    approval = entry.text("approval", among=tuple(approvals))
    entry.close()
    return OperationRule(named.id, named.names, approvals.get(approval, MappingProxyType({})))


def _read_method(entry: Entry) -> DestructionMethod:
    method = DestructionMethod(
        id=entry.text("id"),
        names=entry.texts("names"),
        carriers=entry.words("carriers"),
        needs=entry.words("needs"),
    )
    if set(method.needs) - set(RECORDS):
        entry.fault(f"“needs” are of {', '.join(RECORDS)}", at="needs")
    entry.close()
    return method


def _read_field(entry: Entry) -> CheckField:
    field = CheckField(
        id=entry.text("id"),
        kind=entry.text("kind", among=("text", "date", "pattern")),
        pattern=entry.text("pattern", ""),
        record_when=entry.text("record_when", among=("yes", "no", "always")),
        names=entry.texts("names"),
    )
    if (field.kind == "pattern") != bool(field.pattern):
        entry.fault("“pattern” belongs to fields of kind pattern, and to no others")
    try:
        re.compile(field.pattern)
    except re.error as error:
        entry.fault(f"“pattern” is no regular expression: {error}", at="pattern")
    entry.close()
    return field


def read_step(entry: Entry) -> ApproverStep:
    """Return one step on the way to an approval."""
    step = ApproverStep(
        id=entry.text("id"),
        role=entry.text("role"),
        within=entry.text("within", among=("owner_department", "entity")),
        quorum=entry.number("quorum", lowest=1, highest=9),
        due_days=entry.number("due_days", lowest=1, highest=_MANY),
        names=entry.texts("names"),
    )
    entry.close()
    return step


def read_days(entry: Entry) -> EffectivePeriod:
    """Return the days on which something holds."""
    period = EffectivePeriod(
        start=entry.day("from"),
        end=entry.day("until"),
        confirmed=entry.flag("confirmed", default=True),
        note=entry.texts("note") if entry.has("note") else None,
    )
    if not entry.has("from"):
        entry.fault("“from” is missing; write null where the first day is not recorded")
    if period.start and period.end and period.start >= period.end:
        entry.fault("“until” must lie after “from”", at="until")
    if period.start is None and not period.note:
        entry.fault("a first day that is not recorded needs a “note”", at="from")
    entry.close()
    return period


def _mapping(entry: Entry, name: str) -> Mapping[str, Plain]:
    value = entry.plain(name, MappingProxyType({}))
    if not isinstance(value, Mapping):
        entry.fault(f"“{name}” must be a mapping", at=name)
        return MappingProxyType({})
    return value
