"""Opening a secret's content: a decision of the gate, a ledger entry, then the bytes.

The refusal is explained by the gate's reasons; whoever is refused gets no byte and no name.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from shoumi.engine.canonical import JSONValue
from shoumi.engine.policy import Action, Obligation
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open, file_opening_record
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.register.models import MarkingTask, TradeSecret
from shoumi.server.register.queries.holdings import stored_file_get
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.services.carriers.marks import mark_enter
from shoumi.server.register.services.copies import copy_issue, copy_prepare, number_draw
from shoumi.server.register.services.editing import SecretUnknownError
from shoumi.server.register.services.marking import MarkedCopy, mark_record, mark_try, marked_copy


@dataclass(frozen=True, slots=True)
class Handout:
    """What is handed out: a stored file, and its marked bytes unless it goes out as it is stored."""

    stored: StoredFile
    content: bytes | None


def secret_file_open(*, actor: User, secret_id: UUID, file_id: UUID) -> Handout:
    """Return a file of the secret to be handed out, after the gate and the ledger have had their say.

    The copy bears the mark, and the reader's line where the policy obliges; it is then issued under a number
    of its own, which pages and pictures also bear hidden.  The ledger entry says so, or why not.  The content
    is opened beforehand, so that the ledger does not tell of an opening that could not be.

    Raises:
        SecretUnknownError: no such secret, or the file is not one of its files.
        NotPermittedError: the gate refuses, with its reasons.
    """
    rows = TradeSecret.objects.select_related("entity", "owner_department")
    secret = rows.filter(pk=secret_id).first()
    if secret is None:
        raise SecretUnknownError
    decision = gate.require(actor, Action.FILE_DOWNLOAD, secret_resource(secret, of="file"))
    stored = stored_file_get(secret, file_id)
    if stored is None:
        raise SecretUnknownError
    file_open(stored).close()
    owed = Obligation.WATERMARK in decision.obligations
    now, number = clock().now(), number_draw() if owed else None
    copy = marked_copy(secret=secret, stored=stored, reader=actor if owed else None, at=now, copy_id=number)
    detail: dict[str, JSONValue] = {
        "file": str(stored.pk), "sha256": stored.sha256, "watermark": "owed" if owed else "none"
    }  # fmt: skip
    if copy.content is not None:
        detail |= {"watermark": "visible" if owed else "none", "marked_sha256": copy.sha256}
    else:
        detail["unmarked"] = copy.fault
    content, prepared = copy.content, None
    if number is not None:
        prepared = copy_prepare(stored=stored, visible=copy.content, number=number)
        content = prepared.content
        detail |= {"copy": prepared.code, "copy_sha256": prepared.sha256}
        detail["hidden"] = "no: " + prepared.why_not if prepared.why_not else "yes"
        if not prepared.why_not and copy.content is None:
            detail["watermark"] = "hidden"
    with transaction.atomic():
        file_opening_record(actor=actor, stored=stored, purpose="download")
        if prepared is not None:
            copy_issue(
                prepared=prepared, secret=secret, stored=stored, reader=actor, purpose="download", at=now
            )
        append(
            RegisterTag.FILE_OPENED,
            actor=actor.ledger_actor,
            subject=secret.ledger_subject,
            detail=detail,
        )
    return Handout(stored, content)


def marking_try(*, actor: User, task: MarkingTask) -> MarkedCopy | None:
    """Set the mark into the file of a task, if it has one, to see whether the file takes it.

    Takes as long as marking takes, so it is called before a transaction is opened.

    Raises:
        NotPermittedError: the actor may not make marks for this secret.
    """
    gate.require(actor, Action.SECRET_PRINT_LABEL, secret_resource(task.secret))
    return mark_try(task.file) if task.file and task.done_at is None else None


def marking_done(  # noqa: PLR0913 - each part of the record named
    *,
    actor: User,
    task_id: int,
    form: str = "",
    spot: str = "",
    photo: StoredFile | None = None,
    tried: MarkedCopy | None = None,
) -> MarkingTask:
    """Enter into the mark register that a file or carrier bears its mark; recorded twice is recorded once.

    `form` is the form of the mark, empty for the one that the rules say; `spot` is where on the thing it is.
    A file is marked there and then to see whether it takes the mark; where it does not, the record says why.
    Whoever calls from within a transaction hands in what `marking_try` found before.

    Raises:
        SecretUnknownError: there is no such task.
        NotPermittedError: the actor may not make marks for this secret.
        NothingNamedError: the form is not known, or the photo not the actor's own.
    """
    rows = MarkingTask.objects.select_related("secret__entity", "secret__owner_department", "file__file")
    task = rows.filter(pk=task_id).first()
    if task is None:
        raise SecretUnknownError
    if tried is None:
        tried = marking_try(actor=actor, task=task)
    else:
        gate.require(actor, Action.SECRET_PRINT_LABEL, secret_resource(task.secret))
    with transaction.atomic():
        locked = MarkingTask.objects.select_for_update(of=("self",), no_key=True).select_related(
            "secret", "carrier"
        )
        task = locked.get(pk=task_id)
        if task.done_at is None:
            mark = mark_enter(task, actor=actor, form=form, spot=spot, photo=photo)
            inside = None
            if task.file and tried:
                inside = mark_record(file=task.file, version=task.version, tried=tried, actor=actor)
            append(
                RegisterTag.CARRIER_MARKED,
                actor=actor.ledger_actor,
                subject=task.secret.ledger_subject,
                detail={
                    "task": str(task.pk),
                    "carrier": str(task.carrier_id or ""),
                    "file": str(task.file_id or ""),
                    "form": mark.form,
                    "photo_sha256": photo.sha256 if photo else "",
                    "marked_sha256": inside.sha256 if inside else "",
                    "unmarked": inside.fault if inside else "",
                },
            )
    return task
