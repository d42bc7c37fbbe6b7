"""Cases of people, from joining to the end of the cool-down: what must be done, by whom, until when.

    days = {"notice_day": date(2026, 6, 1), "last_day": date(2026, 6, 30)}
    made = plan(load_pack("cn"), "leaving", {"reason": "orderly", "post_level": "core"}, days, zone=zone)
    made.steps, made.gates[Gate.CERTIFICATE], made.deviations
    now = standing(made, [Record("talk", moment, ("p7",)), …], moment)
    now.step("talk").state, now.may(Gate.CERTIFICATE), now.late, now.measured["revocation"].took

The steps are those of the packs' `procedures.yaml`, with the company's own changes kept beside.  A step whose
condition cannot be decided is kept; a day that is not known is named.  Nothing is stored and nobody is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from shoumi.engine.jurisdiction.pack import Pack
from shoumi.engine.jurisdiction.procedures.changes import Added, CaseChangeError, Change, LeftOut, Moved
from shoumi.engine.jurisdiction.procedures.days import CaseDayError, Moment
from shoumi.engine.jurisdiction.procedures.facts import CaseFactError
from shoumi.engine.jurisdiction.procedures.keeping import KeptPlanError, kept, restored
from shoumi.engine.jurisdiction.procedures.loading import load_procedures, read_procedures
from shoumi.engine.jurisdiction.procedures.looking import Event, Hit, LookBackError, Looked, look_back
from shoumi.engine.jurisdiction.procedures.planning import (
    CasePartyError,
    Plan,
    PlannedStep,
    UnknownCaseKindError,
    WorkerNamedError,
    make_plan,
)
from shoumi.engine.jurisdiction.procedures.records import Fulfilment, ItemAnswer, ItemState, Record
from shoumi.engine.jurisdiction.procedures.standing import (
    CaseRecordError,
    GateStanding,
    Measured,
    Standing,
    StepStanding,
    StepState,
    standing,
)
from shoumi.engine.jurisdiction.procedures.values import (
    CaseKind,
    CaseStep,
    Detector,
    DueRule,
    EvidenceKind,
    Gate,
    ProcedureTable,
    Repeat,
)

__all__ = [
    "Added",
    "CaseChangeError",
    "CaseDayError",
    "CaseFactError",
    "CaseKind",
    "CasePartyError",
    "CaseRecordError",
    "CaseStep",
    "Change",
    "Detector",
    "DueRule",
    "Event",
    "EvidenceKind",
    "Fulfilment",
    "Gate",
    "GateStanding",
    "Hit",
    "ItemAnswer",
    "ItemState",
    "KeptPlanError",
    "LeftOut",
    "LookBackError",
    "Looked",
    "Measured",
    "Moment",
    "Moved",
    "Plan",
    "PlannedStep",
    "ProcedureTable",
    "Record",
    "Repeat",
    "Standing",
    "StepStanding",
    "StepState",
    "UnknownCaseKindError",
    "WorkerNamedError",
    "kept",
    "load_procedures",
    "look_back",
    "plan",
    "read_procedures",
    "restored",
    "standing",
]


def plan(  # noqa: PLR0913 - what a plan depends on, by name
    pack: Pack,
    kind: str,
    facts: Mapping[str, str],
    days: Mapping[str, date | datetime],
    *,
    zone: tzinfo,
    changes: Sequence[Change] = (),
    parties: Mapping[str, str] | None = None,
) -> Plan:
    """Return what a case of this kind asks for, for an entity that sits in `zone`.

    `facts` and `days` may be incomplete: a step that cannot be decided is kept, a due moment that cannot be
    counted is left out and the missing day is named.  `parties` says who is who, such as `person` and
    `receiver`; whoever may not do a step is known by it.

    Raises:
        UnknownCaseKindError: the pack has no such kind.
        CaseFactError: an unknown fact or value.
        CaseDayError: an unknown day, a time without zone, days in the wrong order or too far away.
        CasePartyError: an unknown party.
        WorkerNamedError: the worker of another company is named where nothing may go to them.
        CaseChangeError: a change that does not fit, or lacks its reason.
        RuleNotInForceError: a clock's rule does not hold on the day it starts.
    """
    table = load_procedures(pack.id)
    return make_plan(pack, table, kind, facts, days, zone=zone, changes=changes, parties=parties)
