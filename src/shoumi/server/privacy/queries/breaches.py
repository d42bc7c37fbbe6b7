"""Whom each country lets be told of a breach, by when, and how that stands; drafts of what is told.

Whose rule: `engine.jurisdiction.breaches`, by the facts as they are recorded now.  An assessment that both
owners agreed to goes before what follows from the facts alone.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.translation import override

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.breaches import (
    BreachTable,
    Duty,
    DutyAnswer,
    answer_of,
    facts_of,
    letter_of,
    load_breaches,
)
from shoumi.engine.policy import Resource
from shoumi.server.accounts.models import User
from shoumi.server.people.models import Country
from shoumi.server.privacy.models import Breach, BreachAssessment, BreachNotice
from shoumi.server.privacy.queries.visible import answered_for, entities_of, matter_resource
from shoumi.server.privacy.queries.words import named, said, table_of

LANGUAGES = ("zh-hans", "ja")  # in which authorities and persons are told


class Standing(StrEnum):
    """How a duty to tell stands."""

    NOT_DUE = "not_due"  # by the facts, or by an assessment both owners agreed to
    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    LATE = "late"  # done, but after its time


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty of one country and how it stands."""

    country: str
    answer: DutyAnswer
    standing: Standing
    notice: BreachNotice | None  # the first that was recorded for it
    assessment: BreachAssessment | None  # that counts

    @property
    def duty(self) -> Duty:
        """The duty itself."""
        return self.answer.duty

    @property
    def at(self) -> datetime | None:
        """By when; None: at once, or it is not due."""
        return self.answer.due.at if self.answer.due and self.standing != Standing.NOT_DUE else None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do for it."""
        return self.standing in {Standing.NOT_DUE, Standing.DONE, Standing.LATE}


def table_for(country: str) -> BreachTable:
    """Return what a country asks after a breach."""
    return load_breaches(country.lower())


def breach_facts(breach: Breach, country: str) -> frozenset[str]:
    """Return the facts of a breach as the law of a country sees them."""
    sensitive = table_of(breach.entity).sensitive if country == breach.entity.country else frozenset()
    return facts_of(
        load_pack(country.lower()),
        table_for(country),
        chosen=breach.facts,
        cause=breach.cause,
        sensitive=bool(sensitive & set(breach.kinds)),
        persons=breach.persons,
        day=breach.noticed_at,
    )


def answers_of(breach: Breach) -> Iterator[tuple[str, DutyAnswer]]:
    """Yield each duty of each country concerned with what follows from the facts."""
    for country in breach.countries:
        facts, table = breach_facts(breach, country), table_for(country)
        for duty in table.duties:
            yield country, answer_of(load_pack(country.lower()), table, duty, facts, breach.noticed_at)


def duties_of(breach: Breach, now: datetime) -> list[DutyLine]:
    """Return how each duty stands at `now`."""
    counting = _counting(breach)
    told: dict[tuple[str, str], BreachNotice] = {}
    for row in breach.notices.all():
        told.setdefault((row.country, row.duty), row)
    found = []
    for country, answer in answers_of(breach):
        assessment = counting.get((country, answer.duty.to.value))
        notice = told.get((country, answer.duty.id))
        found.append(
            DutyLine(country, answer, _standing(answer, assessment, notice, now), notice, assessment)
        )
    return found


def next_due(breach: Breach, now: datetime) -> datetime | None:
    """Return when the next open clock of a breach ends."""
    if breach.state == Breach.State.CLOSED:
        return None
    return min((line.at for line in duties_of(breach, now) if line.at and not line.settled), default=None)


def breaches_visible_to(user: User) -> QuerySet[Breach]:
    """Return the breaches of the user's entities, and those the user answers for."""
    rows = Breach.objects.filter(Q(entity__in=entities_of(user)) | answered_for(user))
    return rows.select_related("entity", "legal_owner", "security_owner")


def breach_resource(breach: Breach) -> Resource:
    """Return a breach as the rules see it."""
    return matter_resource(breach, entity=breach.entity, requester=breach.proposed_by)


def draft_of(breach: Breach, country: str, duty: Duty, language: str) -> str:
    """Return the text of a notice from the pack, with what the record says in its places."""
    table = table_for(country)
    with override(language):
        kinds = table_of(breach.entity).kinds
        cause = table.causes.get(breach.cause)
        zone = breach.noticed_at.astimezone(table.zone)
        places = {"company": breach.entity.name, "noticed": zone.strftime("%Y-%m-%d %H:%M")}
        values: Mapping[str, str] = {
            "kinds": " · ".join(named(kinds, kind) for kind in breach.kinds),
            "persons": "" if breach.persons is None else str(breach.persons),
            "cause": said(cause.names) if cause else breach.cause,
            **{
                name: str(getattr(breach, name))
                for name in (
                    "what", "harm", "response", "advice", "publication", "prevention", "other", "contact",
                )
            },
        }  # fmt: skip
        return letter_of(table, duty, language, places, values)


def countries_words(breach: Breach) -> str:
    """Return the countries of the persons."""
    names = dict(Country.choices)
    return " · ".join(str(names.get(each, each)) for each in breach.countries)


def _counting(breach: Breach) -> dict[tuple[str, str], BreachAssessment]:
    """Return the newest assessment both owners agreed to, for each country and addressee.

    One that was made on other facts than those recorded now does not count any more.
    """
    facts = {country: sorted(breach_facts(breach, country)) for country in breach.countries}
    found: dict[tuple[str, str], BreachAssessment] = {}
    for row in breach.assessments.all():
        if row.agreed_at is not None and row.snapshot["facts"] == facts.get(row.country):
            found.setdefault((row.country, row.addressee), row)
    return found


def _standing(
    answer: DutyAnswer, assessment: BreachAssessment | None, notice: BreachNotice | None, now: datetime
) -> Standing:
    at = answer.due.at if answer.due else None
    if notice is not None:
        return Standing.LATE if at is not None and notice.sent_at >= at else Standing.DONE
    must = answer.applies if assessment is None else assessment.must_tell
    if not must or answer.basis is None:
        return Standing.NOT_DUE
    return Standing.OVERDUE if at is not None and now >= at else Standing.OPEN
