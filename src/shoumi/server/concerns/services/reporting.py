"""Takes a concern in, by name or without one, and the letters that follow from whoever reported it.

The ledger learns that something came in and what it is about, never from whom: also by name it is the
system's entry.  A passphrase is shown once; its hash opens the mailbox.  Files get names that say nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.concerns.models import FILE_BYTES, LONGEST_TEXT, MOST_FILES, Concern, Enclosure, Letter
from shoumi.server.concerns.queries.visible import READERS, concern_resource, concerns
from shoumi.server.concerns.sealing import seal
from shoumi.server.concerns.services.errors import (
    AddresseeError,
    ConcernClosedError,
    LetterEmptyError,
    LetterTooLongError,
    MailboxUnknownError,
    TooManyError,
    TooManyFilesError,
)
from shoumi.server.concerns.services.limits import LETTERS, OWN_LETTERS, TRIES, counted, full
from shoumi.server.files.services import file_store
from shoumi.server.files.storage.vault import new_content_key, open_content_key
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import LegalEntity

ACTOR: Final = "system:concerns"
CAME = _("Something was reported that you are to examine.")
WROTE = _("There is a new letter about something that was reported.")
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without what is misread
GROUPS, GROUP = 6, 4  # 24 letters of 31: 118 bits
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports."""

    entity: LegalEntity
    kind: str
    text: str
    to_legal: bool = True
    to_office: bool = True
    files: Sequence[UploadedFile] = ()


def concern_report(*, report: Report, reporter: User | None = None) -> tuple[Concern, str]:
    """Take a concern in and tell those who examine it; return it with its passphrase, empty if by name.

    Raises:
        AddresseeError, LetterEmptyError, LetterTooLongError, TooManyFilesError: each as it says.
        TooManyError: too much came in within this hour.
        FileTooLargeError, StorageFullError: see `file_store`.
    """
    if not (report.to_legal or report.to_office):
        raise AddresseeError
    text = sound(report.text, report.files)
    _count(reporter)
    key, secret = new_content_key()
    passphrase = "" if reporter else new_passphrase()
    now = clock().now()
    concern = Concern(
        entity=report.entity,
        kind=Concern.Kind(report.kind),
        to_legal=report.to_legal,
        to_office=report.to_office,
        reporter=reporter,
        passphrase_sha256=hash_of(passphrase) if passphrase else None,
        key=key,
        received_at=now,
        waiting_since=now,
    )
    with transaction.atomic():
        key.save(force_insert=True)
        concern.save(force_insert=True)
        letter_add(concern, text, report.files, secret)
        _tell(concern, CAME)
        detail = {"kind": concern.kind, "entity": str(report.entity.pk), "files": len(report.files)}
        append(
            LedgerTag.CONCERNS_CONCERN_RECEIVED, actor=ACTOR, subject=concern.ledger_subject, detail=detail
        )
    return concern, passphrase


def mailbox_open(*, passphrase: str) -> Concern:
    """Return the concern whose mailbox has this passphrase.

    Raises:
        MailboxUnknownError: none has.
        TooManyError: too many wrong ones were tried within this hour.
    """
    if full("tries", TRIES):
        raise TooManyError
    found = concerns().filter(passphrase_sha256=hash_of(passphrase)).first()
    if found is None:
        counted("tries", TRIES)
        raise MailboxUnknownError
    return found


def concern_write(
    *, concern: Concern, text: str, files: Sequence[UploadedFile] = (), reporter: User | None = None
) -> Concern:
    """Take one more letter of whoever reported it: who opened the mailbox, or `reporter`.

    Raises:
        NotPermittedError: `reporter` did not report it.
        ConcernClosedError, LetterEmptyError, LetterTooLongError, TooManyFilesError, TooManyError: each as it
            says.
    """
    if reporter is not None:
        gate.require(reporter, Action.CONCERN_OWN, concern_resource(concern))
    text = sound(text, files)
    _count(reporter)
    with transaction.atomic():
        row = locked_open(concern)
        row.waiting_since = row.waiting_since or clock().now()
        row.save(update_fields=["waiting_since"])
        letter_add(row, text, files, open_content_key(row.key))
        _tell(row, WROTE)
        append(
            LedgerTag.CONCERNS_LETTER_RECEIVED,
            actor=ACTOR,
            subject=row.ledger_subject,
            detail={"files": len(files)},
        )
    return row


def letter_add(
    concern: Concern,
    text: str,
    files: Sequence[UploadedFile],
    secret: bytes,
    author: User | None = None,
) -> Letter:
    """Seal and keep a letter with its files; part of a transaction."""
    letter = Letter(concern=concern, author=author, sent_at=clock().now())
    seal(letter, text, secret)
    letter.save(force_insert=True)
    for number, file in enumerate(files, start=1):
        stored = file_store(
            actor=ACTOR, name=_neutral(file.name or "", number), chunks=file.chunks(), limit_bytes=FILE_BYTES
        )
        Enclosure.objects.create(letter=letter, file=stored)
    return letter


def locked_open(concern: Concern) -> Concern:
    """Return the concern, locked until the transaction ends.

    Raises:
        ConcernClosedError: its examination is over.
    """
    rows = Concern.objects.select_for_update(of=("self",), no_key=True).select_related("key", "entity")
    row = rows.get(pk=concern.pk)
    if row.state == Concern.State.CLOSED:
        raise ConcernClosedError
    return row


def new_passphrase() -> str:
    """Return a passphrase that nobody guesses and everybody can copy by hand."""
    return "-".join("".join(secrets.choice(ALPHABET) for _each in range(GROUP)) for _group in range(GROUPS))


def hash_of(passphrase: str) -> str:
    """Return what is kept of a passphrase; case, spaces and dashes do not matter."""
    plain = re.sub(r"[^0-9A-Z]", "", passphrase.upper())
    return hashlib.sha256(b"shoumi/concerns/mailbox/" + plain.encode()).hexdigest()


def sound(text: str, files: Sequence[UploadedFile]) -> str:
    """Return `text` trimmed, if it and `files` make a letter."""
    text = text.strip()
    if not text:
        raise LetterEmptyError
    if len(text) > LONGEST_TEXT:
        raise LetterTooLongError(found=len(text), limit=LONGEST_TEXT)
    if len(files) > MOST_FILES:
        raise TooManyFilesError(limit=MOST_FILES)
    return text


def _count(reporter: User | None) -> None:
    if reporter is None:
        counted("letters", LETTERS)
    else:
        counted(f"letters/{reporter.pk}", OWN_LETTERS)


def _neutral(name: str, number: int) -> str:
    """Return a name without what the file was called: that often says who wrote it."""
    suffix = PurePath(name).suffix
    return f"attachment-{number}{suffix.lower() if _SUFFIX.fullmatch(suffix) else ''}"


def _tell(concern: Concern, message: str) -> None:
    """Tell each who may read the concern; not by whom, nor about what."""
    resource = concern_resource(concern)
    readers = {
        user.pk: user
        for field, role in READERS
        if getattr(concern, field)
        for user in role_holders(role)
        if gate.permits(user, Action.CONCERN_VIEW, resource)
    }
    notify(
        users=readers.values(),
        message=message,
        parameters={},
        link=concern.get_absolute_url(),
        mail_text=message,
    )
