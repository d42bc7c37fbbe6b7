"""Writes of the files app: contents, their keys, and uploads."""

from shoumi.server.files.services.contents import (
    FileNameError,
    FileTooLargeError,
    file_discard,
    file_open,
    file_opening_record,
    file_shred,
    file_store,
    file_verify,
    files_adopt,
)
from shoumi.server.files.services.finishing import finish_now_or_later
from shoumi.server.files.services.keys import content_keys_rotate, key_destroy
from shoumi.server.files.services.uploads import (
    upload_create,
    upload_finish,
    upload_receive,
    upload_terminate,
    uploads_expire,
)

__all__ = [
    "FileNameError",
    "FileTooLargeError",
    "content_keys_rotate",
    "file_discard",
    "file_open",
    "file_opening_record",
    "file_shred",
    "file_store",
    "file_verify",
    "files_adopt",
    "finish_now_or_later",
    "key_destroy",
    "upload_create",
    "upload_finish",
    "upload_receive",
    "upload_terminate",
    "uploads_expire",
]
