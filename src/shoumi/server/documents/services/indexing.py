"""Keeps the index of secrets in step with the register: an approved secret is recognisable within a minute.

Nobody announces anything.  The worker compares what should be recognisable with what is (`queries.indexes`)
and mends the difference, so that a secret that was missed, for whatever reason, is found at the next look.
The file of the index is written first and the rows after: a crash between the two costs doing it again, which
changes nothing.  Files that cannot be read are written down and not tried again until somebody asks for it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction

from shoumi.engine.errors import ShoumiError
from shoumi.engine.inspection.fingerprint import FingerprintIndex
from shoumi.engine.policy import Action
from shoumi.sandbox.scanning import IndexFile
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import Index, IndexedFile, IndexRun
from shoumi.server.documents.models.indexes import document_id
from shoumi.server.documents.queries.access import index_place
from shoumi.server.documents.queries.indexes import files_missing, files_superfluous, files_wanted
from shoumi.server.documents.services.keeping import SYSTEM, index_of_secrets, opened_file, writing
from shoumi.server.documents.services.reading import Read, files_read
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.register.models import SecretFile

log = logging.getLogger(__name__)
BATCH: Final = 200  # files taken in before the index is written
MOST_BYTES: Final = 256 << 20  # of a batch, unless one file alone is larger
INTERRUPTED: Final = "documents.index_interrupted"
BROKEN: Final = "documents.index_broken"
State = IndexRun.State


def index_is_behind() -> bool:
    """Tell whether the index is not what the register wants; a few indexed questions."""
    return files_superfluous().exists() or files_missing().exists()


def index_update() -> IndexRun | None:
    """Bring the index in step; return the run, or None where there is nothing to do or somebody does it."""
    if not index_is_behind():
        return None
    index = index_of_secrets()
    with writing(index.pk) as ours:
        if not ours:
            return None
        _close_interrupted(index)
        return _run(index)


def index_check() -> bool:
    """Compare the file itself with its rows, and forget rows that it does not bear out; say if any.

    A file that is missing or cannot be opened (an older backup, a damaged disk) is made anew that way.
    """
    index = index_of_secrets()
    with writing(index.pk) as ours:
        if not ours:
            return False
        there = _ids(opened_file(index))
        known = list(IndexedFile.objects.exclude(state=IndexedFile.State.CLOSED))
        lost = [row.pk for row in known if row.document_id not in there]
        strangers = there - {row.document_id for row in known}
        if strangers:
            _written(opened_file(index), gone=strangers, new=[])
        IndexedFile.objects.filter(pk__in=lost).delete()
    return bool(lost or strangers)


def files_retry(*, actor: User) -> int:
    """Have files that could not be read tried again; return how many.

    Raises:
        NotPermittedError: the actor does not manage indexes.
    """
    gate.require(actor, Action.INDEX_MANAGE, index_place(actor, Action.INDEX_MANAGE))
    count, _rows = IndexedFile.objects.filter(state=IndexedFile.State.CLOSED).delete()
    return count


def _close_interrupted(index: Index) -> None:
    """End runs whose process is gone: we hold its lock."""
    IndexRun.objects.filter(index=index, state=State.RUNNING).update(
        state=State.FAILED, failure=INTERRUPTED, ended_at=clock().now()
    )


def _run(index: Index) -> IndexRun:
    wanted = files_superfluous().count() + files_missing().count()
    run = IndexRun.objects.create(index=index, began_at=clock().now(), wanted=wanted)
    try:
        file = opened_file(index)
        _take_out(index, file, run)
        for batch in _batches(files_missing().order_by("added_at", "pk")):
            _take_in(index, file, run, batch)
    except ShoumiError as error:
        log.exception("The index of secrets could not be brought in step")
        _end(index, run, error.code)
    except Exception:
        _end(index, run, BROKEN)
        raise
    else:
        _end(index, run, "")
    return run


def _take_out(index: Index, file: IndexFile, run: IndexRun) -> None:
    rows = list(files_superfluous())
    if not rows:
        return
    _written(file, gone={row.document_id for row in rows}, new=[])
    with transaction.atomic():
        IndexedFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
        run.removed += len(rows)
        run.save(update_fields=["removed"])
        append(
            LedgerTag.DOCUMENTS_INDEX_UPDATED,
            actor=SYSTEM,
            subject=index.ledger_subject,
            detail={"removed": _files(rows)},
        )


def _take_in(index: Index, file: IndexFile, run: IndexRun, batch: Sequence[SecretFile]) -> None:
    """Read a batch, write the index, then the rows; what changed meanwhile is mended at the next look."""
    reads = list(files_read(batch))
    closed = {document_id(read.held.secret_id, read.held.file_id) for read in reads if not read.document}
    _written(file, gone=closed, new=[read for read in reads if read.document])
    now = clock().now()
    with transaction.atomic():
        rows = [
            IndexedFile.objects.update_or_create(
                secret=read.held.secret,
                file=read.held.file,
                defaults={
                    "number": read.held.secret.number,
                    "level": read.held.secret.level,
                    "state": _state(read),
                    "reason": read.reason,
                    "at": now,
                },
            )[0]
            for read in reads
        ]
        run.added += sum(read.document is not None for read in reads)
        run.closed += len(closed)
        run.save(update_fields=["added", "closed"])
        append(
            LedgerTag.DOCUMENTS_INDEX_UPDATED,
            actor=SYSTEM,
            subject=index.ledger_subject,
            detail={"files": _files(rows)},
        )


def _state(read: Read) -> str:
    if read.document is None:
        return IndexedFile.State.CLOSED
    return IndexedFile.State.PARTLY if read.reason else IndexedFile.State.RECOGNISABLE


def _files(rows: Iterable[IndexedFile]) -> list[dict[str, str]]:
    return [
        {"secret": row.number, "file": str(row.file_id), "level": row.level, "state": str(row.state)}
        for row in rows
    ]


def _ids(file: IndexFile) -> frozenset[str]:
    return _opened(file).ids


def _opened(file: IndexFile) -> FingerprintIndex:
    """Return the index; one that is not there, or is not readable any more, begins empty."""
    key = file.read_key()
    try:
        return FingerprintIndex.open(file.path, key)
    except FileNotFoundError:
        return FingerprintIndex.empty(key)
    except ShoumiError:
        log.exception("The index of secrets cannot be opened; it is made anew")
        return FingerprintIndex.empty(key)


def _written(file: IndexFile, *, gone: Iterable[str], new: Sequence[Read]) -> None:
    """Replace the index by one without `gone` and with `new`; nothing is written where nothing changes."""
    old = _opened(file)
    changed = old.without(gone).with_([read.document for read in new if read.document])
    if changed is not old or not file.path.exists():
        file.write(changed.sealed(file.read_key()))


def _end(index: Index, run: IndexRun, failure: str) -> None:
    file = opened_file(index) if not failure else None
    with transaction.atomic():
        run.state = State.FAILED if failure else State.DONE
        run.failure, run.ended_at = failure, clock().now()
        run.save(update_fields=["state", "failure", "ended_at"])
        if file and file.path.exists():
            index.entries = IndexedFile.objects.exclude(state=IndexedFile.State.CLOSED).count()
            index.size_bytes = file.path.stat().st_size
            index.updated_at = run.ended_at
            index.save(update_fields=["entries", "size_bytes", "updated_at"])


def _batches(rows: Iterable[SecretFile]) -> Iterable[list[SecretFile]]:
    batch: list[SecretFile] = []
    size = 0
    for row in list(rows):
        if batch and (len(batch) == BATCH or size + row.file.size_bytes > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row.file.size_bytes
    if batch:
        yield batch


def coverage() -> tuple[int, int]:
    """Return how many files must be recognisable, and how many of them are not yet looked at."""
    return files_wanted().count(), files_missing().count()
