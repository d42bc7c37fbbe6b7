"""The rows of agreements: library, agreements, signatures, refusals, needs, long runs, non-competition."""

from shoumi.server.agreements.models.agreements import Agreement, LibraryVersion
from shoumi.server.agreements.models.coverage import Need, PersonFacts, Renewal, Run
from shoumi.server.agreements.models.noncompete import ArrearsAlarm, Breach, NonCompete, NonCompetePayment
from shoumi.server.agreements.models.sealed import Sealed
from shoumi.server.agreements.models.signing import Refusal, ServiceOrder, Signature, Witness

__all__ = [
    "Agreement",
    "ArrearsAlarm",
    "Breach",
    "LibraryVersion",
    "Need",
    "NonCompete",
    "NonCompetePayment",
    "PersonFacts",
    "Refusal",
    "Renewal",
    "Run",
    "Sealed",
    "ServiceOrder",
    "Signature",
    "Witness",
]
