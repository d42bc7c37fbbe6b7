"""What can be wrong with meetings, partners and their workers; the catalogues hold the texts."""

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


class PartnerTwiceError(ConflictError):
    """The department has this partner already."""

    code = "partners.twice"
    message = "This department has the partner “{name}” already."


class PartnerOverError(ConflictError):
    """The work with the partner has ended."""

    code = "partners.over"
    message = "The work with this partner ended on {day}."


class ManagerError(InputError):
    """The sign-in is one of the company's own people."""

    code = "partners.manager"
    message = "The responsible person of a partner is nobody of the company; choose another sign-in."


class FilingError(ConflictError):
    """The agreement is not the partner's, is filed already, or the number is taken."""

    code = "partners.filing"
    message = "This agreement is not the partner's or is filed already, or the number is in use."
