"""Imports with a preview, and exports, over the API."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Status
from ninja.files import UploadedFile

from shoumi.server.files.tables.imports import import_apply, import_get, import_open, import_preview
from shoumi.server.files.tables.writing import TableFormat
from shoumi.server.people.api.routing import router
from shoumi.server.people.api.shapes import ApplyIn, ImportOut, Line
from shoumi.server.people.importing import PEOPLE_IMPORT, people_export


@router.post("/imports", response={201: ImportOut})
def import_create(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Upload a table and see what it would do; nothing is written yet."""
    draft = import_open(
        actor=request.user, kind=PEOPLE_IMPORT, name=file.name or "table", content=file.read()
    )
    return Status(201, _shown(request, draft.pk))


@router.get("/imports/{import_id}", response=ImportOut)
def import_detail(request: HttpRequest, import_id: UUID) -> dict[str, Any]:
    """Return what an open import would do, or what an applied one did."""
    return _shown(request, import_id)


@router.post("/imports/{import_id}/apply", response=ImportOut)
def import_take(request: HttpRequest, import_id: UUID, data: ApplyIn) -> dict[str, Any]:
    """Write all rows, or none."""
    draft = import_get(actor=request.user, kind=PEOPLE_IMPORT, import_id=import_id)
    import_apply(
        actor=request.user,
        kind=PEOPLE_IMPORT,
        draft=draft,
        expected_version=data.expected_version,
        leave_out_faulty=data.leave_out_faulty,
    )
    return _shown(request, import_id)


def _shown(request: HttpRequest, import_id: UUID) -> dict[str, Any]:
    draft = import_get(actor=request.user, kind=PEOPLE_IMPORT, import_id=import_id)
    answer = {"id": draft.pk, "state": draft.state, "version": draft.version, "counts": draft.counts}
    if draft.state == "open":
        preview = import_preview(actor=request.user, kind=PEOPLE_IMPORT, draft=draft)
        faults = [
            {"cell": fault.cell, "column": fault.column, "code": fault.code, "text": fault.text}
            for fault in preview.faults
        ]
        answer |= {"counts": {**preview.plan.counts, "faulty": preview.faulty_rows}, "faults": faults}
    return answer


@router.get("/export", response={200: bytes})
def export(
    request: HttpRequest, file_format: Literal["xlsx", "csv"] = "xlsx", table: str = "", purpose: Line = ""
) -> HttpResponse:
    """Return the tables in the form in which they come in; with `purpose` also telephone and e-mail."""
    content = people_export(actor=request.user, file_format=file_format, table=table, purpose=purpose)
    return HttpResponse(content, content_type=TableFormat(file_format).media_type)
