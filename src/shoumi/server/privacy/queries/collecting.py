"""The monitoring gate of the server: may data of this kind about this person be collected, and why.

Whose rule: `engine.jurisdiction.personal_data`, with the register, notices, assessments and consents as they
stood at the moment asked about.  Every collector asks here before it keeps an event.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from shoumi.engine.jurisdiction import personal_data
from shoumi.engine.jurisdiction.personal_data import Answer
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person
from shoumi.server.people.queries import engaged_now
from shoumi.server.privacy.models import Assessment, Consent, Delivery, NoticeVersion, Processing
from shoumi.server.privacy.queries.words import table_of


def may_collect(person: Person, kind: str, purpose: str, at: datetime) -> Answer:
    """Return whether data of `kind` about `person` may be collected for `purpose` at the aware moment `at`.

    Without a registered processing or without notice the answer is no.  It names what it rests on.
    """
    return Collecting(person).ask(kind, purpose, at)


class Collecting:
    """What the gate knows of one person, read once: for a collector with many events of that person."""

    def __init__(self, person: Person) -> None:
        """Read the register and what the person was told and agreed to."""
        self.person = person
        self.table = table_of(person.entity)
        rows = Processing.objects.filter(entity=person.entity_id)
        self._processings = list(with_assessments(rows).prefetch_related("departments", "persons"))
        self._engagements = list(
            Engagement.objects.filter(person=person).select_related("department__entity")
        )
        self._told = [told for row in deliveries_of(person) if (told := told_by(row)) is not None]
        self._consents = [
            personal_data.Consent(
                str(row.pk), str(row.processing_id), row.scope, row.answered_at, row.withdrawn_at
            )
            for row in Consent.objects.filter(person=person, answer=Consent.Answer.GIVEN)
        ]

    def ask(self, kind: str, purpose: str, at: datetime) -> Answer:
        """Return the answer for one kind, purpose and moment."""
        wanted = [
            row
            for row in self._processings
            if row.purpose == purpose and kind in row.kinds and row.agreed_at is not None
        ]
        return personal_data.may_collect(
            self.table,
            kind=kind,
            purpose=purpose,
            at=at,
            processings=[self._facts(row, at) for row in wanted],
            told=self._told,
            consents=self._consents,
        )

    def concerning(self, at: datetime) -> list[Processing]:
        """Return the processings that are about the person at `at`."""
        return [
            row
            for row in self._processings
            if row.starts_at <= at and (row.ends_at is None or at < row.ends_at) and self._concerns(row, at)
        ]

    def _facts(self, row: Processing, at: datetime) -> personal_data.Processing:
        return personal_data.Processing(
            id=str(row.pk),
            kinds=frozenset(row.kinds),
            purpose=row.purpose,
            basis=row.basis,
            traits=frozenset(row.traits),
            starts=max(row.starts_at, row.agreed_at or row.starts_at),
            ends=row.ends_at,
            everybody=not row.departments.all() and not row.persons.all(),
            concerns=self._concerns(row, at),
            assessed=assessed_at(row, at),
        )

    def _concerns(self, row: Processing, at: datetime) -> bool:
        departments, persons = row.departments.all(), row.persons.all()
        if not departments and not persons:
            return True
        if self.person.pk in {each.pk for each in persons}:
            return True
        return bool(_standing_in(self._engagements, at) & {each.pk for each in departments})


def with_assessments(rows: QuerySet[Processing]) -> QuerySet[Processing]:
    """Return processings with their assessments, the oldest first, as `assessed`."""
    made = Assessment.objects.order_by("made_at", "pk")
    return rows.select_related("entity").prefetch_related(Prefetch("assessments", made, to_attr="assessed"))


def assessed_at(row: Processing, at: datetime) -> datetime | None:
    """Return since when, without a break until `at`, an assessment says that a processing may be."""
    since = None
    for each in row.assessed:
        if each.made_at > at:
            break
        if each.outcome == Assessment.Outcome.NOT_ACCEPTABLE:
            since = None  # at once: nobody need agree to leave something undone
        elif since is None and each.agreed_at is not None and each.agreed_at <= at:
            since = each.agreed_at
    return since


def deliveries_of(person: Person) -> QuerySet[Delivery]:
    """Return what was handed to a person, with all that tells whether it counts."""
    return (
        Delivery.objects.filter(person=person)
        .select_related("notice_version__notice__entity", "text")
        .prefetch_related("notice_version__processings", "notice_version__notice__versions")
    )


def told_by(row: Delivery) -> personal_data.Told | None:
    """Return since when and until when a delivery counts as notice; None: it does not count yet."""
    version = row.notice_version
    since = row.acknowledged_at if version.notice.must_acknowledge else row.shown_at
    if since is None:
        return None
    return personal_data.Told(
        str(version.pk),
        frozenset(str(each.pk) for each in version.processings.all()),
        since,
        version_ends(version),
    )


def version_ends(version: NoticeVersion) -> datetime | None:
    """Return when a version stopped counting: another text had to be read, or the notice ended."""
    later = [
        each.published_at
        for each in version.notice.versions.all()
        if each.number > version.number and each.material
    ]
    ended = [version.notice.ended_at] if version.notice.ended_at else []
    return min([*later, *ended], default=None)


def audience(entity: LegalEntity, departments: Iterable[Department]) -> QuerySet[Person]:
    """Return who works in a legal entity now, in these departments or, with none, anywhere in it."""
    within = Q(pk__in=())
    chosen = list(departments)
    for department in chosen:
        within |= Q(department__path__startswith=department.path)
    rows = Engagement.objects.filter(engaged_now(), person__entity=entity)
    if chosen:
        rows = rows.filter(within)
    return Person.objects.filter(pk__in=rows.values("person")).select_related("user", "entity")


def _standing_in(engagements: Iterable[Engagement], at: datetime) -> set[UUID]:
    """Return the departments in which somebody stood at `at`, with all above them."""
    found: set[UUID] = set()
    for row in engagements:
        day = at.astimezone(ZoneInfo(row.department.entity.time_zone)).date()
        if row.starts_on <= day and (row.ends_on is None or day < row.ends_on):
            found |= set(row.department.path_ids)
    return found
