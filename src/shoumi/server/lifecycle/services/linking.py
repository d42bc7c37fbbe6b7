"""Records in cases what was settled elsewhere: an agreement signed or refused, a training certificate.

Whose rule: the pack names the kind of agreement, and the steps a certificate proves (`procedures.yaml`).
When somebody joins, what holds already counts; in any other case only what was made since it was opened.
Nobody is asked for permission here: whoever signed, witnessed or passed was.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement, Signature
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import Attestation, CaseStep, PersonCase, StepRecord
from shoumi.server.lifecycle.queries.access import WITH_PLACES
from shoumi.server.lifecycle.queries.linking import agreements_for, certificates_for, kind_asked
from shoumi.server.lifecycle.queries.packs import table_of
from shoumi.server.lifecycle.queries.standings import plan_of, who
from shoumi.server.lifecycle.services.cases import tell_open_steps
from shoumi.server.lifecycle.services.planning import refresh
from shoumi.server.lifecycle.services.recording import record_enter, record_keep
from shoumi.server.training.models import Certificate

PERSON, COMPANY = "person", "company"


def agreement_carried(agreement: Agreement) -> None:
    """Record an agreement in the open cases of its person that ask for its kind; part of a transaction."""
    if agreement.person_id:
        _carried(agreement.person_id)


def certificate_carried(certificate: Certificate) -> None:
    """Record a training certificate in the open cases of its person; part of a transaction."""
    _carried(certificate.person_id)


def settled_carry(case: PersonCase) -> None:
    """Record what is settled already in the steps of a case, which is locked; part of a transaction."""
    table, plan = table_of(case.entity), plan_of(case)
    made: list[StepRecord] = []
    for step in case.steps.filter(state__in=(CaseStep.State.OPEN, CaseStep.State.WAITING)):
        asked = plan.step(step.key)
        if asked is None:
            continue
        step.case = case
        if kind_asked(table, asked):
            rows = agreements_for(step, asked).exclude(step_records__step=step)
            kept = [_agreement_kept(step, row, refusable=asked.step.refusable) for row in rows]
            made += [row for row in kept if row]
        elif asked.step.id in table.training:
            made += [_certificate_kept(step, row) for row in certificates_for(step)[:1]]
    if made:
        refresh(case)
        tell_open_steps(case)
    for record in made:
        record_enter(case, record, LedgerTag.LIFECYCLE_RECORD_LINKED, record.recorded_by)


def _carried(person_id: object) -> None:
    rows = PersonCase.objects.select_for_update(of=("self",), no_key=True).filter(
        person=person_id, state=PersonCase.State.OPEN
    )
    for case in rows.select_related(*WITH_PLACES).order_by("pk"):
        settled_carry(case)


def _agreement_kept(step: CaseStep, agreement: Agreement, *, refusable: bool) -> StepRecord | None:
    if agreement.state == Agreement.State.REFUSED:
        return _refusal_kept(step, agreement) if refusable else None
    signatures = list(
        agreement.signatures.select_related("signer", "recorded_by").order_by("signed_at", "pk")
    )
    signed = dict(_signed(agreement, signatures))
    last = signatures[-1]
    return record_keep(
        step,
        actor=last.recorded_by or step.case.opened_by,  # a signing service answers for nobody
        way=StepRecord.Way.AGREEMENT,
        values={
            "happened_at": last.signed_at,
            "signed": signed,
            "by": sorted(set(signed.values())),
            "document_sha256": agreement.pdf.sha256,
            "agreement": agreement,
        },
    )


def _signed(agreement: Agreement, signatures: list[Signature]) -> Iterator[tuple[str, str]]:
    """Yield who signed as which party."""
    for row in signatures:
        if row.side == Signature.Side.PARTY:
            yield PERSON, str(agreement.person_id)
        elif row.signer is not None:
            yield COMPANY, who(row.signer)


def _refusal_kept(step: CaseStep, agreement: Agreement) -> StepRecord:
    """Record a refusal that both witnesses confirmed; they are the witnesses of the step, too."""
    refusal = agreement.refusal
    witnesses: QuerySet = refusal.witnesses.select_related("person__user")
    actor: User = refusal.recorded_by
    row = record_keep(
        step,
        actor=actor,
        way=StepRecord.Way.REFUSED,
        values={
            "happened_at": refusal.refused_at,
            "note": refusal.stated_reason,
            "refused": [PERSON],
            "by": [str(refusal.reader_id)],
            "document_sha256": agreement.pdf.sha256,
            "agreement": agreement,
        },
    )
    Attestation.objects.bulk_create(
        Attestation(
            record=row,
            user=each.person.user,
            part=Attestation.Part.WITNESS,
            answered_at=each.confirmed_at,
            agreed=True,
        )
        for each in witnesses
    )
    return row


def _certificate_kept(step: CaseStep, certificate: Certificate) -> StepRecord:
    return record_keep(
        step,
        actor=certificate.person.user or step.case.opened_by,
        way=StepRecord.Way.TRAINING,
        values={
            "happened_at": certificate.issued_at,
            "by": [str(certificate.person_id)],
            "document_sha256": certificate.digest,
            "certificate": certificate,
        },
    )
