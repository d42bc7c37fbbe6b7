"""The states of scans, verdicts and exceptions in words, each with the tone of its dot."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoumi.server.documents.models import MatchException, Scan
from shoumi.server.documents.queries.words import VERDICTS
from shoumi.server.files.listing import State

TONES = {"waiting": "waiting", "running": "active", "stopped": "off", "done": "good", "failed": "bad"}
VERDICT_TONES = {"allow": "good", "warn": "waiting", "justify": "waiting"}
EXCEPTION_TONES = {"proposed": "waiting", "in_force": "good", "refused": "bad", "ended": "off"}


def scan_state(row: Scan) -> State:
    """Return how far a scan is."""
    return State(row.get_state_display(), TONES[row.state])


def without_exceptions(judged: str) -> str:
    """Return what the verdict would be without exceptions; nothing where it would be the same."""
    if not judged:
        return ""
    return _("Without exceptions: %(verdict)s") % {"verdict": VERDICTS[judged]}


def excepted_words(count: int) -> str:
    """Return how many findings count as harmless; nothing where none does."""
    return ngettext("%(count)s excepted", "%(count)s excepted", count) % {"count": count} if count else ""


def verdict_state(verdict: str) -> State | str:
    """Return a verdict in words; nothing where there is none yet."""
    return State(VERDICTS[verdict], VERDICT_TONES.get(verdict, "bad")) if verdict else ""


def exception_state(row: MatchException | None) -> State | str:
    """Return where an exception stands; nothing where there is none."""
    return State(row.get_state_display(), EXCEPTION_TONES[row.state]) if row else ""
