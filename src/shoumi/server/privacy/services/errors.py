"""What can be wrong with a processing, a notice, a consent or an unmasking.

Each class is one thing that the caller would do differently; the catalogues hold the texts.
"""

from __future__ import annotations

from shoumi.engine.errors import ConfigurationError, ConflictError, InputError


class WordUnknownError(InputError):
    """The pack has no such kind, purpose, basis or trait."""

    code = "privacy.word_unknown"
    message = "The pack of this country has no “{word}”."


class NeverCollectedError(InputError):
    """The pack refuses this kind for this purpose, whoever agrees."""

    code = "privacy.never_collected"
    message = "This kind of data is never collected for this purpose: {because}"


class EverybodyError(InputError):
    """Content may be collected only about those who are named."""

    code = "privacy.everybody"
    message = "Content is collected only about departments or persons that are named: {kinds}."


class OtherEntityError(InputError):
    """Something belongs to another legal entity."""

    code = "privacy.other_entity"
    message = "“{name}” belongs to another legal entity."


class EndedError(ConflictError):
    """It has ended already."""

    code = "privacy.ended"
    message = "“{name}” has ended already."


class NothingToTellError(InputError):
    """A notice must tell of at least one processing and have a text in the language of its country."""

    code = "privacy.nothing_to_tell"
    message = "A notice tells of at least one processing, in the language of the legal entity’s country."


class NoticeTextError(ConflictError):
    """What was read is not what is on record."""

    code = "privacy.other_text"
    message = "The text is not the one that was shown; read it again."


class ToldAlreadyError(ConflictError):
    """The person has acknowledged it already."""

    code = "privacy.told_already"
    message = "This was acknowledged already."


class DayError(InputError):
    """A day that cannot be."""

    code = "privacy.day"
    message = "This day cannot be: it lies in the future, or before the notice was published."


class NotAskedError(InputError):
    """The processing does not ask this person for this consent."""

    code = "privacy.not_asked"
    message = "Nobody asks you to agree to this."


class AnsweredAlreadyError(ConflictError):
    """The consent is given already, or there is none to withdraw."""

    code = "privacy.answered_already"
    message = "This was answered already; look at it again."


class DecidedAlreadyError(ConflictError):
    """Somebody has decided already."""

    code = "privacy.decided_already"
    message = "Somebody has decided on this already."


class HeldError(ConflictError):
    """A litigation hold covers the person: nothing is erased."""

    code = "privacy.held"
    message = (
        "The litigation hold “{name}” covers this person: refuse, and say that the data are kept and locked."
    )


class RequestStateError(ConflictError):
    """The request has moved on, or the identity is not checked yet, or more time was taken already."""

    code = "privacy.request_state"
    message = "This cannot be done with the request now: {state}."


class ProofMissingError(InputError):
    """The way across the border needs a record that was not given."""

    code = "privacy.proof_missing"
    message = "This way across the border needs a record of: {needs}."


class BreachStateError(ConflictError):
    """The breach is closed, or waits for a second person, or does not."""

    code = "privacy.breach_state"
    message = "This cannot be done with the breach now: {state}."


class OneOwnerError(InputError):
    """One for the law and one for security answer for it, and they are two persons."""

    code = "privacy.one_owner"
    message = "Two different persons answer for it: one for the law, one for security."


class BreachOpenError(ConflictError):
    """Somebody must still be told, or a step of the playbook is not recorded."""

    code = "privacy.breach_open"
    message = "It cannot be closed while this is open: {open}."


class AgreedAlreadyError(ConflictError):
    """This owner has agreed already."""

    code = "privacy.agreed_already"
    message = "You have agreed to this already."


class MomentError(InputError):
    """A moment that cannot be."""

    code = "privacy.moment"
    message = "This moment cannot be: it lies in the future, or before the breach was noticed."


class TextEmptyError(InputError):
    """A text is empty or too long."""

    code = "privacy.text"
    message = "“{field}” must have between 1 and {limit} characters."


class ErasureStateError(ConflictError):
    """The plan of erasure has moved on, or one is under way already."""

    code = "privacy.erasure_state"
    message = "This cannot be done now; the plan of erasure stands at: {state}."


class NothingDueError(InputError):
    """Nothing has been kept longer than the register says."""

    code = "privacy.nothing_due"
    message = "Nothing falls due: the register keeps it longer, or a litigation hold keeps it."


class MailOffError(ConfigurationError):
    """No mail server is set up, so nothing can be sent."""

    code = "privacy.mail_off"
    message = "No mail server is set up, so nothing can be sent from here."


class AddressError(InputError):
    """A line is no e-mail address."""

    code = "privacy.address"
    message = "Line {line} is no e-mail address."


class NobodyToTellError(InputError):
    """No address is left to which this has not gone out."""

    code = "privacy.nobody_to_tell"
    message = "There is no address to which this has not gone out already."


class MailingStateError(ConflictError):
    """The mailing has been stopped, resumed or finished."""

    code = "privacy.mailing_state"
    message = "This cannot be done now; the mailing stands at: {state}."
