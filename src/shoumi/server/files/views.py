"""The upload endpoint: tus 1.0.0 for signed-in users, each seeing none but their own uploads.

Source: tus 1.0.0 (core, creation, expiration, termination, checksum).  Requests other than reading carry the
CSRF token in `X-CSRFToken`; the middleware checks it.  Somebody else's upload looks like none.
Downloads are not here: who may read a file is decided by what it belongs to, see `responses`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import pgettext
from django.views import View

from shoumi.engine.errors import (
    ConflictError,
    EvidenceError,
    InputError,
    RefusalError,
    ShoumiError,
    UnavailableError,
)
from shoumi.server.files.models import FileState, StoredFile, Upload
from shoumi.server.files.queries import FileNotFoundHereError, file_get, upload_get, uploading_state
from shoumi.server.files.services import (
    FileTooLargeError,
    file_discard,
    finish_now_or_later,
    upload_create,
    upload_receive,
    upload_terminate,
)
from shoumi.server.files.services.uploads import UploadOverrunError, UploadQuotaError, UploadTakenOverError
from shoumi.server.files.storage.places import StorageFullError
from shoumi.server.files.uploads.protocol import (
    PIECE_TYPE,
    ChecksumMismatchError,
    UploadHeaderError,
    UploadTypeError,
    UploadVersionError,
    expires,
    greeting,
    read_checksum,
    read_metadata,
    read_number,
    verify_version,
)

STATUSES: Final[tuple[tuple[type[ShoumiError], int], ...]] = (
    (UploadVersionError, 412),
    (UploadTypeError, 415),
    (ChecksumMismatchError, 460),  # tus's own number
    (FileTooLargeError, 413),
    (UploadOverrunError, 413),
    (FileNotFoundHereError, 404),
    (UploadQuotaError, 429),
    (UploadTakenOverError, 423),
    (StorageFullError, 507),
    (InputError, 400),
    (RefusalError, 403),
    (ConflictError, 409),
    (EvidenceError, 422),
    (UnavailableError, 503),
)
UNNAMED: Final = "unnamed"


class SignedOutError(RefusalError):
    """Uploads are for signed-in users."""

    code = "refusal.signed_out"
    message = "Sign in first."


class TusView(View):
    """What both addresses have in common: version, signing in, errors as JSON."""

    http_method_names = ("get", "post", "head", "patch", "delete", "options")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the protocol's headers; errors of the tree become statuses."""
        method = request.method or ""
        if method == "POST":  # for clients behind proxies that know no PATCH
            method = request.headers.get("X-HTTP-Method-Override", method)
        handler: Callable[..., HttpResponseBase] = getattr(
            self,
            method.lower() if method.lower() in self.http_method_names else "",
            self.http_method_not_allowed,
        )
        try:
            if not request.user.is_authenticated:
                response: HttpResponseBase = _refusal(SignedOutError(), 401)
            else:
                if method not in {"OPTIONS", "GET"}:
                    verify_version(request.headers)
                response = handler(request, *args, **kwargs)
        except ShoumiError as error:
            response = _refusal(error, _status(error))
        for name, value in greeting(settings.CONFIG.upload_limit_bytes).items():
            response.headers.setdefault(name, value)
        response.headers["Cache-Control"] = "no-store"
        return response

    def options(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Tell what the server can do; the headers are the answer."""
        return HttpResponse(status=204)


class UploadListView(TusView):
    """`/files/uploads/`: open an upload."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create an upload (extension "creation"); an empty file is complete at once."""
        if "Upload-Defer-Length" in request.headers:
            raise UploadHeaderError(header="Upload-Defer-Length")
        length_bytes = read_number(request.headers, "Upload-Length")
        metadata = read_metadata(request.headers.get("Upload-Metadata", ""))
        upload = upload_create(
            actor=request.user, name=metadata.get("filename") or UNNAMED, length_bytes=length_bytes
        )
        address = reverse("files:upload_detail", args=[upload.pk])
        response = HttpResponse(
            status=201, headers={"Location": address, "Upload-Expires": expires(upload.expires_at)}
        )
        if upload.is_complete:
            finish_now_or_later(upload)
        return response


class UploadDetailView(TusView):
    """`/files/uploads/<id>/`: where one upload stands, its next piece, its end."""

    def get(self, request: HttpRequest, file_id: UUID) -> JsonResponse:
        """Return the state for the progress bar, as JSON."""
        return JsonResponse(uploading_state(file_get(request.user, file_id)))

    def head(self, request: HttpRequest, file_id: UUID) -> HttpResponse:
        """Tell where to continue; a file that is ready stands at its end."""
        stored = file_get(request.user, file_id)
        upload = Upload.objects.filter(pk=stored.pk).first()
        if upload is None and stored.state != FileState.READY:
            raise FileNotFoundHereError
        return HttpResponse(status=200, headers=_offsets(upload, stored))

    def patch(self, request: HttpRequest, file_id: UUID) -> HttpResponse:
        """Take in the next piece."""
        if request.content_type != PIECE_TYPE:
            raise UploadTypeError(expected=PIECE_TYPE)
        offset_bytes = read_number(request.headers, "Upload-Offset")
        length_bytes = read_number(request.headers, "Content-Length")
        checksum = read_checksum(request.headers.get("Upload-Checksum", ""))
        upload = upload_receive(
            upload=upload_get(request.user, file_id),
            offset_bytes=offset_bytes,
            length_bytes=length_bytes,
            stream=request,
            checksum=checksum,
        )
        headers = _offsets(upload, upload.stored)
        if upload.is_complete:
            finish_now_or_later(upload)
        return HttpResponse(status=204, headers=headers)

    def delete(self, request: HttpRequest, file_id: UUID) -> HttpResponse:
        """End the upload, or take back its file while no record refers to it."""
        stored = file_get(request.user, file_id)
        upload = Upload.objects.filter(pk=stored.pk).first()
        if upload:
            upload_terminate(upload=upload)
        elif stored.state == FileState.READY:
            file_discard(actor=request.user, stored=stored)
        else:
            raise FileNotFoundHereError
        return HttpResponse(status=204)


def _offsets(upload: Upload | None, stored: StoredFile) -> dict[str, str]:
    if upload is None:
        return {"Upload-Offset": str(stored.size_bytes), "Upload-Length": str(stored.size_bytes)}
    return {
        "Upload-Offset": str(upload.offset_bytes),
        "Upload-Length": str(upload.length_bytes),
        "Upload-Expires": expires(upload.expires_at),
    }


def _status(error: ShoumiError) -> int:
    return next((status for branch, status in STATUSES if isinstance(error, branch)), 500)


def _refusal(error: ShoumiError, status: int) -> JsonResponse:
    """Answer with the error in the words of the reader's language, which the widget shows."""
    detail = pgettext(error.code, error.message).format(**error.fields)
    body = {"code": error.code, "detail": detail, "fields": error.fields}
    return JsonResponse({"error": body}, status=status)
