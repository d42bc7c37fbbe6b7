"""What can be wrong with a concern; each class is one thing that the caller would do differently."""

from __future__ import annotations

from shoumi.engine.errors import ConflictError, InputError, UnavailableError


class LetterEmptyError(InputError):
    """There is nothing in the letter."""

    code = "concerns.letter_empty"
    message = "Write what happened."


class LetterTooLongError(InputError):
    """The letter is longer than one may be."""

    code = "concerns.letter_too_long"
    message = "The letter has {found} characters, at most {limit} are allowed; send the rest in another one."


class TooManyFilesError(InputError):
    """More files than one letter takes, or too large ones."""

    code = "concerns.too_many_files"
    message = "One letter takes {limit} files."


class AddresseeError(InputError):
    """The concern is addressed to nobody."""

    code = "concerns.addressee"
    message = "Choose who is to read it."


class MailboxUnknownError(InputError):
    """No mailbox has this passphrase."""

    code = "concerns.mailbox_unknown"
    message = "There is no mailbox with this passphrase."


class ConcernClosedError(ConflictError):
    """The examination is over."""

    code = "concerns.closed"
    message = "This concern is closed; report a new one if there is more."


class TooManyError(UnavailableError):
    """More came in within an hour than people write."""

    code = "concerns.too_many"
    message = "Too much came in within an hour. Try again later."
