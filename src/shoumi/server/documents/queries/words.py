"""Words for what inspection tells in codes: why nobody could look inside, verdicts, faults of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from shoumi.engine.errors import error_of
from shoumi.engine.inspection.inspecting import UNMARKED
from shoumi.engine.inspection.recognise.entries import PACKS, load_catalogue
from shoumi.engine.inspection.report.wording import UNMARKED as UNMARKED_WORDS
from shoumi.engine.inspection.verdict import Action as Verdict
from shoumi.engine.jurisdiction.values import Texts
from shoumi.server.documents.models import Match

_MINUTE, _HOUR = 60, 3600
REASONS: Final[Mapping[str, object]] = {
    "encrypted": gettext_lazy("It is encrypted, or a password protects it."),
    "damaged": gettext_lazy("It is damaged."),
    "unknown": gettext_lazy("There is no reader for this kind of file."),
    "too_large": gettext_lazy("It is too large."),
    "too_deep": gettext_lazy("Archives are nested too deeply in it."),
    "too_many": gettext_lazy("It holds too many members."),
    "time": gettext_lazy("Reading it took too long."),
    "memory": gettext_lazy("Reading it took too much memory."),
    "crashed": gettext_lazy("Its reader ended by itself."),
    "program": gettext_lazy("A program that reads this kind of file is not installed."),
    "denied": gettext_lazy("The file system refused to open it."),
    "empty": gettext_lazy("It holds neither text nor pictures."),
    "short": gettext_lazy("It holds fewer than 30 characters, less than an excerpt must have."),
}
VERDICTS: Final[Mapping[str, object]] = {
    Verdict.ALLOW: pgettext_lazy("verdict", "Nothing to do"),
    Verdict.WARN: pgettext_lazy("verdict", "Warn"),
    Verdict.JUSTIFY: pgettext_lazy("verdict", "Justify"),
    Verdict.SEAL: pgettext_lazy("verdict", "Seal"),
    Verdict.QUARANTINE: pgettext_lazy("verdict", "Quarantine"),
    Verdict.BLOCK: pgettext_lazy("verdict", "Block"),
}

PACK_WORDS: Final[Mapping[str, object]] = {
    "cn": gettext_lazy("Identifiers and markings of China"),
    "jp": gettext_lazy("Identifiers and markings of Japan"),
    "world": gettext_lazy("Identifiers and markings of everywhere, keys and passwords"),
}

CHECKS: Final[Mapping[str, object]] = {
    "verbatim": gettext_lazy("word for word"),
    "edited": gettext_lazy("with changes"),
    "short": gettext_lazy("a short passage"),
    "picture": gettext_lazy("by its picture"),
    "no_marking": gettext_lazy("no secrecy marking"),
}


def check_words(check: str) -> str:
    """Return what was compared, in words; the name of a check digit is its own."""
    return str(CHECKS.get(check, check))


def reason_words(reason: str) -> str:
    """Return why nobody could look inside."""
    return str(REASONS.get(reason, reason))


def what_words(match: Match) -> str:
    """Return what was found: the secret, why a file stayed closed, or what an identifier is called."""
    if match.kind != Match.Kind.MARKING and match.secret and match.secret.number:
        return match.secret.number
    return code_words(match.kind, match.code)


def code_words(kind: str, code: str) -> str:
    """Return what a kind of finding is called; the name of an index is its own."""
    if kind == Match.Kind.UNREADABLE:
        return reason_words(code.removeprefix("unreadable."))
    texts = UNMARKED_WORDS if code == UNMARKED else _names().get(code)
    return texts.in_language(get_language() or "en") if texts else code


@cache
def _names() -> Mapping[str, Texts]:
    """Return the names of what the packs recognise."""
    return {kind.id: kind.names for kind in load_catalogue(PACKS).kinds}


def duration_words(seconds: float | None) -> str:
    """Return how long something will take, to the unit that a person plans with; empty for unknown."""
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return ngettext("%(count)s second", "%(count)s seconds", int(seconds) + 1) % {
            "count": int(seconds) + 1
        }
    if seconds < 2 * _HOUR:
        minutes = round(seconds / _MINUTE)
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = round(seconds / _HOUR)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def failure_words(code: str) -> str:
    """Return what hindered a job in the reader's language; empty for nothing."""
    if not code:
        return ""
    own = {
        "documents.index_interrupted": _("The worker was ended in the middle; the next update goes on."),
        "documents.index_broken": _("An unexpected fault; it is in the worker's log."),
        "documents.scan_broken": _("An unexpected fault; it is in the worker's log."),
    }
    if code in own:
        return own[code]
    kind = error_of(code)
    if kind and "{" not in kind.message:
        return pgettext(code, kind.message)
    return _("It failed with the code %(code)s; more is in the worker's log.") % {"code": code}
