"""Non-competition by the law of a country: who may be bound, how long, for how much, what if not paid.

    law = law_on("cn", day)                                     # the rules as they hold on that day
    found = check_agreement(law, Agreement(…), [Override(Part.LONG_SHARE, "…")])
    found.refused, found.warned, found.overridden, found.floors, found.schedule, found.notes, found.missing
    check_group(law, {"name": Person(…)}, signed)               # blanket signing
    make_schedule(last_day, period, monthly, digits=law.table.digits, due_day=10)
    match(schedule, payments); arrears(law, schedule, payments, day, employers_fault=None)
    release(law, schedule, payments, day); breach(law, schedule, payments, since=…, day=…, penalty=…)

Money is `Decimal`, days are `date`.  Every figure comes from the pack's rules by date and carries its basis:
rule, citation, force and status.  A part for which a country has no recorded rule is in
`law.missing`, and says so.
"""

from shoumi.engine.jurisdiction.noncompete.checking import (
    Check,
    GroupCheck,
    OverrideError,
    TwoCompensationsError,
    check_agreement,
    check_group,
    check_penalty,
)
from shoumi.engine.jurisdiction.noncompete.ending import BreachDues, Release, TermOverError, breach, release
from shoumi.engine.jurisdiction.noncompete.floors import Floor, floors_of
from shoumi.engine.jurisdiction.noncompete.law import Held, Law, UnknownPersonClassError
from shoumi.engine.jurisdiction.noncompete.loading import law_on, load_non_compete, read_non_compete
from shoumi.engine.jurisdiction.noncompete.money import AmountError
from shoumi.engine.jurisdiction.noncompete.payments import (
    Alarm,
    Allocation,
    Arrears,
    Matching,
    Payment,
    PaymentError,
    arrears,
    match,
)
from shoumi.engine.jurisdiction.noncompete.schedule import (
    DueDayError,
    Instalment,
    Schedule,
    TermError,
    end_of_term,
    make_schedule,
)
from shoumi.engine.jurisdiction.noncompete.values import (
    Agreement,
    Condition,
    NonCompeteTable,
    Objection,
    Override,
    Part,
    Person,
    PersonClass,
    Verdict,
)

__all__ = [
    "Agreement",
    "Alarm",
    "Allocation",
    "AmountError",
    "Arrears",
    "BreachDues",
    "Check",
    "Condition",
    "DueDayError",
    "Floor",
    "GroupCheck",
    "Held",
    "Instalment",
    "Law",
    "Matching",
    "NonCompeteTable",
    "Objection",
    "Override",
    "OverrideError",
    "Part",
    "Payment",
    "PaymentError",
    "Person",
    "PersonClass",
    "Release",
    "Schedule",
    "TermError",
    "TermOverError",
    "TwoCompensationsError",
    "UnknownPersonClassError",
    "Verdict",
    "arrears",
    "breach",
    "check_agreement",
    "check_group",
    "check_penalty",
    "end_of_term",
    "floors_of",
    "law_on",
    "load_non_compete",
    "make_schedule",
    "match",
    "read_non_compete",
    "release",
]
