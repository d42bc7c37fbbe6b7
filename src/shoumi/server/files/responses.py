"""Sends a stored content to a browser, decrypted on the way, in whole or in part.

Sources: RFC 9110 section 14 (ranges), RFC 6266 and RFC 8187 (names), CSP 3 section 6.3.2 (sandbox).
The caller has decided that this user may have it, and has written the ledger entry.
A content that proves altered on the way breaks the connection: the browser sees an incomplete file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open
from shoumi.server.files.storage.format import StoredReader

Disposition = Literal["attachment", "inline"]

SHOWN_INLINE: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"})
SANDBOX: Final = (
    "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


def stream(
    stored: StoredFile, *, disposition: Disposition = "attachment", request: HttpRequest | None = None
) -> HttpResponseBase:
    """Return the content of `stored` as a streamed answer.

    With `request`, one range of bytes is honoured, and HEAD gets the headers only.  "inline" is granted to
    pictures and plain text; everything else is saved, whatever was asked.

    Raises:
        whatever `file_open` raises, before the first byte is sent.
    """
    reader = file_open(stored)
    etag = f'"{stored.sha256}"'
    span = _span_of(request, stored.size_bytes, etag)
    if span is None:
        reader.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size_bytes}"})
    start, end = span
    partial = (start, end) != (0, stored.size_bytes)
    response: HttpResponseBase
    if request is not None and request.method == "HEAD":
        reader.close()
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(_Body(reader, start, end))
    shown = disposition == "inline" and stored.media_type in SHOWN_INLINE
    _tell(response, stored, length=end - start, shown=shown)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    if partial:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size_bytes}"
    return response


def _tell(response: HttpResponseBase, stored: StoredFile, *, length: int, shown: bool) -> None:
    """Set the headers that say what is sent, and that nothing may keep or run it."""
    headers = {
        "Content-Type": _content_type(stored),
        "Content-Length": str(length),
        "Content-Disposition": content_disposition_header(not shown, stored.name) or "attachment",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
    for name, value in headers.items():
        response[name] = value


def whole(stored: StoredFile, content: bytes) -> HttpResponse:
    """Return an answer with `content`, made from `stored`, under its name and kind; always to be saved."""
    response = HttpResponse(content)
    _tell(response, stored, length=len(content), shown=False)
    return response


class _Body:
    """Iterates over a stretch of the content, and closes it however the answer ends."""

    def __init__(self, reader: StoredReader, start: int, end: int) -> None:
        self._reader = reader
        self._left = end - start
        reader.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._reader.chunks():
            part = chunk[: self._left]
            self._left -= len(part)
            if part:
                yield part
            if not self._left:
                break

    def close(self) -> None:
        """Close the content; Django calls it when the answer is done or given up."""
        self._reader.close()


def _content_type(stored: StoredFile) -> str:
    if stored.media_type.startswith("text/") and stored.charset:
        return f"{stored.media_type}; charset={stored.charset}"
    return stored.media_type or "application/octet-stream"


def _span_of(request: HttpRequest | None, size: int, etag: str) -> tuple[int, int] | None:
    """Return first and last-but-one position to send; None if the range cannot be satisfied."""
    whole = (0, size)
    header = (
        request.headers.get("Range", "") if request is not None and request.method in {"GET", "HEAD"} else ""
    )
    if not header or (request is not None and request.headers.get("If-Range", etag) != etag):
        return whole
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if match is None or not (match[1] or match[2]):
        return whole  # several ranges, or another unit: RFC 9110 allows to ignore them
    if not match[1]:
        length = int(match[2])
        return (max(0, size - length), size) if length and size else None
    start = int(match[1])
    end = min(size, int(match[2]) + 1) if match[2] else size
    if match[2] and int(match[2]) < start:
        return whole
    return (start, end) if start < size else None
