"""The shape of an answer, and the table of functions that give one; the other modules fill it.

Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from shoumi.engine.jurisdiction.assurance import AssurancePack, InspectionRow, load_assurance
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.pack import Pack
from shoumi.server.assurance.models import SelfInspectionRow
from shoumi.server.assurance.queries.grades import SecretScoreOnDay, scores_on
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models import TradeSecret

Result = SelfInspectionRow.Result
LIVE = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)


@dataclass(frozen=True, slots=True)
class Answer:
    """So many of so many; `need` 0 says that the case does not arise.  `link` leads to the rows."""

    have: int
    need: int
    link: str = ""

    @property
    def result(self) -> str:
        """Return what was found, in the words of the run."""
        if not self.need:
            return str(Result.NONE)
        if self.have >= self.need:
            return str(Result.SHOWN)
        return str(Result.PARTLY if self.have else Result.GAP)


class Question:
    """One reading for one legal entity and day, with what many answers need at hand."""

    def __init__(self, entity: LegalEntity, day: date, moment: datetime) -> None:
        self.entity, self.day, self.moment = entity, day, moment

    @cached_property
    def secrets(self) -> QuerySet[TradeSecret]:
        """The registered secrets of the entity."""
        return TradeSecret.objects.filter(entity=self.entity, state__in=LIVE).order_by()

    @cached_property
    def secret_count(self) -> int:
        """How many secrets are registered."""
        return self.secrets.count()

    @cached_property
    def scores(self) -> list[SecretScoreOnDay]:
        """The score of each secret."""
        return scores_on(self.entity, self.day)[1]

    @cached_property
    def pack(self) -> Pack:
        """The law pack."""
        return load_pack(self.entity.pack)

    @cached_property
    def assurance(self) -> AssurancePack:
        """What the pack says about assurance."""
        return load_assurance(self.entity.pack)


Answerer = Callable[[Question, str], Answer]
ANSWERS: dict[str, Answerer] = {}


def answers(name: str) -> Callable[[Answerer], Answerer]:
    """Register the function as the answer to a figure of the packs."""

    def register(function: Answerer) -> Answerer:
        ANSWERS[name] = function
        return function

    return register


def answer_of(row: InspectionRow, question: Question) -> tuple[str, Answer]:
    """Return the result of a row and the count behind it."""
    name, _colon, argument = row.figure.partition(":")
    function = ANSWERS.get(name)
    if function is None:
        return str(Result.ASK), Answer(0, 0)
    answer = function(question, argument)
    return answer.result, answer


def exists(count: int, link: str = "") -> Answer:
    """Return the answer where at least one is asked for."""
    return Answer(count, max(count, 1), link)


def address(name: str, query: str = "", *args: object) -> str:
    """Return the address of a page with parameters; empty where this installation has no such page."""
    try:
        found = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{found}?{query}" if query else found
