"""What a decision, a withdrawal or a delegation can fail with, one leaf per thing a caller does.

Permission itself is refused by `accounts.gate`; these are faults of the input and conflicts of state.
"""

from __future__ import annotations

from shoumi.engine.errors import ConflictError, InputError


class RequestClosedError(ConflictError):
    """It was decided, withdrawn or became unnecessary in the meantime."""

    code = "approvals.request_closed"
    message = "This request is closed: {state}."


class StepMovedOnError(ConflictError):
    """The step on the page was decided by others meanwhile."""

    code = "approvals.step_moved_on"
    message = "Others have decided this step in the meantime. Look at the request again."


class VoiceUsedError(ConflictError):
    """Between the look at the page and the click the person's voice was used."""

    code = "approvals.voice_used"
    message = "You cannot decide this step any more: your voice, or the one you lend, has been used."


class TookPartError(ConflictError):
    """Who has a part in a matter does not decide on it, whatever their role."""

    code = "approvals.took_part"
    message = "You have a part in what is decided here: others decide on it."


class ReasonError(InputError):
    """Sending back and rejecting need a reason; no reason is longer than a page."""

    code = "approvals.reason"
    message = "Give a reason of at most {longest} characters."


class StepPlanError(InputError):
    """A request needs steps that somebody can be asked to decide."""

    code = "approvals.step_plan"
    message = (
        "A request needs at least one step, each with a role or named persons and a quorum of 1 or more."
    )


class WithdrawElsewhereError(ConflictError):
    """What is asked for is withdrawn on its own page."""

    code = "approvals.withdraw_elsewhere"
    message = "Withdraw this on the page of what it is about."


class DecideSinglyError(ConflictError):
    """This one is too important to be approved from a list."""

    code = "approvals.decide_singly"
    message = "This request has to be opened and decided by itself."


class RemindedLatelyError(ConflictError):
    """The deciders were reminded less than a day ago."""

    code = "approvals.reminded_lately"
    message = "The deciders were reminded less than a day ago."


class DelegationTimesError(InputError):
    """A delegation begins before it ends, ends in the future, and does not last for ever."""

    code = "approvals.delegation_times"
    message = "A delegation ends in the future, after its beginning, and lasts at most {days} days."


class DelegateUnfitError(InputError):
    """This person cannot stand in: their role must stay apart from deciding, or it is the same person."""

    code = "approvals.delegate_unfit"
    message = (
        "This person cannot stand in: not active, outside the company, or with a role apart from deciding."
    )


class DelegationKindError(InputError):
    """A delegation is for kinds of requests that exist."""

    code = "approvals.delegation_kind"
    message = "There is no kind of request called “{kind}”."


class DelegationOverError(ConflictError):
    """The delegation has ended already."""

    code = "approvals.delegation_over"
    message = "This delegation has ended already."
