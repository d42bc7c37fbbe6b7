"""Handovers: offered by who has the carrier, received or refused by whom it is offered to.

Follows the seed guide 五(三) (six steps, each under control) and 五(一)3 (the unmarked does not
circulate).  The giver signs by offering in their own sign-in, the receiver by receiving in theirs;
whoever has none draws a signature, which is stored as a file.  Lending, copying and destruction are
decided elsewhere.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.engine.workflow import HANDOVER, advance
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_store
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import clock
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import Person
from shoumi.server.places.models import Zone
from shoumi.server.register.models import Carrier, Handover, LifeEvent
from shoumi.server.register.queries.carriers.rules import verify_place
from shoumi.server.register.queries.choosing import clearances
from shoumi.server.register.queries.marks import verify_marked
from shoumi.server.register.queries.resources import level_rank
from shoumi.server.register.services.carriers.editing import CarrierEdit, carrier_editing
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.services.proposals import ReasonMissingError

Step, State = Handover.Step, Handover.State
CIRCULATES = (Step.SEND, Step.PASS, Step.USE)
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_SIGNATURE = 200_000  # bytes

OFFERED = _("%(carrier)s is handed over to you. Confirm that you received it, or refuse it.")
ANSWERED = _("%(receiver)s received %(carrier)s.")
REFUSED = _("%(receiver)s refused %(carrier)s: %(reason)s")


class ReceiverMissingError(InputError):
    """Somebody must receive it: a person, or a name with a drawn signature."""

    code = "register.receiver_missing"
    message = "Name who receives the carrier; somebody without a sign-in signs on the screen."


class ReceiverNotClearedError(ConflictError):
    """The receiver's posts are cleared for a lower level."""

    code = "register.receiver_not_cleared"
    message = "{person} is not cleared for the level of this carrier."


class SignatureError(InputError):
    """The drawn signature is no picture, or too large."""

    code = "register.signature"
    message = "The signature could not be read. Draw it again."


class HandoverOpenError(ConflictError):
    """The carrier is offered to somebody already."""

    code = "register.handover_open"
    message = "This carrier is offered to {receiver} already; that must be answered or taken back first."


class HandoverOverError(ConflictError):
    """Nothing is offered any more."""

    code = "register.handover_over"
    message = "This handover has been answered or taken back already."


@dataclass(frozen=True, slots=True)
class Passage:
    """What the giver says: which step, to whom, and where the carrier goes."""

    step: str
    receiver: Person | None = None
    receiver_name: str = ""
    signature: str = ""  # a PNG as a data address, for a receiver without a sign-in
    zone: Zone | None = None
    place: str = ""
    note: str = ""


def handover_offer(*, actor: User, carrier_id: UUID, passage: Passage) -> Handover:
    """Offer a carrier to its receiver; a drawn signature receives it at once.

    Raises:
        NotPermittedError: the actor neither has nor manages the carrier.
        CarrierUnmarkedError: it would circulate without a valid mark.
        ReceiverMissingError, ReceiverNotClearedError, SignatureError, HandoverOpenError, CarrierAwayError:
            each as it says.
    """
    with carrier_editing(
        actor=actor,
        carrier_id=carrier_id,
        action=Action.CARRIER_HAND_OVER,
        tag=RegisterTag.HANDOVER_OFFERED,
        held=True,
    ) as edit:
        carrier = edit.carrier
        open_row = carrier.handovers.filter(state=State.OFFERED).first()
        if open_row is not None:
            raise HandoverOpenError(receiver=open_row.receiver_words)
        _verify(carrier, passage)
        row = Handover.objects.create(
            carrier=carrier,
            step=Step(passage.step),
            giver=actor,
            given_at=clock().now(),
            receiver=passage.receiver,
            receiver_name="" if passage.receiver else passage.receiver_name.strip(),
            zone=passage.zone,
            place=passage.place.strip(),
            note=passage.note.strip(),
        )
        edit.detail |= {"handover": str(row.pk), "step": row.step}
        if passage.receiver is None:
            row.signature = signature_store(actor=actor, drawn=passage.signature)
            edit.tag = RegisterTag.HANDOVER_RECEIVED
            edit.detail["signature_sha256"] = row.signature.sha256
            _receive(edit, row, actor)
        else:
            _tell(row, [passage.receiver.user], OFFERED)
    return row


def handover_receive(*, actor: User, handover_id: UUID) -> Handover:
    """Confirm in one's own sign-in that the carrier was received."""
    row = _found(handover_id)
    with carrier_editing(
        actor=actor,
        carrier_id=row.carrier_id,
        action=Action.CARRIER_RECEIVE,
        tag=RegisterTag.HANDOVER_RECEIVED,
        held=True,
        detail={"handover": str(row.pk), "step": row.step},
    ) as edit:
        row = _open(row)
        if row.step in CIRCULATES:
            verify_marked(edit.carrier)
        _receive(edit, row, actor)
        _tell(row, [row.giver], ANSWERED)
    return row


def handover_refuse(*, actor: User, handover_id: UUID, reason: str) -> Handover:
    """Refuse what is offered; it stays with the giver."""
    if not reason.strip():
        raise ReasonMissingError
    row = _found(handover_id)
    with carrier_editing(
        actor=actor,
        carrier_id=row.carrier_id,
        action=Action.CARRIER_RECEIVE,
        tag=RegisterTag.HANDOVER_REFUSED,
        detail={"handover": str(row.pk), "reason": reason.strip()},
    ):
        row = _open(row)
        row.answer = reason.strip()[:300]
        _close(row, "refuse", actor)
        _tell(row, [row.giver], REFUSED)
    return row


def handover_withdraw(*, actor: User, handover_id: UUID) -> Handover:
    """Take an offer back before it is answered."""
    row = _found(handover_id)
    with carrier_editing(
        actor=actor,
        carrier_id=row.carrier_id,
        action=Action.CARRIER_HAND_OVER,
        tag=RegisterTag.HANDOVER_WITHDRAWN,
        detail={"handover": str(row.pk)},
    ):
        row = _open(row)
        _close(row, "withdraw", actor)
    return row


def signature_store(*, actor: User, drawn: str) -> StoredFile:
    """Store a signature drawn in the browser, a PNG as a data address.

    Raises:
        SignatureError: it is no PNG, or too large.
    """
    head, _comma, body = drawn.partition(",")
    try:
        content = base64.b64decode(body, validate=True) if head == "data:image/png;base64" else b""
    except (binascii.Error, ValueError):
        content = b""
    if not content.startswith(PNG) or len(content) > LARGEST_SIGNATURE:
        raise SignatureError
    return file_store(actor=actor, name="signature.png", chunks=[content])


def _verify(carrier: Carrier, passage: Passage) -> None:
    if passage.step not in Step.values or (passage.receiver is None and not passage.receiver_name.strip()):
        raise ReceiverMissingError
    rank = level_rank(carrier.secret)
    if passage.receiver is not None and clearances([passage.receiver.pk]).get(passage.receiver.pk, 0) < rank:
        raise ReceiverNotClearedError(person=str(passage.receiver))
    if passage.step in CIRCULATES:
        verify_marked(carrier)
    if passage.step == Step.KEEP or passage.zone is not None:
        keeper = passage.receiver or carrier.keeper
        verify_place(carrier.secret, carrier.kind, passage.zone or carrier.zone, keeper=keeper)


def _receive(edit: CarrierEdit, row: Handover, actor: User) -> None:
    """Put the carrier into the receiver's hands; the frame saves it."""
    carrier = edit.carrier
    if row.step in {Step.USE, Step.DESTROY}:
        carrier.holder = row.receiver
    else:
        carrier.holder, carrier.keeper = None, row.receiver or carrier.keeper
    if row.zone_id:
        carrier.zone, carrier.place = row.zone, row.place
    elif row.place:
        carrier.place = row.place
    _close(row, "receive", actor)
    if row.step in CIRCULATES:
        note = str(row.get_step_display())
        life_event_record(
            secret=carrier.secret, kind=LifeEvent.Kind.CIRCULATED, actor=actor, carrier=carrier, note=note
        )


def _close(row: Handover, step: str, actor: User) -> None:
    row.state = advance(HANDOVER, row.state, step)
    row.answered_by, row.answered_at = actor, clock().now()
    row.save()


def _found(handover_id: UUID) -> Handover:
    row = Handover.objects.select_related("carrier").filter(pk=handover_id).first()
    if row is None:
        raise HandoverOverError
    return row


def _open(row: Handover) -> Handover:
    """Return the handover afresh, under the lock of its carrier.

    Raises:
        HandoverOverError: it was answered or taken back.
    """
    fresh = Handover.objects.select_related("carrier__secret", "receiver__user", "giver", "zone").get(
        pk=row.pk
    )
    if fresh.state != State.OFFERED:
        raise HandoverOverError
    return fresh


def _tell(row: Handover, users: list[User | None], message: str) -> None:
    receivers = [user for user in users if user is not None and user.is_active]
    if receivers:
        notify(
            users=receivers,
            message=message,
            parameters={
                "carrier": row.carrier.number or "",
                "receiver": row.receiver_words,
                "reason": row.answer,
            },
            link=reverse("register:carrier_detail", args=[row.carrier_id]),
        )
