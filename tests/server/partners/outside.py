"""Partners of the research department at every point of their way."""

from __future__ import annotations

from datetime import date

from tests.server.register.operations_company import agreement

from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import Assessment, Filing, Partner
from shoumi.server.partners.services.partners import (
    FilingWish,
    PartnerWish,
    agreement_file,
    partner_record,
)

PARTS = {
    "content": "烧结工艺参数,限于检测所需",
    "period": "五年",
    "duties": "不得复制、不得转交第三方",
    "liability": "违约方赔偿全部损失",
    "filed_where": "法务部档案柜二号",
}


def wish(company, **changes) -> PartnerWish:
    given = {
        "department": company.rd,
        "kind": "supplier",
        "name": "示范检测有限公司",
        "registration_number": "DEMO-0001",
        "work": "材料检测",
        **changes,
    }
    return PartnerWish(**given)


@remembered_subjects()
def recorded(company, **changes) -> Partner:
    return partner_record(actor=company.owner, wish=wish(company, **changes))


@remembered_subjects()
def contractor(company, **changes) -> Partner:
    given = {"kind": "contractor", "name": "示范信息处理有限公司", "manager_name": "沈望舒", **changes}
    return recorded(company, **given)


def assessed(company, partner, *, until: date | None = None) -> Assessment:
    """Return an assessment that was agreed to, written as a row: not what the test is about."""
    now = clock().now()
    return Assessment.objects.create(
        partner=partner, scope="名册录入", state="agreed", score=90, assessed_by=company.owner, begun_at=now,
        decided_by=company.legal, decided_at=now, valid_until=until,
    )  # fmt: skip


@remembered_subjects()
def filed(company, partner, **changes) -> Filing:
    """Sign and file an agreement with a partner; an outsourcing was agreed to before."""
    if partner.sends_workers:
        assessed(company, partner)
    signed = agreement(company, partner.third_party)
    given = {"number": "", "form": "own", **PARTS, **changes}
    return agreement_file(actor=company.owner, partner=partner, agreement=signed, wish=FilingWish(**given))
