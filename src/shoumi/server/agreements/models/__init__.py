"""The rows of agreements: the library's versions, agreements, signatures, refusals, needs and long runs."""

from shoumi.server.agreements.models.agreements import Agreement, LibraryVersion
from shoumi.server.agreements.models.coverage import Need, PersonFacts, Renewal, Run
from shoumi.server.agreements.models.sealed import Sealed
from shoumi.server.agreements.models.signing import Refusal, ServiceOrder, Signature, Witness

__all__ = [
    "Agreement",
    "LibraryVersion",
    "Need",
    "PersonFacts",
    "Refusal",
    "Renewal",
    "Run",
    "Sealed",
    "ServiceOrder",
    "Signature",
    "Witness",
]
