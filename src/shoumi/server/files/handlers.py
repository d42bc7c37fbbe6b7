"""Takes files out of plain forms without ever writing a readable byte to disk.

Django's own handlers put files above 1 MiB into /tmp as they are.  This one encrypts them, under a key
that exists in this process only, into a file without a name: nothing is left behind, even by a crash.
Smaller files stay in memory (Django's `MemoryFileUploadHandler` stands before this one).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from shoumi.connectors.keys.port import KEY_BYTES
from shoumi.server.files.storage.format import CHUNK_BYTES, StoredReader, StoredWriter
from shoumi.server.files.storage.places import has_room, scratch_directory

View = TypeVar("View", bound=Callable[..., Any])


def takes_from_strangers(limit_bytes: int) -> Callable[[View], View]:
    """Let a view take forms with files from those who are not signed in, up to `limit_bytes` each."""

    def mark(view: View) -> View:
        view.strangers_bytes = limit_bytes
        return view

    return mark


class EncryptedUpload(UploadedFile):
    """A file from a form: read it as any uploaded file, before the request ends."""

    DEFAULT_CHUNK_SIZE = CHUNK_BYTES


class EncryptedUploadHandler(FileUploadHandler):
    """Receives one file after the other; only signed-in users may send any, but for `takes_from_strangers`.

    A form that is too large is broken off: its connection is reset before the bytes are taken in.
    """

    chunk_size = CHUNK_BYTES

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """Note whether anything may be taken in: not from strangers, not beyond the limit or the disk."""
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)
        known = getattr(getattr(self.request, "user", None), "is_authenticated", False)
        known = known or bool(getattr(self.request, "auth", None))  # of the API
        limit_bytes = settings.CONFIG.upload_limit_bytes + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        match = getattr(self.request, "resolver_match", None)
        if match is not None and hasattr(match.func, "strangers_bytes"):
            known, limit_bytes = True, min(limit_bytes, match.func.strangers_bytes)
        self._is_taken = known and content_length <= limit_bytes and has_room(content_length)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a nameless file and a key for it."""
        super().new_file(*args, **kwargs)
        if not self._is_taken:
            raise StopUpload(connection_reset=True)
        self._sealing = {"file_id": uuid4(), "key_id": uuid4(), "file_key": os.urandom(KEY_BYTES)}
        self._sink: BinaryIO = tempfile.TemporaryFile(dir=scratch_directory())  # noqa: SIM115 - outlives this call
        self._writer = StoredWriter(self._sink, **self._sealing)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Encrypt the next bytes; `None` tells Django that they are taken."""
        del start
        self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> EncryptedUpload:
        """Return the file, open for reading at its beginning."""
        self._writer.finish()
        self._sink.flush()
        return EncryptedUpload(
            file=StoredReader(self._sink, **self._sealing),
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """Forget a file whose line broke."""
        if hasattr(self, "_sink"):
            self._sink.close()
