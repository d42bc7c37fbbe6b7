"""Writes the sections of a draft: texts, PDFs and videos, each with the hash of what it shows.

A video is an MP4 file, whose length is read from the file.  The order is the order in which they are taught.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shoumi.engine.errors import InputError
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open
from shoumi.server.people.services.editing import RecordUnknownError, text_of
from shoumi.server.training.models import CourseVersion, Section
from shoumi.server.training.queries.courses import text_sha256
from shoumi.server.training.services.courses import changing
from shoumi.server.training.services.footage import NotPlayableError, length_ms
from shoumi.server.training.services.writing import lines_of

PDF, MP4 = "application/pdf", "video/mp4"
Kind = Section.Kind


class SectionFileError(InputError):
    """A section of this kind needs a file of its kind."""

    code = "training.section_file"
    message = "Choose a file of the kind that the section shows."


@dataclass(frozen=True, slots=True)
class SectionContent:
    """What a section shows: words, or a file."""

    kind: str
    title: str
    text: str = ""
    file: StoredFile | None = None


def section_add(
    *, actor: User, version_id: UUID, expected_version: int, content: SectionContent
) -> CourseVersion:
    """Add a section at the end of a draft.

    Raises:
        SectionFileError, NotPlayableError, FieldMissingError: the content is not fit.
        and whatever `courses.changing` raises.
    """
    with changing(actor, version_id, expected_version) as version:
        row = Section(version=version, ordinal=version.sections.count() + 1)
        _fill(row, content)
        row.save()
    return version


def section_change(
    *, actor: User, version_id: UUID, expected_version: int, section_id: UUID, content: SectionContent
) -> CourseVersion:
    """Change a section of a draft; without a new file the old one stays.  Raises as `section_add`."""
    with changing(actor, version_id, expected_version) as version:
        row = _found(version, section_id)
        _fill(row, content)
        row.save()
    return version


def section_remove(
    *, actor: User, version_id: UUID, expected_version: int, section_id: UUID
) -> CourseVersion:
    """Take a section out of a draft.  Raises as `courses.changing`."""
    with changing(actor, version_id, expected_version) as version:
        _found(version, section_id).delete()
        _number(list(version.sections.all()))
    return version


def section_move(
    *, actor: User, version_id: UUID, expected_version: int, section_id: UUID, up: bool
) -> CourseVersion:
    """Move a section of a draft one place up or down; at the end it stays.  Raises as `courses.changing`."""
    with changing(actor, version_id, expected_version) as version:
        rows = list(version.sections.all())
        at = rows.index(_found(version, section_id))
        to = min(max(at + (-1 if up else 1), 0), len(rows) - 1)
        rows.insert(to, rows.pop(at))
        _number(rows)
    return version


def _number(rows: list[Section]) -> None:
    for number, row in enumerate(rows, start=1):
        if row.ordinal != number:
            row.ordinal = number
            row.save(update_fields=["ordinal"])


def _found(version: CourseVersion, section_id: UUID) -> Section:
    row = version.sections.filter(pk=section_id).first()
    if row is None:
        raise RecordUnknownError
    return row


def _fill(row: Section, content: SectionContent) -> None:
    row.title = text_of(Section, "title", content.title, required=True)
    file = content.file or (row.file if row.kind == content.kind else None)
    row.kind, row.text, row.file, row.length_ms = content.kind, "", None, 0
    if content.kind == Kind.TEXT:
        row.text = lines_of(Section, "text", content.text)
        row.sha256 = text_sha256(row.text)
        return
    if file is None or file.media_type != {Kind.PDF: PDF, Kind.VIDEO: MP4}.get(Kind(content.kind)):
        raise NotPlayableError if file is not None and content.kind == Kind.VIDEO else SectionFileError
    row.file, row.sha256 = file, file.sha256
    if content.kind == Kind.VIDEO:
        with file_open(file) as reader:
            row.length_ms = length_ms(reader, file.size_bytes)
