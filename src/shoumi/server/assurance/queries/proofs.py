"""What stands behind a score: for each proof of the pack, how far each secret has it on a day.

Source: the pack's `measures.yaml`.  Everything is read in sets, so that a hundred thousand secrets take a few
dozen queries; what was recorded only after the day counts half.  Where a carrier lay on a past day is not
known, so its present place counts.  No grade is given here; `grades` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, OuterRef, Q, Subquery

from shoumi.server.accounts.models import ReminderAcknowledgement
from shoumi.server.assurance.models import LeaverStep, MeasureRecord, Risk, RiskLink
from shoumi.server.assurance.queries.elsewhere import proofs_elsewhere
from shoumi.server.assurance.queries.proof_states import ProofState
from shoumi.server.people.models import Department, EndReason, Engagement, LegalEntity
from shoumi.server.people.queries.days import beginning_of
from shoumi.server.register.models import (
    Carrier,
    MarkingTask,
    Publication,
    ScopeEntry,
    SecretFile,
    SecretVersion,
)

RANKS = {"general": 1, "important": 2, "core": 3}
GONE = (Carrier.Status.RETURNED, Carrier.Status.SCRAPPED, Carrier.Status.DESTROYED)
PLACELESS = (Carrier.Kind.SYSTEM, Carrier.Kind.DATABASE, Carrier.Kind.PERSON)
STEPS = len(LeaverStep.Step.values)
HALF = 0.5  # what is shown only by a note without a file, or written down after the day
Scope = tuple[tuple[str, str], ...]  # kind and id of each line of a knowledge scope, sorted


@dataclass(slots=True)
class SecretOnDay:
    """A secret as it was designated on the day."""

    id: UUID
    version: int  # row of the version in force
    level: str
    department: str
    scope: Scope
    proofs: dict[str, ProofState] = field(default_factory=dict)
    bypassed: tuple[int, int] = (0, 0)
    facts: set[str] = field(default_factory=set)  # ids of the pack's deductions

    @property
    def rank(self) -> int:
        """The level as a number."""
        return RANKS.get(self.level, 1)


def secrets_on(entity: LegalEntity, day: date, ids: Iterable[UUID] | None = None) -> list[SecretOnDay]:
    """Return the secrets of `entity` that were registered at the end of `day`, with their proofs.

    All of them, or those of `ids`; about twenty queries whatever their number.
    """
    moment = beginning_of(day + timedelta(days=1), entity.country)
    chosen = None if ids is None else list(ids)
    secrets = _designated(entity, moment, chosen)
    reading = _Reading(entity, day, moment, {item.id: item for item in secrets}, chosen)
    reading.run()
    return secrets


def _designated(entity: LegalEntity, moment: datetime, ids: list[UUID] | None) -> list[SecretOnDay]:
    newest = SecretVersion.objects.filter(secret=OuterRef("secret"), made_at__lt=moment).order_by("-ordinal")
    rows = SecretVersion.objects.filter(secret__entity=entity, pk=Subquery(newest.values("pk")[:1]))
    rows = rows.exclude(cause=SecretVersion.Cause.DECLASSIFIED)
    if ids is not None:
        rows = rows.filter(secret__in=ids)
    values = rows.order_by().values_list(
        "secret_id", "pk", "snapshot__level", "snapshot__owner_department__id", "snapshot__scope"
    )
    return [
        SecretOnDay(
            id=secret,
            version=version,
            level=level or "general",
            department=department or "",
            scope=tuple(sorted((line["kind"], line["id"]) for line in scope or ())),
        )
        for secret, version, level, department, scope in values.iterator(chunk_size=2000)
    ]


class _Reading:
    """One reading of everything the proofs need, for the secrets of one legal entity on one day."""

    def __init__(
        self,
        entity: LegalEntity,
        day: date,
        moment: datetime,
        secrets: Mapping[UUID, SecretOnDay],
        ids: list[UUID] | None,
    ) -> None:
        self.entity, self.day, self.moment, self.secrets = entity, day, moment, secrets
        self.one = {} if ids is None else {"secret__in": ids}
        self.paths = dict(Department.objects.filter(entity=entity).values_list("pk", "path"))
        self.carriers: dict[UUID, int] = {}

    def run(self) -> None:
        """Fill the proofs of every secret."""
        for secret in self.secrets.values():
            closed = not any(kind == ScopeEntry.Kind.ALL_STAFF for kind, _id in secret.scope)
            secret.proofs["K4.classify"] = ProofState(1, 1, recognisable=1.0)
            secret.proofs["K4.scope"] = ProofState(int(closed), 1, evidence=float(closed))
            secret.proofs["K5.log"] = ProofState(1, 1)
            if not closed:
                secret.facts.add("open_to_all")
        self._marks()
        self._carriers()
        self._files()
        self._knowers()
        self._leavers()
        self._risks()
        for proof, state in proofs_elsewhere(self.entity, self.day, self.moment):
            for secret in self.secrets.values():
                secret.proofs[proof] = state
        self._records()
        self._public()

    def _marks(self) -> None:
        tasks = MarkingTask.objects.filter(**self.one, secret__entity=self.entity)
        in_time = Q(done_at__lt=self.moment)
        counted = tasks.values("version_id").annotate(all=Count("pk"), done=Count("pk", filter=in_time))
        by_version = {row["version_id"]: (row["done"], row["all"]) for row in counted.order_by()}
        for secret in self.secrets.values():
            done, needed = by_version.get(secret.version, (0, 0))
            share = done / needed if needed else None
            secret.proofs["K4.mark"] = ProofState(
                done, needed, evidence=float(bool(done)), lived=share, recognisable=share
            )

    def _carriers(self) -> None:
        held = Carrier.objects.filter(**self.one, secret__entity=self.entity)
        held = held.exclude(status__in=GONE).exclude(kind__in=PLACELESS)
        zoned = Q(zone__kind="secret", zone__created_at__lt=self.moment)
        counts = {f"level{rank}": Count("pk", filter=zoned & Q(zone__level__gte=rank)) for rank in (1, 2, 3)}
        for row in held.order_by().values("secret_id").annotate(all=Count("pk"), **counts):
            secret = self.secrets.get(row["secret_id"])
            if secret is None:
                continue
            needed, somewhere = row["all"], row["level1"]
            enough = row[f"level{secret.rank}"]
            self.carriers[secret.id] = needed
            secret.proofs["K3.zone"] = ProofState(somewhere, needed, evidence=float(bool(somewhere)))
            secret.proofs["K4.isolate"] = ProofState(enough, needed, evidence=float(bool(enough)))

    def _files(self) -> None:
        files = SecretFile.objects.filter(**self.one, secret__entity=self.entity, added_at__lt=self.moment)
        for key, count in files.order_by().values_list("secret_id").annotate(all=Count("pk")):
            if key in self.secrets:
                self.secrets[key].proofs["K5.access"] = ProofState(count, count, lived=1.0, recognisable=1.0)

    def _knowers(self) -> None:
        """Who stood in each knowledge scope on the day, acknowledged the duty, and had a second factor."""
        holds = Q(starts_on__lte=self.day) & (Q(ends_on=None) | Q(ends_on__gt=self.day))
        engaged = Engagement.objects.filter(holds).values_list(
            "person_id", "person__user_id", "department__path", "department__entity_id", "post_id"
        )
        at: dict[tuple[str, str], set[UUID]] = defaultdict(set)
        users: dict[UUID, object] = {}
        for person, user, path, entity, post in engaged:
            users[person] = user
            at["persons", str(person)].add(person)
            at["posts", str(post)].add(person)
            if entity == self.entity.pk:
                at["all_staff", ""].add(person)
            for part in path.rstrip("/").split("/"):
                at["departments", str(UUID(part))].add(person)
        acknowledged = set(
            ReminderAcknowledgement.objects.filter(acknowledged_at__lt=self.moment).values_list(
                "user_id", flat=True
            )
        )
        factors = set(
            Authenticator.objects.filter(created_at__lt=self.moment)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .values_list("user_id", flat=True)
        )
        known: dict[Scope, tuple[int, int, int]] = {}
        for secret in self.secrets.values():
            if secret.scope not in known:
                people = set().union(*(at.get(line, set()) for line in secret.scope))
                signing_in = {users[person] for person in people} - {None}
                known[secret.scope] = (
                    len(signing_in), len(signing_in & acknowledged), len(signing_in & factors)
                )  # fmt: skip
            needed, told, strong = known[secret.scope]
            share = told / needed if needed else None
            secret.proofs["K2.reminder"] = ProofState(
                told, needed, evidence=float(bool(told)), lived=share, recognisable=share
            )
            secret.proofs["K5.second_factor"] = ProofState(strong, needed, evidence=float(bool(strong)))

    def _leavers(self) -> None:
        """The five steps for those who left the owner department, and whether their sign-ins are closed."""
        left = Engagement.objects.filter(department__entity=self.entity, ends_on__lte=self.day)
        left = left.exclude(end_reason=EndReason.MOVED)
        done = left.annotate(
            steps=Count("leaver_steps", filter=Q(leaver_steps__done_on__lte=self.day)),
            proved=Count(
                "leaver_steps",
                filter=Q(leaver_steps__done_on__lte=self.day, leaver_steps__recorded_at__lt=self.moment),
            ),
        )
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for path, steps, proved, active in done.values_list(
            "department__path", "steps", "proved", "person__user__is_active"
        ):
            for part in path.rstrip("/").split("/"):
                row = counts[str(UUID(part))]
                row[0] += 1
                row[1] += steps == STEPS
                row[2] += proved == STEPS
                row[3] += not active
        for secret in self.secrets.values():
            if secret.department in counts:
                needed, complete, proved, closed = counts[secret.department]
                secret.proofs["K6.leavers"] = ProofState(
                    complete,
                    needed,
                    evidence=1.0 if proved else HALF if complete else 0.0,
                    lived=complete / needed,
                    recognisable=complete / needed,
                )
                secret.proofs["K6.accounts"] = ProofState(closed, needed, evidence=float(bool(closed)))

    def _risks(self) -> None:
        links = RiskLink.objects.filter(**self.one, kind=RiskLink.Kind.SECRET, risk__entity=self.entity)
        links = links.filter(risk__created_at__lt=self.moment).exclude(risk__state=Risk.State.CLOSED)
        reviewed: dict[UUID, list[bool]] = defaultdict(list)
        for key, review_on in links.values_list("secret_id", "risk__review_on"):
            reviewed[key].append(review_on >= self.day)
        for secret in self.secrets.values():
            found = reviewed.get(secret.id, [])
            lived = sum(found) / len(found) if found else None
            secret.proofs["K7.risk"] = ProofState(
                int(bool(found)),
                1,
                evidence=float(bool(found)),
                lived=lived,
                recognisable=1.0 if found else None,
            )

    def _records(self) -> None:
        """What people recorded: for a secret, for a department with all below, or for the whole entity."""
        for_secret: dict[UUID, dict[str, list[MeasureRecord]]] = defaultdict(lambda: defaultdict(list))
        for_path: dict[str, dict[str, list[MeasureRecord]]] = defaultdict(lambda: defaultdict(list))
        for record in records_in_force(self.entity, self.day, self.moment):
            if record.secret_id:
                for_secret[record.secret_id][record.proof].append(record)
            else:
                path = self.paths.get(record.department_id, "") if record.department_id else ""
                for_path[path][record.proof].append(record)
        merged: dict[str, dict[str, list[MeasureRecord]]] = {}
        for secret in self.secrets.values():
            if secret.department not in merged:
                merged[secret.department] = self._above(secret.department, for_path)
            shared, own = merged[secret.department], for_secret.get(secret.id, {})
            for proof in shared.keys() | own.keys():
                self._apply(secret, proof, [*own.get(proof, ()), *shared.get(proof, ())])

    def _above(
        self, department: str, for_path: Mapping[str, Mapping[str, list[MeasureRecord]]]
    ) -> dict[str, list[MeasureRecord]]:
        path = self.paths.get(UUID(department), "") if department else ""
        found: dict[str, list[MeasureRecord]] = defaultdict(list)
        for above, proofs in for_path.items():
            if path.startswith(above):
                for proof, rows in proofs.items():
                    found[proof] += rows
        return found

    def _apply(self, secret: SecretOnDay, proof: str, rows: list[MeasureRecord]) -> None:
        if proof == "X.bypass":
            secret.bypassed = (sum(row.covered for row in rows), sum(row.needed for row in rows))
        elif proof.startswith("X."):
            secret.facts.add(proof.removeprefix("X."))
        else:
            secret.proofs[proof] = self._stated(secret, rows).beside(secret.proofs.get(proof))

    def _stated(self, secret: SecretOnDay, rows: list[MeasureRecord]) -> ProofState:
        best = max(rows, key=lambda row: row.covered / row.needed)
        have, need = best.covered, best.needed
        sealed = {row.carrier_id for row in rows if row.carrier_id}
        if sealed:
            have, need = len(sealed), max(self.carriers.get(secret.id, 0), len(sealed))
        lived = [row.lived / 100 for row in rows if row.lived is not None]
        told = [row.recognisable / 100 for row in rows if row.recognisable is not None]
        return ProofState(
            have,
            need,
            evidence=max(evidence_of(row, self.moment) for row in rows),
            lived=sum(lived) / len(lived) if lived else None,
            recognisable=sum(told) / len(told) if told else None,
        )

    def _public(self) -> None:
        public = Publication.objects.filter(**self.one, secret__entity=self.entity)
        public = public.filter(published_on__lte=self.day, confirmed_at__lt=self.moment)
        for key in public.values_list("secret_id", flat=True):
            if key in self.secrets:
                self.secrets[key].facts.add("public")


def records_in_force(entity: LegalEntity, day: date, moment: datetime) -> Iterator[MeasureRecord]:
    """Yield the records that hold on `day` and were not withdrawn before its end."""
    rows = MeasureRecord.objects.filter(entity=entity, happened_on__lte=day)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=day))
    yield from rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=moment)).order_by("recorded_at")


def evidence_of(record: MeasureRecord, moment: datetime) -> float:
    """Return 1 for a record with a file made before `moment`; half for a note, or one made afterwards."""
    return 1.0 if record.file_id and record.recorded_at < moment else HALF
