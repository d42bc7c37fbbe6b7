"""Looking up whose copy turned up: asked with a reason, examined by the worker, recorded twice.

The picture or PDF is kept, encrypted, with its look-up: it is evidence.  The first ledger entry says who
asked and why, the second what was found.  Nobody is named by the search itself: who may know whom a number
belongs to is decided when the result is shown (`queries.copies.traced`).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django_tasks import task

from shoumi.connectors.pages import grey_pages
from shoumi.engine.errors import InputError, ShoumiError
from shoumi.engine.marking.tiles import Finding, findings
from shoumi.engine.marking.tiles.pictures import MOST_BYTES, grey_array, too_large
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.register.models import CopySearch
from shoumi.server.register.queries.copies import issued_ids, search_place
from shoumi.server.register.services.tile_keys import tile_keys_open

State = CopySearch.State


class NoCopiesError(InputError):
    """No copy with a hidden number was ever issued, so there is nothing to look for."""

    code = "register.no_copies"
    message = "No copy with a hidden number has been handed out yet, so there is nothing to compare with."


def copy_search_open(*, actor: User, stored: StoredFile, purpose: str) -> CopySearch:
    """Record the look-up and have it examined by the worker.

    Raises:
        NotPermittedError: the actor may not look copies up, or gives no reason.
    """
    purpose = purpose.strip()[:300]
    gate.require(actor, Action.COPY_TRACE, search_place(actor), purpose=purpose)
    with transaction.atomic():
        search = CopySearch.objects.create(
            file=stored, purpose=purpose, asked_by=actor, asked_at=clock().now()
        )
        append(
            RegisterTag.COPY_SOUGHT,
            actor=actor.ledger_actor,
            subject=search.ledger_subject,
            detail={"purpose": purpose, "file": str(stored.pk), "sha256": stored.sha256},
        )
    examine.enqueue(str(search.pk))
    return search


@task()
def examine(search_id: str) -> None:
    """Examine a picture or PDF that turned up."""
    copy_search_run(UUID(search_id))


def copy_search_run(search_id: UUID) -> None:
    """Examine the file page by page until a number is found; a second call does nothing."""
    claimed = CopySearch.objects.filter(pk=search_id, state=State.WAITING).update(state=State.RUNNING)
    if not claimed:
        return
    search = CopySearch.objects.select_related("file").get(pk=search_id)
    found: list[dict[str, Any]] = []
    failure = ""
    try:
        found = _examine(search)
    except ShoumiError as error:
        failure = error.code
    except Exception:
        _end(search, [], "register.copy_search_broken")
        raise
    _end(search, found, failure)


def _examine(search: CopySearch) -> list[dict[str, Any]]:
    """Return what was found on the first page with a number, after counting pages on the way.

    Raises:
        NoCopiesError: nothing was ever issued.
        and the leaves that `connectors.pages` and `file_open` name.
    """
    keys, issued = tile_keys_open(), issued_ids()
    if not keys or not issued:
        raise NoCopiesError
    with file_open(search.file) as reader:
        content = reader.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise too_large()
    for page in grey_pages(content):
        grey = grey_array(page.levels, page.width, page.height)
        found = findings(grey, page.factor, keys, issued)
        search.pages = page.number
        CopySearch.objects.filter(pk=search.pk).update(pages=page.number)
        if found:
            return [_described(each, page.number) for each in found]
    return []


def _described(finding: Finding, page: int) -> dict[str, Any]:
    return {
        "copy_id": finding.copy_code,
        "how": str(finding.how),
        "sync": round(finding.sync, 1),
        "score": None if finding.score is None else round(finding.score, 1),
        "margin": None if finding.margin is None else round(finding.margin, 1),
        "among": finding.among,
        "page": page,
        "chip": round(finding.chip, 2),
        "turn": round(finding.turn, 1),
    }


def _end(search: CopySearch, found: list[dict[str, Any]], failure: str) -> None:
    with transaction.atomic():
        search.state = State.FAILED if failure else State.DONE
        search.found, search.failure, search.ended_at = found, failure, clock().now()
        search.save(update_fields=["state", "found", "failure", "ended_at"])
        append(
            RegisterTag.COPY_TRACED,
            actor="system:register",
            subject=search.ledger_subject,
            detail={
                "found": [f"{each['copy_id']} {each['how']}" for each in found],
                "pages": search.pages,
                "failure": failure,
            },
        )
