"""Records steps: what was done, item by item, signed here or on paper, refused before witnesses, attested.

Whose rule: the step's own, as its plan says; the engine tells whether a record counts.  What others took part
in, or witnessed, counts only once each of them has said so with their own sign-in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.jurisdiction.procedures import EvidenceKind, ItemState, Plan, PlannedStep
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services.signatures import signature_verify
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import files_adopt
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.lifecycle.models import (
    Attestation,
    CaseStep,
    Certificate,
    PersonCase,
    RecordFile,
    StepRecord,
)
from shoumi.server.lifecycle.queries.access import step_resource
from shoumi.server.lifecycle.queries.certificates import CERTIFICATES
from shoumi.server.lifecycle.queries.packs import named, table_of
from shoumi.server.lifecycle.queries.standings import plan_of, standing_of, who
from shoumi.server.lifecycle.services.cases import gate_verify, locked_open, tell_open_steps
from shoumi.server.lifecycle.services.errors import (
    AnsweredError,
    CertificateMissingError,
    CompanionsError,
    ItemUnknownError,
    NotAFormError,
    NotRefusableError,
    PartyMissingError,
    ProofMissingError,
    RecordEmptyError,
    SignedAlreadyError,
    StepDroppedError,
    TimeError,
    WitnessesError,
)
from shoumi.server.lifecycle.services.planning import refresh
from shoumi.server.lifecycle.services.telling import tell
from shoumi.server.people.services.editing import record

PERSON = "person"
ASKED = gettext_noop("Say whether you took part in “%(step)s” in the case %(case)s, or witnessed it.")
WAITS = gettext_noop("Somebody named you in a record; say whether it is right.")
Files = Sequence[StoredFile | UploadedFile]


@dataclass(frozen=True, slots=True)
class Done:
    """What is recorded of a step."""

    note: str = ""
    at: datetime | None = None  # None: now
    items: Mapping[str, tuple[str, datetime | None]] = field(default_factory=dict)  # item → state and moment
    files: Files = ()
    companions: Sequence[User] = ()  # who did it together with whoever records it
    on_paper: Sequence[str] = ()  # parties who signed on paper


def step_record(*, actor: User, step: CaseStep, done: Done) -> StepRecord:
    """Record what was done.

    Raises:
        NotPermittedError: the step is somebody else's.
        NotAFormError: it is a handover, which is recorded item by item.
        CertificateMissingError: the certificate is not drawn up.
        CaseOverError, StepDroppedError, GateClosedError: it cannot be recorded now.
        RecordEmptyError, ProofMissingError, ItemUnknownError, TimeError, CompanionsError: what is wrong.
        PartyMissingError: whoever is needed is not named yet.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(step))
    if step.receives:
        raise NotAFormError
    _verify_drawn(step)
    files = files_adopt(actor=actor, chosen=done.files)
    with transaction.atomic():
        case, asked, made = open_step(step)
        _verify_content(case, asked, done, files)
        _verify_companions(case, asked, actor, done.companions)
        for party in asked.step.parties:
            _party(case, made, party)
        signed = {party: _party(case, made, party) for party in done.on_paper if party in asked.step.signers}
        row = record_keep(
            step,
            actor=actor,
            way=StepRecord.Way.ON_PAPER if signed else StepRecord.Way.RECORDED,
            values={
                "happened_at": done.at or clock().now(),
                "note": done.note.strip(),
                "items": {
                    name: {"state": state, "at": at.isoformat() if at else None}
                    for name, (state, at) in done.items.items()
                },
                "signed": signed,
                "by": [who(user) for user in (actor, *done.companions)],
                "document_sha256": files[0].sha256 if signed and files else "",
            },
            files=files,
            asked=[(user, Attestation.Part.TOGETHER) for user in done.companions],
        )
        finish(case, row, LedgerTag.LIFECYCLE_RECORD_ADDED, actor)
    return row


def step_sign(*, actor: User, step: CaseStep, party: str, password: str, document: str = "") -> StepRecord:
    """Sign a form as one of its parties; what is signed is named by its hash.

    Raises:
        NotPermittedError: the actor is not this party.
        SignatureError, SignatureLockedError: the password is not right.
        CaseOverError, StepDroppedError, GateClosedError, NotAFormError, SignedAlreadyError: each as it says.
    """
    gate.require(actor, Action.PERSON_STEP_SIGN, step_resource(step))
    _verify_drawn(step)
    signature_verify(actor=actor, password=password)
    with transaction.atomic():
        case, asked, made = open_step(step)
        if asked.step.evidence is not EvidenceKind.FORM or party not in asked.step.signers:
            raise NotAFormError
        if _party(case, made, party) != who(actor):
            raise NotAFormError
        if party not in standing_of(case, made).step(step.key).fulfilment.open_signers:
            raise SignedAlreadyError(party=named(table_of(case.entity).parties, party))
        row = record_keep(
            step,
            actor=actor,
            way=StepRecord.Way.SIGNED,
            values={
                "happened_at": clock().now(),
                "signed": {party: who(actor)},
                "by": [who(actor)],
                "document_sha256": document or form_sha256(asked),
            },
        )
        finish(case, row, LedgerTag.LIFECYCLE_SIGNATURE_GIVEN, actor)
    return row


def step_refusal(  # noqa: PLR0913 - what a refusal is made of, by name
    *, actor: User, step: CaseStep, party: str, note: str, witnesses: Sequence[User], files: Files = ()
) -> StepRecord:
    """Record that a party refused to sign, before witnesses, who are asked to confirm it.

    Raises:
        NotPermittedError: the step is somebody else's.
        NotRefusableError, WitnessesError, RecordEmptyError: what is wrong.
        CaseOverError, StepDroppedError, GateClosedError: it cannot be recorded now.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(step))
    _verify_drawn(step)
    adopted = files_adopt(actor=actor, chosen=files)
    with transaction.atomic():
        case, asked, made = open_step(step)
        if not asked.step.refusable or party not in asked.step.signers or party != PERSON:
            raise NotRefusableError(party=named(table_of(case.entity).parties, party))
        if not note.strip():
            raise RecordEmptyError
        names = {who(user) for user in witnesses} - set(made.parties.values()) - {who(actor)}
        if len(names) < made.witnesses or len(names) != len(witnesses):
            raise WitnessesError(number=made.witnesses)
        row = record_keep(
            step,
            actor=actor,
            way=StepRecord.Way.REFUSED,
            values={
                "happened_at": clock().now(),
                "note": note.strip(),
                "refused": [party],
                "by": [who(actor)],
                "document_sha256": form_sha256(asked),
            },
            files=adopted,
            asked=[(user, Attestation.Part.WITNESS) for user in witnesses],
        )
        finish(case, row, LedgerTag.LIFECYCLE_SIGNATURE_REFUSED, actor)
    return row


def record_attest(*, actor: User, attestation: Attestation, agreed: bool, note: str = "") -> StepRecord:
    """Say that one took part or was a witness, or that it was otherwise.

    Raises:
        NotPermittedError: somebody else is asked.
        CaseOverError, AnsweredError: it is too late.
    """
    row = StepRecord.objects.select_related("step__case").get(pk=attestation.record_id)
    gate.require(actor, Action.PERSON_STEP_ATTEST, step_resource(row.step))
    with transaction.atomic():
        case = locked_open(row.step.case, None)
        own = Attestation.objects.select_for_update(no_key=True).get(pk=attestation.pk)
        if own.answered_at is not None or own.user_id != actor.pk:
            raise AnsweredError
        own.answered_at, own.agreed, own.note = clock().now(), agreed, note.strip()[:400]
        own.save()
        every = list(row.attestations.all())
        if all(item.agreed for item in every):
            row.counts_from = clock().now()
            row.save(update_fields=["counts_from"])
        tag = LedgerTag.LIFECYCLE_RECORD_ATTESTED if agreed else LedgerTag.LIFECYCLE_RECORD_DENIED
        finish(case, row, tag, actor)
    return row


def record_keep(  # noqa: PLR0913 - the parts of a record, by name
    step: CaseStep,
    *,
    actor: User,
    way: str,
    values: Mapping[str, Any],
    files: Sequence[StoredFile] = (),
    asked: Sequence[tuple[User, str]] = (),
) -> StepRecord:
    """Write a record with its files and with whoever is asked to confirm it; part of a transaction."""
    now = clock().now()
    row = StepRecord.objects.create(
        step=step,
        way=way,
        recorded_by=actor,
        recorded_at=now,
        counts_from=None if asked else now,
        **values,
    )
    RecordFile.objects.bulk_create(RecordFile(record=row, file=item) for item in files)
    Attestation.objects.bulk_create(Attestation(record=row, user=user, part=part) for user, part in asked)
    tell([user for user, _part in asked], ASKED, step, mail_text=WAITS)
    return row


def finish(case: PersonCase, row: StepRecord, tag: Tag, actor: User) -> None:
    """Bring the case to where the record has brought it, tell who is next, and write the ledger."""
    refresh(case)
    tell_open_steps(case)
    record_enter(case, row, tag, actor)


def record_enter(case: PersonCase, row: StepRecord, tag: Tag, actor: User) -> None:
    """Write a record into the ledger; part of a transaction."""
    files = [item.file.sha256 for item in row.files.select_related("file")]
    record(
        tag,
        actor=actor,
        subject=case.ledger_subject,
        detail={
            "step": row.step.key,
            "record": str(row.pk),
            "way": row.way,
            "content": record_sha256(row),
            "files": files,
        },
    )


def record_sha256(row: StepRecord) -> str:
    """Return the hash of everything that a record says."""
    value = {
        "step": row.step.key,
        "way": row.way,
        "happened_at": row.happened_at.isoformat(),
        "note": row.note,
        "by": list(row.by),
        "items": row.items,
        "signed": row.signed,
        "refused": list(row.refused),
        "document": row.document_sha256,
    }
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def form_sha256(asked: PlannedStep) -> str:
    """Return the hash of what a form asks for, in the words of its plan."""
    step = asked.step
    names, records = step.names, step.records
    value = {
        "step": asked.id,
        "names": [names.zh, names.ja, names.en],
        "records": [records.zh, records.ja, records.en],
        "source": step.source,
    }
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def open_step(step: CaseStep) -> tuple[PersonCase, PlannedStep, Plan]:
    """Return the locked case, what its plan asks for in this step, and the plan; part of a transaction.

    Raises:
        CaseOverError, StepDroppedError: nothing can be added.
        GateClosedError: the step waits for a gate.
    """
    case = locked_open(step.case, None)
    made = plan_of(case)
    asked = made.step(step.key)
    if asked is None:
        raise StepDroppedError
    if asked.step.needs:
        gate_verify(case, asked.step.needs)
    return case, asked, made


def _verify_drawn(step: CaseStep) -> None:
    """Return if the step is no certificate, or its certificate is drawn up.

    Raises:
        CertificateMissingError: it is not.
    """
    if step.key in CERTIFICATES and not Certificate.objects.filter(step=step).exists():
        raise CertificateMissingError


def _party(case: PersonCase, made: Plan, party: str) -> str:
    """Return who a party is.

    Raises:
        PartyMissingError: nobody has been named.
    """
    if party not in made.parties:
        raise PartyMissingError(party=named(table_of(case.entity).parties, party))
    return made.parties[party]


def _verify_content(case: PersonCase, asked: PlannedStep, done: Done, files: Sequence[StoredFile]) -> None:
    del case
    now = clock().now()
    moments = [done.at, *(at for _state, at in done.items.values())]
    if any(moment and moment > now for moment in moments):
        raise TimeError
    known = {item.id for item in asked.step.items}
    for name, (state, at) in done.items.items():
        if name not in known or state not in set(ItemState):
            raise ItemUnknownError(item=name, reason=_("there is no such item"))
        if asked.step.evidence is EvidenceKind.MEASURED and state == ItemState.SETTLED and at is None:
            raise ItemUnknownError(item=name, reason=_("the moment at which it was closed is missing"))
    if asked.step.evidence is EvidenceKind.FORM and not done.on_paper:
        raise NotAFormError
    if (asked.step.evidence is EvidenceKind.FILE or done.on_paper) and not files:
        raise ProofMissingError
    if not (done.note.strip() or done.items or done.on_paper):
        raise RecordEmptyError


def _verify_companions(case: PersonCase, asked: PlannedStep, actor: User, others: Sequence[User]) -> None:
    persons = {who(user) for user in (actor, *others)}
    about = str(case.person_id)
    if len(persons) < asked.step.persons or about in {who(user) for user in others}:
        raise CompanionsError(number=asked.step.persons)
