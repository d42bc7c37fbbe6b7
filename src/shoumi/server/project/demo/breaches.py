"""Has the demonstration company report breaches of personal data: one being worked on, one closed.

Every step is the service that the console calls, by a person who may do it.
"""

from __future__ import annotations

from datetime import timedelta

from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.privacy.models import Breach
from shoumi.server.privacy.queries.breaches import draft_of, duties_of, table_for
from shoumi.server.privacy.services.breaches import (
    BreachAssessmentWish,
    BreachNoticeWish,
    BreachWish,
    breach_assess,
    breach_assessment_agree,
    breach_close_confirm,
    breach_close_propose,
    breach_measure_record,
    breach_report,
    breach_step_record,
    breach_tell,
)
from shoumi.server.project.demo.organisation import Organisation


class Breaches:
    """The breaches of the company while they are being made."""

    def __init__(self, organisation: Organisation) -> None:
        self.users = organisation.users
        self.legal, self.it = self.users["legal"], self.users["it"]
        self.cn: LegalEntity = organisation.entities["CN"]

    def fill(self) -> None:
        """Report both."""
        self._attack()
        self._lost()

    def _attack(self) -> None:
        """Customer data were stolen through a hole in a system; much is still to be done."""
        wish = BreachWish(
            title="客户系统漏洞致客户联系人外泄（示范）",
            what="外部人员利用客户系统的一处漏洞导出部分客户联系人。监测到异常导出后已断开接口。",
            cause="attack",
            kinds=["customer-contact"],
            countries=["CN", "JP"],
            persons=1350,
            facts=["property-harm"],
            harm="可能收到冒充公司的诈骗电话和邮件。",
            response="已断开接口、修补漏洞、更换密钥。",
            advice="请勿向来电者提供验证码；如有疑问请拨打下列电话。",
            contact="个人信息保护负责人 privacy@example.com",
        )
        row = self._report(wish, clock().now() - timedelta(hours=30))
        self._tell(row, "CN", "authority-at-once", "所在地网信部门（示范）", "portal")
        for step, note in (
            ("contain", "已断开接口并停用两个账号"),
            ("preserve", "日志与镜像已封存并计算哈希"),
        ):
            breach_step_record(actor=self.it, breach=row, step=step, needed=True, note=note)
        breach_measure_record(
            actor=self.it, breach=row, text="接口改为逐次签名并限制导出数量", taken_at=clock().now()
        )
        assessment = BreachAssessmentWish(
            country="CN",
            addressee="persons",
            must_tell=True,
            reason="联系人可被用于诈骗，危害未能有效避免。",
            rests_on="取证报告（示范）第二节",
            adviser="示范律师事务所",
            advice="建议逐人通知，并公布咨询电话。",
        )
        breach_assess(actor=self.legal, breach=row, wish=assessment)

    def _lost(self) -> None:
        """An encrypted notebook was lost; nobody had to be told but the authority."""
        wish = BreachWish(
            title="遗失一台加密笔记本（示范）",
            what="出差途中遗失一台全盘加密的笔记本，内有供应商联系人。",
            cause="lost",
            kinds=["customer-contact"],
            countries=["CN"],
            persons=40,
            facts=["harm-avoided"],
            contact="privacy@example.com",
        )
        row = self._report(wish, clock().now() - timedelta(hours=40))
        self._tell(row, "CN", "authority-at-once", "所在地网信部门（示范）", "letter")
        assessment = BreachAssessmentWish(
            country="CN",
            addressee="persons",
            must_tell=False,
            reason="全盘加密且已远程擦除，危害已有效避免。",
            rests_on="设备管理系统的擦除回执（示范）",
        )
        made = breach_assess(actor=self.legal, breach=row, wish=assessment)
        breach_assessment_agree(actor=self.it, assessment=made)
        for step in table_for("CN").playbook:
            needed = step.id not in {"police", "persons", "answer-line", "contracts"}
            note = "已完成（示范）" if needed else "经评估不需要（示范）"
            breach_step_record(actor=self.it, breach=row, step=step.id, needed=needed, note=note)
        row = breach_close_propose(actor=self.legal, breach=row, words="设备已擦除，未见数据外泄。")
        breach_close_confirm(actor=self.users["officer"], breach=row)

    def _report(self, wish: BreachWish, noticed_at: object) -> Breach:
        return breach_report(
            actor=self.legal,
            entity=self.cn,
            wish=wish,
            noticed_at=noticed_at,
            owners=(self.legal.person, self.it.person),
        )

    def _tell(self, row: Breach, country: str, duty: str, recipient: str, channel: str) -> None:
        found = next(line.duty for line in duties_of(row, clock().now()) if line.duty.id == duty)
        breach_tell(
            actor=self.legal,
            breach=row,
            wish=BreachNoticeWish(
                country=country,
                duty=duty,
                language="zh-hans",
                text=draft_of(row, country, found, "zh-hans"),
                channel=channel,
                recipient=recipient,
                sent_at=clock().now(),
            ),
        )
