"""Takes the rows of an approved batch over as secrets: a few at once, a large batch portion by portion.

Follows the seed guide 四; each secret gets number, version, two filings and its lines in both ledgers.  Each
portion is one transaction with its ledger entries and begins where the last one ended, so that a crash in the
middle loses nothing and nothing is taken over twice.  Whether it may be done was decided by the approval.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from shoumi.engine.workflow import SECRET, advance
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import Record, append_many, clock
from shoumi.server.register.models import (
    Carrier,
    Deviation,
    ElementEvidence,
    ElementJudgement,
    ExclusionAnswer,
    LegacyBatch,
    LegacyRow,
    ScopeEntry,
    SecretVersion,
    TradeSecret,
)
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.standards import standards_of
from shoumi.server.register.services.carriers.numbering import carrier_number
from shoumi.server.register.services.editing import SecretStateError
from shoumi.server.register.services.legacy import OPEN_BATCHES, BatchState
from shoumi.server.register.services.registration import (
    designation_fix,
    designations_file,
    deviations_of,
)
from shoumi.server.register.services.rows import row_key, rows_insert
from shoumi.server.register.services.scope_notices import tell_batch

PORTION = 200  # rows in one transaction: some seconds at most
COLUMN = {"departments": "department_id", "posts": "post_id", "persons": "person_id"}
log = logging.getLogger(__name__)


def batch_approved(batch: LegacyBatch, *, deciders: Sequence[dict[str, str]], actor: User) -> None:
    """Begin to take over an approved batch, in the transaction of the decision; a small one is done at once.

    Raises:
        SecretStateError: the batch was decided already.
    """
    batch = LegacyBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.state not in OPEN_BATCHES:
        raise SecretStateError(state=BatchState(batch.state).label)
    batch.state, batch.deciders, batch.approved_by = BatchState.REGISTERING, list(deciders), actor
    batch.save(update_fields=["state", "deciders", "approved_by"])
    if batch.rows.count() <= PORTION:
        portion_take_over(batch_id=batch.pk)
    else:
        take_over.enqueue(str(batch.pk))


@task()
def take_over(batch_id: str) -> int:
    """Take over whatever is left of a batch; return how many rows."""
    return batch_continue(batch_id=UUID(batch_id))


def batches_continue() -> int:
    """Go on with every batch that stopped half way, such as by a crash; return how many rows."""
    taken = 0
    for key in LegacyBatch.objects.filter(state=BatchState.REGISTERING).values_list("pk", flat=True):
        try:
            taken += batch_continue(batch_id=key)
        except Exception:
            log.exception("The imported register %s could not be taken over any further", key)
    return taken


def batch_continue(*, batch_id: UUID) -> int:
    """Take over portion after portion until nothing is left; return how many rows."""
    taken = 0
    while portion := portion_take_over(batch_id=batch_id):
        taken += portion
    return taken


def portion_take_over(*, batch_id: UUID) -> int:
    """Take over the next rows in one transaction and return how many; the last portion ends the batch."""
    with transaction.atomic():
        batch = (
            LegacyBatch.objects.select_for_update(of=("self",), no_key=True)
            .select_related("entity", "created_by", "file", "approved_by")
            .get(pk=batch_id)
        )
        if batch.state != BatchState.REGISTERING:
            return 0
        rows = list(batch.rows.filter(secret=None).order_by("position")[:PORTION])
        records = _registered(batch, rows)
        if not batch.rows.filter(secret=None).exists():
            batch.state, batch.closed_at = BatchState.REGISTERED, clock().now()
            batch.save(update_fields=["state", "closed_at"])
            secrets = TradeSecret.objects.filter(legacy_row__batch=batch).order_by("number")
            tell_batch(batch, secrets)
        append_many(records)
    return len(rows)


def _registered(batch: LegacyBatch, rows: Sequence[LegacyRow]) -> list[Record]:
    """Take rows over and return their ledger entries."""
    return [
        Record(
            RegisterTag.LEGACY_REGISTERED,
            batch.approved_by.ledger_actor if batch.approved_by else "system:register",
            version.secret.ledger_subject,
            {
                "batch": str(batch.pk),
                "number": version.secret.number or "",
                "level": version.secret.level,
                "record_sha256": version.sha256,
                "record": version.snapshot,
            },
        )
        for version in _take_over(batch, rows)
    ]


def _take_over(batch: LegacyBatch, rows: Sequence[LegacyRow]) -> list[SecretVersion]:
    """Write rows as secrets with all that belongs to them, table by table; return their first versions."""
    secrets = [_secret(batch, row) for row in rows]
    designation_fix(secrets, deciders=batch.deciders)
    rows_insert(secrets)
    _answers(secrets, batch)
    rows_insert(
        ScopeEntry(secret=secret, kind=kind, **({COLUMN[kind]: key} if kind in COLUMN else {}))
        for secret, row in zip(secrets, rows, strict=True)
        for kind, key in row.values["scope"]
    )
    rows_insert(
        Carrier(
            id=row_key(),
            secret=secret,
            kind=Carrier.Kind.OTHER,
            number=carrier_number(secret, ordinal),
            description=name,
            place=row.values["place"],
        )
        for secret, row in zip(secrets, rows, strict=True)
        for ordinal, name in enumerate(row.values["carriers"], start=1)
    )
    rows_insert(_deviations(batch, secrets, rows))
    for secret, row in zip(secrets, rows, strict=True):
        row.secret = secret
    LegacyRow.objects.bulk_update(rows, ["secret"])
    return designations_file(secrets, actor=batch.approved_by, cause=SecretVersion.Cause.LEGACY)


def _secret(batch: LegacyBatch, row: LegacyRow) -> TradeSecret:
    values, now = row.values, clock().now()
    secret = TradeSecret(
        id=row_key(),
        entity=batch.entity,
        owner_department_id=values["owner_department"],
        custodian_id=values["custodian"] or None,
        proposer=batch.created_by,
        pack=batch.entity.pack,
        national_security="no",
        name=values["name"],
        description=values["remarks"],
        category=values["category"],
        necessity=batch.necessity,
        level=values["level"],
        period=values["period"],
        period_starts_on=date.fromisoformat(values["made_on"]) if values["made_on"] else None,
        period_reason=_("As in the older register."),
        scope_reason=_("As in the older register."),
        publication_event=_("As in the older register.") if values["period"] == "until_publication" else "",
        legacy=True,
        legacy_number=values["number"],
        request_id=batch.request_id,
        created_at=now,
        updated_at=now,
        submitted_at=batch.created_at,
    )
    for step in ("propose", "start_review", "pass_review", "approve"):
        secret.state = advance(SECRET, secret.state, step)
    return secret


def _deviations(
    batch: LegacyBatch, secrets: Sequence[TradeSecret], rows: Sequence[LegacyRow]
) -> list[Deviation]:
    """Return where the secrets depart from the defaults of now."""
    pack = company_pack(batch.entity_id, batch.entity.pack)
    standards = {standard.level.id: standard for standard in standards_of(batch.entity_id, pack)}
    return [
        deviation
        for secret, row in zip(secrets, rows, strict=True)
        for deviation in deviations_of(
            secret,
            [kind for kind, _key in row.values["scope"]],
            standards.get(secret.level),
            pack,
            actor=batch.created_by,
        )
    ]


def _answers(secrets: Sequence[TradeSecret], batch: LegacyBatch) -> None:
    """Write the batch's answers to elements and exclusions for each secret.

    The older register is named by its hash and not attached: whoever may open one secret must not get the
    list of all.
    """
    source = _("Older register “%(name)s”, SHA-256 %(sha256)s") % {
        "name": batch.file.name,
        "sha256": batch.file.sha256,
    }
    judgements = ElementJudgement.objects.bulk_create(
        ElementJudgement(
            secret=secret,
            element=element.value,
            verdict=ElementJudgement.Verdict.MET,
            reason=batch.elements[element.value]["reason"],
        )
        for secret in secrets
        for element in ElementJudgement.Element
    )
    rows_insert(
        ElementEvidence(
            judgement=judgement,
            text=f"{batch.elements[judgement.element]['evidence']}\n{source}",
            added_by=batch.created_by,
            added_at=batch.created_at,
        )
        for judgement in judgements
    )
    rows_insert(
        ExclusionAnswer(secret=secret, exclusion=key, answer=said["answer"], fields=said.get("fields", {}))
        for secret in secrets
        for key, said in batch.exclusions.items()
    )
