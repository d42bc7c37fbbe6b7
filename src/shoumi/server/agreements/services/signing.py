"""Takes signatures: drawn on a screen by the person, recorded from paper by HR, confirmed for the company.

Whoever signs names the hash of what they read; the stored bytes are read again and must have it.  The ledger
entry names the hashes of the text and the PDF in SHA-256 and SM3, the signer, and how it was signed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.engine.workflow import AGREEMENT, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services.signatures import signature_verify
from shoumi.server.agreements.models import Agreement, Signature
from shoumi.server.agreements.queries.libraries import library_of
from shoumi.server.agreements.queries.visible import agreement_resource
from shoumi.server.agreements.services.drafting import counted
from shoumi.server.agreements.services.drawings import Drawing
from shoumi.server.agreements.services.errors import DayError, NotTheseBytesError, StateError
from shoumi.server.agreements.services.offering import hashes_of
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_opening_record, file_store, file_verify
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.border import border_of
from shoumi.server.people.occurrences import agreement_settled
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import locked, text_of

State = Agreement.State
Side, Method = Signature.Side, Signature.Method


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was signed by hand."""

    scan: StoredFile
    signed_on: date
    signer_name: str = ""  # who signed for a party; empty: the person


def agreement_sign(
    *, actor: User, agreement: Agreement, pdf_sha256: str, drawing: Drawing, password: str
) -> Signature:
    """Sign one's own agreement by drawing, confirmed with the password.

    Raises:
        NotPermittedError: it is not the actor's own.
        SignatureError, SignatureLockedError: the password is wrong, or too many were.
        StateError: it does not wait for the signature.
        NotTheseBytesError: what was read is not what is stored.
    """
    gate.require(actor, Action.AGREEMENT_SIGN, agreement_resource(agreement))
    signature_verify(actor=actor, password=password)
    with transaction.atomic():
        row = _readable(agreement, State.OFFERED, pdf_sha256)
        if hasattr(row, "refusal_recorded"):
            raise StateError(state=str(State(row.state).label))
        picture = file_store(
            actor=actor, name="signature.png", chunks=io.BytesIO(drawing.picture), media_type="image/png"
        )
        strokes = file_store(
            actor=actor,
            name="strokes.json",
            chunks=io.BytesIO(drawing.strokes),
            media_type="application/json",
        )
        made = Signature(
            side=Side.PARTY,
            method=Method.DRAWN,
            signer=actor,
            signer_name=row.party,
            signed_at=clock().now(),
            recorded_by=actor,
            picture=picture,
            strokes=strokes,
        )
        return party_signed(row, made, actor=actor.ledger_actor)


def agreement_paper_record(
    *, actor: User, agreement: Agreement, expected_version: int, paper: Paper
) -> Signature:
    """Record that the party signed on paper; never the signer's own doing.

    Raises:
        NotPermittedError, RecordChangedError, StateError: each as it says.
        DayError: it was signed before it was offered, or later than today.
    """
    gate.require(actor, Action.AGREEMENT_RECORD, agreement_resource(agreement))
    with transaction.atomic():
        row = locked(Agreement, agreement.pk, expected_version)
        _verify_state(row, State.OFFERED)
        zone = ZoneInfo(row.entity.time_zone)
        if not row.offered_at.astimezone(zone).date() <= paper.signed_on <= today_of(row.entity):
            raise DayError(reason="it was signed before it was offered, or later than today")
        made = Signature(
            side=Side.PARTY,
            method=Method.SCAN,
            signer=row.person.user if row.person else None,
            signer_name=text_of(Signature, "signer_name", paper.signer_name or row.party, required=True),
            signed_at=datetime.combine(paper.signed_on, time(12), zone),
            recorded_by=actor,
            picture=paper.scan,
        )
        return party_signed(row, made, actor=actor.ledger_actor)


def agreement_countersign(*, actor: User, agreement: Agreement, pdf_sha256: str, password: str) -> Signature:
    """Sign for the company, confirmed with the password.

    Raises:
        NotPermittedError: the actor does not sign for the company, or is the other party.
        SignatureError, SignatureLockedError, StateError, NotTheseBytesError: as for `agreement_sign`.
    """
    gate.require(actor, Action.AGREEMENT_COUNTERSIGN, agreement_resource(agreement))
    signature_verify(actor=actor, password=password)
    with transaction.atomic():
        row = _readable(agreement, State.SIGNED, pdf_sha256)
        made = Signature(
            side=Side.COMPANY,
            method=Method.CONFIRMED,
            signer=actor,
            signer_name=actor.display_name or actor.username,
            signed_at=clock().now(),
            recorded_by=actor,
        )
        row.state = advance(AGREEMENT, row.state, "countersign")
        return _signed(row, made, actor=actor.ledger_actor)


def party_signed(row: Agreement, made: Signature, *, actor: str) -> Signature:
    """Carry out the other party's signature under a locked, offered agreement; part of a transaction."""
    countersigned = library_of(row.entity).kind(row.kind).countersigned
    row.state = advance(AGREEMENT, row.state, "sign" if countersigned else "sign_alone")
    return _signed(row, made, actor=actor)


def agreement_opening_record(*, actor: User, agreement: Agreement, stored: StoredFile, purpose: str) -> None:
    """Write down that somebody takes a paper of an agreement out.

    Raises:
        NotPermittedError: the actor may not read it.
        BorderError: the actor sits in another country than its person, and no basis for that is on record.
    """
    gate.require(actor, Action.AGREEMENT_OPEN, agreement_resource(agreement))
    if agreement.person is not None:
        border_of(actor).require(agreement.person)
    with transaction.atomic():
        file_opening_record(actor=actor, stored=stored, purpose=purpose)


def agreement_reveal(*, actor: User, agreement: Agreement, purpose: str) -> None:
    """Record that masked details of an agreement are shown to somebody, and why.

    Raises:
        NotPermittedError: the actor may not read or reveal it, or gives no reason.
        BorderError: the actor sits in another country than its person, and no basis for that is on record.
    """
    gate.require(actor, Action.AGREEMENT_OPEN, agreement_resource(agreement))
    gate.require(actor, Action.AGREEMENT_REVEAL, agreement_resource(agreement), purpose=purpose)
    if agreement.person is not None:
        border_of(actor).require(agreement.person)
    with transaction.atomic():
        append(
            LedgerTag.AGREEMENTS_AGREEMENT_REVEALED,
            actor=actor.ledger_actor,
            subject=agreement.ledger_subject,
            detail={"purpose": purpose.strip()},
        )


def _signed(row: Agreement, made: Signature, *, actor: str) -> Signature:
    made.agreement = row
    made.form_sha256, made.form_sm3 = row.form.sha256, row.form.sm3
    made.pdf_sha256, made.pdf_sm3 = row.pdf.sha256, row.pdf.sm3
    made.save(force_insert=True)
    if row.state == State.IN_FORCE:
        row.in_force_from = today_of(row.entity)
        _replace(row, actor)
    row.version += 1
    row.save()
    counted(row)
    append(
        LedgerTag.AGREEMENTS_AGREEMENT_SIGNED
        if made.side == Side.PARTY
        else LedgerTag.AGREEMENTS_AGREEMENT_COUNTERSIGNED,
        actor=actor,
        subject=row.ledger_subject,
        detail={
            "signature": str(made.pk),
            "method": made.method,
            "signer": made.signer.ledger_actor if made.signer else "without a sign-in",
            "person": row.person.ledger_subject if row.person else "",
            "signed_at": made.signed_at.isoformat(),
            "picture_sha256": made.picture.sha256 if made.picture else "",
            "strokes_sha256": made.strokes.sha256 if made.strokes else "",
            "reference": made.reference,
            **hashes_of(row),
        },
    )
    if row.state == State.IN_FORCE:
        agreement_settled.send(sender=Agreement, agreement=row)
    return made


def _replace(row: Agreement, actor: str) -> None:
    """Let an agreement that came into force take the place of the one it replaces."""
    if row.replaces_id is None:
        return
    old = locked(Agreement, row.replaces_id, None)
    if old.state != State.IN_FORCE:
        return
    old.state, old.ended_at = advance(AGREEMENT, old.state, "replace"), clock().now()
    old.version += 1
    old.save()
    append(
        LedgerTag.AGREEMENTS_AGREEMENT_REPLACED,
        actor=actor,
        subject=old.ledger_subject,
        detail={"by": row.ledger_subject},
    )


def _readable(agreement: Agreement, state: State, pdf_sha256: str) -> Agreement:
    """Return the locked row, after reading its stored bytes again."""
    row = locked(Agreement, agreement.pk, None)
    _verify_state(row, state)
    if row.pdf.sha256 != pdf_sha256:
        raise NotTheseBytesError
    for stored in (row.form, row.pdf):
        file_verify(stored)
    return row


def _verify_state(row: Agreement, state: State) -> None:
    if row.state != state:
        raise StateError(state=str(State(row.state).label))
