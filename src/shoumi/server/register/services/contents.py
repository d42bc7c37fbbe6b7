"""Opening a secret's content: a decision of the gate, a ledger entry, then the bytes.

The refusal is explained by the gate's reasons; whoever is refused gets no byte and no name.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shoumi.engine.policy import Action, Obligation
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open, file_opening_record
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.register.models import MarkingTask, TradeSecret
from shoumi.server.register.queries.holdings import stored_file_get
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.services.editing import SecretUnknownError


def secret_file_open(*, actor: User, secret_id: UUID, file_id: UUID) -> StoredFile:
    """Return a file of the secret to be streamed, after the gate and the ledger have had their say.

    The content is opened once beforehand, so that the ledger does not tell of an opening that could not be.

    Raises:
        SecretUnknownError: no such secret, or the file is not one of its files.
        NotPermittedError: the gate refuses, with its reasons.
    """
    secret = TradeSecret.objects.filter(pk=secret_id).first()
    if secret is None:
        raise SecretUnknownError
    decision = gate.require(actor, Action.FILE_DOWNLOAD, secret_resource(secret, of="file"))
    stored = stored_file_get(secret, file_id)
    if stored is None:
        raise SecretUnknownError
    file_open(stored).close()
    mark = "owed" if Obligation.WATERMARK in decision.obligations else "none"
    with transaction.atomic():
        file_opening_record(actor=actor, stored=stored, purpose="download")
        append(
            LedgerTag.REGISTER_FILE_OPENED,
            actor=actor.ledger_actor,
            subject=secret.ledger_subject,
            detail={"file": str(stored.pk), "sha256": stored.sha256, "watermark": mark},
        )
    return stored


def marking_done(*, actor: User, task_id: int) -> MarkingTask:
    """Record that a file or carrier bears its mark; undone twice is done once.

    Raises:
        SecretUnknownError: there is no such task.
        NotPermittedError: the actor may not make marks for this secret.
    """
    task = MarkingTask.objects.select_related("secret").filter(pk=task_id).first()
    if task is None:
        raise SecretUnknownError
    gate.require(actor, Action.SECRET_PRINT_LABEL, secret_resource(task.secret))
    with transaction.atomic():
        task = MarkingTask.objects.select_for_update().select_related("secret").get(pk=task_id)
        if task.done_at is None:
            task.done_by, task.done_at = actor, clock().now()
            task.save(update_fields=["done_by", "done_at"])
            append(
                LedgerTag.REGISTER_CARRIER_MARKED,
                actor=actor.ledger_actor,
                subject=task.secret.ledger_subject,
                detail={
                    "task": str(task.pk),
                    "carrier": str(task.carrier_id or ""),
                    "file": str(task.file_id or ""),
                },
            )
    return task
