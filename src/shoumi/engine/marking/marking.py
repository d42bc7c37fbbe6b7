"""The three things that can be asked of a file's mark, whatever the format.

The same content, mark and form give the same bytes; marking what is marked replaces the old mark whole.
"""

from __future__ import annotations

from typing import Final

from shoumi.engine.marking.errors import KindUnknownError, TooLargeError
from shoumi.engine.marking.office import mark_office, read_office, unmark_office
from shoumi.engine.marking.papers import mark_pdf, read_pdf, unmark_pdf
from shoumi.engine.marking.pictures import mark_picture, read_picture, unmark_picture
from shoumi.engine.marking.values import KIND_OF_TYPE, Form, Kind, Label, Labels, Mark, fingerprint

__all__ = [
    "KIND_OF_TYPE",
    "Form",
    "Kind",
    "Label",
    "Labels",
    "Mark",
    "fingerprint",
    "mark",
    "read_labels",
    "unmark",
]

MOST_BYTES: Final = 512 << 20  # what any caller may hand in; most set less

_OFFICE: Final = frozenset({Kind.DOCX, Kind.XLSX, Kind.PPTX})


def mark(content: bytes, kind: Kind | str, mark: Mark, form: Form) -> bytes:
    """Return `content` with `mark` in the look of `form`, and with no earlier mark of ours.

    Raises:
        InputError: a leaf of `errors` that says why not; then nothing was marked.
    """
    known = _kind(content, kind)
    if known in _OFFICE:
        return mark_office(content, known, mark, form)
    if known == Kind.PDF:
        return mark_pdf(content, mark, form)
    return mark_picture(content, known, mark, form)


def unmark(content: bytes, kind: Kind | str) -> bytes:
    """Return `content` without our mark; the very bytes if there is none.

    Raises:
        OriginalNeededError: a picture, whose mark is in its pixels.
        InputError: another leaf of `errors`.
    """
    known = _kind(content, kind)
    if known in _OFFICE:
        return unmark_office(content, known)
    if known == Kind.PDF:
        return unmark_pdf(content)
    return unmark_picture(content, known)


def read_labels(content: bytes, kind: Kind | str) -> Labels:
    """Return what the file says of its own secrecy, to programs; believed as far as its bytes are.

    Raises:
        InputError: a leaf of `errors`: it cannot be read.
    """
    known = _kind(content, kind)
    if known in _OFFICE:
        return read_office(content, known)
    if known == Kind.PDF:
        return read_pdf(content)
    return read_picture(content, known)


def _kind(content: bytes, kind: Kind | str) -> Kind:
    if len(content) > MOST_BYTES:
        raise TooLargeError(what="size", limit=MOST_BYTES)
    if kind not in set(Kind):
        raise KindUnknownError(kind=str(kind)[:80])
    return Kind(kind)
