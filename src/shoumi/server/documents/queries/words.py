"""Words for what inspection tells in codes: why nobody could look inside, verdicts, faults of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shoumi.engine.errors import error_of
from shoumi.engine.inspection.verdict import Action as Verdict

REASONS: Final[Mapping[str, object]] = {
    "encrypted": gettext_lazy("It is protected by a password."),
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


def reason_words(reason: str) -> str:
    """Return why nobody could look inside."""
    return str(REASONS.get(reason, reason))


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
