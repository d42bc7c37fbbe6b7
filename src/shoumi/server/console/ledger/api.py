"""The ledger over the API: entries, proofs and integrity, for programs of auditors.

Entries come with their commitments, never with the values behind them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from shoumi.engine.evidence.entry import parse_entry
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.console.ledger.queries import LARGEST_INDEX, entry_or_404, ledger_resource
from shoumi.server.ledger import queries
from shoumi.server.ledger.queries import EntryFilter, LedgerEntry

MOST_ENTRIES = 500

router = Router()


class EntryOut(Schema):
    """One ledger entry."""

    index: int
    time: datetime
    tag: str
    actor: str
    subject: str
    commitments: dict[str, str]
    leaf_hash: str


class EntriesOut(Schema):
    """Some entries, the newest first; `older` is the `below` of the next page."""

    entries: list[EntryOut]
    older: int | None


class EntryQuery(Schema):
    """What to look for."""

    tag: str = Field("", max_length=128)
    subject: str = Field("", max_length=128)
    actor: str = Field("", max_length=128)
    since: datetime | None = None
    until: datetime | None = None
    below: int | None = Field(None, ge=0, le=LARGEST_INDEX)
    limit: int = Field(50, ge=1, le=MOST_ENTRIES)


class ReasonOut(Schema):
    """One thing that keeps the light from green."""

    code: str
    text: str


class IntegrityOut(Schema):
    """The integrity light."""

    state: Literal["green", "amber", "red"]
    text: str
    reasons: list[ReasonOut]
    first_bad_index: int | None
    checked_at: datetime | None
    entries: int
    covered: int


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "index": entry.index,
        "time": entry.time,
        "tag": entry.tag,
        "actor": entry.actor,
        "subject": entry.subject,
        "commitments": dict(parse_entry(bytes(entry.body)).commitments),
        "leaf_hash": entry.leaf_hash.hex(),
    }


@router.get("/entries", response=EntriesOut)
def entries(request: HttpRequest, wanted: Query[EntryQuery]) -> dict[str, Any]:
    """Return the entries that match, the newest first."""
    gate.require(request.user, Action.LEDGER_VIEW, ledger_resource())
    search = EntryFilter(wanted.tag, wanted.subject, wanted.actor, wanted.since, wanted.until)
    page = queries.entry_page(search, below=wanted.below, limit=wanted.limit)
    return {"entries": [_entry(row) for row in page.entries], "older": page.older}


@router.get("/entries/{int:index}", response=EntryOut)
def entry(request: HttpRequest, index: int) -> dict[str, Any]:
    """Return one entry."""
    gate.require(request.user, Action.LEDGER_VIEW, ledger_resource())
    return _entry(entry_or_404(index))


@router.get("/entries/{int:index}/proof")
def proof(request: HttpRequest, index: int) -> HttpResponse:
    """Return the entry's proof as a C2SP tlog-proof file (text/plain)."""
    gate.require(request.user, Action.LEDGER_PROVE, ledger_resource())
    entry_or_404(index)
    return HttpResponse(queries.proof_for(index), content_type="text/plain; charset=utf-8")


@router.get("/integrity", response=IntegrityOut)
def integrity(request: HttpRequest) -> Any:
    """Return the integrity light and why it shines so."""
    gate.require(request.user, Action.LEDGER_STATUS, ledger_resource())
    return queries.integrity_status()
