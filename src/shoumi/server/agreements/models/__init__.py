"""The rows of agreements: versions of the library, agreements, who signed them, and who refused to."""

from shoumi.server.agreements.models.agreements import Agreement, LibraryVersion
from shoumi.server.agreements.models.sealed import Sealed
from shoumi.server.agreements.models.signing import Refusal, ServiceOrder, Signature, Witness

__all__ = ["Agreement", "LibraryVersion", "Refusal", "Sealed", "ServiceOrder", "Signature", "Witness"]
