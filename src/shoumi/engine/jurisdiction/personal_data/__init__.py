"""Personal data: the words of the processing register, and the gate before each collection.

    table = load_personal_data("cn")
    answer = may_collect(table, kind="sign-in", purpose="protect-secrets", at=moment,
                         processings=…, told=…, consents=…)
    answer.permitted, answer.reason, answer.notice, answer.consents, answer.since

Without a registered processing and without notice the answer is no.  It draws no conclusion of law: it says
what is on record, and by which rules of the pack that was looked at.
"""

from shoumi.engine.jurisdiction.personal_data.judging import (
    assessment_triggers,
    consents_needed,
    may_collect,
    traits_of,
)
from shoumi.engine.jurisdiction.personal_data.keeping import least_of
from shoumi.engine.jurisdiction.personal_data.loading import load_personal_data, read_personal_data
from shoumi.engine.jurisdiction.personal_data.values import (
    BY_BASIS,
    PROOFS,
    Answer,
    Consent,
    DataKind,
    Entry,
    Least,
    PersonalDataTable,
    Processing,
    Reason,
    Retention,
    Told,
)

__all__ = [
    "BY_BASIS",
    "PROOFS",
    "Answer",
    "Consent",
    "DataKind",
    "Entry",
    "Least",
    "PersonalDataTable",
    "Processing",
    "Reason",
    "Retention",
    "Told",
    "assessment_triggers",
    "consents_needed",
    "least_of",
    "load_personal_data",
    "may_collect",
    "read_personal_data",
    "traits_of",
]
