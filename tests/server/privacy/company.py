"""The invented company with a register of processings, and people who are told, agree and withdraw."""

from __future__ import annotations

from tests.server.register.company import Register

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.privacy.models import Delivery, Processing
from shoumi.server.privacy.services.consents import consent_answer, question_of
from shoumi.server.privacy.services.notices import (
    NoticeWish,
    notice_acknowledge,
    notice_publish,
    notice_send,
)
from shoumi.server.privacy.services.register import ProcessingWish, processing_agree, processing_record

TEXT = "公司为保护商业秘密,在工作系统中收集登录记录。您可以随时查看和提出请求。"


class Watched(Register):
    """The company of the register tests, with HR and somebody who is watched."""

    @remembered_subjects()
    def __init__(self) -> None:
        super().__init__()
        self.people_office = self._holder("people", Role.HR, entity_scope(self.cn.pk))
        self.watched = self.colleague
        self.abroad = self._member("J001", "海辺", self.post(self.tokyo, "営業", 1), "abroad")

    def processing(self, **changes) -> Processing:
        """Return a processing of sign-ins for the protection of secrets, about everybody."""
        known = {
            "name": "登录记录",
            "purpose": "protect-secrets",
            "kinds": ["sign-in"],
            "basis": "personnel",
            "basis_note": "员工手册",
            "recipients": "保密办公室",
            "storage": "上海机房",
            "keep_months": 6,
            "legal_owner": self.legal.person,
            "security_owner": self.technician.person,
        }
        wish = ProcessingWish(**(known | changes))
        return self.agreed(processing_record(actor=self.legal, entity=self.cn, wish=wish))

    def agreed(self, processing) -> Processing:
        """Return a processing that its second owner has agreed to."""
        return processing_agree(actor=self.technician, processing=processing)

    def notice(self, *processings, **changes):
        """Return the first version of a notice that tells of processings."""
        notice = changes.pop("notice", None)
        known = {"title": "信息收集告知书", "texts": {"zh-hans": TEXT}, "processings": processings}
        return notice_publish(
            actor=self.legal, entity=self.cn, wish=NoticeWish(**(known | changes)), notice=notice
        )

    def told(self, version, user=None) -> Delivery:
        """Let somebody get a notice and acknowledge it."""
        user = user or self.watched
        notice_send(actor=self.people_office, version=version)
        row = Delivery.objects.get(notice_version=version, person=user.person)
        return notice_acknowledge(
            actor=user, delivery=row, sha256=version.texts.get(language="zh-hans").sha256
        )

    def agrees(self, processing, scope="basis", *, agreed=True, user=None):
        """Let somebody answer."""
        user = user or self.watched
        _text, sha256 = question_of(processing, scope)
        return consent_answer(
            actor=user, person=user.person, processing=processing, scope=scope, agreed=agreed, sha256=sha256
        )
