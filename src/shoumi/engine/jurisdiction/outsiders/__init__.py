"""People and companies outside: who may be told by name, outsourcing assessed, the line to dispatch checked.

    pack = load_outsiders("jp")
    address(pack, "contractors_worker", Purpose.WORK, day)     # by name, or to their company, and why
    assess(pack.assessment, {"need": Answered(Grade.YES)})     # score, open questions, missing proofs
    failing(pack.self_check, {"A1": Grade.NO})                 # items on which the line is crossed

`pack.threat_actors`, `.offences`, `.benchmarks` and `.leak_signals` are facts for pages, each with source and
status.  Nothing is stored, and no conclusion of law is drawn.
"""

from shoumi.engine.jurisdiction.outsiders.addressing import Addressed, address
from shoumi.engine.jurisdiction.outsiders.assessing import Answered, Assessed, assess, failing
from shoumi.engine.jurisdiction.outsiders.loading import load_outsiders, read_outsiders
from shoumi.engine.jurisdiction.outsiders.values import (
    AddressingRule,
    Assessment,
    Benchmark,
    CheckItem,
    Grade,
    LeakSignal,
    Offence,
    OutsiderPack,
    Purpose,
    Question,
    SelfCheck,
    ThreatActor,
)

__all__ = [
    "Addressed",
    "AddressingRule",
    "Answered",
    "Assessed",
    "Assessment",
    "Benchmark",
    "CheckItem",
    "Grade",
    "LeakSignal",
    "Offence",
    "OutsiderPack",
    "Purpose",
    "Question",
    "SelfCheck",
    "ThreatActor",
    "address",
    "assess",
    "failing",
    "load_outsiders",
    "read_outsiders",
]
