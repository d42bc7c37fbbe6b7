"""Every error code in the reader's language, by the message of its class.

The English text is written in one place, the class.  `make messages` walks the tree and puts each message
(with its code as context), each policy reason and each fixed `reason=` into the catalogues, from where the
words come.  A test walks the same tree and fails on a gap.  Nothing here decides or records.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext, pgettext

from shoumi.engine.errors import (
    ConfigurationError,
    ConflictError,
    EvidenceError,
    FieldValue,
    InputError,
    Phrase,
    RefusalError,
    ShoumiError,
    UnavailableError,
)
from shoumi.engine.policy import explain
from shoumi.server.accounts.gate import NotPermittedError

POLICY_REASON = "policy reason"  # context of the sentences behind decisions
ERROR_PART = "error part"  # context of the fixed English words that fill a message's fields

STATUSES: tuple[tuple[type[ShoumiError], int], ...] = (
    (InputError, 400),
    (RefusalError, 403),
    (ConflictError, 409),
    (EvidenceError, 422),
    (UnavailableError, 503),
    (ConfigurationError, 500),
)


def status_of(error: ShoumiError) -> int:
    """Return the HTTP status for an error's branch."""
    return next((status for branch, status in STATUSES if isinstance(error, branch)), 500)


def error_text(error: ShoumiError) -> str:
    """Return what went wrong in the language in force, with the place in front if there is one."""
    if isinstance(error, NotPermittedError):
        return " ".join(reason_text(reason) for reason in error.reasons)
    words = pgettext(type(error).code, type(error).message)
    text = words.format(**{name: _field_text(value) for name, value in error.fields.items()})
    return f"{error.location}: {text}" if error.location else text


def reason_text(reason: str) -> str:
    """Return the sentence behind a policy reason, in the language in force."""
    return pgettext(POLICY_REASON, explain(reason))


def opening_texts(error: NotPermittedError) -> list[str]:
    """Return who may do what was refused, one sentence each; none if the refusal says it already."""
    return [reason_text(reason) for reason in error.openings]


def every_error() -> Iterator[type[ShoumiError]]:
    """Yield every class of the tree that has been imported, branches first, each once."""
    seen: set[type[ShoumiError]] = set()
    waiting = list(ShoumiError.__subclasses__())
    while waiting:
        kind = waiting.pop(0)
        if kind not in seen:
            seen.add(kind)
            waiting.extend(kind.__subclasses__())
            yield kind


def _field_text(value: FieldValue) -> str:
    """Return a field in words: fixed phrases in the language in force, lists joined, the rest as is."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return gettext(", ").join(_field_text(item) for item in value)
    if isinstance(value, Phrase):
        fields = {
            name: _field_text(each) if isinstance(each, Phrase) else each  # a name stays as it is written
            for name, each in value.fields.items()
        }
        return pgettext(ERROR_PART, value.form).format(**fields)
    return pgettext(ERROR_PART, value) if isinstance(value, str) and value.strip() else str(value)
