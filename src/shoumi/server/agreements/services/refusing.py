"""Records that somebody would not sign: the pack's paper, a reader, and two witnesses who confirm it.

Follows the packs' `refused_signature_record`.  The record is an agreement of its own whose signers are the
witnesses; it is in force when both have confirmed with their passwords.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from shoumi.engine.policy import Action
from shoumi.engine.workflow import AGREEMENT, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services.signatures import signature_verify
from shoumi.server.agreements.models import Agreement, Refusal, Witness
from shoumi.server.agreements.queries.libraries import NON_COMPETE, REFUSAL_RECORD, library_of, values_of
from shoumi.server.agreements.queries.visible import agreement_resource
from shoumi.server.agreements.sealing import seal, unseal
from shoumi.server.agreements.services.drafting import counted, library_keep
from shoumi.server.agreements.services.errors import (
    AlreadyConfirmedError,
    NotTheseBytesError,
    StateError,
    WitnessError,
)
from shoumi.server.agreements.services.offering import hashes_of, offer_made
from shoumi.server.files.services import file_verify
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import Person
from shoumi.server.people.occurrences import agreement_settled
from shoumi.server.people.queries import persons, today_of
from shoumi.server.people.services.editing import locked, record, text_of

State = Agreement.State
ABOUT = ("department", "post")
NOT_KNOWN = "–"
TO_WITNESS = gettext_noop("A refused signature waits for your confirmation as a witness.")


@dataclass(frozen=True, slots=True)
class Refused:
    """What happened when it was refused."""

    reader: Person  # who read and explained the agreement
    witnesses: tuple[Person, Person]
    place: str
    stated_reason: str = ""


def refusal_record(*, actor: User, agreement: Agreement, expected_version: int, refused: Refused) -> Refusal:
    """Record a refusal, and ask both witnesses to confirm it.

    Raises:
        NotPermittedError, RecordChangedError: each as it says.
        StateError: the agreement does not wait for a person's signature.
        WitnessError: not two different witnesses besides signer, reader and recorder.
    """
    gate.require(actor, Action.AGREEMENT_RECORD, agreement_resource(agreement))
    _verify_witnesses(actor, agreement, refused)
    with transaction.atomic():
        row = locked(Agreement, agreement.pk, expected_version)
        if row.person is None:
            raise StateError(state=str(State(row.state).label))
        row.state = advance(AGREEMENT, row.state, "refuse")
        row.ended_at = clock().now()
        row.version += 1
        row.save()
        stated = text_of(Refusal, "stated_reason", refused.stated_reason)
        paper = _paper(actor, row, refused, stated)
        made = Refusal.objects.create(
            agreement=row,
            paper=paper,
            stated_reason=stated,
            reader=refused.reader,
            refused_at=clock().now(),
            recorded_by=actor,
        )
        counted(row)
        Witness.objects.bulk_create(Witness(refusal=made, person=each) for each in refused.witnesses)
        notify(
            users=[each.user for each in refused.witnesses],
            message=TO_WITNESS,
            parameters={},
            link=reverse("agreements:mine"),
            mail_text=TO_WITNESS,
        )
        record(
            LedgerTag.AGREEMENTS_SIGNATURE_REFUSED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "record": paper.ledger_subject,
                "reader": refused.reader.ledger_subject,
                "witnesses": [each.ledger_subject for each in refused.witnesses],
                **hashes_of(row),
            },
        )
    return made


def refusal_witness(*, actor: User, witness: Witness, pdf_sha256: str, password: str) -> Witness:
    """Confirm as a named witness what the record says, with the password.

    Raises:
        NotPermittedError: the actor is not this witness.
        SignatureError, SignatureLockedError, NotTheseBytesError: as for a signature.
        AlreadyConfirmedError: it was confirmed before.
    """
    paper = witness.refusal.paper
    gate.require(actor, Action.AGREEMENT_WITNESS, agreement_resource(paper))
    signature_verify(actor=actor, password=password)
    with transaction.atomic():
        row = Witness.objects.select_for_update(no_key=True).filter(pk=witness.pk, person__user=actor).first()
        if row is None or row.confirmed_at is not None:
            raise AlreadyConfirmedError
        paper = locked(Agreement, paper.pk, None)
        if paper.pdf.sha256 != pdf_sha256:
            raise NotTheseBytesError
        file_verify(paper.pdf)
        row.confirmed_at = clock().now()
        row.save(update_fields=["confirmed_at"])
        if not row.refusal.witnesses.filter(confirmed_at__isnull=True).exists():
            paper.state = advance(AGREEMENT, paper.state, "sign_alone")
            paper.in_force_from = today_of(paper.entity)
            paper.version += 1
            paper.save()
        append(
            LedgerTag.AGREEMENTS_REFUSAL_WITNESSED,
            actor=actor.ledger_actor,
            subject=row.refusal.agreement.ledger_subject,
            detail={"record": paper.ledger_subject, "witness": row.person.ledger_subject, **hashes_of(paper)},
        )
        if paper.state == State.IN_FORCE:
            agreement_settled.send(sender=Agreement, agreement=row.refusal.agreement)
    return row


def _verify_witnesses(actor: User, agreement: Agreement, refused: Refused) -> None:
    one, two = refused.witnesses
    others = {agreement.person_id, refused.reader.pk}
    if one == two or {one.pk, two.pk} & others or any(each.user in (None, actor) for each in (one, two)):
        raise WitnessError


def _paper(actor: User, row: Agreement, refused: Refused, stated: str) -> Agreement:
    """Return the record of the refusal, offered to its witnesses."""
    library = library_of(row.entity)
    person = persons().get(pk=row.person_id)
    offered = row.offered_at.astimezone(ZoneInfo(row.entity.time_zone)).date()
    unsaid = {"zh": "未说明理由", "ja": "理由は述べられなかった"}[library.language]
    told = {name: text for name, text in unseal(row.inputs).get("values", {}).items() if name in ABOUT}
    values = dict.fromkeys(ABOUT, NOT_KNOWN) | values_of(person) | told
    values |= {
        "document_name": library.kind(row.kind).title,
        "document_hash": row.pdf.sha256,
        "offered_day": offered.isoformat(),
        "refusal_reason": stated or unsaid,
        "reader": refused.reader.name,
        "witness_one": refused.witnesses[0].name,
        "witness_two": refused.witnesses[1].name,
        "place": refused.place,
    }
    known = {name: value for name, value in row.known.items() if name in library.facts}
    paper = Agreement.objects.create(
        entity=row.entity,
        library=library_keep(row.entity.pack),
        kind=REFUSAL_RECORD,
        person=row.person,
        known={**known, "refused": True},
        inputs=seal({"values": values}),
        optional=[NON_COMPETE] if row.kind == NON_COMPETE else [],
        prepared_by=actor,
        created_at=clock().now(),
    )
    return offer_made(paper, actor=actor.ledger_actor, owner=actor, tell=False)
