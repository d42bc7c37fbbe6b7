"""What is done with a finding: shown where it stands, revealed, made a proposal for the register."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.errors import ShoumiError, UnavailableError
from shoumi.engine.policy import Action
from shoumi.sandbox.letters import LANGUAGES
from shoumi.sandbox.workers import Pool, Task, WorkLimits
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import Match
from shoumi.server.documents.queries.access import match_resource
from shoumi.server.documents.services.sources import file_of
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open, file_store
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.services import drafts
from shoumi.server.register.values import Identity

CONTEXT: Final = "shoumi.sandbox.scanning.contexts:context_of"
LIMITS: Final = WorkLimits(seconds=45.0)  # somebody waits for the page


class MatchGoneError(UnavailableError):
    """The file is not there any more, or is not what was scanned."""

    code = "documents.match_gone"
    message = "The file has been moved, changed or deleted since it was scanned."


class MatchUnreadableError(UnavailableError):
    """The file is there, and reading it again takes too much."""

    code = "documents.match_unreadable"
    message = "Reading the file again took too long or failed; where the finding stands cannot be shown."


def match_context(*, actor: User, match: Match) -> Mapping[str, str] | None:
    """Return the letters around a finding, covered; None where it has no place.

    Raises:
        NotPermittedError: the gate refuses.
        MatchGoneError: the file is not what was scanned.
    """
    gate.require(actor, Action.MATCH_OPEN, match_resource(match))
    return _context(match, reveal=False)


def match_reveal(*, actor: User, match: Match, purpose: str) -> Mapping[str, str] | None:
    """Return the letters around a finding, uncovered, and record who wanted them and why.

    Raises:
        NotPermittedError: the gate refuses.
        MatchGoneError: the file is not what was scanned.
    """
    _reveal(actor, match, purpose.strip()[:300])
    return _context(match, reveal=True)


def match_propose(*, actor: User, match: Match, department: Department) -> tuple[TradeSecret, bool]:
    """Begin a proposal from the file of a finding; return it, and whether the file is attached.

    The file comes along where the actor may reveal what is in it, and that is recorded as such; whoever may
    not proposes with its name alone.

    Raises:
        NotPermittedError: the gate refuses, or the actor may not propose for this department.
    """
    gate.require(actor, Action.MATCH_OPEN, match_resource(match))
    content = None
    if gate.permits(actor, Action.MATCH_REVEAL, match_resource(match)):
        try:
            content = _content(match)
        except MatchGoneError:
            content = None
    name = Path(match.file.name).stem[:200] or match.file.name[:200]
    told = _("Found by a scan: %(path)s") % {"path": match.file.path}
    identity = Identity(name=name, description=told[:4000], category="", necessity="")
    with transaction.atomic():
        secret = drafts.secret_draft(actor=actor, department=department, identity=identity)
        if content is not None:
            _reveal(actor, match, "proposal")
            stored = file_store(actor=actor, name=match.file.name[:255], chunks=[content])
            secret = drafts.secret_file_attach(
                actor=actor, secret_id=secret.pk, expected_version=secret.version, files=[stored]
            )
    return secret, content is not None


def _reveal(actor: User, match: Match, purpose: str) -> None:
    gate.require(actor, Action.MATCH_REVEAL, match_resource(match), purpose=purpose)
    with transaction.atomic():
        append(
            LedgerTag.DOCUMENTS_MATCH_REVEALED,
            actor=actor.ledger_actor,
            subject=match.ledger_subject,
            detail={"purpose": purpose, "path": match.file.path, "finding": match.finding},
        )


def _context(match: Match, *, reveal: bool) -> Mapping[str, str] | None:
    if "start" not in match.location:
        return None
    parameters = {
        "sha256": match.file.sha256,
        "name": match.file.name,
        "ocr": list(LANGUAGES) if match.scan.ocr else [],
        "member": match.member,
        "location": match.location,
        "words": match.context,
        "reveal": reveal,
    }
    limits = replace(LIMITS, programs=match.scan.ocr)
    with Pool(1, limits) as pool:
        (result,) = pool.run([Task(CONTEXT, _source(match), parameters)])
    if result.answer is None:
        raise MatchUnreadableError
    told = json.loads(result.answer.content)
    if told is None:
        raise MatchGoneError
    return dict(told)


def _source(match: Match) -> bytes | Path:
    """Return the file's bytes, or where the worker reads them: the content is compared there.

    Raises:
        MatchGoneError: it is nowhere.
    """
    try:
        if match.file.upload is not None:
            return _stored(match.file.upload.file)
        path = file_of(match.scan.share, match.file.path)
    except ShoumiError as error:
        raise MatchGoneError from error
    if path is None:
        raise MatchGoneError
    return path


def _content(match: Match) -> bytes:
    """Return the file's bytes, which must be those that were scanned, and no more than an upload may have.

    Raises:
        MatchGoneError: they are not.
    """
    source = _source(match)
    try:
        if isinstance(source, Path):
            with source.open("rb") as stream:
                source = stream.read(settings.CONFIG.upload_limit_bytes + 1)
    except OSError as error:
        raise MatchGoneError from error
    if hashlib.sha256(source).hexdigest() != match.file.sha256:
        raise MatchGoneError
    return source


def _stored(stored: StoredFile) -> bytes:
    with file_open(stored) as reader:
        return reader.read()
