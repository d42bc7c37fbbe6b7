"""The one tree of errors: six branches, each leaf with a stable code, typed fields and a place.

Leaves live beside the code that raises them; the branches live here.  The console translates a
class by its `code`; `message` is the English text and the only place where it is written.
This module knows nothing of languages, HTTP statuses or exit statuses beyond the numbers below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

FieldValue = str | int | float | bool | None | tuple[str, ...]


class Phrase(str):
    """An English phrase that remembers its form and fields, so that it can be told in another language.

    To everything that knows no languages it is a plain text.  `make messages` gathers the forms.
    """

    __slots__ = ("fields", "form")
    form: str
    fields: dict[str, FieldValue]

    def __new__(cls, form: str, /, **fields: FieldValue) -> Self:
        """Fill `fields` into the `form`, which names them in braces."""
        phrase = super().__new__(cls, form.format(**fields))
        phrase.form = form
        phrase.fields = fields
        return phrase

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, FieldValue]]:
        """Return what a copy is made from."""
        return (self.form,), self.fields


@dataclass(frozen=True, slots=True)
class Location:
    """Where in an input a fault was found; every part is optional."""

    path: str | None = None  # file name, or member of an archive as `outer.zip!/inner`
    line: int | None = None  # 1-based
    column: int | None = None  # 1-based, in characters
    cell: str | None = None  # spreadsheet address such as `Sheet1!C7`

    def __str__(self) -> str:
        """Return the place as `path:line:column` or `path cell`, without the parts not known."""
        numbers = [str(part) for part in (self.line, self.column) if part is not None]
        head = ":".join([part for part in [self.path] if part] + numbers)
        return " ".join(part for part in (head, self.cell) if part)


class ShoumiError(Exception):
    """Anything Shoumi refuses or cannot do; never raised itself, always a leaf."""

    code: ClassVar[str] = "shoumi"
    message: ClassVar[str] = "Something went wrong."  # may name fields in braces
    exit_status: ClassVar[int] = 1

    def __init__(self, *, location: Location | None = None, **fields: FieldValue) -> None:
        """Keep the typed `fields` that `message` names, and the place if there is one."""
        self.location = location
        self.fields = fields
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        """The English message with its fields filled in, preceded by the place."""
        text = self.message.format(**self.fields)
        return f"{self.location}: {text}" if self.location else text


def error_of(code: str) -> type[ShoumiError] | None:
    """Return the class of the tree with this code, among those that are imported; None for no such code."""
    kinds: list[type[ShoumiError]] = [ShoumiError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return next((kind for kind in kinds if kind.code == code), None)


class InputError(ShoumiError):
    """The input itself is at fault; sending it again unchanged fails again."""

    code = "input"
    message = "The input is not valid."
    exit_status = 2


class EvidenceError(ShoumiError):
    """A proof, signature, time-stamp or package does not hold."""

    code = "evidence"
    message = "The evidence does not hold."
    exit_status = 1


class RefusalError(ShoumiError):
    """Policy or permission says no; the reasons travel in the leaf."""

    code = "refusal"
    message = "This is not permitted."
    exit_status = 3


class ConflictError(ShoumiError):
    """The record is not in a state that allows this, or somebody was faster."""

    code = "conflict"
    message = "The record does not allow this now."
    exit_status = 4


class ConfigurationError(ShoumiError):
    """The installation is set up wrongly; an administrator can mend it."""

    code = "configuration"
    message = "The configuration is not valid."
    exit_status = 5


class UnavailableError(ShoumiError):
    """Something outside did not answer or is missing; trying again later may work."""

    code = "unavailable"
    message = "A needed service is not available."
    exit_status = 6
