"""Reads a file of any kind into parts of text, pictures and closed doors.

One module a family of formats; `dispatch` finds the reader by the content, `gathering` counts what comes.
Pure: no process, no database, nothing on disk.  Readers that need those are handed in (`Outside`).

    extraction = extract(content, "合同.docx")
"""

from __future__ import annotations

from shoumi.engine.inspection.extract import kinds
from shoumi.engine.inspection.extract.dispatch import read_as, read_member
from shoumi.engine.inspection.extract.gathering import Harvest, Outside
from shoumi.engine.inspection.extract.limits import ExtractLimits, SpentError
from shoumi.engine.inspection.values import Extraction, PartKind

__all__ = ["ExtractLimits", "Outside", "extract"]


def extract(
    content: bytes, name: str = "", limits: ExtractLimits | None = None, outside: Outside | None = None
) -> Extraction:
    """Return all that `content` gives away, with all its nested members; never raises on foreign bytes.

    `name` helps where the content does not say what it is, and is itself a part. Time and memory are
    not bounded here: call this in `shoumi.sandbox.workers` for files of others.
    """
    harvest = Harvest(limits or ExtractLimits(), read_member, outside or Outside(), name)
    kind = kinds.kind_of(content, name)
    try:
        harvest.text(PartKind.NAME, name)
        read_as(kind, content, harvest)
    except SpentError as error:
        harvest.closed(error.reason, error.detail)
    return Extraction(
        kind,
        tuple(harvest.parts),
        tuple(harvest.pictures),
        tuple(harvest.unreadable),
        tuple(harvest.misnamed),
    )
