"""Who needs which agreement: the engine's answer for persons, and the counts by level of post.

Source of the content: the packs' table of needs.  Reads only; `services.coverage` keeps what is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from shoumi.engine.jurisdiction.agreements import FactValue, library_sha256, needed
from shoumi.engine.jurisdiction.agreements import changes as library_changes
from shoumi.engine.jurisdiction.agreements.versions import library_form
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement, LibraryVersion, Need, PersonFacts
from shoumi.server.agreements.queries.libraries import NON_COMPETE, known_of, library_for
from shoumi.server.agreements.queries.visible import READERS
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import today_in
from shoumi.server.people.queries.listing import persons_within, scopes_of

Status = Need.Status
State = Agreement.State
SOON = timedelta(days=60)
RECORDED = (
    "role",
    "work",
    "knows_secrets",
    "has_customer_accounts",
    "from_competitor",
    "still_bound",
    "non_compete_wanted",
    "leaving",
)  # facts on which needs of persons depend and that no other register tells


@dataclass(frozen=True, slots=True)
class Found:
    """One need of one person as it is now."""

    person: Person
    kind: str
    before: str
    why: list[dict[str, str]]
    unknown: list[str]
    status: Status
    agreement: Agreement | None


def known_with(
    person: Person, recorded: Mapping[str, FactValue], *, non_compete_signed: bool
) -> dict[str, FactValue]:
    """Return all that is known of a person who comes from `people.persons`; nothing without an engagement."""
    known = known_of(person)
    if not known:
        return {}
    decided = {"non_compete_wanted": False, "refused": False}  # unless somebody wrote down that it is so
    return {**known, **decided, **recorded, "non_compete_signed": non_compete_signed}


def recorded_of(person_id: UUID) -> dict[str, FactValue]:
    """Return the facts that HR recorded of a person."""
    row = PersonFacts.objects.filter(pk=person_id).first()
    return dict(row.known) if row else {}


def needs_now(people: Sequence[Person]) -> Iterator[Found]:
    """Yield what each of `people`, who come from `people.persons`, needs now, and how it stands."""
    keys = [person.pk for person in people]
    recorded = dict(PersonFacts.objects.filter(pk__in=keys).values_list("pk", "known"))
    held: dict[tuple[UUID, str], list[Agreement]] = {}
    rows = Agreement.objects.filter(person__in=keys, offered_at__isnull=False).order_by("offered_at", "pk")
    for row in rows.defer("reasons", "deviations"):
        held.setdefault((row.person_id, row.kind), []).append(row)
    for person in people:
        bound = any(row.state == State.IN_FORCE for row in held.get((person.pk, NON_COMPETE), ()))
        known = known_with(person, recorded.get(person.pk, {}), non_compete_signed=bound)
        if not known:
            continue
        library, today = library_for(person.entity.pack), today_in(person.entity.country)
        told = {name: value for name, value in known.items() if name in library.facts}
        for need in needed(library, told):
            status, agreement = _standing(held.get((person.pk, need.kind), []), today)
            if status is Status.MISSING and need.unknown:
                status = Status.UNCLEAR
            why = [{"zh": each.zh, "ja": each.ja, "en": each.en} for each in need.why]
            yield Found(person, need.kind, need.before, why, list(need.unknown), status, agreement)


def _standing(rows: Iterable[Agreement], today: date) -> tuple[Status, Agreement | None]:
    """Return how a kind stands by the agreements of it, the newest last."""
    newest: dict[str, Agreement] = {row.state: row for row in rows}
    if row := newest.get(State.IN_FORCE):
        soon = row.ends_on is not None and row.ends_on - today <= SOON
        return (Status.EXPIRING if soon else Status.COVERED), row
    for state, status in (
        (State.OFFERED, Status.WAITING),
        (State.SIGNED, Status.WAITING),
        (State.REFUSED, Status.REFUSED),
    ):
        if state in newest:
            return status, newest[state]
    return Status.MISSING, None


def needs() -> QuerySet[Need]:
    """Return all needs with what lists show."""
    return Need.objects.select_related("person__entity", "agreement")


def needs_visible_to(user: User) -> QuerySet[Need]:
    """Return the needs of persons whose agreements `user` may know of by a role."""
    return needs().filter(persons_within(scopes_of(user, READERS), "person"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One level of post and kind of agreement: how many need it, and how many have it."""

    level: int
    kind: str
    needed: int
    covered: int
    missing: int

    @property
    def percent(self) -> int:
        """The share that has it."""
        return self.covered * 100 // self.needed if self.needed else 100


@dataclass(frozen=True, slots=True)
class Coverage:
    """All needs, counted once."""

    cells: list[Cell]  # what is unclear is not counted as needed
    states: dict[str, int]


def coverage(rows: QuerySet[Need]) -> Coverage:
    """Return the counts by level and kind, and by state; one query."""
    counted = rows.order_by().values_list("level", "kind", "status").annotate(Count("pk"))
    states: Counter[str] = Counter()
    needed_, covered = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for level, kind, status, count in counted:
        states[status] += count
        if status != Status.UNCLEAR:
            needed_[level, kind] += count
            covered[level, kind] += count * (status in {Status.COVERED, Status.EXPIRING})
    cells = [
        Cell(level, kind, count, covered[level, kind], count - covered[level, kind])
        for (level, kind), count in sorted(needed_.items(), key=lambda item: (-item[0][0], item[0][1]))
    ]
    return Coverage(cells, dict(states))


@dataclass(frozen=True, slots=True)
class Outdated:
    """A kind whose text changed since people signed it."""

    kind: str
    signed: int  # agreements in force under an older text
    clauses: tuple[tuple[str, str], ...]  # clause, and what happened to it


def outdated(entity: LegalEntity) -> list[Outdated]:
    """Return the kinds of which persons of `entity` signed another text than the present library's."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    counts: dict[str, int] = {}
    for version, kinds in _changed_since(entity).items():
        for kind, changed in kinds.items():
            count = renewable(entity, kind).filter(library=version).count()
            if count:
                counts[kind] = counts.get(kind, 0) + count
                found.setdefault(kind, {}).update(dict.fromkeys(changed))
    return [Outdated(kind, counts[kind], tuple(found[kind])) for kind in sorted(found)]


def to_renew(entity: LegalEntity, kind: str) -> QuerySet[Agreement]:
    """Return the agreements in force of one kind whose signers would sign another text today."""
    versions = [version.pk for version, kinds in _changed_since(entity).items() if kind in kinds]
    return renewable(entity, kind).filter(library__in=versions)


def renewable(entity: LegalEntity, kind: str) -> QuerySet[Agreement]:
    """Return the agreements with persons that are in force and are not being renewed already."""
    rows = Agreement.objects.filter(entity=entity, kind=kind, state=State.IN_FORCE, person__isnull=False)
    return rows.exclude(successors__state__in=[State.DRAFT, State.OFFERED, State.SIGNED])


def _changed_since(entity: LegalEntity) -> dict[LibraryVersion, dict[str, list[tuple[str, str]]]]:
    """Return, for each older version of the entity's library, what changed by kind."""
    library = library_for(entity.pack)
    form: dict[str, Any] = library_form(library)
    found: dict[LibraryVersion, dict[str, list[tuple[str, str]]]] = {}
    for version in LibraryVersion.objects.filter(pack=entity.pack).exclude(sha256=library_sha256(library)):
        kinds = found.setdefault(version, {})
        for change in library_changes(version.form, form):
            if change.signed_text and change.kind in form["kinds"]:
                kinds.setdefault(change.kind, []).append((change.clause, str(change.what)))
    return found
