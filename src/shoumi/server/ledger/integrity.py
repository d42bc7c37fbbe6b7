"""The integrity light: what the ledger can say about itself now, in one word and in sentences.

Green: everything holds and everything is fresh.  Amber: something is late or missing, and which.  Red:
something was altered, and the first bad entry.  Cheap enough for every page; examining everything is the
self-audit's task.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db.models import Max
from django.utils.translation import gettext as _

from shoumi.engine.errors import EvidenceError
from shoumi.server.ledger.checkpoints import refuse_rollback
from shoumi.server.ledger.guards import missing_triggers
from shoumi.server.ledger.models import (
    LedgerAudit,
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerEntry,
    LedgerGap,
    LedgerParty,
    LedgerTimestamp,
)
from shoumi.server.ledger.ports import ports
from shoumi.server.ledger.sealed_rows import audit_is_ours, audit_latest
from shoumi.server.ledger.times import clock

LOGGER = logging.getLogger(__name__)
AUDIT_FRESH: Final = timedelta(hours=25)  # daily, and an hour for running it
CHECKPOINT_FRESH: Final = timedelta(seconds=10)  # one second is the aim; a loaded machine may breathe
COSIGNATURE_FRESH: Final = timedelta(minutes=1)
TIMESTAMP_FRESH: Final = timedelta(minutes=3)  # at most one a minute, and time for an answer

Light = Literal["green", "amber", "red"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps the light from green."""

    code: str  # stable
    text: str  # a sentence in the reader's language


@dataclass(frozen=True, slots=True)
class Integrity:
    """The light and why it shines so."""

    state: Light
    first_bad_index: int | None  # of a red light, where it is known
    checked_at: datetime | None  # end of the last self-audit
    text: str  # one sentence
    reasons: tuple[Reason, ...]
    entries: int
    covered: int  # entries under the last checkpoint


def integrity_status() -> Integrity:
    """Return the state of the ledger's integrity now."""
    try:
        return _status()
    except (TypeError, ValueError, AttributeError):  # SQLite keeps whatever somebody put into a column
        LOGGER.exception("The ledger's rows cannot be read")
        reason = Reason("unreadable", _("Rows of the ledger cannot be read; somebody altered them."))
        return Integrity("red", None, None, reason.text, (reason,), 0, 0)


def _status() -> Integrity:
    audit = audit_latest()
    last = LedgerEntry.objects.aggregate(last=Max("index"))["last"]
    entries = 0 if last is None else last + 1
    covered = LedgerCheckpoint.objects.aggregate(size=Max("size"))["size"] or 0
    bad, alarms = _alarms(audit, entries, covered)
    reasons = tuple(alarms) or tuple(_warnings(audit, covered))
    state: Light = "red" if alarms else "amber" if reasons else "green"
    return Integrity(
        state=state,
        first_bad_index=bad,
        checked_at=audit.ended_at if audit else None,
        text=reasons[0].text if reasons else _("The ledger is whole, cosigned and time-stamped."),
        reasons=reasons,
        entries=entries,
        covered=covered,
    )


def _alarms(audit: LedgerAudit | None, entries: int, covered: int) -> tuple[int | None, list[Reason]]:
    """Return the first bad entry, if known, and what was altered."""
    found: list[tuple[int | None, Reason]] = []
    if audit and not audit_is_ours(audit):
        text = _("The result of the last self-audit was altered in the database.")
        found.append((None, Reason("audit_altered", text)))
    elif audit and audit.state == LedgerAudit.State.BROKEN:
        text = _("Ledger entry %(index)s does not hold: %(finding)s") % {
            "index": audit.first_bad_index,
            "finding": LedgerAudit.Finding(audit.finding).label,
        }
        found.append((audit.first_bad_index, Reason("audit_broken", text)))
    if covered > entries:
        text = _("Ledger entry %(index)s and those after it were removed.") % {"index": entries}
        found.append((entries, Reason("entries_missing", text)))
    try:
        refuse_rollback()
    except EvidenceError:
        text = _(
            "The database does not hold the checkpoint that was signed last; it was set back or replaced."
        )
        found.append((None, Reason("rolled_back", text)))
    known = [index for index, _reason in found if index is not None]
    return (min(known) if known else None), [reason for _index, reason in found]


def _warnings(audit: LedgerAudit | None, covered: int) -> Iterator[Reason]:
    """Yield what is late or missing."""
    now = clock().now()
    if audit is None:
        yield Reason("audit_missing", _("The ledger has not been audited yet."))
    elif now - audit.ended_at > AUDIT_FRESH:
        yield Reason("audit_old", _("The last self-audit is more than a day old."))
    if _older_than(CHECKPOINT_FRESH, covered, now):
        yield Reason("checkpoint_late", _("New entries have not been signed; the worker may be down."))
    yield from _anchor_warnings(now)
    if missing_triggers():
        yield Reason("triggers_missing", _("The database no longer refuses changes to the ledger's tables."))


def _anchor_warnings(now: datetime) -> Iterator[Reason]:
    gaps = {gap.kind: gap for gap in LedgerGap.objects.filter(closed_at=None)}
    late = {
        LedgerParty.Kind.WITNESS: _("New entries have not been cosigned by the witness."),
        LedgerParty.Kind.INTERNAL_AUTHORITY: _("New entries have no internal time-stamp."),
        LedgerParty.Kind.EXTERNAL_AUTHORITY: _("New entries have no time-stamp of the outside authority."),
    }
    configured = ports()
    if configured.witness is None:
        yield Reason("witness_absent", _("No witness is configured."))
    for kind, asked, fresh, table in (
        (LedgerParty.Kind.WITNESS, configured.witness, COSIGNATURE_FRESH, LedgerCosignature),
        (LedgerParty.Kind.INTERNAL_AUTHORITY, configured.internal, TIMESTAMP_FRESH, LedgerTimestamp),
        (LedgerParty.Kind.EXTERNAL_AUTHORITY, configured.external, TIMESTAMP_FRESH, LedgerTimestamp),
    ):
        reached = table.objects.filter(party__kind=kind).aggregate(size=Max("checkpoint_id"))["size"] or 0
        if asked and (kind in gaps or _older_than(fresh, reached, now)):
            yield Reason(f"{kind.value}_late", late[kind])


def _older_than(age: timedelta, index: int, now: datetime) -> bool:
    """Tell whether entry `index`, the first that something does not reach, is older than `age`."""
    time = LedgerEntry.objects.filter(index=index).values_list("time", flat=True).first()
    return time is not None and now - time > age
