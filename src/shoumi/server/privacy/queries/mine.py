"""What is collected about one person, what they were told and agreed to, and who looked.

Everybody reads only their own.  Who looked is read off the ledger, where nobody can take it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from shoumi.engine.jurisdiction.personal_data import Answer
from shoumi.server.accounts.models import User
from shoumi.server.ledger.queries import entries_about, entry_details
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Person
from shoumi.server.privacy.models import Consent, Delivery, Processing, SubjectRequest
from shoumi.server.privacy.queries.collecting import Collecting, deliveries_of, version_ends
from shoumi.server.privacy.queries.words import (
    SENTENCES,
    basis_words,
    kinds_words,
    named,
    purpose_words,
    scope_words,
    scopes_of_consent,
    table_of,
)

LOOKS = (
    LedgerTag.PRIVACY_PERSON_UNMASKED,
    LedgerTag.PEOPLE_PERSON_REVEALED,
    LedgerTag.TRAINING_ANSWERS_SEEN,
    RegisterTag.ACTIVITY_VIEWED,
)
MOST_LOOKS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """One consent that a person is asked for, and how it stands."""

    scope: str
    words: str
    row: Consent | None  # the latest answer

    @property
    def given(self) -> bool:
        """Whether it holds now."""
        return bool(self.row and self.row.answer == Consent.Answer.GIVEN and self.row.withdrawn_at is None)


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of data of a processing, and whether it is collected."""

    words: str
    answer: Answer
    sentence: Promise


@dataclass(frozen=True, slots=True)
class Collected:
    """One processing as the person sees it."""

    row: Processing
    kinds: str
    purpose: str
    basis: str
    lines: tuple[KindLine, ...]
    consents: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked."""

    at: datetime
    who: str
    why: str
    what: str


def collected_about(person: Person) -> list[Collected]:
    """Return each processing that concerns a person, with the gate's answer and the consents."""
    now = clock().now()
    knowing = Collecting(person)
    table = table_of(person.entity)
    answers = latest_answers(person)
    return [
        Collected(
            row,
            kinds_words(row),
            purpose_words(row),
            basis_words(row),
            tuple(
                KindLine(named(table.kinds, kind), answer, SENTENCES[answer.reason])
                for kind in row.kinds
                for answer in [knowing.ask(kind, row.purpose, now)]
            ),
            tuple(
                Asked(scope, scope_words(row, scope), answers.get((row.pk, scope)))
                for scope in scopes_of_consent(row)
            ),
        )
        for row in knowing.concerning(now)
    ]


def latest_answers(person: Person) -> dict[tuple[object, str], Consent]:
    """Return the newest answer of a person to each question."""
    rows = Consent.objects.filter(person=person).order_by("answered_at", "pk")
    return {(row.processing_id, row.scope): row for row in rows}


def notices_waiting(person: Person) -> list[Delivery]:
    """Return what a person has been handed and has yet to read or acknowledge."""
    return [
        row
        for row in deliveries_of(person)
        if version_ends(row.notice_version) is None
        and (row.acknowledged_at if row.notice_version.notice.must_acknowledge else row.shown_at) is None
    ]


def requests_of(person: Person) -> list[tuple[SubjectRequest, str]]:
    """Return what a person has asked for, the newest first, with its name."""
    rights = table_of(person.entity).rights
    rows = SubjectRequest.objects.filter(person=person).order_by("-received_at")
    return [(row, named(rights, row.right)) for row in rows]


def who_looked(person: Person) -> list[Look]:
    """Return who looked at a person's data, the newest first, each with the reason given."""
    entries = entries_about([person.ledger_subject], LOOKS).exclude(
        actor=person.user.ledger_actor if person.user else ""
    )[:MOST_LOOKS]
    names = {user.ledger_actor: user for user in User.objects.filter(pk__in=_ids(entries))}
    found = []
    for entry in entries:
        details = {item.name: item.value for item in entry_details(entry)}
        who = names.get(entry.actor)
        found.append(
            Look(
                entry.time,
                str(who.display_name or who.username) if who else "–",
                str(details.get("purpose") or "–"),
                str(details.get("field") or ""),
            )
        )
    return found


def _ids(entries: object) -> list[str]:
    return [entry.actor.partition(":")[2] for entry in entries if entry.actor.startswith("user:")]
