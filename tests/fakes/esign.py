"""A signing service in memory that behaves as outside ones do: orders by key, PDFs signed by appending.

Asked for the same key twice it gives the same number; it knows no number that it did not give; a signed PDF
is the one that came with an incremental update behind it.  What it holds lasts until `begin`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shoumi.server.agreements.ports import ESignAnswer, ESignError, ESignRequest, ESignState
from shoumi.server.ledger.services import clock

APPENDED = b"\n9999 0 obj <</Type /Sig /Filter /Adobe.PPKLite>> endobj\nstartxref\n0\n%%EOF\n"


@dataclass
class Order:
    """One order at the service."""

    request: ESignRequest
    answer: ESignAnswer


class FakeESignService:
    """The fake twin of `ESignService`; its class holds what it knows, as a service does for all who call."""

    orders: ClassVar[dict[str, Order]] = {}
    is_away: ClassVar[bool] = False

    @classmethod
    def begin(cls) -> None:
        """Forget everything."""
        cls.orders.clear()
        cls.is_away = False

    @classmethod
    def away(cls, is_away: bool) -> None:
        """Be there or not."""
        cls.is_away = is_away

    def send(self, request: ESignRequest) -> str:
        """Take an order."""
        self._be_there()
        if not request.document.startswith(b"%PDF-") or not request.signer_contact:
            raise ESignError(reason="the order is not complete")
        for reference, order in self.orders.items():
            if order.request.key == request.key:
                return reference
        reference = f"E-{len(self.orders) + 1:06}"
        self.orders[reference] = Order(request, ESignAnswer(ESignState.WAITING))
        return reference

    def answer(self, reference: str) -> ESignAnswer:
        """Tell what became of an order."""
        self._be_there()
        if reference not in self.orders:
            raise ESignError(reason="there is no such order")
        return self.orders[reference].answer

    def sign(self, reference: str, document: bytes | None = None) -> None:
        """Let the signer sign, with `document` something else than was sent."""
        order = self.orders[reference]
        signed = document if document is not None else order.request.document + APPENDED
        order.answer = ESignAnswer(ESignState.SIGNED, clock().now(), order.request.signer_name, signed)

    def decline(self, reference: str) -> None:
        """Let the signer decline."""
        self.orders[reference].answer = ESignAnswer(ESignState.DECLINED)

    def _be_there(self) -> None:
        if self.is_away:
            raise ESignError(reason="it does not answer")
