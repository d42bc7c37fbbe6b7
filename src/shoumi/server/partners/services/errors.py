"""What can be wrong with a meeting that is planned, opened or closed; the catalogues hold the texts."""

from __future__ import annotations

from shoumi.engine.errors import ConflictError, InputError


class MeetingStateError(ConflictError):
    """The meeting has moved on."""

    code = "partners.meeting_state"
    message = "The meeting is not in a state in which this can be done: {state}."


class MeetingTimesError(InputError):
    """The times do not fit."""

    code = "partners.meeting_times"
    message = "The meeting must end after it begins, within a fortnight, and lie not in the past."


class MeasuresMissingError(InputError):
    """Measures are missing before it may open, or papers before it may be closed."""

    code = "partners.measures_missing"
    message = "This is still missing: {missing}"


class ParticipantError(InputError):
    """Neither a person nor a name, or somebody who is named already."""

    code = "partners.participant"
    message = "Choose a person who is not named yet, or give an outsider's name."


class ParticipantHoldsError(ConflictError):
    """Somebody who holds papers, or has been told, cannot be taken off."""

    code = "partners.participant_holds"
    message = "Copies were handed to this participant; count them back first."


class PaperError(InputError):
    """The paper cannot be entered, handed out or counted like this."""

    code = "partners.paper"
    message = "The paper cannot be entered: {reason}."


class HandoutError(ConflictError):
    """The copy is back already, or is none of this meeting."""

    code = "partners.handout"
    message = "This copy is settled already, or does not belong to this meeting."
