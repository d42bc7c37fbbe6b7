"""What can be wrong when a case of a person is opened, planned, recorded or closed."""

from __future__ import annotations

from shoumi.engine.errors import ConflictError, InputError


class NobodyHoldsRoleError(InputError):
    """A step would belong to a role that nobody holds where the person stands."""

    code = "lifecycle.nobody_holds_role"
    message = "Nobody can do this case: no one holds the role {roles} where this person works."


class RoleUnknownError(InputError):
    """A step names a role that is none of the policy."""

    code = "lifecycle.role_unknown"
    message = "The step “{step}” belongs to the role “{role}”, which does not exist here."


class CaseOpenAlreadyError(ConflictError):
    """There is an open case of this kind."""

    code = "lifecycle.case_open_already"
    message = "A case of this kind is already under way for this person."


class CaseKindError(InputError):
    """No case of this kind is led here."""

    code = "lifecycle.case_kind"
    message = "“{kind}” is no kind of case that is led here."


class OutsideWorkerError(InputError):
    """The person works for another company, through which everything goes."""

    code = "lifecycle.outside_worker"
    message = "This person works for another company; nothing is addressed to them but through it."


class CaseOverError(ConflictError):
    """The case is closed or called off."""

    code = "lifecycle.case_over"
    message = "This case is over; nothing can be added to it."


class DayMissingError(InputError):
    """A day from which the case counts is missing."""

    code = "lifecycle.day_missing"
    message = "“{day}” must be given: the case counts from it."


class ReasonNeededError(InputError):
    """A reason is missing."""

    code = "lifecycle.reason_needed"
    message = "Say why."


class PartyError(InputError):
    """The person named cannot be this party."""

    code = "lifecycle.party"
    message = "{name} cannot be this party: {reason}."


class PartyMissingError(InputError):
    """A party must be named first."""

    code = "lifecycle.party_missing"
    message = "Name first who this is: {party}."


class GateClosedError(ConflictError):
    """Something stands in the way; the steps are named."""

    code = "lifecycle.gate_closed"
    message = "“{gate}” is not possible yet. Missing: {missing}."


class StepDroppedError(ConflictError):
    """The present plan does not ask for the step."""

    code = "lifecycle.step_dropped"
    message = "The present plan no longer asks for this step."


class RecordEmptyError(InputError):
    """The record says nothing."""

    code = "lifecycle.record_empty"
    message = "Say what was done, or answer at least one item."


class ProofMissingError(InputError):
    """The step is proved by a file, and none was given."""

    code = "lifecycle.proof_missing"
    message = "This step is proved by a file; choose one."


class ItemUnknownError(InputError):
    """The step has no such item, or it lacks its time."""

    code = "lifecycle.item"
    message = "“{item}” cannot be recorded: {reason}."


class TimeError(InputError):
    """The moment lies in the future."""

    code = "lifecycle.time"
    message = "What was done cannot lie in the future."


class CompanionsError(InputError):
    """Too few persons take part, or one of them may not."""

    code = "lifecycle.companions"
    message = "This step needs {number} different persons with a sign-in, none of them the one it is about."


class WitnessesError(InputError):
    """A refusal needs witnesses who take no other part."""

    code = "lifecycle.witnesses"
    message = "A refused signature needs {number} different witnesses with a sign-in who take no other part."


class NotRefusableError(InputError):
    """The pack does not take a refusal for a signature here."""

    code = "lifecycle.not_refusable"
    message = "A refusal cannot stand for the signature of “{party}” in this step."


class SignedAlreadyError(ConflictError):
    """The party has signed."""

    code = "lifecycle.signed_already"
    message = "“{party}” has already signed."


class NotAFormError(InputError):
    """The step is not signed."""

    code = "lifecycle.not_a_form"
    message = "This step is not done by signing, or is done on a page of its own."


class AnsweredError(ConflictError):
    """It has been answered."""

    code = "lifecycle.answered"
    message = "This has already been answered."


class ThingError(InputError):
    """The item cannot be listed, handed over or received so."""

    code = "lifecycle.thing"
    message = "“{item}” cannot be recorded so: {reason}."


class LogError(InputError):
    """A log cannot be used as it is."""

    code = "lifecycle.log"
    message = "This log cannot be used: {reason}."


class NoticeError(InputError):
    """A notice cannot be sent or recorded so."""

    code = "lifecycle.notice"
    message = "This notice cannot be recorded so: {reason}."


class CertificateMissingError(ConflictError):
    """The certificate has not been drawn up."""

    code = "lifecycle.certificate_missing"
    message = "The certificate is not drawn up yet; draw it up, then it is signed."


class CertificateSignedError(ConflictError):
    """The certificate is signed already."""

    code = "lifecycle.certificate_signed"
    message = "Somebody has signed this certificate; it cannot be drawn up anew."
