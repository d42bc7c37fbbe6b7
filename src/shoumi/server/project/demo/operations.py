"""Lets some things of the demonstration company be marked, lent, copied, disclosed and destroyed.

Every step is the service that the console calls, by a person who may do it; the one loan that is overdue
only bears an earlier day.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import request_decide
from shoumi.server.files.services import file_store
from shoumi.server.project.demo.organisation import PASSWORD, Organisation
from shoumi.server.register.models import Carrier, Operation, TradeSecret
from shoumi.server.register.operation_values import Done, Execution, Thing, Wish
from shoumi.server.register.services.contents import marking_done
from shoumi.server.register.services.operations import executing, requests, witnessing
from shoumi.server.register.services.operations.templates import template_save
from shoumi.server.register.services.third_parties import agreement_record, third_party_save

DEPARTMENT = "CN-RD"
DECIDERS = ("officer", "leader", "leader2")
WITNESSES = ("legal", "employee")
CARRIERS = (
    ("paper", "试验记录本，一册"),
    ("medium", "加密移动硬盘"),
    ("sample", "封样样件，三件"),
    ("paper", "工艺评审纪要，一份"),
    ("device", "试验台工控机"),
)
WORDS = {
    "lend": "对照试验数据，用毕归还。",
    "late": "供应商来访前核对参数。",
    "copy": "试产车间需要一份随线存放。",
    "disclose": "委托检测需要提供样件参数。",
    "what": "样件的外形与三项参数，不含工艺路线",
    "destroy": "记录已过使用期，另有归档件。",
    "release": "拟在行业年会上作技术报告。",
    "title": "技术报告《陶瓷件可靠性》的演讲稿",
    "waits": "新同事熟悉项目，需要查阅记录。",
    "approve": "同意。",
    "conditions": "删去具体温度和时间后可以演讲。",
    "template": "试验数据借阅",
}


class Operations:
    """The operations while they are being made."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.users = organisation.users
        self.today = organisation.today
        self.department = organisation.departments[DEPARTMENT]

    def fill(self) -> None:
        """Make some operations of each state on the secrets of one department."""
        secrets = TradeSecret.objects.filter(
            owner_department=self.department, state=TradeSecret.State.REGISTERED, level="important"
        )
        secret = secrets.order_by("number").first()
        if secret is None:
            return
        things = self._things(secret)
        receiver = self.users["owner"].person.pk
        soon, later = self.today + timedelta(days=3), self.today + timedelta(days=45)
        lent = self._approved("borrow", things[0], Wish(WORDS["lend"], receiver, soon))
        self._execute(lent)
        template_save(actor=self.users["officer2"], operation_id=lent.pk, name=WORDS["template"])
        late = self._approved("borrow", things[1], Wish(WORDS["late"], receiver, soon))
        self._execute(late)
        Operation.objects.filter(pk=late.pk).update(due_on=self.today - timedelta(days=9))
        self._disclose(things[2], later)
        self._destroy(things[3])
        wish = Wish(WORDS["release"], due_on=later, method="talk", what=WORDS["title"], where="行业年会")
        talk = self._asked("release", Thing(secret.pk), wish)
        self._decide(talk, WORDS["conditions"])
        self._asked("copy", things[4], Wish(WORDS["copy"], method="photocopy", copies=2))
        self._asked("consult", Thing(secret.pk), Wish(WORDS["waits"], receiver))

    def _things(self, secret: TradeSecret) -> list[Thing]:
        """Return some carriers of the secret, each with its mark."""
        version = secret.versions.order_by("-ordinal").first()
        keeper = secret.custodian
        things = []
        for kind, description in CARRIERS:
            carrier = Carrier.objects.create(secret=secret, kind=kind, description=description, keeper=keeper)
            task = secret.marking_tasks.create(version=version, carrier=carrier)
            marking_done(actor=self.users["officer"], task_id=task.pk)
            things.append(Thing(secret.pk, carrier=carrier.pk))
        return things

    def _asked(self, kind: str, thing: Thing, wish: Wish) -> Operation:
        actor = self.users["officer2"]
        draft = requests.operation_draft(actor=actor, kind=kind, things=[thing], wish=wish)
        return requests.operation_submit(actor=actor, operation_id=draft.pk, expected_version=draft.version)

    def _decide(self, operation: Operation, reason: str) -> Operation:
        for name in DECIDERS:
            request = ApprovalRequest.objects.get(pk=operation.request_id)
            if request.is_open:
                request_decide(request=request, actor=self.users[name], verdict="approve", reason=reason)
        operation.refresh_from_db()
        return operation

    def _approved(self, kind: str, thing: Thing, wish: Wish) -> Operation:
        return self._decide(self._asked(kind, thing, wish), WORDS["approve"])

    def _execute(self, operation: Operation, **more: Any) -> Operation:
        values = {"method": more.pop("method", ""), "tool": more.pop("tool", "")}
        lines = tuple(Done(pk, **values) for pk in operation.lines.values_list("pk", flat=True))
        return executing.operation_execute(
            actor=self._keeper(),
            operation_id=operation.pk,
            expected_version=operation.version,
            execution=Execution(lines, PASSWORD, **more),
        )

    def _keeper(self) -> User:
        return self.users["officer"]

    def _disclose(self, thing: Thing, until: date) -> None:
        actor = self.users["officer2"]
        party = third_party_save(
            actor=actor,
            department=self.department,
            name="示范检测有限公司",
            registration_number="DEMO-0000-0001",
            contact="检测部, test@example.com",
        )
        paper = file_store(actor=actor, name="保密协议.txt", chunks=["示范协议，双方已签署。".encode()])
        agreement_record(
            actor=actor,
            third_party_id=party.pk,
            file=paper,
            parties="澄光（示范）有限公司；示范检测有限公司",
            signed_on=self.today - timedelta(days=60),
            valid_until=self.today + timedelta(days=300),
            level=3,
        )
        wish = Wish(WORDS["disclose"], due_on=until, third_party=party.pk, what=WORDS["what"])
        self._execute(self._approved("disclose", thing, wish))

    def _destroy(self, thing: Thing) -> None:
        operation = self._approved("destroy", thing, Wish(WORDS["destroy"]))
        witnesses = tuple(self.users[name].pk for name in WITNESSES)
        self._execute(
            operation, method="shred", tool="碎纸机 P-5", recording="监控 03 号机位", witnesses=witnesses
        )
        for name in WITNESSES:
            witnessing.destruction_witness(
                actor=self.users[name], operation_id=operation.pk, password=PASSWORD
            )
