"""Reads of the ledger: entries, what covers them, and their proofs.

Proofs are C2SP tlog-proof files.  Nothing here asks who may read; `console.ledger` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import InputError
from shoumi.engine.evidence.checkpoint import add_signatures
from shoumi.engine.evidence.entry import parse_entry
from shoumi.engine.evidence.log import consistency_proof, inclusion_proof
from shoumi.engine.evidence.notes import VerifierKey, parse_signature_line
from shoumi.engine.evidence.proofs import ConsistencyProof
from shoumi.engine.evidence.tlog_proof import TlogProof
from shoumi.server.ledger.checkpoints import checkpoint_note
from shoumi.server.ledger.guards import missing_triggers
from shoumi.server.ledger.integrity import Integrity, integrity_status
from shoumi.server.ledger.keys import log_signer
from shoumi.server.ledger.models import (
    DETAILS_PER_ENTRY,
    LedgerAudit,
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerDetail,
    LedgerEntry,
    LedgerGap,
    LedgerParty,
    LedgerTimestamp,
)
from shoumi.server.ledger.tiles import StoredTiles, node_reader

__all__ = [
    "Coverage",
    "EntryDetail",
    "EntryFilter",
    "EntryPage",
    "Integrity",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerParty",
    "NoSuchEntryError",
    "NotCoveredYetError",
    "audits",
    "checkpoint_get",
    "checkpoint_note",
    "checkpoints",
    "consistency_for",
    "coverage_of",
    "entries_of",
    "entry_count",
    "entry_details",
    "entry_get",
    "entry_page",
    "gaps",
    "integrity_status",
    "log_key",
    "missing_triggers",
    "parties",
    "party_get",
    "proof_for",
    "tag_counts",
    "tile_source",
    "timestamp_get",
]

PAGE_ENTRIES: Final = 50
CLOCK_SLACK: Final = timedelta(days=1)


class NoSuchEntryError(InputError):
    """The ledger has no entry of this number."""

    code = "input.no_such_entry"
    message = "The ledger has no entry {index}."


class NotCoveredYetError(InputError):
    """The entry is so new that no checkpoint covers it; one will within a second."""

    code = "input.entry_not_covered"
    message = "No checkpoint covers ledger entry {index} yet; try again in a moment."


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What to look for; empty parts match everything."""

    tag: str = ""  # a whole tag, or an area such as "register" or "register:secret"
    subject: str = ""
    actor: str = ""
    since: datetime | None = None  # inclusive
    until: datetime | None = None  # exclusive


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, the newest first, and where to go on."""

    entries: tuple[LedgerEntry, ...]
    older: int | None  # pass as `below` for the page of older entries
    newer: int | None  # pass as `above` for the page of newer ones


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One commitment of an entry, and the value behind it while it is kept."""

    name: str
    commitment: str  # 64 hex digits
    value: JSONValue
    salt: bytes | None  # None when the detail was erased

    @property
    def is_erased(self) -> bool:
        """Whether value and salt are gone, so that nobody can prove the value any more."""
        return self.salt is None

    @property
    def text(self) -> str:
        """The value as people read it: words as they are, anything else as JSON."""
        return (
            self.value
            if isinstance(self.value, str)
            else json.dumps(self.value, ensure_ascii=False, indent=1)
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """What covers an entry: the first checkpoint that does, the first cosigned, the first stamped."""

    checkpoint: LedgerCheckpoint | None
    cosignature: LedgerCosignature | None
    timestamps: tuple[LedgerTimestamp, ...]  # the first of each authority


def log_key() -> VerifierKey:
    """Return the public key that checkpoints are verified with."""
    return log_signer().verifier_key


def entry_count() -> int:
    """Return how many entries the ledger has, by the number of the last."""
    last = LedgerEntry.objects.aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def entry_get(index: int) -> LedgerEntry:
    """Return entry `index`.

    Raises:
        NoSuchEntryError: there is none.
    """
    entry = LedgerEntry.objects.filter(index=index).first()
    if entry is None:
        raise NoSuchEntryError(index=index)
    return entry


def entries_of(subject: str) -> QuerySet[LedgerEntry]:
    """Return all entries about `subject`, the oldest first."""
    return LedgerEntry.objects.filter(subject=subject).order_by("index")


def first_entries(subjects: Iterable[str]) -> dict[str, LedgerEntry]:
    """Return the oldest entry about each of `subjects`; one query."""
    rows = LedgerEntry.objects.filter(subject__in=list(subjects)).order_by("-index")
    return {row.subject: row for row in rows}


def subjects_tagged(tags: Iterable[str], *, since: datetime) -> QuerySet[LedgerEntry, str]:
    """Return the distinct subjects of entries with one of `tags` written at or after `since`."""
    rows = LedgerEntry.objects.filter(tag__in=list(tags), time__gte=since)
    return rows.order_by().values_list("subject", flat=True).distinct()


def entries_about(subjects: Iterable[str], tags: Iterable[str]) -> QuerySet[LedgerEntry]:
    """Return the entries of the kinds `tags` about any of `subjects`, the newest first."""
    return LedgerEntry.objects.filter(subject__in=list(subjects), tag__in=list(tags)).order_by("-index")


def entries_to_erase(
    subjects: Iterable[str], tags: Iterable[str], *, before: datetime
) -> QuerySet[LedgerEntry]:
    """Return the entries about `subjects` made before a moment that still have details, the oldest first."""
    first = OuterRef("index") * DETAILS_PER_ENTRY
    details = LedgerDetail.objects.filter(id__gte=first, id__lt=first + DETAILS_PER_ENTRY)
    return entries_about(subjects, tags).filter(Exists(details), time__lt=before).order_by("index")


def entry_page(
    wanted: EntryFilter, *, below: int | None = None, above: int | None = None, limit: int = PAGE_ENTRIES
) -> EntryPage:
    """Return up to `limit` entries that match, the newest first, next to the entry number given.

    Pages by number, so that the last page of a large ledger is as fast as the first.
    """
    rows = _matching(wanted)
    if above is not None:
        found = list(rows.filter(index__gt=above).order_by("index")[: limit + 1])
        more_newer, more_older = len(found) > limit, True
        found = found[:limit][::-1]
    else:
        rows = rows if below is None else rows.filter(index__lt=below)
        found = list(rows.order_by("-index")[: limit + 1])
        more_newer, more_older = below is not None, len(found) > limit
        found = found[:limit]
    return EntryPage(
        entries=tuple(found),
        older=found[-1].index if found and more_older else None,
        newer=found[0].index if found and more_newer else None,
    )


def _matching(wanted: EntryFilter) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.all()
    if wanted.tag.count(":") == 2:  # noqa: PLR2004 - a whole tag has three parts
        rows = rows.filter(tag=wanted.tag)
    elif wanted.tag:
        rows = rows.filter(tag__startswith=wanted.tag.rstrip(":") + ":")
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.actor:
        rows = rows.filter(actor=wanted.actor)
    return _within(rows, wanted)


def _within(rows: QuerySet[LedgerEntry], wanted: EntryFilter) -> QuerySet[LedgerEntry]:
    """Narrow `rows` to the times wanted.

    Entries have no index by time, it would slow every append; checkpoints have one, and where they were
    made around those times is where to look.  A clock that was set back by more than CLOCK_SLACK may
    hide entries from the search, not from the ledger.
    """
    if wanted.since:
        before = LedgerCheckpoint.objects.filter(time__lt=wanted.since - CLOCK_SLACK)
        first = before.order_by("-time").values_list("size", flat=True).first()
        rows = rows.filter(index__gte=first or 0, time__gte=wanted.since)
    if wanted.until:
        after = LedgerCheckpoint.objects.filter(time__gt=wanted.until + CLOCK_SLACK)
        end = after.order_by("time").values_list("size", flat=True).first()
        rows = rows.filter(time__lt=wanted.until)
        rows = rows if end is None else rows.filter(index__lt=end)
    return rows


def tag_counts(wanted: EntryFilter, tags: Iterable[str]) -> dict[str, int]:
    """Return how many entries that match bear each of `tags`; tags that none bears are left out."""
    rows = _matching(wanted).filter(tag__in=list(tags)).order_by().values_list("tag")
    return dict(rows.annotate(count=Count("pk")))


def entry_details(entry: LedgerEntry) -> tuple[EntryDetail, ...]:
    """Return the commitments of `entry` in order, each with its value while that is kept."""
    first = entry.index * DETAILS_PER_ENTRY
    kept = {
        row.name: row for row in LedgerDetail.objects.filter(id__gte=first, id__lt=first + DETAILS_PER_ENTRY)
    }
    return tuple(
        EntryDetail(name, commitment, json.loads(kept[name].value), bytes(kept[name].salt))
        if name in kept
        else EntryDetail(name, commitment, None, None)
        for name, commitment in sorted(parse_entry(bytes(entry.body)).commitments.items())
    )


def coverage_of(index: int) -> Coverage:
    """Return what covers entry `index` by now."""
    stamps = LedgerTimestamp.objects.filter(checkpoint_id__gt=index).select_related("party", "checkpoint")
    first_stamps = (
        stamps.filter(party=party).order_by("checkpoint_id").first() for party in LedgerParty.objects.all()
    )
    return Coverage(
        checkpoint=LedgerCheckpoint.objects.filter(size__gt=index).order_by("size").first(),
        cosignature=LedgerCosignature.objects.filter(checkpoint_id__gt=index)
        .select_related("party", "checkpoint")
        .order_by("checkpoint_id")
        .first(),
        timestamps=tuple(filter(None, first_stamps)),
    )


def proof_for(index: int) -> str:
    """Return the tlog-proof file of entry `index`, under the newest checkpoint a witness cosigned.

    Without a cosigned checkpoint that covers it, under the newest one.

    Raises:
        NotCoveredYetError: no checkpoint covers the entry, or there is no such entry.
    """
    size, root, note, lines = _checkpoint_for_proof(index)
    path = inclusion_proof(index, size, node_reader(size, root)).path
    return str(TlogProof(index, path, add_signatures(note, map(parse_signature_line, lines))))


def _checkpoint_for_proof(index: int) -> tuple[int, bytes, str, list[str]]:
    """Return size, root, note and cosignature lines, in plain SQL: proofs are asked for by the thousand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.size, c.root, c.note, s.line FROM ledger_ledgercheckpoint c"
            " LEFT JOIN ledger_ledgercosignature s ON s.checkpoint_id = c.size"
            " WHERE c.size = COALESCE("
            "(SELECT MAX(checkpoint_id) FROM ledger_ledgercosignature WHERE checkpoint_id > %s),"
            " (SELECT MAX(size) FROM ledger_ledgercheckpoint WHERE size > %s)) ORDER BY s.id",
            [index, index],
        )
        rows = cursor.fetchall()
    if not rows or index < 0:
        raise NotCoveredYetError(index=index)
    return rows[0][0], bytes(rows[0][1]), rows[0][2], [row[3] for row in rows if row[3] is not None]


def consistency_for(old_size: int, new: LedgerCheckpoint) -> ConsistencyProof:
    """Return the proof that the ledger under `new` begins with its first `old_size` entries.

    Raises:
        ProofRangeError: `old_size` is larger than that of `new`.
    """
    return consistency_proof(old_size, new.size, node_reader(new.size, bytes(new.root)))


def checkpoints() -> QuerySet[LedgerCheckpoint]:
    """Return all checkpoints with what stands under them, the newest first."""
    rows = LedgerCheckpoint.objects.order_by("-size")
    return rows.prefetch_related("cosignatures__party", "timestamps__party")


def checkpoint_get(size: int) -> LedgerCheckpoint | None:
    """Return the checkpoint over `size` entries, if there is one."""
    return checkpoints().filter(size=size).first()


def timestamp_get(number: int) -> LedgerTimestamp | None:
    """Return a stored time-stamp by its key, if there is one."""
    return LedgerTimestamp.objects.select_related("party", "checkpoint").filter(pk=number).first()


def party_get(number: int) -> LedgerParty | None:
    """Return a witness or authority by its key, if there is one."""
    return LedgerParty.objects.filter(pk=number).first()


def audits() -> QuerySet[LedgerAudit]:
    """Return the results of the self-audits, the newest first."""
    return LedgerAudit.objects.order_by("-id")


def gaps() -> QuerySet[LedgerGap]:
    """Return all gaps, open ones first, then the newest first."""
    return LedgerGap.objects.order_by(F("closed_at").desc(nulls_first=True), "-since")


def parties() -> QuerySet[LedgerParty]:
    """Return the witnesses and authorities believed here, the newest first."""
    return LedgerParty.objects.order_by("-id")


def tile_source() -> StoredTiles:
    """Return the source of the ledger's tiles, for whoever serves them."""
    return StoredTiles()
