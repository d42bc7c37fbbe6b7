"""Leads cases of the demonstration company's people: a joiner, a leaver half way, one who resigned by chat.

Every step is the service that the console calls, by a person who may do it.  All of it is invented.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shoumi.server.accounts.models import User
from shoumi.server.approvals.services.delegations import delegation_create
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_store
from shoumi.server.ledger.services import clock
from shoumi.server.lifecycle.models import CaseStep, PersonCase
from shoumi.server.lifecycle.queries.access import cases
from shoumi.server.lifecycle.services.cases import CaseFacts, case_open, party_name
from shoumi.server.lifecycle.services.handover import (
    carriers_list,
    group_none,
    thing_hand,
    thing_list,
    thing_receive,
)
from shoumi.server.lifecycle.services.logs import LogWish, log_import
from shoumi.server.lifecycle.services.looking import evidence_hold, look_back_run
from shoumi.server.lifecycle.services.notices import NoticeWish, notice_send, notice_write
from shoumi.server.lifecycle.services.recording import Done, record_attest, step_record
from shoumi.server.people.queries import today_of
from shoumi.server.project.demo.organisation import Organisation

TOLD = "监测告知书第 2 版，入职时签收"
FILES = 130
CHECKED = ("prior_non_compete", "prior_secrecy", "history")
Days = dict[str, date | datetime]
Items = dict[str, tuple[str, datetime | None]]


class Lifecycle:
    """The cases while they are being led."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.users = organisation.users
        self.today = today_of(organisation.entities["CN"])

    def fill(self) -> None:
        """Open the cases and lead each to where it is interesting."""
        self._joiner()
        self._from_competitor()
        self._leaver()
        self._by_chat()
        self._stand_in()

    def _joiner(self) -> None:
        """An engineer who begins in a week: the papers are under way, one agreement is in force already."""
        facts = {"knows_secrets": "yes", "from_competitor": "no"}
        case = self._open("D020", "joining", facts, {"first_day": self.today + timedelta(days=7)})
        items: Items = dict.fromkeys(CHECKED, ("settled", None))
        self._do(case, "background-check", "hr", "未发现原单位竞业限制。", items=items)
        self._do(case, "non-compete-record", "legal", "岗位为重要商密，约定竞业限制十二个月。")

    def _from_competitor(self) -> None:
        """A Japanese engineer from a rival: the promise is asked for."""
        facts = {"knows_secrets": "yes", "from_competitor": "yes"}
        case = self._open("D058", "joining", facts, {"first_day": self.today + timedelta(days=20)})
        items: Items = dict.fromkeys(CHECKED, ("settled", None))
        self._do(case, "background-check", "hr", "前職の秘密保持義務あり、競業避止なし。", items=items)

    def _leaver(self) -> None:
        """An engineer who leaves in two weeks: talked to, half handed over."""
        facts = {"reason": "orderly", "knows_secrets": "yes", "manages_accounts": "no"}
        facts |= {"non_compete": "yes", "suspicion": "no"}
        days: Days = {"notice_day": self.today, "last_day": self.today + timedelta(days=14)}
        case = self._open("D016", "leaving", facts, days)
        party_name(actor=self.users["hr"], case=case, party="receiver", person=self.users["employee"].person)
        self._do(case, "leaving-talk", "officer", "告知保密义务及违反的法律责任。", second="owner")
        step, owner = self._step(case, "handover"), self.users["owner"]
        carriers_list(actor=owner, step=step)
        things = {"files": "项目文件夹两册", "hardware": "笔记本电脑与门禁卡", "accounts": "域账号"}
        for group, label in things.items():
            thing = thing_list(actor=owner, step=step, group=group, label=label)
            if group != "accounts":
                thing = thing_hand(actor=owner, thing=thing)
            if group == "files":
                thing_receive(actor=self.users["employee"], thing=thing)
        group_none(actor=owner, step=step, group="passwords")

    def _by_chat(self) -> None:
        """A salesperson who resigned by chat yesterday and answers no more: frozen, held, looked back."""
        now = clock().now()
        moment = now - timedelta(days=1)
        facts = {"reason": "no_notice", "knows_secrets": "yes", "manages_accounts": "yes", "suspicion": "yes"}
        case = self._open("D036", "leaving", facts, {"notice_day": moment, "found_day": moment})
        self._do(case, "freeze", "it", "账号、笔记本电脑和工作手机已冻结。")
        officer, sales = self.users["officer"], self.users["sales-owner"]
        wish = LogWish("file_access", TOLD, ("shengyunshu",))
        log = self._file(officer, "文件服务器.csv", self._lines(now))
        log_import(actor=officer, case=case, chosen=log, wish=wish)
        look_back_run(actor=officer, case=case, domains=["example.com"])
        evidence_hold(actor=officer, case=case, reason="聊天中辞职，前夜批量下载客户资料")
        step = self._step(case, "notices")
        for kind, name in (("customers", "示例客户（甲）有限公司"), ("suppliers", "示例供应商有限公司")):
            notice = notice_write(actor=sales, step=step, wish=NoticeWish(kind, name))
        notice_send(actor=sales, notice=notice, channel="letter")

    def _stand_in(self) -> None:
        """The head of research is away for a week: the steps of the leaver's case go to a colleague too."""
        delegation_create(
            actor=self.users["owner"],
            delegate=self.users["rd-officer"],
            starts_at=clock().now(),
            ends_at=clock().now() + timedelta(days=7),
            reason="出差一周，离职交接等事项由叶星辰代办。",
        )

    def _lines(self, now: datetime) -> list[str]:
        """Return an invented log: a quiet week, then a night in which much was downloaded."""
        zone = ZoneInfo(self.organisation.entities["CN"].time_zone)
        night = (now - timedelta(days=2)).astimezone(zone).replace(hour=22, minute=10, second=0)
        lines = ["时间,用户名,路径,操作"]
        for day in range(3, 10):
            at = (now - timedelta(days=day)).astimezone(zone).replace(hour=10)
            lines.append(f"{at:%Y-%m-%d %H:%M:%S},shengyunshu,客户/周报{day}.docx,查阅")
        for number in range(FILES):
            at = night + timedelta(seconds=7 * number)
            lines.append(f"{at:%Y-%m-%d %H:%M:%S},shengyunshu,客户/报价{number:03}.xlsx,下载")
        return lines

    def _open(self, number: str, kind: str, facts: dict[str, str], days: Days) -> PersonCase:
        person = self.organisation.people[number]
        case = case_open(actor=self.users["hr"], person=person, kind=kind, known=CaseFacts(facts, days))
        return cases().get(pk=case.pk)

    def _step(self, case: PersonCase, key: str) -> CaseStep:
        step = case.steps.get(key=key)
        step.case = case
        return step

    def _do(self, case: PersonCase, key: str, name: str, note: str, **more: Items | str) -> None:
        """Record a step; `second` names who does it together, `items` answers a list."""
        second, items = more.get("second"), more.get("items", {})
        companions = [self.users[second]] if isinstance(second, str) else []
        row = step_record(
            actor=self.users[name],
            step=self._step(case, key),
            done=Done(note=note, companions=companions, items=items if isinstance(items, dict) else {}),
        )
        for asked in row.attestations.all():
            record_attest(actor=asked.user, attestation=asked, agreed=True)

    def _file(self, owner: User, name: str, lines: Sequence[str]) -> StoredFile:
        return file_store(actor=owner, name=name, chunks=io.BytesIO("\n".join(lines).encode()))
