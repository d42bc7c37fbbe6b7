"""What other apps do with the ledger: append to it, erase details on request, and take evidence out of it.

`append` is the only writer of entries; call it as the last write of a service, inside its transaction.
Nothing here asks who may do what.
"""

from __future__ import annotations

from shoumi.server.ledger.appending import Record, append, append_many
from shoumi.server.ledger.audit import audit_run
from shoumi.server.ledger.erasing import detail_erase, details_erase_about
from shoumi.server.ledger.evidence import EvidenceMaterial, evidence_material
from shoumi.server.ledger.parties import party_accept
from shoumi.server.ledger.times import clock, clock_replaced

__all__ = [
    "EvidenceMaterial",
    "Record",
    "append",
    "append_many",
    "audit_run",
    "clock",
    "clock_replaced",
    "detail_erase",
    "details_erase_about",
    "evidence_material",
    "party_accept",
]
