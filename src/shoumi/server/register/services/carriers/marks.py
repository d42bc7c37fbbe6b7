"""The mark register: that a file or carrier bears its mark, in which form, where, by whom, with a photo.

Follows the seed guide 五(一).  It asks nobody for permission; the service that calls it has done so.
"""

from __future__ import annotations

from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import clock
from shoumi.server.register.models import Mark, MarkingTask
from shoumi.server.register.queries.carriers.rules import FILE, mark_form, values_of
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.verifying import NothingNamedError, verify_files


def mark_enter(task: MarkingTask, *, actor: User, form: str, spot: str, photo: StoredFile | None) -> Mark:
    """Write the mark of a locked task and close it; part of the caller's transaction.

    Raises:
        NothingNamedError: the form is not known, or the photo not the actor's own.
    """
    secret = task.secret
    chosen = form or mark_form(secret, task.carrier.kind if task.carrier else FILE)
    if chosen not in {item.id for item in values_of(pack_for(secret.pack), "mark")}:
        raise NothingNamedError(what="form of mark", value=chosen)
    if photo is not None:
        verify_files(actor, [photo.pk])
    task.done_by, task.done_at = actor, clock().now()
    task.save(update_fields=["done_by", "done_at"])
    return Mark.objects.create(
        secret=secret,
        version_id=task.version_id,
        task=task,
        carrier_id=task.carrier_id,
        file_id=task.file_id,
        form=chosen,
        spot=spot.strip()[:200],
        photo=photo,
        made_by=actor,
        made_at=task.done_at,
    )
