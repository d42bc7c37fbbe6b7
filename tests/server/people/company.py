"""A small company in two countries, made through the services, for the tests of people."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from shoumi.engine.policy import Role
from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.accounts.models import FourEyesState, RoleGrant, User
from shoumi.server.ledger.services import clock
from shoumi.server.people import services
from shoumi.server.people.models import Engagement, EngagementKind, Person
from shoumi.server.people.services import Terms

START = date(2024, 4, 1)


def user(name: str, *grants: tuple[Role, str]) -> User:
    """Return a sign-in that holds roles since long ago."""
    made = User.objects.create_user(name, display_name=name, email=f"{name}@example.com")
    for role, scope in grants:
        grant(made, role, scope)
    return made


def grant(holder: User, role: Role, scope: str = "") -> RoleGrant:
    """Give a role as the founding of an installation does, without a second person."""
    now = clock().now()
    ends = now.replace(year=now.year + 1) if role is Role.OUTSIDE_COUNSEL else None
    return RoleGrant.objects.create(
        user=holder, role=role, scope=scope, reason="test", requested_at=now, starts_at=now, ends_at=ends,
        state=FourEyesState.APPROVED,
    )  # fmt: skip


class Company:
    """Two entities, a tree of departments, posts of each level, and a few persons."""

    @remembered_subjects()
    def __init__(self) -> None:
        self.hr = user("hr", (Role.HR, ""), (Role.SECRECY_OFFICER, ""))
        self.cn = services.entity_create(
            actor=self.hr,
            code="SM",
            country="CN",
            names={"zh": "澄光（示范）有限公司", "en": "Chengguang (Demo)"},
        )
        self.jp = services.entity_create(
            actor=self.hr, code="SJ", country="JP", names={"ja": "澄光（デモ）株式会社"}
        )
        self.rd = self.department(self.cn, "RD", "研发部")
        self.lab = self.department(self.cn, "RD-L", "材料实验室", self.rd)
        self.sales = self.department(self.cn, "SA", "销售部")
        self.tokyo = self.department(self.jp, "TK", "技術営業部")
        self.director = self.post(self.rd, "研发总监", 3)
        self.engineer = self.post(self.lab, "工程师", 2)
        self.clerk = self.post(self.sales, "客户经理", 0)
        self.chief = self.post(self.tokyo, "部長", 3)

    def department(self, entity, code, name, parent=None):
        return services.department_create(actor=self.hr, entity=entity, code=code, name=name, parent=parent)

    def post(self, department, title, level):
        return services.post_create(
            actor=self.hr,
            department=department,
            title=title,
            level=level,
            level_reason="test" if level else "",
        )

    def settled(self, number, name, post, *, sign_in) -> Person:
        """Return a person who has long worked here, written as rows: not what the test is about."""
        now = clock().now()
        made = Person.objects.create(
            id=uuid4(), entity=post.department.entity, number=number, name=name, phone="100 0000 0001",
            email=f"{number.lower()}@example.com", user=user(sign_in), created_at=now,
        )  # fmt: skip
        Engagement.objects.create(
            id=uuid4(), person=made, kind=EngagementKind.EMPLOYEE, department=post.department, post=post,
            starts_on=START, created_at=now,
        )  # fmt: skip
        return made

    def person(  # noqa: PLR0913 - what tests vary
        self, number, name, post, *, kind=EngagementKind.EMPLOYEE, starts_on=START, sign_in="", **more
    ) -> Person:
        """Return a person engaged in the post's department."""
        entity = post.department.entity
        made = services.person_create(
            actor=self.hr, entity=entity, number=number, name=name, reading=more.pop("reading", ""),
            phone="100 0000 0001", email=f"{number.lower()}@example.com",
            user=user(sign_in) if sign_in else None,
        )  # fmt: skip
        services.engagement_start(
            actor=self.hr, person=made, terms=Terms(kind, post.department, starts_on, post=post, **more)
        )
        return made
