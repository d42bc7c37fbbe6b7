"""The API of files, below /api/v1/files/: one's own, before they belong to a record.

Files of a secret are read through the secret, where the decision is made; see `register.api`.
For resumable uploads there is the tus endpoint at /files/uploads/.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from ninja.pagination import paginate

from shoumi.server.accounts.paging import Paging
from shoumi.server.files.models import StoredFile
from shoumi.server.files.queries import FileNotFoundHereError, file_get, files_of
from shoumi.server.files.services import file_discard, files_adopt

router = Router()


class FileOut(Schema):
    """A stored file; its content is not part of it."""

    id: UUID
    name: str
    state: str  # uploading, ready, failed or shredded
    size_bytes: int
    media_type: str
    name_agrees: bool  # False when the name promises another kind of content
    sha256: str  # lower-case hex, empty until the file is ready
    sm3: str
    created_at: datetime


@router.get("", response=list[FileOut], operation_id="file_list")
@paginate(Paging)
def file_list(request: HttpRequest) -> object:
    """Return what I stored, newest first."""
    return files_of(request.user)


@router.post("", response={201: FileOut}, operation_id="file_store")
def file_add(request: HttpRequest, file: File[UploadedFile]) -> object:
    """Store one file, encrypted as it arrives; put its id into what it belongs to."""
    (stored,) = files_adopt(actor=request.user, chosen=[file])
    return Status(201, stored)


@router.get("/{file_id}", response=FileOut, operation_id="file_get")
def file_facts(request: HttpRequest, file_id: UUID) -> object:
    """Return one of my files."""
    return _own(request, file_id)


@router.api_operation(["DELETE"], "/{file_id}", response={204: None}, operation_id="file_discard")
def file_take_back(request: HttpRequest, file_id: UUID) -> object:
    """Destroy one of my files that no record refers to yet."""
    file_discard(actor=request.user, stored=_own(request, file_id))
    return Status(204, None)


def _own(request: HttpRequest, file_id: UUID) -> StoredFile:
    try:
        return file_get(request.user, file_id)
    except FileNotFoundHereError as error:
        raise Http404 from error
