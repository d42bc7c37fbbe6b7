"""The kinds of requests: what the app that opens them says about them and does after a decision.

An app registers its kinds when it is ready (`register_kind`); this app knows none of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from shoumi.engine.errors import ConfigurationError
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest, ApprovalStep

Label = str | Promise


class UnknownKindError(ConfigurationError):
    """Nobody registered this kind of request."""

    code = "approvals.unknown_kind"
    message = "There is no kind of request called “{kind}”."


@dataclass(frozen=True, slots=True)
class Description:
    """What a decider must see before deciding; never the content of a secret."""

    title: str
    url: str = ""  # page of the subject; empty if it has none
    facts: tuple[tuple[Label, object], ...] = ()  # label and value, in order
    template: str = ""  # fragment to show instead of the facts; gets `request_row` and `description`
    note: str = ""  # a sentence that must not be overlooked


@dataclass(frozen=True, slots=True)
class KindHandlers:
    """What an app supplies for one kind.

    The `on_…` functions run inside the transaction of the decision: if one raises, nothing was decided.
    """

    label: Label  # of the kind, such as “New secret”
    describe: Callable[[ApprovalRequest], Description]
    on_approved: Callable[[ApprovalRequest, User], None]  # every step is approved; the last decider
    on_returned: Callable[[ApprovalRequest, User, str], None]  # who sent it back, and why
    on_rejected: Callable[[ApprovalRequest, User, str], None]
    on_step: Callable[[ApprovalRequest, ApprovalStep], None] | None = None  # a further step has opened
    on_withdrawn: Callable[[ApprovalRequest, User], None] | None = (
        None  # None: withdrawn on the subject's page
    )
    lock: Callable[[ApprovalRequest], None] | None = None  # locks the subject's rows, before the request's
    in_bulk: Callable[[ApprovalRequest], bool] | None = None  # None: may always be approved from the list


_kinds: dict[str, KindHandlers] = {}


def register_kind(kind: str, handlers: KindHandlers) -> None:
    """Make a kind of request known, under a stable name such as `register.secret`."""
    _kinds[kind] = handlers


def kind_of(kind: str) -> KindHandlers:
    """Return what was registered for a kind.

    Raises:
        UnknownKindError: nothing was.
    """
    try:
        return _kinds[kind]
    except KeyError:
        raise UnknownKindError(kind=kind) from None


def kinds() -> dict[str, KindHandlers]:
    """Return all kinds by name, in the order of their labels."""
    return dict(sorted(_kinds.items(), key=lambda item: str(item[1].label)))


def kind_label(kind: str) -> str:
    """Return a kind in words; a kind that is no longer known keeps its name."""
    return str(_kinds[kind].label) if kind in _kinds else kind
