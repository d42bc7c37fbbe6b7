"""Rule documents: which hold on a day, whom they bind, how far the procedure is, who has read them.

Binding is a rule only after the procedure that the pack of its country names (`governance.yaml`); until
then it is published paper.  Reads only.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.jurisdiction.documents import DocumentTemplate, document_template, load_documents
from shoumi.engine.jurisdiction.governance import Procedure, ProcedureStep, load_governance
from shoumi.engine.policy import Resource, Role, resources
from shoumi.engine.policy.values import department_scope, entity_scope
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import (
    ProcedureRecord,
    RuleAcknowledgement,
    RuleClause,
    RuleVersion,
)
from shoumi.server.assurance.queries.access import VIEWERS, entities_governed
from shoumi.server.people.models import Engagement, LegalEntity, Person
from shoumi.server.people.queries import engaged_now, today_of
from shoumi.server.people.queries.listing import scopes_of

State = RuleVersion.State
RULE_VIEWERS = VIEWERS | {Role.HR}
IN_WORK = (State.DRAFT, State.AWAITING_APPROVAL, State.RETURNED, State.APPROVED)
ONCE_PUBLISHED = (State.IN_FORCE, State.REPLACED, State.RETIRED)
TEN = tuple(f"DOC-{number:02}" for number in range(1, 11))  # the ten documents of the guide


# ---- one version


def text_sha256(title: str, language: str, clauses: Iterable[tuple[str, str]]) -> str:
    """Return the hash of a version's words: SHA-256 over their canonical JSON."""
    words = [{"heading": heading, "text": text} for heading, text in clauses]
    body = canonical_bytes({"title": title, "language": language, "clauses": words})
    return hashlib.sha256(body).hexdigest()


def words_sha256(version: RuleVersion) -> str:
    """Return the hash of the words as they stand now."""
    clauses = version.clauses.order_by("ordinal").values_list("heading", "text")
    return text_sha256(version.title, version.document.language, clauses)


def template_of(version: RuleVersion) -> DocumentTemplate:
    """Return the template that a version follows."""
    return document_template(version.document.entity.pack, version.document.code)


def parts_missing(version: RuleVersion) -> list[str]:
    """Return the ids of the parts that the template asks for and no clause with words is."""
    present = set(version.clauses.exclude(text="").values_list("part", flat=True))
    return [part.id for part in template_of(version).parts if part.id not in present]


def is_published(version: RuleVersion, day: date) -> bool:
    """Tell whether a version may be read by whom it binds on `day`: published, and not out of force."""
    if version.state == State.IN_FORCE:
        return True
    ended = version.in_force_until
    return version.state in ONCE_PUBLISHED and ended is not None and day < ended


def rule_resource(version: RuleVersion) -> Resource:
    """Return a version as the rules see it."""
    rows = list(version.audience.all())
    scopes = {entity_scope(row.entity_id) for row in rows if row.entity_id}
    scopes |= {department_scope(row.department_id) for row in rows if row.department_id}
    entity = version.document.entity
    return resources.rule(
        str(version.pk),
        published=is_published(version, today_of(entity)),
        departments=scopes,
        posts={str(row.post_id) for row in rows if row.post_id},
        places={entity.scope},
    )


# ---- which


def rules_visible(user: User) -> QuerySet[RuleVersion]:
    """Return the versions, in every state, that `user` may see because of their role."""
    rows = RuleVersion.objects.select_related("document__entity")
    return rows.filter(document__entity__in=entities_governed(user, RULE_VIEWERS))


def rules_binding(user: User) -> QuerySet[RuleVersion]:
    """Return the published versions that bind `user` as the rules see them."""
    subject = gate.subject_of(user)
    acting = bool(scopes_of(user, (Role.EMPLOYEE,))) and subject.person
    rows = RuleVersion.objects.select_related("document__entity")
    if not acting:
        return rows.none()
    keys = {"entity": [], "department": []}
    for place in subject.places:
        kind, _, identifier = place.partition(":")
        if kind in keys:
            keys[kind].append(UUID(identifier))
    bound = (
        Q(audience__entity__in=keys["entity"])
        | Q(audience__department__in=keys["department"])
        | Q(audience__post__in=[UUID(post) for post in subject.posts])
    )
    return rows.filter(bound, _published_now()).distinct()


def _published_now() -> Q:
    """Return the condition that a version may be read by whom it binds today, where its entity sits."""
    ended = Q(pk__in=())
    for entity in LegalEntity.objects.all():
        ended |= Q(document__entity=entity, in_force_until__gt=today_of(entity))
    return Q(state=State.IN_FORCE) | (Q(state__in=ONCE_PUBLISHED) & ended)


def in_force(entity: LegalEntity, day: date) -> QuerySet[RuleVersion]:
    """Return the versions that hold in a legal entity on `day`."""
    rows = RuleVersion.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=day),
        document__entity=entity,
        state__in=ONCE_PUBLISHED,
        in_force_from__lte=day,
    )
    return rows.select_related("document__entity")


def binding(entity: LegalEntity, day: date) -> list[RuleVersion]:
    """Return the versions that hold on `day` and whose procedure was complete by then."""
    rows = in_force(entity, day).prefetch_related("procedure", "audience__department")
    return [version for version in rows if procedure_of(version).binds_on(day)]


def negligence_clause_in_force(entity: LegalEntity, day: date) -> bool:
    """Tell whether a binding rule names leaks by negligence as a breach on `day`.

    Where none does, discipline for a negligent leak has nothing to stand on.
    """
    return any(version.negligence for version in binding(entity, day))


def documents_present(entity: LegalEntity, day: date) -> dict[str, RuleVersion | None]:
    """Return, for each document that the pack has a template of, the binding version on `day`."""
    found = {version.document.code: version for version in binding(entity, day)}
    return {template.id: found.get(template.id) for template in load_documents(entity.pack)}


# ---- the procedure


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step of the procedure, and the record that counts for it."""

    step: ProcedureStep
    record: ProcedureRecord | None
    stale: bool = False  # there are records, but about other words than those of the version

    @property
    def done(self) -> bool:
        """Whether the step is recorded."""
        return self.record is not None


@dataclass(frozen=True, slots=True)
class ProcedureState:
    """How far the procedure of a version has come."""

    procedure: Procedure
    steps: tuple[StepTaken, ...]

    @property
    def missing_before(self) -> tuple[StepTaken, ...]:
        """The steps before the publication that are not recorded."""
        return tuple(item for item in self.steps if item.step.when == "before" and not item.done)

    @property
    def missing_after(self) -> tuple[StepTaken, ...]:
        """The steps after the publication that are not recorded."""
        return tuple(item for item in self.steps if item.step.when == "after" and not item.done)

    def binds_on(self, day: date) -> bool:
        """Tell whether everything up to the publication was recorded for a day not after `day`."""
        needed = [item for item in self.steps if item.step.when != "after"]
        return all(item.record is not None and item.record.day <= day for item in needed)


def procedure_of(version: RuleVersion) -> ProcedureState:
    """Return how far a version's procedure has come; a step about its final words needs the same hash."""
    procedure = load_governance(version.document.entity.pack).procedure
    words = version.sha256 or words_sha256(version)
    records = list(version.procedure.all())
    steps = []
    for step in procedure.steps:
        own = [record for record in records if record.step == step.id]
        fitting = [record for record in own if not step.on_final_text or record.text_sha256 == words]
        steps.append(StepTaken(step, fitting[-1] if fitting else None, bool(own) and not fitting))
    return ProcedureState(procedure, tuple(steps))


# ---- whom it binds and who has read it


def persons_bound(version: RuleVersion) -> QuerySet[Person]:
    """Return the persons whom a version binds today, through an engagement that holds."""
    return Person.objects.filter(pk__in=_stays_bound(version).values("person"))


def _stays_bound(version: RuleVersion) -> QuerySet[Engagement]:
    """Return the engagements through which a version binds somebody today."""
    places = Q(pk__in=())
    prefetch_related_objects([version], "audience__department")  # no query where it was read along
    for row in version.audience.all():
        if row.entity_id:
            places |= Q(department__entity=row.entity_id)
        elif row.department_id:
            places |= Q(department__path__startswith=row.department.path)
        else:
            places |= Q(post=row.post_id)
    return Engagement.objects.filter(engaged_now(), places).order_by()


def _read(version: RuleVersion) -> Exists:
    """Return the condition on a person that they have acknowledged a version."""
    return Exists(RuleAcknowledgement.objects.filter(version=version, person=OuterRef("pk")))


def persons_unread(version: RuleVersion) -> QuerySet[Person]:
    """Return the persons whom a version binds and who have not acknowledged it."""
    return persons_bound(version).filter(~_read(version))


@dataclass(frozen=True, slots=True)
class ReadingCoverage:
    """How many of those whom a version binds have acknowledged it."""

    bound: int
    read: int

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down; all of nobody is everybody."""
        return 100 if not self.bound else self.read * 100 // self.bound


def coverage_of_reading(version: RuleVersion) -> ReadingCoverage:
    """Return the coverage of a version today."""
    return coverages_of_reading([version])[0]


def coverages_of_reading(versions: Sequence[RuleVersion]) -> list[ReadingCoverage]:
    """Return the coverage of each version today, in their order; one query."""
    if not versions:
        return []
    wanted = {}
    for at, version in enumerate(versions):
        stays = _stays_bound(version)
        read = RuleAcknowledgement.objects.filter(version=version, person__in=stays.values("person"))
        wanted[f"bound{at}"] = _counted(stays, Count("person", distinct=True))
        wanted[f"read{at}"] = _counted(read.order_by(), Count("pk"))
    found = RuleVersion.objects.order_by().filter(pk=versions[0].pk).values(**wanted).get()
    return [ReadingCoverage(found[f"bound{at}"], found[f"read{at}"]) for at in range(len(versions))]


def _counted(rows: QuerySet, number: Count) -> Coalesce:
    """Return how many rows there are, as a value that is worked out once for a query."""
    return Coalesce(Subquery(rows.values(one=Value(1)).annotate(number=number).values("number")), 0)


# ---- comparing


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause in two versions: `same`, `changed`, `added` or `removed`, with the lines that differ."""

    kind: str
    heading: str
    lines: tuple[tuple[str, str], ...]  # sign (`+`, `-` or a space) and words


def compared(old: Sequence[RuleClause], new: Sequence[RuleClause]) -> list[ClauseChange]:
    """Return how the clauses of two versions differ, in the order of the newer one, removed ones last."""
    before = {clause.key: clause for clause in old}
    changes = []
    for clause in new:
        former = before.pop(clause.key, None)
        if former is None:
            changes.append(ClauseChange("added", clause.heading, _signed("", clause.text)))
        elif (former.heading, former.text) == (clause.heading, clause.text):
            changes.append(ClauseChange("same", clause.heading, ()))
        else:
            lines = _signed(f"{former.heading}\n{former.text}", f"{clause.heading}\n{clause.text}")
            changes.append(ClauseChange("changed", clause.heading, lines))
    changes += [ClauseChange("removed", gone.heading, _signed(gone.text, "")) for gone in before.values()]
    return changes


def _signed(old: str, new: str) -> tuple[tuple[str, str], ...]:
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return tuple((line[0], line[2:]) for line in lines if line[0] != "?")
