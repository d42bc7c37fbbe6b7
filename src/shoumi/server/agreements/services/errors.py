"""What can be wrong with an agreement that is prepared, signed, refused or ended.

Each class is one thing that the caller would do differently; the catalogues hold the texts.
"""

from __future__ import annotations

from shoumi.engine.errors import ConflictError, InputError


class PartyError(InputError):
    """An agreement is with one person or with one named party, as its kind asks."""

    code = "agreements.party"
    message = "Choose a person, or name the other party; this kind of agreement is made with {party}."


class StateError(ConflictError):
    """The agreement has moved on."""

    code = "agreements.state"
    message = "The agreement is not in a state in which this can be done: {state}."


class OpenAgreementError(ConflictError):
    """There is already one that waits."""

    code = "agreements.open_already"
    message = "An agreement of this kind already waits for this person; finish or withdraw it first."


class NotTheseBytesError(ConflictError):
    """What was read is not what would be signed."""

    code = "agreements.other_bytes"
    message = "The agreement is not the one that was shown; read it again before you sign."


class DrawingError(InputError):
    """The drawn signature is none."""

    code = "agreements.drawing"
    message = "The signature cannot be used: {reason}."


class WitnessError(InputError):
    """Witnesses are two different persons with a sign-in, besides the signer, the reader and the recorder."""

    code = "agreements.witnesses"
    message = "Name two different witnesses with a sign-in, who are not the signer, the reader or yourself."


class AlreadyConfirmedError(ConflictError):
    """This witness has confirmed."""

    code = "agreements.witnessed"
    message = "You have confirmed this already."


class DayError(InputError):
    """The days do not fit."""

    code = "agreements.day"
    message = "The day does not fit: {reason}."


class FactsError(InputError):
    """A fact that no need of a person depends on, or that another register tells."""

    code = "agreements.facts"
    message = "This fact is not recorded here."


class NothingToRenewError(InputError):
    """Nobody signed another text than the present one."""

    code = "agreements.nothing_to_renew"
    message = "Nobody signed an older text of this kind; there is nothing to renew."


class RunStateError(ConflictError):
    """The run is not in a state in which this can be done."""

    code = "agreements.run_state"
    message = "The run has moved on meanwhile, or one like it is under way; look at it again."


class BlanketSigningError(InputError):
    """A group is to sign of which one may not be bound."""

    code = "agreements.blanket_signing"
    message = "Not everybody may be made to sign non-competition: {reasons}"


class NoAmountError(InputError):
    """No compensation follows from the agreement and the wages."""

    code = "agreements.no_amount"
    message = "No compensation can be computed; record the wages of the last months first."
