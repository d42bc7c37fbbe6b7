"""Gives the demonstration company its outsiders: partners with filed agreements, and one without papers.

Every step is the service that the console calls, by a person who may do it.  All names are invented.
"""

from __future__ import annotations

from datetime import timedelta

from shoumi.engine.jurisdiction.outsiders import load_outsiders
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_store
from shoumi.server.partners.models import Partner, Worker
from shoumi.server.partners.services.authorities import (
    AuthorityWish,
    authority_notice_give,
    authority_paper_add,
    authority_paper_hand,
    authority_visit_open,
)
from shoumi.server.partners.services.duties import DutyWish, duty_answer, duty_ask, finding_record
from shoumi.server.partners.services.originals import original_keep
from shoumi.server.partners.services.outsourcing import (
    OutsourcingWish,
    assessment_answer,
    assessment_begin,
    assessment_decide,
    assessment_submit,
    outsourcing_record,
    self_check_record,
)
from shoumi.server.partners.services.partners import (
    FilingWish,
    PartnerWish,
    agreement_file,
    partner_manager_set,
    partner_record,
)
from shoumi.server.partners.services.signals import SignalWish, signal_judge, signal_take
from shoumi.server.partners.services.workers import (
    Equipment,
    access_give,
    equipment_check,
    worker_pledge_keep,
    worker_record,
)
from shoumi.server.people.models import Department, Engagement
from shoumi.server.people.queries import today_of
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.register.models import TradeSecret
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
        """Record and bind partners, and the people they send."""
        self._bound("示范检测有限公司", "supplier", "材料检测")
        self._exchanged()
        self._bound("海屿技术服务有限公司", "contractor", "客户名册录入", manager="沈望舒")
        contractor = self._bound("云杉软件（示范）有限公司", "contractor", "系统维护", manager="顾长川")
        agency = self._bound("远帆人力（示范）有限公司", "dispatch_agency", "派遣班组人员", manager="齐越岭")
        expert = self._recorded("常怀瑾（外聘专家）", "expert", "工艺评审")
        self._bound(
            "株式会社みなも技研（デモ）", "contractor", "名簿の入力", manager="水無月 凪", place="JP-TK"
        )
        self._sent(contractor, "D047")
        self._sent(expert, "D048")
        worker = self._sent(agency, "D031")
        self._ready(worker)
        self._asked(contractor)
        self._signals(worker)
        self._inspected()

    def _recorded(self, name: str, kind: str, work: str, manager: str = "", place: str = "CN-RD") -> Partner:
        wish = PartnerWish(
            department=Department.objects.select_related("entity").get(code=place),
            kind=kind,
            name=name,
            work=work,
            contact="contact@example.com",
            manager_name=manager,
            manager_contact="manager@example.com" if manager else "",
        )
        return partner_record(actor=self.keeper, wish=wish)

    def _bound(self, name: str, kind: str, work: str, manager: str = "", place: str = "CN-RD") -> Partner:
        partner = self._recorded(name, kind, work, manager, place)
        entity = partner.third_party.department.entity
        own = entity.name_ja if entity.country == "JP" else entity.name_zh
        agreement = partner.third_party.agreements.first()
        if agreement is None:
            paper = self._paper("保密协议.txt", "示范协议，已签署。")
            agreement = agreement_record(
                actor=self.keeper,
                third_party_id=partner.third_party_id,
                file=paper,
                parties=f"{own}；{name}",
                signed_on=self.today - timedelta(days=40),
                valid_until=self.today + timedelta(days=320),
                level=2,
            )
        if partner.sends_workers:
            self._assess(partner, work)
        agreement_file(actor=self.keeper, partner=partner, agreement=agreement, wish=FILING)
        return partner

    def _assess(self, partner: Partner, work: str) -> None:
        """Assess what is outsourced, have a second person agree, and check the line to dispatch."""
        pack = load_outsiders(partner.third_party.department.entity.pack)
        assessment = assessment_begin(actor=self.keeper, partner=partner, scope=work)
        paper = self._paper("证明材料.txt", "示范证明材料。")
        for item in pack.assessment.questions:
            assessment_answer(
                actor=self.keeper,
                assessment=assessment,
                question=item.id,
                grade="partly" if item.id in {"chain", "logs"} else "yes",
                proof=paper if item.proof else None,
            )
        assessment.refresh_from_db()
        assessment = assessment_submit(
            actor=self.keeper, assessment=assessment, expected_version=assessment.version
        )
        assessment_decide(
            actor=self.users["legal"],
            assessment=assessment,
            expected_version=assessment.version,
            is_agreed=True,
            reason="",
            valid_until=self.today + timedelta(days=365),
        )
        answers = {item.id: "yes" for item in pack.self_check.items}
        self_check_record(actor=self.keeper, partner=partner, answers=answers)
        if partner.kind == Partner.Kind.CONTRACTOR:
            wish = OutsourcingWish(work, "姓名、联系方式、订单", "thousands", "公司机房", self.today)
            outsourcing_record(actor=self.keeper, partner=partner, wish=wish)

    def _exchanged(self) -> None:
        """Keep a mail that was exchanged with a partner."""
        mail = "From: lab@example.com\r\nTo: test@example.com\r\nSubject: Samples\r\n\r\nSee attached.\r\n"
        file = file_store(actor=self.keeper, name="往来邮件.eml", chunks=[mail.encode()])
        partner = Partner.objects.order_by("recorded_at").first()
        if partner is not None:
            original_keep(actor=self.keeper, partner=partner, medium="mail", file=file)

    def _sent(self, partner: Partner, number: str) -> Worker:
        """Put somebody who works here under the partner that sends them."""
        engagement = Engagement.objects.filter(person__number=number, ends_on__isnull=True).get()
        return worker_record(actor=self.keeper, partner=partner, engagement=engagement)

    def _ready(self, worker: Worker) -> None:
        """Have all papers of an outsider, and open something."""
        paper = self._paper("承诺书.txt", "示范承诺书，已签署。")
        worker_pledge_keep(actor=self.keeper, worker=worker, file=paper, pledged_on=self.today)
        equipment_check(
            actor=self.keeper,
            worker=worker,
            equipment=Equipment("company", "PC-0117", encrypted=True),
            proof=self._paper("检查记录.txt", "示范检查记录：已加密。"),
        )
        access_give(actor=self.keeper, worker=worker, kind="system", what="客户名册系统（只读）")

    def _asked(self, partner: Partner) -> None:
        """Let a company's responsible person in, ask for an audit and a report, and find something."""
        partner.refresh_from_db()
        partner_manager_set(
            actor=self.keeper,
            partner=partner,
            expected_version=partner.version,
            manager=self.users["contractor"],
        )
        audit = DutyWish("audit", "季度现场检查", self.today + timedelta(days=20), every_months=3)
        duty_ask(actor=self.keeper, partner=partner, wish=audit)
        wish = DutyWish("report", "保密措施月度报告", self.today + timedelta(days=5), every_months=1)
        duty = duty_ask(actor=self.keeper, partner=partner, wish=wish)
        report = self._paper("月度报告.txt", "示范报告。")
        duty = duty_answer(
            actor=self.keeper, duty=duty, expected_version=duty.version, answer="已收到书面报告", file=report
        )
        finding_record(
            actor=self.keeper,
            duty=duty,
            text="一台工作电脑未设置自动锁屏",
            due_on=self.today + timedelta(days=14),
        )

    def _signals(self, worker: Worker) -> None:
        """Write down what a customer told, and what was seen at a door."""
        sales = SignalWish(
            department=self.department,
            kind="sales",
            happened_on=self.today - timedelta(days=3),
            source="客户来电",
            text="客户称只把该号码给过我们",
            customer="贺兰川",
            offered="不动产推销",
            seeded="种子记录 S-07",
        )
        signal_take(actor=self.users["employee"], wish=sales)
        carried = SignalWish(
            department=self.department,
            kind="carried_out",
            happened_on=self.today - timedelta(days=1),
            source="门口登记",
            text="带手机进入工作区，已当场收存",
            worker=worker,
            device="智能手机",
        )
        signal = signal_take(actor=self.users["employee"], wish=carried)
        signal_judge(
            actor=self.keeper,
            signal=signal,
            expected_version=signal.version,
            is_suspected=False,
            judgement="日志显示没有连接电脑，已提醒派遣单位",
        )

    def _inspected(self) -> None:
        """Have an authority come, be told what is secret, and take a paper along."""
        wish = AuthorityWish(
            department=self.department,
            authority="示例市市场监督管理局",
            subject="产品质量监督检查",
            officials="检查员甲、检查员乙",
            day=self.today,
            accompanied=[self.users["rd-officer"].person],
        )
        visit = authority_visit_open(actor=self.keeper, wish=wish)
        secret = TradeSecret.objects.filter(owner_department=self.department).exclude(number="").first()
        paper = authority_paper_add(
            actor=self.keeper, visit=visit, title="热处理工艺规程", way="taken", secret=secret
        )
        authority_paper_add(actor=self.keeper, visit=visit, title="营业执照", way="shown")
        if secret is not None:
            authority_notice_give(actor=self.keeper, visit=visit)
        authority_paper_hand(actor=self.keeper, paper=paper)

    def _paper(self, name: str, text: str) -> StoredFile:
        return file_store(actor=self.keeper, name=name, chunks=[text.encode()])
