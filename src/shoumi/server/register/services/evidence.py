"""Builds the evidence package of a secret: record, original files, ledger entries with proofs, keys, scripts.

The form is that of `engine.evidence.package`; the ledger's part comes from
`ledger.services.evidence_material`. Original files go in only for those who may open them; for others the
record still carries their hashes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from shoumi.engine.evidence.hashes import ByteStream, FileDigests
from shoumi.engine.evidence.package import Exhibit, PackageContents, iterate_package
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.files.services import file_open, file_opening_record
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock, evidence_material
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.holdings import stored_files_of
from shoumi.server.register.queries.operations.lists import operation_subjects
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.snapshot import snapshot_of
from shoumi.server.register.services.editing import SecretUnknownError


@dataclass(frozen=True, slots=True)
class Package:
    """A package on its way out: its file name, its bytes in order, and whose word is missing in it."""

    name: str
    blocks: Iterator[bytes]
    missing: tuple[str, ...]  # "witness", "internal", "external": who has not answered yet


def evidence_package_build(*, actor: User, secret_id: UUID, purpose: str) -> Package:
    """Return the evidence package of a secret as a stream; the ledger is told of the download first.

    Files are read twice, block by block, and never held in memory.

    Raises:
        SecretUnknownError: there is no such secret.
        NotPermittedError: the gate refuses, or no purpose was given.
        EvidenceError: (a leaf of it) something in the ledger or a stored file does not hold.
    """
    rows = TradeSecret.objects.select_related("entity", "owner_department", "custodian", "proposer")
    secret = rows.filter(pk=secret_id).first()
    if secret is None:
        raise SecretUnknownError
    gate.require(actor, Action.EVIDENCE_DOWNLOAD, secret_resource(secret, of="evidence"), purpose=purpose)
    opens = gate.permits(actor, Action.FILE_DOWNLOAD, secret_resource(secret, of="file"))
    stored = [row for row in stored_files_of(secret) if row.state == FileState.READY] if opens else []
    with transaction.atomic():
        for row in stored:
            file_opening_record(actor=actor, stored=row, purpose="package")
        append(
            RegisterTag.PACKAGE_TAKEN,
            actor=actor.ledger_actor,
            subject=secret.ledger_subject,
            detail={"purpose": purpose, "files": [row.sha256 for row in stored]},
        )
    others = [*(row.subject for row in stored), *operation_subjects(secret)]
    material = evidence_material(secret.ledger_subject, *others)
    version = secret.versions.order_by("-ordinal").first()
    identifier = secret.number or f"draft-{str(secret.pk)[:8]}"
    contents = PackageContents(
        identifier=identifier,
        title=f"{identifier} {secret.name}".strip()[:200],
        organization=str(secret.entity),
        created=clock().now(),
        record=version.snapshot if version else snapshot_of(secret),
        entries=material.entries,
        checkpoint_note=material.checkpoint_note,
        log_key=material.log_key,
        witness_keys=material.witness_keys,
        exhibits=tuple(_exhibit(row) for row in stored),
        stamp=material.stamp,
    )
    return Package(f"evidence-{identifier}.zip", iterate_package(contents, material.signer), material.missing)


def _exhibit(stored: StoredFile) -> Exhibit:
    digests = FileDigests(size_bytes=stored.size_bytes, sha256=stored.sha256, sm3=stored.sm3)
    return Exhibit(name=stored.name, open=partial(_opened, stored), digests=digests)


def _opened(stored: StoredFile) -> AbstractContextManager[ByteStream]:
    return closing(file_open(stored))
