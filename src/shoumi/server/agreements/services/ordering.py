"""Has agreements signed by an outside service, and takes its answers in.

Only the bytes that were fixed when the agreement was offered go out, and an answer counts only if the signed
PDF begins with exactly these; anything else is set aside as faulty.
"""

from __future__ import annotations

import io
import logging

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement, ServiceOrder, Signature
from shoumi.server.agreements.ports import ESignAnswer, ESignError, ESignRequest, ESignService, ESignState
from shoumi.server.agreements.queries.visible import agreement_resource
from shoumi.server.agreements.services.errors import StateError
from shoumi.server.agreements.services.offering import hashes_of
from shoumi.server.agreements.services.signing import party_signed
from shoumi.server.files.services import file_open, file_store
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.services.editing import locked, text_of

log = logging.getLogger(__name__)
SYSTEM = "system:agreements"
State = Agreement.State
OUTCOMES = {ESignState.DECLINED: ServiceOrder.State.DECLINED, ESignState.EXPIRED: ServiceOrder.State.EXPIRED}


def esign_service() -> ESignService | None:
    """Return the signing service of this installation, None where none is set up."""
    path = settings.SHOUMI_ESIGN_SERVICE
    if not path:
        return None
    service: ESignService = import_string(path)()
    return service


def order_send(
    *, actor: User, agreement: Agreement, expected_version: int, contact: str = ""
) -> ServiceOrder:
    """Give an offered agreement to the service; the person's own e-mail address is used where there is one.

    Raises:
        NotPermittedError, RecordChangedError, StateError, FieldMissingError: each as it says.
        ESignError: no service is set up, or it did not take the order.
    """
    gate.require(actor, Action.AGREEMENT_PREPARE, agreement_resource(agreement))
    service = esign_service()
    if service is None:
        raise ESignError(reason="none is set up")
    contact = text_of(
        Agreement,
        "party_name",
        contact or (agreement.person.email if agreement.person else ""),
        required=True,
    )
    _verify_free(agreement)
    with file_open(agreement.pdf) as reader:
        document = b"".join(reader.chunks())
    wish = ESignRequest(str(agreement.pk), agreement.pdf.name, document, agreement.party, contact)
    reference = service.send(wish)  # outside the transaction; asked again, it gives the same number
    with transaction.atomic():
        row = locked(Agreement, agreement.pk, expected_version)
        _verify_free(row)
        order = ServiceOrder.objects.create(
            agreement=row, reference=reference, sent_by=actor, sent_at=clock().now()
        )
        append(
            LedgerTag.AGREEMENTS_ORDER_SENT,
            actor=actor.ledger_actor,
            subject=row.ledger_subject,
            detail={"reference": reference, **hashes_of(row)},
        )
    return order


def orders_collect() -> int:
    """Ask the service about every open order, and carry out what it answers; return how many it did.

    A service that is away is asked again the next time.
    """
    service = esign_service()
    if service is None:
        return 0
    done = 0
    for order in ServiceOrder.objects.filter(state=ServiceOrder.State.SENT).order_by("sent_at", "pk"):
        try:
            answer = service.answer(order.reference)
        except ESignError:
            log.warning("The signing service does not answer about order %s", order.pk)
            continue
        if answer.state is not ESignState.WAITING:
            done += _carried_out(order, answer)
    return done


def _verify_free(row: Agreement) -> None:
    if row.state != State.OFFERED or ServiceOrder.objects.filter(agreement=row.pk).exists():
        raise StateError(state=str(State(row.state).label))


def _carried_out(order: ServiceOrder, answer: ESignAnswer) -> bool:
    with transaction.atomic():
        row = locked(Agreement, order.agreement_id, None)
        order = ServiceOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
        if order.state != ServiceOrder.State.SENT:
            return False
        order.answered_at = clock().now()
        if answer.state in OUTCOMES:
            order.state = OUTCOMES[answer.state]
        elif row.state != State.OFFERED or not _has_our_bytes(row, answer):
            order.state = ServiceOrder.State.FAULTY
        else:
            order.state = ServiceOrder.State.SIGNED
        order.save()
        if order.state == ServiceOrder.State.SIGNED:
            signed = file_store(
                actor=SYSTEM,
                name=row.pdf.name,
                chunks=io.BytesIO(answer.document),
                media_type="application/pdf",
            )
            made = Signature(
                side=Signature.Side.PARTY,
                method=Signature.Method.SERVICE,
                signer=row.person.user if row.person else None,
                signer_name=answer.signer_name or row.party,
                signed_at=answer.signed_at or clock().now(),
                picture=signed,
                reference=order.reference,
            )
            party_signed(row, made, actor=SYSTEM)
        else:
            append(
                LedgerTag.AGREEMENTS_ORDER_FAILED,
                actor=SYSTEM,
                subject=row.ledger_subject,
                detail={"reference": order.reference, "state": order.state},
            )
    return True


def _has_our_bytes(row: Agreement, answer: ESignAnswer) -> bool:
    """Tell whether the signed PDF is ours with something appended, without holding ours twice in memory."""
    if len(answer.document) <= row.pdf.size_bytes:
        return False
    at = 0
    with file_open(row.pdf) as reader:
        for chunk in reader.chunks():
            if answer.document[at : at + len(chunk)] != chunk:
                return False
            at += len(chunk)
    return True
