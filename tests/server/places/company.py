"""The invented company with its premises: a secret laboratory, an office, a reception."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image
from tests.server.register.company import Register

from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.accounts.models import User
from shoumi.server.approvals.queries import current_step, requests_of
from shoumi.server.approvals.services import request_decide
from shoumi.server.files.services import file_store
from shoumi.server.ledger.services import clock
from shoumi.server.places.models import Visit, Zone
from shoumi.server.places.services.designations import Measure, PlaceFacts, place_designate
from shoumi.server.places.services.entry import Wish, permission_request
from shoumi.server.places.services.visits import Coming, VisitWish, visit_request
from shoumi.server.places.services.zones import ZoneFacts, zone_create

FACTS = PlaceFacts(
    conditions={
        "dedicated": "只作实验",
        "fixed": "位置固定",
        "independent": "单独门禁",
        "minimal": "三十平方米",
    },
    measures=(
        Measure("people", "值守"),
        Measure("physical", "防盗门", "D-17"),
        Measure("technical", "门禁", "A-02"),
    ),
    rule="未经批准不得进入。",
)


def picture(owner: User, *, size: tuple[int, int] = (400, 300), name: str = "plan.png") -> object:
    """Return a stored PNG of `owner`."""
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, "PNG")
    stream.seek(0)
    return file_store(actor=owner, name=name, chunks=stream)


class Premises(Register):
    """The company of the register tests, with three zones and a second person for every decision."""

    @remembered_subjects()
    def __init__(self) -> None:
        super().__init__()
        self.secret = self.zone(
            "L1", "材料实验室", Zone.Kind.SECRET, level=2, ground="ZON-02", department=self.lab
        )
        self.desks = self.zone("O1", "销售办公区", Zone.Kind.OFFICE, department=self.sales)
        self.lobby = self.zone("R1", "接待厅", Zone.Kind.RECEPTION)

    def zone(self, code, name, kind, *, level=0, ground="", department=None, reason=""):  # noqa: PLR0913 - its facts
        facts = ZoneFacts(code, name, kind, level, ground=ground, ground_reason=reason)
        return zone_create(actor=self.officer, entity=self.cn, department=department, facts=facts)

    def permission(self, target, *, zone=None, days=30, actor=None):
        """Return a permission that is asked for and not yet decided."""
        today = clock().now().date()
        wish = Wish(target, today, today + timedelta(days=days), "日常工作")
        return permission_request(actor=actor or self.department_officer, zone=zone or self.secret, wish=wish)

    def permitted(self, target, **more):
        """Return a permission that was given."""
        row = self.permission(target, **more)
        decide(row, self.officer)
        if any(item.is_open for item in requests_of(row.ledger_subject)):
            decide(row, self.leader)
        row.refresh_from_db()
        return row

    def visit(  # noqa: PLR0913 - what tests vary
        self, *, zone=None, actor=None, hours=2, starts=0, visitors=("王访客",), host=None
    ) -> Visit:
        """Return a visit that is asked for, from now on."""
        now = clock().now()
        begins = now + timedelta(hours=starts)
        wish = VisitWish(
            host=host or self.colleague.person,
            purpose="设备验收",
            starts_at=begins,
            ends_at=begins + timedelta(hours=hours),
            visitors=[Coming(name, "100 0000 0009") for name in visitors],
            organisation="示例供应商",
        )
        return visit_request(actor=actor or self.colleague, zone=zone or self.secret, wish=wish)

    def approved_visit(self, **more) -> Visit:
        """Return a visit that was approved."""
        visit = self.visit(**more)
        if visit.request_id:
            decide(visit, self.officer)
        if any(item.is_open for item in requests_of(visit.ledger_subject)):
            decide(visit, self.leader)
        visit.refresh_from_db()
        return visit

    def key_place(self, zone=None):
        """Return the laboratory's designation as a key place, in force."""
        row = place_designate(actor=self.officer, zone=zone or self.secret, reason="核心工艺", facts=FACTS)
        decide(row, self.leader)
        row.refresh_from_db()
        return row


@remembered_subjects()
def decide(row, actor: User, verdict: str = "approve", reason: str = "") -> None:
    """Let `actor` decide what waits about `row`."""
    request = next(item for item in requests_of(row.ledger_subject) if item.is_open)
    step = current_step(request)
    request_decide(request=request, actor=actor, verdict=verdict, reason=reason, step_id=step.pk)
