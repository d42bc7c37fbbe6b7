"""What training is made of: parts, audiences, types of leak, questions, courses.

The shapes are our own; the content is that of the packs' `training.yaml`.  Nothing is read here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.values import Origin, Status, Texts


@dataclass(frozen=True, slots=True)
class ContentPart:
    """One part of what must be taught."""

    id: str
    names: Texts
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a training is for, and which parts they must be taught within a year."""

    id: str
    names: Texts
    parts: tuple[str, ...]
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class LeakType:
    """Why people leak: the scenarios of the questions come from these."""

    id: str
    names: Texts
    meaning: Texts
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in the language of its country."""

    id: str
    part: str
    leak: str  # of a type of leak; empty if it is about none
    text: str
    options: tuple[str, ...]
    right: frozenset[int]  # indexes of options, from 0; several may be right together
    explanation: str
    source: str
    rule: str  # of the pack; empty if none is recorded

    @property
    def value(self) -> JSONValue:
        """What the person sees, and what is right: for a hash."""
        return {
            "id": self.id,
            "part": self.part,
            "text": self.text,
            "options": self.options,
            "right": tuple(sorted(self.right)),
            "explanation": self.explanation,
        }

    @property
    def digest(self) -> str:
        """SHA-256 of `value`, in hexadecimal."""
        return hashlib.sha256(canonical_bytes(self.value)).hexdigest()


@dataclass(frozen=True, slots=True)
class TrainingTable:
    """The whole file of a country."""

    pack: str
    origin: Origin
    language: str  # of the questions
    pass_percent: int
    tries: int  # until somebody must be taught again
    valid_months: int  # of a certificate
    draw: int  # questions in one test
    parts: tuple[ContentPart, ...]
    audiences: tuple[Audience, ...]
    leaks: tuple[LeakType, ...]
    questions: tuple[Question, ...]

    def audience(self, id_: str) -> Audience | None:
        """Return an audience, or None."""
        return next((each for each in self.audiences if each.id == id_), None)

    @property
    def part_names(self) -> tuple[Named, ...]:
        """The parts for a form."""
        return tuple(Named(part.id, part.names) for part in self.parts)
