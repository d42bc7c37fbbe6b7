"""Records proofs of measures and circumstances, withdraws them, and ticks off the five steps of leavers.

What is recorded on a later day than it holds from counts half in the score, so that nothing is gained by
writing it down after the event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.assurance import MALUS, load_assurance
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import LeaverStep, MeasureRecord
from shoumi.server.assurance.queries.scoping import place_resource
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, Engagement, LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import Carrier, TradeSecret
from shoumi.server.register.queries.secrets import secret_get
from shoumi.server.register.services.referring import secret_for_reference

CIRCUMSTANCES = tuple(f"X.{key}" for key in MALUS if key != "open_to_all")  # that one is read from the scope


class MeasureUnknownError(InputError):
    """There is no such record."""

    code = "assurance.measure_unknown"
    message = "There is no such record of a measure."


class MeasureProofError(InputError):
    """No such proof, or one that the records answer themselves."""

    code = "assurance.measure_proof"
    message = "“{proof}” cannot be recorded by hand; it is answered from the records."


class MeasureValueError(InputError):
    """The values do not fit together."""

    code = "assurance.measure_value"
    message = "These values do not fit: numbers reached, days, or a grade without its reason."


class MeasureTargetError(InputError):
    """What it is recorded for is not registered, or lies elsewhere."""

    code = "assurance.measure_target"
    message = "Measures are recorded for registered secrets, their carriers and departments of this entity."


class MeasureWithdrawnError(ConflictError):
    """It was changed or withdrawn meanwhile."""

    code = "assurance.measure_withdrawn"
    message = "This record was changed or withdrawn in the meantime."


class LeaverStepError(InputError):
    """The step cannot be ticked off."""

    code = "assurance.leaver_step"
    message = "The step can be ticked off once, for somebody who has left, on a day that has come."


@dataclass(frozen=True, slots=True)
class MeasureValues:
    """Everything a person says about a measure."""

    proof: str
    text: str
    happened_on: date
    ends_on: date | None = None
    covered: int = 1
    needed: int = 1
    lived: int | None = None
    lived_reason: str = ""
    recognisable: int | None = None
    recognisable_reason: str = ""
    party: str = ""
    party_name: str = ""
    department: Department | None = None
    secret: TradeSecret | None = None
    carrier: Carrier | None = None
    file: StoredFile | None = None


def measure_record(*, actor: User, entity: LegalEntity, values: MeasureValues) -> MeasureRecord:
    """Record a proof or a circumstance with its day, and its file if there is one.

    Raises:
        NotPermittedError, MeasureProofError, MeasureValueError, MeasureTargetError
    """
    secret = values.carrier.secret if values.carrier else values.secret
    department = secret.owner_department if secret else values.department
    gate.require(actor, Action.MEASURE_RECORD, place_resource(entity, department))
    _verify(entity, values, secret, department)
    if secret is not None:
        secret_get(actor, secret_for_reference(secret.pk).pk)
    now = clock().now()
    with transaction.atomic():
        record = MeasureRecord.objects.create(
            entity=entity,
            department=department,
            secret=secret,
            carrier=values.carrier,
            proof=values.proof,
            party=values.party,
            party_name=values.party_name.strip(),
            text=values.text.strip(),
            happened_on=values.happened_on,
            ends_on=values.ends_on,
            covered=values.covered,
            needed=values.needed,
            lived=values.lived,
            lived_reason=values.lived_reason.strip(),
            recognisable=values.recognisable,
            recognisable_reason=values.recognisable_reason.strip(),
            file=values.file,
            recorded_by=actor,
            recorded_at=now,
        )
        append(
            LedgerTag.ASSURANCE_MEASURE_RECORDED,
            actor=actor.ledger_actor,
            subject=record.ledger_subject,
            detail={
                "proof": record.proof,
                "happened_on": record.happened_on.isoformat(),
                "secret": str(secret.pk) if secret else "",
                "file": values.file.sha256 if values.file else "",
                "text": record.text,
            },
        )
    return record


def measure_withdraw(*, actor: User, record_id: UUID, expected_version: int, reason: str) -> MeasureRecord:
    """Let a record hold no longer from now on; it stays readable with the reason.

    Raises:
        MeasureUnknownError, NotPermittedError, MeasureValueError, MeasureWithdrawnError
    """
    found = MeasureRecord.objects.select_related("entity", "department").filter(pk=record_id).first()
    if found is None:
        raise MeasureUnknownError
    gate.require(actor, Action.MEASURE_RECORD, place_resource(found.entity, found.department))
    if not reason.strip():
        raise MeasureValueError
    with transaction.atomic():
        record = MeasureRecord.objects.select_for_update(no_key=True).get(pk=record_id)
        if record.version != expected_version or record.withdrawn_at is not None:
            raise MeasureWithdrawnError
        record.withdrawn_at, record.withdrawn_reason = clock().now(), reason.strip()
        record.version += 1
        record.save(update_fields=["withdrawn_at", "withdrawn_reason", "version"])
        append(
            LedgerTag.ASSURANCE_MEASURE_WITHDRAWN,
            actor=actor.ledger_actor,
            subject=record.ledger_subject,
            detail={"proof": record.proof, "reason": record.withdrawn_reason},
        )
    return record


def leaver_step_do(  # noqa: PLR0913 - the parts of a step, each named
    *,
    actor: User,
    engagement: Engagement,
    step: str,
    done_on: date,
    text: str,
    file: StoredFile | None = None,
) -> LeaverStep:
    """Tick off one of the five steps for somebody whose engagement has ended.

    Raises:
        NotPermittedError, LeaverStepError
    """
    department = engagement.department
    gate.require(actor, Action.MEASURE_RECORD, place_resource(department.entity, department))
    today = today_of(department.entity)
    if (
        step not in LeaverStep.Step.values
        or engagement.ends_on is None
        or engagement.ends_on > today
        or done_on > today
        or not text.strip()
    ):
        raise LeaverStepError
    with transaction.atomic():
        locked = Engagement.objects.select_for_update(of=("self",), no_key=True).get(pk=engagement.pk)
        if LeaverStep.objects.filter(engagement=locked, step=step).exists():
            raise LeaverStepError
        row = LeaverStep.objects.create(
            engagement=locked,
            step=step,
            done_on=done_on,
            text=text.strip(),
            file=file,
            recorded_by=actor,
            recorded_at=clock().now(),
        )
        append(
            LedgerTag.ASSURANCE_LEAVER_STEP_DONE,
            actor=actor.ledger_actor,
            subject=engagement.ledger_subject,
            detail={"step": step, "done_on": done_on.isoformat(), "text": row.text},
        )
    return row


def _verify(
    entity: LegalEntity, values: MeasureValues, secret: TradeSecret | None, department: Department | None
) -> None:
    proof = load_assurance(entity.pack).measures.proof(values.proof)
    if values.proof not in CIRCUMSTANCES and (proof is None or proof.answered_by != "recorded"):
        raise MeasureProofError(proof=values.proof)
    percents = [value for value in (values.lived, values.recognisable) if value is not None]
    if (
        not values.text.strip()
        or not 0 <= values.covered <= values.needed
        or values.needed < 1
        or values.happened_on > today_of(entity)
        or (values.ends_on is not None and values.ends_on < values.happened_on)
        or any(not 0 <= value <= 100 for value in percents)  # noqa: PLR2004 - percent
        or (values.lived is not None and not values.lived_reason.strip())
        or (values.recognisable is not None and not values.recognisable_reason.strip())
        or (values.party and values.party not in MeasureRecord.Party.values)
    ):
        raise MeasureValueError
    registered = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)
    if (department and department.entity_id != entity.pk) or (
        secret and (secret.entity_id != entity.pk or secret.state not in registered)
    ):
        raise MeasureTargetError
