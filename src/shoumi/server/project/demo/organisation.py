"""Brings the demonstration company's accounts, departments, posts and people in, each through its service.

The first officer and leader found the installation; HR brings in people; roles take two persons, as in life.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shoumi.engine.policy import Role, case_scope
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services import installation_found, role_approve, role_request, user_open
from shoumi.server.ledger.services import clock
from shoumi.server.people import services
from shoumi.server.people.models import Department, LegalEntity, Person, Post

PASSWORD = "Shoumi-demo-2026"  # noqa: S105 - printed at every start; the company is invented
FOUNDERS = ("officer", "leader")
HR, HR_TOO = "hr", "hr2"  # nobody edits their own record, so there are two
LEVEL_REASON = {"zh": "按照岗位接触商业秘密的程度确定", "ja": "担当業務で接する秘密の程度による"}
COUNSEL_DAYS = 90

Company = dict[str, Any]


class Organisation:
    """The company while it is being brought in: users by sign-in name, departments by code."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.users: dict[str, User] = {}
        self.entities: dict[str, LegalEntity] = {}
        self.departments: dict[str, Department] = {}
        self.posts: dict[tuple[str, str], Post] = {}
        self.people: dict[str, Person] = {}  # by number
        self.today = clock().now().date()

    def bring_in(self) -> None:
        """Make everything, in the order in which it depends on each other."""
        self._open_accounts()
        installation_found(officer=self.users["officer"], leader=self.users["leader"])
        for name in (HR, HR_TOO):
            self._grant(name, Role.HR, "")
        self._make_units()
        self._make_posts()
        for row in self.company["people"]:
            self._make_person(row)
        self._grant_roles()

    def _open_accounts(self) -> None:
        for row in [*self.company["people"], *self.company["outsiders"]]:
            name = row.get("sign_in")
            if not name:
                continue
            japanese = row.get("department", "").startswith("JP")
            language = "en" if name == "counsel" else "ja" if japanese else "zh-hans"
            self.users[name] = user_open(
                actor=None,
                username=name,
                display_name=row["name"],
                email=f"{name}@example.com",
                language=language,
                time_zone="Asia/Tokyo" if japanese else "Asia/Shanghai",
                password=PASSWORD,
            )

    def _grant(self, name: str, role: Role, scope: str, *, days: int | None = None) -> None:
        """Let one officer ask and another leader approve."""
        ends_at = clock().now() + timedelta(days=days) if days else None
        asks, approves = ("officer", "leader") if name not in FOUNDERS else ("officer2", "leader2")
        grant = role_request(
            actor=self.users[asks],
            user=self.users[name],
            role=role,
            scope=scope,
            reason="演示企业的初始分工",
            ends_at=ends_at,
        )
        role_approve(actor=self.users[approves], grant=grant, reason="同意")

    def _make_units(self) -> None:
        actor = self.users[HR]
        for row in self.company["entities"]:
            self.entities[row["code"]] = services.entity_create(
                actor=actor,
                code=row["code"],
                country=row["country"],
                names={language: row[language] for language in ("zh", "ja", "en")},
            )
        for row in self.company["departments"]:
            self.departments[row["code"]] = services.department_create(
                actor=actor,
                entity=self.entities[row["entity"]],
                code=row["code"],
                name=row["name"],
                parent=self.departments.get(row.get("parent", "")),
            )

    def _make_posts(self) -> None:
        for row in self.company["posts"]:
            department = self.departments[row["department"]]
            post = services.post_create(actor=self.users[HR], department=department, title=row["title"])
            self.posts[row["department"], row["title"]] = services.post_set_level(
                actor=self.users["officer"],
                post=post,
                expected_version=post.version,
                level=row["level"],
                reason=LEVEL_REASON["ja" if row["department"].startswith("JP") else "zh"],
            )

    def _make_person(self, row: dict[str, Any]) -> None:
        actor = self.users[HR_TOO if row.get("sign_in") == HR else HR]
        department = self.departments[row["department"]]
        number = int(row["number"][1:])
        japanese = row["department"].startswith("JP")
        person = services.person_create(
            actor=actor,
            entity=department.entity,
            number=row["number"],
            name=row["name"],
            reading=row.get("reading", ""),
            phone=f"070-0000-{number:04}" if japanese else f"100 0000 {number:04}",
            email=f"{row['number'].lower()}@example.com",
            user=self.users.get(row.get("sign_in", "")),
            department=department,
        )
        engagement = services.engagement_start(
            actor=actor,
            person=person,
            terms=services.Terms(
                kind=row.get("kind", "employee"),
                department=department,
                post=self.posts[row["department"], row["post"]],
                starts_on=date(2020 + number % 6, 1 + number % 12, 1),
                contractor=row.get("contractor", ""),
            ),
        )
        if row.get("ended"):
            services.engagement_end(
                actor=actor,
                engagement=engagement,
                expected_version=engagement.version,
                ends_on=self.today - timedelta(days=14),
                reason="resigned",
            )
        self.people[row["number"]] = person

    def _grant_roles(self) -> None:
        for row in [*self.company["people"], *self.company["outsiders"]]:
            for role, place in row.get("roles", []):
                name = row["sign_in"]
                if name in {*FOUNDERS, HR, HR_TOO}:
                    continue
                if place.startswith("case:"):
                    scope = case_scope(place.removeprefix("case:"))
                    self._grant(name, Role(role), scope, days=COUNSEL_DAYS)
                else:
                    self._grant(name, Role(role), self.departments[place].scope if place else "")
