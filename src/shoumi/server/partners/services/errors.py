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


class WorkerElsewhereError(ConflictError):
    """An employee, somebody of another company, or one who stands under a partner already."""

    code = "partners.worker_elsewhere"
    message = "This engagement does not fit “{partner}”: another kind, another company, or recorded already."


class OutsiderGapsError(ConflictError):
    """Papers or proofs of an outsider are missing."""

    code = "partners.outsider_gaps"
    message = "Nothing is opened yet. {missing}"


class AccessEndedError(ConflictError):
    """The access was taken back already."""

    code = "partners.access_ended"
    message = "This access was taken back already."


class DutyDayError(InputError):
    """The day lies in the past, or the interval is none."""

    code = "partners.duty_day"
    message = "The day must not lie in the past, and the interval is 0 to 36 months."


class DutyAnsweredError(ConflictError):
    """It is answered or settled already."""

    code = "partners.duty_answered"
    message = "This is answered or settled already."


class DutyNamesWorkerError(InputError):
    """The text names a worker of the partner to whom nothing may be addressed by name."""

    code = "partners.duty_names_worker"
    message = (
        "The text names a worker of “{partner}”. Say what the company is to do; it tells its worker itself."
    )


class SignalJudgedError(ConflictError):
    """The sign was judged already."""

    code = "partners.signal_judged"
    message = "This sign was judged already."


class DutyFileError(InputError):
    """The answer has no file."""

    code = "partners.duty_file"
    message = "There is no file with this answer."


class AuthorityVisitClosedError(ConflictError):
    """The visit is closed."""

    code = "partners.authority_closed"
    message = "This visit is closed; nothing can be added."


class NoticeMissingError(ConflictError):
    """A secret paper that no notice names."""

    code = "partners.notice_missing"
    message = (
        "“{paper}” holds a trade secret and no notice to the authority names it yet. Give the notice first."
    )


class NoticeNothingError(InputError):
    """There is no secret paper that is not named yet."""

    code = "partners.notice_nothing"
    message = "Enter first which papers with trade secrets the authority is to see."


class ReceiptError(ConflictError):
    """The receipt is settled already, or the witnesses are not two."""

    code = "partners.receipt"
    message = "The receipt is settled already, or a refusal lacks its reason and two witnesses."


class ReceiptMissingError(ConflictError):
    """A notice whose receipt is neither kept nor refused."""

    code = "partners.receipt_missing"
    message = "The receipt of a notice is neither kept nor recorded as refused."


class AssessmentStateError(ConflictError):
    """The assessment is not in a state in which this can be done, or another one is open."""

    code = "partners.assessment_state"
    message = "This assessment is submitted or decided already, or another one is open."


class AssessmentQuestionError(InputError):
    """The pack asks no such question."""

    code = "partners.assessment_question"
    message = "“{question}” is no question of the assessment."


class AssessmentOpenError(InputError):
    """Answers or papers are missing."""

    code = "partners.assessment_open"
    message = "{questions} questions are not answered and {papers} papers are missing."


class OutsourcingUnassessedError(ConflictError):
    """Nothing may be outsourced before its assessment is agreed to."""

    code = "partners.outsourcing_unassessed"
    message = "Have the risk assessment of the outsourcing to “{partner}” agreed to first."


class OutsourcingOverError(ConflictError):
    """The outsourcing has ended already."""

    code = "partners.outsourcing_over"
    message = "This outsourcing has ended already."


class OriginalTwiceError(ConflictError):
    """These very bytes are kept already."""

    code = "partners.original_twice"
    message = "This original is kept already."
