"""Fills an installation with people, cases and acknowledgements as a large group of companies may keep them.

The shapes are those of the demonstration company: its cases, agreements and campaign are copied to invented
people.  Rows go in by the database's own bulk path; nothing is decided, and nothing is written to the ledger.
Plans, which are large and are read one by one, stand at the first open cases only.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from register_at_scale import Filler

PEOPLE, STEPS, ACKNOWLEDGEMENTS = 20_000, 200_000, 1_000_000
SEED = 20261128
NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
PLANS = 200  # open cases with the plan that their page reads
NAMES = "安白岑程邓范顾韩纪柯陆孟宁潘齐任沈唐温向"
READINGS = (
    *("an", "bai", "cen", "cheng", "deng", "fan", "gu", "han", "ji", "ke"),
    *("lu", "meng", "ning", "pan", "qi", "ren", "shen", "tang", "wen", "xiang"),
)
CAMPAIGNS = 3
NEEDS = ("secrecy_clause", "secret_post_nda", "evidence_method")
STATUSES, WEIGHTS = ("missing", "unclear", "waiting", "expiring", "covered"), (20, 10, 10, 5, 55)


class Company:
    """The invented company while it is filled."""

    def __init__(self, people: int, steps: int, acknowledgements: int) -> None:
        from django.db import connection

        self.people, self.steps, self.acknowledgements = people, steps, acknowledgements
        self.filler = Filler(connection)
        self.chance = random.Random(SEED)  # noqa: S311 - the same company in every run
        self.key = self.filler.key

    def fill(self, say: Callable[[str], None]) -> None:
        """Fill everything; ends with ANALYZE, on PostgreSQL with VACUUM, as one that runs for a while."""
        from django.db import connection, transaction

        with transaction.atomic():
            for part in (self.persons, self.cases, self.agreements, self.training, self.rules):
                began = time.perf_counter()
                part()
                say(f"{part.__name__} in {time.perf_counter() - began:.0f} s")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if self.filler.on_sqlite else "VACUUM (ANALYZE)")

    def persons(self) -> None:
        """People with sign-ins in every department of both legal entities."""
        from shoumi.server.accounts.models import User
        from shoumi.server.people.models import Engagement, Person, Post

        posts = list(Post.objects.select_related("department"))
        users = User.objects.bulk_create(
            (
                User(username=f"b{number}", display_name=f"示范{number}", password="!", language="zh-hans")  # noqa: S106 - none
                for number in range(self.people)
            ),
            batch_size=1000,
        )
        rows, stays = [], []
        for number, user in enumerate(users):
            post, at = self.chance.choice(posts), self.chance.randrange(len(NAMES))
            name, reading = f"{NAMES[at]}示范{number}", f"{READINGS[at]} shifan {number:05}"
            row = Person(
                entity_id=post.department.entity_id,
                user=user,
                number=f"B{number:05}",
                name=name,
                reading=reading,
                search=f"b{number:05} {name} {reading}",
                created_at=NOW,
            )
            rows.append(row)
            stays.append(
                Engagement(
                    person=row,
                    kind="employee",
                    department=post.department,
                    post=post,
                    starts_on=NOW.date() - timedelta(days=self.chance.randrange(1, 3000)),
                    created_at=NOW,
                )
            )
        Person.objects.bulk_create(rows, batch_size=1000)
        Engagement.objects.bulk_create(stays, batch_size=1000)
        self.stays = stays
        self.everybody = [row.pk for row in rows]

    def cases(self) -> None:
        """Copy the demonstration's cases to a person each, half of them closed, until the steps are there."""
        from shoumi.server.accounts.models import User
        from shoumi.server.lifecycle.models import CaseParty, CaseStep, PersonCase, PlanVersion, StepRecord

        user = User.objects.get(username="hr").pk
        patterns = [(case, list(case.steps.all()), case.plans.first()) for case in PersonCase.objects.all()]
        chance, key, moment = self.chance, self.key, self.filler.moment
        cases, steps, parties, plans, records = [], [], [], [], []
        for number, stay in enumerate(self.stays):
            fitting = [each for each in patterns if each[0].entity_id == stay.department.entity_id]
            pattern, lines, plan = fitting[number % len(fitting)]
            if len(steps) + len(lines) > self.steps:
                break
            case, open_ = uuid.uuid4(), number % 2 == 0
            opened = NOW - timedelta(days=chance.randrange(90 if open_ else 1500))
            due = [opened + timedelta(days=chance.randrange(1, 100)) for _line in lines]
            done = len(lines) if not open_ else chance.randrange(len(lines))
            cases.append(
                (
                    key(case), f"B-P-{number:06}", pattern.kind, key(stay.person_id), key(pattern.entity_id),
                    key(stay.department_id), "open" if open_ else "closed", json.dumps(pattern.facts),
                    json.dumps(pattern.days), opened.date().isoformat(),
                    moment(min(due[done:])) if open_ else None, key(user), moment(opened),
                    None if open_ else key(user), None if open_ else moment(opened + timedelta(days=120)),
                )
            )  # fmt: skip
            if open_ and len(plans) < PLANS:
                plans.append(
                    (
                        key(case), 1, plan.pack, plan.pack_edition.isoformat(), plan.source_sha256,
                        json.dumps(plan.plan), plan.plan_sha256, key(user), moment(opened),
                    )
                )  # fmt: skip
            if pattern.kind == "leaving":
                parties.append((key(case), "receiver", key(chance.choice(self.everybody)), key(user),
                                moment(opened)))  # fmt: skip
            for place, line in enumerate(lines):
                row, over = uuid.uuid4(), place < done
                state = "done" if over else "open" if place < done + 4 else "waiting"
                given = key(user) if not over and chance.random() < 0.02 else None  # noqa: PLR2004 - few
                steps.append(
                    (
                        key(row), key(case), line.key, line.position, line.title_zh, line.title_ja,
                        line.title_en, line.role, line.evidence, line.personal, line.signers, line.receives,
                        state, moment(due[place]), moment(due[place]) if over else None, given,
                    )
                )  # fmt: skip
                if over:
                    at = moment(due[place])
                    by = json.dumps([str(user)])
                    records.append((key(uuid.uuid4()), key(row), at, by, "{}", "{}", "[]", key(user), at, at))
        rows = self.filler.rows
        rows(PersonCase, [
            "id", "number", "kind", "person", "entity", "department", "state", "facts", "days", "main_day",
            "next_due_at", "opened_by", "opened_at", "closed_by", "closed_at",
        ], iter(cases))  # fmt: skip
        rows(CaseStep, [
            "id", "case", "key", "position", "title_zh", "title_ja", "title_en", "role", "evidence",
            "personal", "signers", "receives", "state", "due_at", "satisfied_at", "given_to",
        ], iter(steps))  # fmt: skip
        rows(CaseParty, ["case", "party", "person", "named_by", "named_at"], iter(parties))
        rows(PlanVersion, ["case", "number", "pack", "pack_edition", "source_sha256", "plan", "plan_sha256",
                           "made_by", "made_at"], iter(plans))  # fmt: skip
        rows(StepRecord, ["id", "step", "happened_at", "by", "items", "signed", "refused", "recorded_by",
                          "recorded_at", "counts_from"], iter(records))  # fmt: skip

    def agreements(self) -> None:
        """Three needs of each person, and for those covered an agreement with the demonstration's papers."""
        from shoumi.server.agreements.models import Agreement, Need

        pattern = Agreement.objects.filter(state="in_force").exclude(kind="non_compete").first()
        chance, key, moment = self.chance, self.key, self.filler.moment
        papers, needs = [], []
        why = json.dumps([{"zh": "接触商业秘密", "ja": "営業秘密に接する", "en": "Knows trade secrets"}])
        for stay in self.stays:
            for kind in NEEDS:
                status, paper = chance.choices(STATUSES, WEIGHTS)[0], None
                if status in {"covered", "expiring"}:
                    paper = uuid.uuid4()
                    papers.append(
                        (
                            key(paper), key(stay.department.entity_id), key(pattern.library_id), kind,
                            key(stay.person_id), "in_force", key(pattern.form_id), key(pattern.pdf_id),
                            moment(NOW), moment(NOW), NOW.date().isoformat(),
                        )
                    )  # fmt: skip
                needs.append(
                    (
                        key(uuid.uuid4()), key(stay.person_id), kind, "access", why, "[]", status,
                        stay.post.level, paper and key(paper), moment(NOW),
                    )
                )  # fmt: skip
        self.filler.rows(Agreement, [
            "id", "entity", "library", "kind", "person", "state", "form", "pdf", "created_at", "offered_at",
            "in_force_from",
        ], iter(papers))  # fmt: skip
        self.filler.rows(Need, [
            "id", "person", "kind", "before", "why", "unknown", "status", "level", "agreement", "checked_at",
        ], iter(needs))  # fmt: skip

    def training(self) -> None:
        """Campaigns that ask everybody, and a certificate for a part of them."""
        from bench_training import certify_some
        from shoumi.server.accounts.models import User
        from shoumi.server.training.models import Assignment, Campaign, Course

        course = Course.objects.select_related("entity").get(entity__code="CN")
        for number in range(CAMPAIGNS):
            campaign = Campaign.objects.create(
                course=course,
                title=f"示范{number}",
                audience="all",
                due_on=NOW.date() + timedelta(days=30 * number),
                state="open",
                started_by=User.objects.get(username="officer"),
                created_at=NOW,
                expected=self.people,
            )
            at, of = self.filler.moment(NOW), self.key(campaign.pk)
            asked = ((of, self.key(person), at, at) for person in self.everybody)
            self.filler.rows(Assignment, ["campaign", "person", "assigned_at", "told_at"], asked)
            if number == 0:
                certify_some(campaign)

    def rules(self) -> None:
        """Fifty versions of a rule document, each acknowledged by everybody: the newest is in force."""
        from shoumi.server.assurance.models import RuleAcknowledgement, RuleVersion

        newest = RuleVersion.objects.filter(state="in_force", document__entity__code="CN").get()
        count = max(1, self.acknowledgements // self.people)
        older = RuleVersion.objects.bulk_create(
            RuleVersion(
                document=newest.document,
                ordinal=1000 + number,
                title=newest.title,
                state="replaced",
                drafted_by_id=newest.drafted_by_id,
                sha256=newest.sha256,
                created_at=NOW,
            )
            for number in range(count - 1)
        )
        versions = [self.key(row.pk) for row in (newest, *older)]

        def rows() -> Iterator[tuple[object, ...]]:
            for version in versions:
                for person in self.everybody:
                    at = NOW - timedelta(minutes=self.chance.randrange(500_000))
                    yield version, self.key(person), newest.sha256, self.filler.moment(at)

        names = ["version", "person", "text_sha256", "acknowledged_at"]
        self.filler.rows(RuleAcknowledgement, names, rows())
