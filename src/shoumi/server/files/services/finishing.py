"""The last step of an upload: at once for small files, as a background task for large ones.

A file of 2 GiB takes about a quarter of a minute to hash, most of it SM3; nobody's request waits for that.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django_tasks import task

from shoumi.server.files.models import Upload
from shoumi.server.files.services.uploads import upload_finish

AT_ONCE_BYTES: Final = 32 << 20


@task()
def finish_upload(upload_id: str) -> None:
    """Make the stored file of a complete upload."""
    upload_finish(upload_id=UUID(upload_id))


def finish_now_or_later(upload: Upload) -> None:
    """Finish a complete upload: within this call if it is small, and otherwise in the background.

    Raises:
        StorageFullError: the disk is full; it will be tried again.
    """
    if upload.length_bytes <= AT_ONCE_BYTES:
        upload_finish(upload_id=upload.pk)
    else:
        finish_upload.enqueue(str(upload.pk))
