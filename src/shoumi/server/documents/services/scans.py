"""Starts, stops, resumes, archives and deletes scans; the worker runs them (`services.running`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.inspection.recognise.entries import PACKS
from shoumi.engine.inspection.verdict import read_policy
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import Scan, ScanPlan, ScanUpload
from shoumi.server.documents.queries.access import scan_resource
from shoumi.server.documents.queries.indexes import indexes_ready
from shoumi.server.documents.services.sources import folder_of
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.files.queries import file_is_referenced
from shoumi.server.files.services import file_shred
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource

State = Scan.State


class NothingToScanError(InputError):
    """Neither a share nor a file was named."""

    code = "documents.nothing_to_scan"
    message = "Choose a share, or bring at least one file."


class NothingToLookForError(InputError):
    """Neither a pack nor an index was named."""

    code = "documents.nothing_to_look_for"
    message = "Choose at least one index, or what to look for."


class IndexNotOfferedError(InputError):
    """An index cannot be compared with."""

    code = "documents.index_not_offered"
    message = "One of the indexes is not there any more, or is not yours to compare with."


class ScanStateError(ConflictError):
    """The scan is not in a state in which this can be done."""

    code = "documents.scan_state"
    message = "The scan has moved on meanwhile; look at it again."


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a scan looks and with what."""

    entity: LegalEntity
    share: str = ""
    below: str = ""
    files: Sequence[StoredFile] = ()
    ocr: bool = False
    packs: Sequence[str] = PACKS
    index_ids: Sequence[str] = field(default=())
    policy: str = ""  # YAML; empty: the rules that ship

    @property
    def means(self) -> dict[str, object]:
        """Return what scans and plans keep of it."""
        return {
            "entity": self.entity,
            "share": self.share,
            "below": self.below.strip("/ ") if self.share else "",
            "ocr": self.ocr,
            "packs": list(self.packs),
            "index_ids": list(self.index_ids),
            "policy": self.policy,
        }


def wish_verify(actor: User, wish: Wish) -> None:
    """Return if there is something to look into and to look for.

    Raises:
        ShareFolderError, NothingToScanError, NothingToLookForError, PolicyFaultsError: there is not.
        IndexNotOfferedError: an index is not there, or not for the actor.
    """
    if wish.share:
        folder_of(wish.share, wish.below)
    elif not wish.files:
        raise NothingToScanError
    if not wish.packs and not wish.index_ids:
        raise NothingToLookForError
    if not set(wish.index_ids) <= {str(row.pk) for row, _label in indexes_ready(actor)}:
        raise IndexNotOfferedError
    if wish.policy:
        read_policy("policy.yaml", wish.policy)


def scan_start(*, actor: User, wish: Wish, plan: ScanPlan | None = None) -> Scan:
    """Begin a scan; the worker takes it up within seconds.

    Raises:
        NotPermittedError: the actor may not start scans for this legal entity.
        and whatever `wish_verify` raises.
    """
    gate.require(actor, Action.SCAN_START, entity_resource(wish.entity))
    wish_verify(actor, wish)
    return scan_queue(wish=wish, asked_by=actor, actor=actor.ledger_actor, plan=plan)


def scan_queue(*, wish: Wish, asked_by: User, actor: str, plan: ScanPlan | None = None) -> Scan:
    """Queue a scan that the caller has asked the gate for; what is not there makes it fail, visibly."""
    with transaction.atomic():
        scan = Scan.objects.create(
            **wish.means,
            source=Scan.Source.SHARE if wish.share else Scan.Source.UPLOAD,
            plan=plan,
            asked_by=asked_by,
            asked_at=clock().now(),
        )
        if not wish.share:
            ScanUpload.objects.bulk_create(
                ScanUpload(scan=scan, file=file, ordinal=at) for at, file in enumerate(wish.files)
            )
        append(
            LedgerTag.DOCUMENTS_SCAN_BEGUN,
            actor=actor,
            subject=scan.ledger_subject,
            detail={
                "source": scan.source,
                "share": scan.share,
                "below": scan.below,
                "ocr": scan.ocr,
                "packs": list(scan.packs),
                "indexes": list(scan.index_ids),
                "own_rules": bool(scan.policy),
            },
        )
    return scan


def scan_stop(*, actor: User, scan_id: UUID) -> Scan:
    """Stop a scan after the files it is looking into; what was found stays.

    Raises:
        NotPermittedError: the actor does not control it.
        ScanStateError: it has ended already.
    """
    with transaction.atomic():
        scan = _controlled(actor, scan_id)
        if not scan.is_open:
            raise ScanStateError
        if scan.state == State.WAITING:
            scan.state, scan.ended_at = State.STOPPED, clock().now()
        else:
            scan.stop_asked = True
        scan.save(update_fields=["state", "stop_asked", "ended_at"])
        append(LedgerTag.DOCUMENTS_SCAN_STOPPED, actor=actor.ledger_actor, subject=scan.ledger_subject)
    return scan


def scan_resume(*, actor: User, scan_id: UUID) -> Scan:
    """Go on with a scan that was stopped or failed; files that it saw are not looked into again.

    Raises:
        NotPermittedError: the actor does not control it.
        ScanStateError: it is under way or done.
    """
    with transaction.atomic():
        scan = _controlled(actor, scan_id)
        if scan.state not in {State.STOPPED, State.FAILED}:
            raise ScanStateError
        scan.state, scan.stop_asked, scan.failure, scan.ended_at = State.WAITING, False, "", None
        scan.save(update_fields=["state", "stop_asked", "failure", "ended_at"])
        append(LedgerTag.DOCUMENTS_SCAN_RESUMED, actor=actor.ledger_actor, subject=scan.ledger_subject)
    return scan


def scan_archive(*, actor: User, scan_id: UUID, archived: bool = True) -> Scan:
    """Put a scan out of the way, or take it back; its findings stay where they are.

    Raises:
        NotPermittedError: the actor does not control it.
        ScanStateError: it is under way.
    """
    with transaction.atomic():
        scan = _controlled(actor, scan_id)
        if scan.is_open:
            raise ScanStateError
        scan.archived_at = clock().now() if archived else None
        scan.save(update_fields=["archived_at"])
        append(
            LedgerTag.DOCUMENTS_SCAN_ARCHIVED,
            actor=actor.ledger_actor,
            subject=scan.ledger_subject,
            detail={"archived": archived},
        )
    return scan


def scan_delete(*, actor: User, scan_id: UUID) -> None:
    """Delete a scan with what it found, and destroy the files that were brought for it alone.

    The ledger keeps that there was one and what it came to; exceptions stay, they name no row of a scan.

    Raises:
        NotPermittedError: the actor may not delete scans.
        ScanStateError: it is under way.
    """
    with transaction.atomic():
        scan = _controlled(actor, scan_id, Action.SCAN_DELETE)
        if scan.is_open:
            raise ScanStateError
        brought = list(StoredFile.objects.filter(scanned__scan=scan))
        append(
            LedgerTag.DOCUMENTS_SCAN_DELETED,
            actor=actor.ledger_actor,
            subject=scan.ledger_subject,
            detail={"files": scan.files, "findings": scan.matches_count, "closed": scan.closed},
        )
        scan.delete()
        for stored in brought:
            if stored.state == FileState.READY and not file_is_referenced(stored):
                file_shred(actor=actor, stored=stored, reason="its scan was deleted")


def _controlled(actor: User, scan_id: UUID, action: Action = Action.SCAN_CONTROL) -> Scan:
    """Return the scan, locked, after the gate."""
    scan = Scan.objects.select_for_update(of=("self",), no_key=True).select_related("entity").get(pk=scan_id)
    gate.require(actor, action, scan_resource(scan))
    return scan
