"""Reads of the files app.  Whose files may be seen is the callers' decision, except for one's own."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from shoumi.engine.errors import InputError
from shoumi.server.accounts.models import User
from shoumi.server.files.models import FileState, StoredFile, Upload


class FileNotFoundHereError(InputError):
    """There is no such file, or not for this user; both look the same."""

    code = "input.file_not_found"
    message = "There is no such file."


def files_of(user: User) -> QuerySet[StoredFile]:
    """Return what `user` stored and is not destroyed, newest first."""
    return StoredFile.objects.filter(owner=user).exclude(state=FileState.SHREDDED)


def file_get(user: User, file_id: UUID) -> StoredFile:
    """Return the user's own file.

    Raises:
        FileNotFoundHereError: there is none.
    """
    stored = StoredFile.objects.filter(pk=file_id, owner=user).select_related("upload").first()
    if stored is None:
        raise FileNotFoundHereError
    return stored


def upload_get(user: User, file_id: UUID) -> Upload:
    """Return the user's own upload under way.

    Raises:
        FileNotFoundHereError: there is none.
    """
    upload = Upload.objects.filter(pk=file_id, stored__owner=user).select_related("stored", "key").first()
    if upload is None:
        raise FileNotFoundHereError
    return upload


def open_uploads(user: User) -> QuerySet[Upload]:
    """Return the user's uploads under way."""
    return Upload.objects.filter(stored__owner=user)


def file_is_referenced(stored: StoredFile) -> bool:
    """Tell whether any record of any app refers to `stored`, by whatever kind of relation."""
    for relation in StoredFile._meta.get_fields(include_hidden=True):  # noqa: SLF001 - public in Django's documents
        if not relation.auto_created or relation.concrete or relation.related_model is Upload:
            continue
        records = relation.related_model._base_manager  # noqa: SLF001 - the same
        if records.filter(**{relation.field.name: stored.pk}).exists():
            return True
    return False


def uploading_state(stored: StoredFile) -> dict[str, str | int | bool]:
    """Return what the upload widget shows of one file: sizes in bytes, `state` as in the model."""
    upload = getattr(stored, "upload", None)
    length = upload.length_bytes if upload else stored.size_bytes
    return {
        "id": str(stored.id),
        "name": stored.name,
        "state": stored.state,
        "failure": stored.failure,
        "length_bytes": length,
        "received_bytes": upload.offset_bytes if upload else length,
        "finished_bytes": upload.finished_bytes if upload else length,
        "name_agrees": stored.name_agrees,
    }
