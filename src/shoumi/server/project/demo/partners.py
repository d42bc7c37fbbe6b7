"""Gives the demonstration company its outsiders: partners with filed agreements, and one without papers.

Every step is the service that the console calls, by a person who may do it.  All names are invented.
"""

from __future__ import annotations

from datetime import timedelta

from shoumi.server.files.services import file_store
from shoumi.server.partners.models import Partner
from shoumi.server.partners.services.partners import (
    FilingWish,
    PartnerWish,
    agreement_file,
    partner_record,
)
from shoumi.server.people.models import Department
from shoumi.server.people.queries import today_of
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.register.services.third_parties import agreement_record

FILING = FilingWish(
    number="",
    form="own",
    content="为履行合同提供的技术资料和客户信息",
    period="合同终止后五年",
    duties="仅限约定人员知悉，不得复制、转交",
    liability="赔偿损失并承担违约责任",
    filed_where="法务部合同档案室",
)


class Partners:
    """The partners of the company while they are recorded."""

    def __init__(self, organisation: Organisation) -> None:
        self.users = organisation.users
        self.entity = organisation.entities["CN"]
        self.keeper = self.users["officer"]
        self.department = Department.objects.get(entity=self.entity, code="CN-RD")
        self.today = today_of(self.entity)

    def fill(self) -> None:
        """Record and bind partners."""
        self._bound("示范检测有限公司", "supplier", "材料检测")
        self._bound("海屿技术服务有限公司", "contractor", "客户名册录入", manager="沈望舒")
        self._bound("云汀人才派遣有限公司", "dispatch_agency", "派遣数据处理人员", manager="顾长川")
        self._recorded("江离（外聘专家）", "expert", "工艺评审")

    def _recorded(self, name: str, kind: str, work: str, manager: str = "") -> Partner:
        wish = PartnerWish(
            department=self.department,
            kind=kind,
            name=name,
            work=work,
            contact="contact@example.com",
            manager_name=manager,
            manager_contact="manager@example.com" if manager else "",
        )
        return partner_record(actor=self.keeper, wish=wish)

    def _bound(self, name: str, kind: str, work: str, manager: str = "") -> Partner:
        partner = self._recorded(name, kind, work, manager)
        agreement = partner.third_party.agreements.first()
        if agreement is None:
            paper = file_store(actor=self.keeper, name="保密协议.txt", chunks=["示范协议，已签署。".encode()])
            agreement = agreement_record(
                actor=self.keeper,
                third_party_id=partner.third_party_id,
                file=paper,
                parties=f"{self.entity}；{name}",
                signed_on=self.today - timedelta(days=40),
                valid_until=self.today + timedelta(days=320),
                level=2,
            )
        agreement_file(actor=self.keeper, partner=partner, agreement=agreement, wish=FILING)
        return partner
