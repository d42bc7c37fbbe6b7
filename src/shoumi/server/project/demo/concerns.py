"""Has people of the demonstration company report concerns: one by name that is examined, one without a name.

Every step is the service that the console calls; the passphrase of the mailbox is known to nobody.
"""

from __future__ import annotations

from shoumi.server.concerns.services.examining import concern_answer, concern_close
from shoumi.server.concerns.services.reporting import Report, concern_report, concern_write
from shoumi.server.project.demo.organisation import Organisation


class Concerns:
    """What is reported in the company while it is being made."""

    def __init__(self, organisation: Organisation) -> None:
        self.users = organisation.users
        self.cn, self.jp = organisation.entities["CN"], organisation.entities["JP"]

    def fill(self) -> None:
        """Report something by name, something without, and something that is closed."""
        legal, employee = self.users["legal"], self.users["employee"]
        named, _none = concern_report(
            report=Report(self.cn, "handling", "实验室的记录本下班后没有锁进柜子，已经三次。"),
            reporter=employee,
        )
        concern_answer(actor=legal, concern=named, text="谢谢。请问是哪几天？")
        concern_write(concern=named, text="上周二、周三和周五。", reporter=employee)
        concern_report(
            report=Report(self.cn, "leak", "有人在展会上向外人展示了未公开的参数。", to_office=False)
        )
        closed, _passphrase = concern_report(
            report=Report(self.jp, "data", "退職した人の連絡先が共有フォルダに残っています。")
        )
        concern_close(
            actor=self.users["officer"],
            concern=closed,
            outcome="confirmed",
            text="確認しました。フォルダは削除し、責任者に伝えました。",
        )
