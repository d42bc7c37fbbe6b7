"""Gives the demonstration company zones, storage units, carriers in their hands, and an inventory under way.

Every step is the service that the console calls, by a person who may do it; zones are used as they are.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department, Person
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Zone
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.register.models import Carrier, StorageUnit, TradeSecret
from shoumi.server.register.services.carriers.adding import Keeping, carrier_add, carrier_edit
from shoumi.server.register.services.carriers.handing import Passage, handover_offer, handover_receive
from shoumi.server.register.services.contents import marking_done
from shoumi.server.register.services.inventory.counting import Scan, inventory_scan, inventory_start
from shoumi.server.register.services.storage import reviews, servicing, units

DEPARTMENT = "CN-RD"
UNITS = (  # number, name, kind, level, encryption
    ("SRV-01", "研发文件服务器", "server", 3, "LUKS2"),
    ("PC-17", "热处理试验计算机", "computer", 2, "BitLocker"),
    ("DB-02", "工艺参数数据库", "database", 2, "TDE"),
    ("USB-05", "评审会移动硬盘", "portable", 0, ""),
)
SAMPLES = (
    ("sample", "烧结样件，编号封存"),
    ("semi_finished", "半成品坯料，三托"),
    ("medium", "试验数据光盘"),
)
WORDS = {
    "authorise": "经保密办公室检查，符合存储要求。",
    "check": "已查看网卡、端口与策略。",
    "review": "登录失败系忘记密码，已核实；未见异常读取。",
    "repair": "硬盘读写报错，送修前须处理存储部件。",
    "account": "读、写",
    "kept": "保险柜内密封信封 03",
    "inventory": "研发部载体季度盘点",
}


class Carriers:
    """Carriers and storage while they are being made."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.users = organisation.users
        self.department: Department = organisation.departments[DEPARTMENT]
        self.entity = self.department.entity
        self.today = today_of(self.entity)

    def fill(self) -> None:
        """Make some of everything in one department."""
        owner = self.users["owner"]
        zone = self._zone()
        made = [self._unit(zone, *row) for row in UNITS]
        secret = (
            TradeSecret.objects.filter(
                owner_department=self.department, state=TradeSecret.State.REGISTERED, level="important"
            )
            .order_by("-number")
            .first()
        )
        if secret is None:
            return
        for at, (kind, words) in enumerate(SAMPLES):
            unit = made[3] if kind == "medium" else None
            carrier = carrier_add(
                actor=owner,
                secret_id=secret.pk,
                kind=kind,
                keeping=Keeping(words, zone=zone, place="A-0" + str(at + 1), keeper=owner.person, unit=unit),
            )
            if kind == "sample":
                self._hand_over(carrier, owner.person)
        for carrier in Carrier.objects.filter(secret=secret, kind="paper", zone=None, number__isnull=False):
            carrier_edit(
                actor=owner,
                carrier_id=carrier.pk,
                expected_version=carrier.version,
                keeping=Keeping(carrier.description, zone=zone, place=carrier.place, keeper=carrier.keeper),
            )
        self._look_after(made)
        self._count(zone)

    def _zone(self) -> Zone:
        """Return a secret zone of the highest level, made if no other part of the company has made one."""
        zones = Zone.objects.filter(entity=self.entity, kind=Zone.Kind.SECRET, level=3, closed_on=None)
        return zones.order_by("code").first() or Zone.objects.create(
            entity=self.entity,
            department=self.department,
            code="RD-A1",
            name="研发样品与档案室",
            kind=Zone.Kind.SECRET,
            level=3,
            created_at=clock().now(),
        )

    def _unit(self, zone: Zone, code: str, name: str, kind: str, level: int, encryption: str) -> StorageUnit:  # noqa: PLR0913, PLR0917
        owner, officer = self.users["owner"], self.users["officer"]
        value = units.UnitValue(code, name, kind, zone, "B-02", owner.person)
        row = units.unit_add(actor=owner, department=self.department, value=value)
        if encryption:
            shield = units.Protection(encryption, self._engineer(), 7, 180)
            units.unit_protect(actor=owner, unit_id=row.pk, expected_version=row.version, value=shield)
        if level:
            units.unit_authorise(actor=officer, unit_id=row.pk, permitted=level, reason=WORDS["authorise"])
        row.refresh_from_db()
        return row

    def _engineer(self) -> Person:
        return self.users["employee"].person

    def _hand_over(self, carrier: Carrier, receiver: Person) -> None:
        owner = self.users["owner"]
        task = carrier.secret.marking_tasks.get(carrier=carrier, done_at=None)
        marking_done(actor=owner, task_id=task.pk, spot="正面")
        offered = handover_offer(
            actor=self.users["officer"], carrier_id=carrier.pk, passage=Passage("keep", receiver)
        )
        handover_receive(actor=owner, handover_id=offered.pk)
        handover_offer(actor=owner, carrier_id=carrier.pk, passage=Passage("use", self._engineer()))

    def _look_after(self, made: list[StorageUnit]) -> None:
        owner, officer = self.users["owner"], self.users["officer"]
        server, computer, database, portable = made
        units.unit_attest(
            actor=owner, unit_id=computer.pk, no_internet=True, no_usb=True, note=WORDS["check"]
        )
        for kind in ("backup", "restore"):
            units.backup_record(
                actor=owner,
                unit_id=server.pk,
                kind=kind,
                succeeded=True,
                medium="异地介质 03",
                done_on=self.today - timedelta(days=2),
            )
        account = units.account_grant(
            actor=owner,
            unit_id=database.pk,
            person=self._engineer(),
            name="rd-engineer",
            rights=WORDS["account"],
            ends_on=self.today + timedelta(days=90),
            password_kept=WORDS["kept"],
        )
        units.account_file(actor=officer, account_id=account.pk)
        servicing.servicing_ask(actor=owner, unit_id=portable.pk, kind="repair", reason=WORDS["repair"])
        reviews.access_review(
            actor=officer,
            entity=self.entity,
            starts_on=self.today - timedelta(days=30),
            ends_on=self.today,
            unusual=False,
            result=WORDS["review"],
        )

    def _count(self, zone: Zone) -> None:
        """Begin an inventory and scan half of it."""
        owner = self.users["owner"]
        row = inventory_start(
            actor=owner,
            department=self.department,
            title=WORDS["inventory"],
            scope="department",
            due_on=self.today + timedelta(days=14),
        )
        here = Carrier.objects.filter(zone=zone, secret__owner_department=self.department).order_by("number")
        scans = [Scan(uuid4(), carrier.number or "") for carrier in here[:2]]
        inventory_scan(actor=owner, inventory_id=row.pk, zone=zone, scans=scans)
