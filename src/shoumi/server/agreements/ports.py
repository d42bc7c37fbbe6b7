"""The port behind which outside signing services stand: a document goes out, a signed one comes back.

What such services have in common: they take a PDF and who signs, give a number, and later the PDF with their
signature appended (an incremental update, ISO 32000-1 7.5.6) and what they know of the signer.  The port is
pure; which service an installation uses is its setting, and its fake twin is `tests/fakes/esign.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shoumi.engine.errors import UnavailableError


class ESignState(StrEnum):
    """What a service says of an order."""

    WAITING = "waiting"
    SIGNED = "signed"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ESignRequest:
    """What is to be signed, and by whom."""

    key: str  # ours; asked for twice, a service makes one order
    title: str
    document: bytes  # PDF
    signer_name: str
    signer_contact: str  # e-mail address or telephone


@dataclass(frozen=True, slots=True)
class ESignAnswer:
    """What became of an order."""

    state: ESignState
    signed_at: datetime | None = None  # aware; of a signed one
    signer_name: str = ""  # as the service verified it
    document: bytes = b""  # the signed PDF; begins with the bytes that were sent


class ESignError(UnavailableError):
    """No service is set up, it cannot be reached, or it refuses."""

    code = "agreements.esign"
    message = "The signing service cannot be used now: {reason}."


class ESignService(Protocol):
    """Anything that has a document signed outside."""

    def send(self, request: ESignRequest) -> str:
        """Return the number of the order.

        Raises:
            ESignError: it was not taken.
        """
        ...

    def answer(self, reference: str) -> ESignAnswer:
        """Return what became of an order.

        Raises:
            ESignError: the service cannot say.
        """
        ...
