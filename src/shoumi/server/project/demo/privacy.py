"""Has the demonstration company tell its people what it collects: register, notices, consents, an unmasking.

Every step is the service that the console calls, by a person who may do it.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import override

from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.privacy.models import Delivery, NoticeVersion, Processing
from shoumi.server.privacy.services.border import BasisWish, export_basis_record
from shoumi.server.privacy.services.consents import consent_answer, consent_withdraw, question_of
from shoumi.server.privacy.services.notices import (
    NoticeWish,
    notice_acknowledge,
    notice_publish,
    notice_send,
    notice_shown,
)
from shoumi.server.privacy.services.register import (
    AssessmentWish,
    ProcessingWish,
    assessment_agree,
    assessment_make,
    processing_agree,
    processing_end,
    processing_record,
)
from shoumi.server.privacy.services.requests import hold_set, request_answer, request_make
from shoumi.server.privacy.services.unmasking import unmasking_ask, unmasking_decide, unmasking_look
from shoumi.server.project.demo.breaches import Breaches
from shoumi.server.project.demo.organisation import Organisation

TEXT_ZH = "为保护商业秘密和公司系统的安全，公司在工作系统中收集下列信息。私人手机和私人账号不在收集范围内。"
TEXT_JA = (
    "営業秘密と会社のシステムを守るため、業務システムで次の情報を集めます。"
    "私用の電話とアカウントは対象外です。"
)
TEXT_EN = (
    "To protect trade secrets and the company’s systems, the following is collected in the systems used for "
    "work. Private telephones and private accounts are left out."
)


class Privacy:
    """The processings, notices and answers of the company while they are being made."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.users = organisation.users
        self.legal = self.users["legal"]
        self.cn, self.jp = organisation.entities["CN"], organisation.entities["JP"]

    def fill(self) -> None:
        """Make a register with what is open, what waits, and what was withdrawn."""
        logs = self._processing("登录和文件操作记录", ["sign-in", "file-operation"], basis="personnel")
        chats = self._processing(
            "销售部工作聊天往来记录", ["chat-traffic"], basis="consent",
            departments=[self.organisation.departments["CN-SA"]],
        )  # fmt: skip
        location = self._processing(
            "外勤人员位置", ["location"], basis="consent", persons=[self.users["sales-owner"].person]
        )
        old = self._processing("旧门禁记录", ["door-passage"], purpose="premises", basis="personnel")
        processing_end(actor=self.legal, processing=old, reason="系统已停用", expected_version=old.version)
        wish = AssessmentWish(
            "外勤人员的安全需要在紧急时找到其位置。",
            "行踪轨迹属于敏感个人信息，可能推知私人生活。",
            "仅在工作时间、仅在紧急求助后显示；七日后删除。",
            "acceptable",
            "示范律师事务所",
            "建议逐人单独同意，并保留拒绝的选项。",
        )
        made = assessment_make(actor=self.legal, processing=location, wish=wish)
        assessment_agree(actor=self.users["it"], assessment=made)
        version = self._notice(self.cn, "员工个人信息收集告知书", [logs, chats, location])
        for name in ("employee", "sales-owner", "owner", "rd-officer", "hr", "it"):
            self._acknowledge(version, name)
        row = Delivery.objects.get(notice_version=version, person=self.users["auditor"].person)
        notice_shown(actor=self.users["auditor"], delivery=row, text=version.texts.get(language="zh-hans"))
        self._answer("sales-owner", chats, "basis", agreed=True)
        given = self._answer("sales-owner", location, "location", agreed=True)
        consent_withdraw(actor=self.users["sales-owner"], consent=given)
        self._answer("sales-owner", location, "sensitive", agreed=False)
        japanese = self._processing(
            "サインインの記録", ["sign-in"], entity=self.jp, basis="purpose", owner="jp-owner", storage="東京"
        )
        self._acknowledge(self._notice(self.jp, "従業員の個人情報についての通知", [japanese]), "jp-owner")
        self._unmask()
        self._requests()
        self._border()
        Breaches(self.organisation).fill()

    def _border(self) -> None:
        today = today_of(self.cn)
        for entity, to_country, way, reference in (
            (self.cn, "JP", "standard-contract", "集团内部个人信息出境标准合同（示范）"),
            (self.jp, "CN", "equal-system", "グループ内の相当措置の契約（例）"),
        ):
            wish = BasisWish(
                to_country=to_country,
                way=way,
                reference=reference,
                last_day=today + timedelta(days=365),
                assessment="PIA-2026-03（示范）",
                assessed_on=today,
                filing="粤网个备 示范0017 号" if way == "standard-contract" else "",
                filed_on=today if way == "standard-contract" else None,
            )
            export_basis_record(actor=self.legal, entity=entity, wish=wish)

    def _requests(self) -> None:
        employee = self.users["employee"].person
        asked = request_make(
            actor=self.users["employee"], person=employee, right="copy", text="请提供我的登录记录。"
        )
        request_answer(actor=self.legal, request=asked, refused=False, answer="已在本人页面提供副本。")
        request_make(
            actor=self.users["sales-owner"],
            person=self.users["sales-owner"].person,
            right="delete",
            text="请删除我的位置信息。",
        )
        by_letter = self.users["it-engineer"].person
        request_make(actor=self.users["hr"], person=by_letter, right="access", text="来信要求查阅门禁记录。")
        hold_set(
            actor=self.legal,
            entity=self.cn,
            name="某离职人员劳动争议（示范）",
            reason="可能提起仲裁，相关记录须保全。",
            persons=[self.users["sales-owner"].person],
        )

    def _processing(self, name: str, kinds: list[str], **more: object) -> Processing:
        entity = more.pop("entity", self.cn)
        owner = str(more.pop("owner", ""))
        names = ("jp-owner", "jp-officer") if owner else ("legal", "it")
        legal, security = (self.users[name] for name in names)
        known = {
            "name": name,
            "purpose": "protect-secrets",
            "kinds": kinds,
            "basis_note": "员工手册第三章（示范）" if not owner else "就業規則（例）",
            "recipients": "保密办公室" if not owner else "秘密管理室",
            "storage": "上海机房",
            "keep_months": 6,
            "legal_owner": legal.person,
            "security_owner": security.person,
            **more,
        }
        row = processing_record(actor=self.legal, entity=entity, wish=ProcessingWish(**known))
        for each in (legal, security):
            if each != self.legal:
                processing_agree(actor=each, processing=row)
        return row

    def _notice(self, entity: LegalEntity, title: str, processings: list[Processing]) -> NoticeVersion:
        texts = {"zh-hans": TEXT_ZH, "ja": TEXT_JA, "en": TEXT_EN}
        version = notice_publish(actor=self.legal, entity=entity, wish=NoticeWish(title, texts, processings))
        notice_send(actor=self.users["hr"], version=version)
        return version

    def _acknowledge(self, version: NoticeVersion, name: str) -> None:
        user = self.users[name]
        row = Delivery.objects.get(notice_version=version, person=user.person)
        language = "ja" if version.notice.entity == self.jp else "zh-hans"
        text = version.texts.get(language=language)
        notice_shown(actor=user, delivery=row, text=text)
        notice_acknowledge(actor=user, delivery=row, sha256=text.sha256)

    def _answer(self, name: str, processing: Processing, scope: str, *, agreed: bool) -> object:
        user = self.users[name]
        with override(user.language):
            _text, sha256 = question_of(processing, scope)
            return consent_answer(
                actor=user,
                person=user.person,
                processing=processing,
                scope=scope,
                agreed=agreed,
                sha256=sha256,
            )

    def _unmask(self) -> None:
        about = self.users["employee"].person
        row = unmasking_ask(actor=self.users["officer"], person=about, purpose="核查一次异常的文件外发")
        row = unmasking_decide(actor=self.legal, unmasking=row, agreed=True, reason="理由充分，仅限本次")
        unmasking_look(actor=self.users["officer"], unmasking=row)
        about = self.users["it-engineer"].person
        unmasking_ask(actor=self.users["hr"], person=about, purpose="联系本人取回设备")
