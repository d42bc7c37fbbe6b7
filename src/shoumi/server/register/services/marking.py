"""Sets the mark into what leaves the house, and records which files bear it.

Follows the seed guide 五(一)1 and 3 (marks inseparable from the carrier) and its rules on computers (outputs
bear mark and period).  The original is kept byte for byte; a marked copy is made from it each time, so a
change of level or period holds from the next copy on, and after declassification the original itself is
handed out.  Foreign bytes are read in the sandbox only.  Whoever asks has been permitted by the caller.

What cannot be marked goes out as it is, and the caller's ledger entry says why: the code of an error.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from shoumi.connectors import media
from shoumi.engine.errors import ConfigurationError, InputError
from shoumi.engine.marking.calls import parameters_of
from shoumi.engine.marking.errors import KindUnknownError, TooLargeError
from shoumi.engine.marking.typeface import cut_out
from shoumi.engine.marking.values import KIND_OF_TYPE, Form, Kind, Mark
from shoumi.engine.marking.wording import characters
from shoumi.sandbox import Limits, call
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open
from shoumi.server.ledger.services import clock
from shoumi.server.register.models import EmbeddedMark, SecretFile, SecretVersion, TradeSecret
from shoumi.server.register.queries.marking import form_of, mark_of, reminder_on_mark

FONT: Final = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
UNDESIGNATED: Final = "undesignated"  # no level holds: not registered yet, or declassified
_FACES: Final = {"ja": 0, "zh": 2, "en": 2}  # in the collection
_LETTERED: Final = frozenset({Kind.PDF, Kind.PNG, Kind.JPEG})
_MEMORY_BYTES: Final = 2 << 30


class MarkFontMissingError(ConfigurationError):
    """The font that marks in PDF and pictures are written in is not installed."""

    code = "configuration.mark_font"
    message = "The font {path} is missing, so PDF and pictures cannot be marked: apt install fonts-noto-cjk"


@dataclass(frozen=True, slots=True)
class MarkedCopy:
    """What goes out: marked bytes, or the original and why it bears no mark."""

    content: bytes | None  # None: the original as it is stored
    fault: str = ""  # code of the error, or `undesignated`

    @property
    def sha256(self) -> str:
        """SHA-256 of the marked bytes, or nothing."""
        return hashlib.sha256(self.content).hexdigest() if self.content is not None else ""


def marked_copy(
    *, secret: TradeSecret, stored: StoredFile, reader: User | None, at: datetime, copy_id: int | None = None
) -> MarkedCopy:
    """Return a copy of a secret's file with its mark, and with the line of its reader if there is one.

    `copy_id` is the 48-bit number under which the copy is traced; it is printed beside the reader.

    Raises:
        MarkFontMissingError: the mark could be set if the installation were whole.
        and whatever `file_open` raises.
    """
    mark = mark_of(secret)
    if mark is None:
        return MarkedCopy(None, UNDESIGNATED)
    form = form_of(secret)
    if reader is not None:
        form = replace(form, copy=copy_line(reader, at, secret.number or "", copy_id))
    try:
        reminder = reminder_on_mark(secret, "audio")
        return MarkedCopy(_marked(stored, mark, form, reminder=reminder))
    except (InputError, media.MediaProgramMissingError) as error:
        return MarkedCopy(None, error.code)


def copy_line(reader: User, at: datetime, number: str, copy_id: int | None = None) -> str:
    """Return the line that names a copy: reader and account, time, number, and its code if it has one."""
    parts = [f"{reader} ({reader.username})", f"{timezone.localtime(at):%Y-%m-%d %H:%M}", number]
    parts += [f"{copy_id:012x}"] if copy_id is not None else []
    line = " · ".join(part for part in parts if part)
    return "".join(letter if letter.isprintable() else " " for letter in line)[:200]


def mark_try(file: SecretFile) -> MarkedCopy:
    """Set the mark that holds now into a file, without a reader's line; the bytes are not kept.

    Called before a transaction is opened: it takes as long as marking takes.
    """
    return marked_copy(secret=file.secret, stored=file.file, reader=None, at=clock().now())


def mark_record(
    *, file: SecretFile, version: SecretVersion, tried: MarkedCopy, actor: User
) -> EmbeddedMark | None:
    """Record what `mark_try` found, for one version; None if no mark holds.

    Part of the caller's transaction, which has asked the gate and writes the ledger entry.
    """
    mark = mark_of(file.secret)
    if mark is None or tried.fault == UNDESIGNATED:
        return None
    row, _created = EmbeddedMark.objects.update_or_create(
        file=file,
        version=version,
        defaults={
            "title": mark.title,
            "level": mark.level,
            "period": mark.period,
            "owner": mark.owner,
            "sha256": tried.sha256,
            "fault": tried.fault,
            "made_by": actor,
            "made_at": clock().now(),
        },
    )
    return row


def _marked(stored: StoredFile, mark: Mark, form: Form, *, reminder: str) -> bytes:
    """Return the marked bytes of a stored file.

    Raises:
        InputError: (a leaf) why it cannot be marked.
        MediaProgramMissingError: it is a recording, and ffmpeg or espeak-ng is not installed.
    """
    kind = KIND_OF_TYPE.get(stored.media_type)
    media_kind = media.KIND_OF_TYPE.get(stored.media_type)
    if kind is None and media_kind is None:
        raise KindUnknownError(kind=stored.media_type)
    limit = settings.CONFIG.marking_limit_bytes
    if stored.size_bytes > limit:
        raise TooLargeError(what="size", limit=limit)
    if kind is None or kind in _LETTERED:
        form = replace(form, typeface=_typeface(characters(mark, form), mark.language))
    with file_open(stored) as reader:
        content = reader.read()
    if kind is None:
        seconds = settings.CONFIG.marking_seconds
        return media.mark_media(content, media_kind, mark, form, reminder=reminder, seconds=seconds)
    limits = Limits(
        seconds=settings.CONFIG.marking_seconds,
        memory_bytes=_MEMORY_BYTES,
        answer_bytes=4 * limit + (16 << 20),
    )
    parameters = parameters_of(kind, mark, form)
    return call("shoumi.engine.marking.calls:marked", content, parameters, limits=limits).content


@lru_cache(maxsize=64)
def _typeface(letters: str, language: str) -> bytes:
    """Return a small font with these letters."""
    return cut_out(_font(), letters, number=_FACES[language])


@lru_cache(maxsize=1)
def _font() -> bytes:
    try:
        return FONT.read_bytes()
    except OSError as error:
        raise MarkFontMissingError(path=str(FONT)) from error
