"""The office's part: opening a concern, answering it, closing it with what was found.

Each opening of a concern's page is written to the ledger, so that who looked can be told.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.canonical import JSONValue
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.concerns.models import Concern, Enclosure
from shoumi.server.concerns.queries.letters import Read, letters_of
from shoumi.server.concerns.queries.visible import concern_resource
from shoumi.server.concerns.services.reporting import letter_add, locked_open, sound
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_opening_record
from shoumi.server.files.storage.vault import open_content_key
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify

ANSWERED = _("There is an answer to what you reported.")


def concern_open(*, actor: User, concern: Concern) -> list[Read]:
    """Return the letters of a concern and record who read them.

    Raises:
        NotPermittedError: it is not addressed to the actor.
    """
    gate.require(actor, Action.CONCERN_VIEW, concern_resource(concern))
    with transaction.atomic():
        found = letters_of(concern)
        _record(LedgerTag.CONCERNS_CONCERN_OPENED, actor, concern, letters=len(found))
    return found


def enclosure_open(*, actor: User, enclosure: Enclosure) -> StoredFile:
    """Return an enclosed file and record who took it.

    Raises:
        NotPermittedError: the concern is not addressed to the actor.
    """
    gate.require(actor, Action.CONCERN_VIEW, concern_resource(enclosure.letter.concern))
    with transaction.atomic():
        file_opening_record(actor=actor, stored=enclosure.file, purpose="download")
    return enclosure.file


def concern_answer(
    *, actor: User, concern: Concern, text: str, files: Sequence[UploadedFile] = ()
) -> Concern:
    """Write to whoever reported it; from the first answer on it is being examined.

    Raises:
        NotPermittedError, ConcernClosedError: each as it says.
        LetterEmptyError, LetterTooLongError, TooManyFilesError: what is wrong with the letter.
    """
    return _write(actor, concern, text, files, outcome="")


def concern_close(*, actor: User, concern: Concern, outcome: str, text: str) -> Concern:
    """End the examination and tell whoever reported it what was found.

    Raises:
        NotPermittedError, ConcernClosedError, LetterEmptyError, LetterTooLongError: each as it says.
    """
    return _write(actor, concern, text, (), outcome=Concern.Outcome(outcome))


def _write(actor: User, concern: Concern, text: str, files: Sequence[UploadedFile], outcome: str) -> Concern:
    gate.require(actor, Action.CONCERN_ANSWER, concern_resource(concern))
    text = sound(text, files)
    with transaction.atomic():
        row = locked_open(concern)
        row.state = Concern.State.CLOSED if outcome else Concern.State.EXAMINED
        row.waiting_since, row.outcome = None, outcome
        row.closed_at = clock().now() if outcome else None
        row.save()
        letter_add(row, text, files, open_content_key(row.key), author=actor)
        if row.reporter:
            notify(
                users=[row.reporter],
                message=ANSWERED,
                parameters={},
                link=reverse("concerns:mine"),
                mail_text=ANSWERED,
            )
        tag = LedgerTag.CONCERNS_CONCERN_CLOSED if outcome else LedgerTag.CONCERNS_LETTER_SENT
        _record(tag, actor, row, **({"outcome": outcome} if outcome else {"files": len(files)}))
    return row


def _record(tag: LedgerTag, actor: User, concern: Concern, **detail: JSONValue) -> None:
    append(tag, actor=actor.ledger_actor, subject=concern.ledger_subject, detail=detail)
