"""Brings life into the demonstration company's secrets ledgers, designations, catalogues and notices.

Every step is the service that the console calls, by a person who may do it.  One difference between the two
books is left open on purpose, one is settled.
"""

from __future__ import annotations

from typing import Any

from shoumi.engine.jurisdiction.duties import load_duties
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import request_decide
from shoumi.server.people.queries import today_of
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.register.models import BookLine, Duty, ScopeNotice
from shoumi.server.register.queries.books import Book, hash_of, month_before
from shoumi.server.register.services.books import book_receive, book_sign, line_correct, line_event_note
from shoumi.server.register.services.catalogues import catalogue_confirm, catalogue_propose
from shoumi.server.register.services.duties import duty_propose
from shoumi.server.register.services.reconciling import reconciliation_start
from shoumi.server.register.services.scope_notices import notices_acknowledge

PLACE = "保密柜 B-07"
KNOWN = 3  # notices that the engineer has acknowledged


class Ledgers:
    """The rooms around the secrets ledgers while they are being filled."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.users = organisation.users
        self.research = organisation.departments["CN-RD"]
        self.entity = self.research.entity

    def fill(self) -> None:
        """Sign, correct, compare, designate, acknowledge."""
        self._sign()
        self._correct()
        reconciliation_start(actor=self.users["officer"], entity=self.entity)
        self._designate()
        self._adapt()
        self._acknowledge()

    def _sign(self) -> None:
        """Let the research department sign and file its book, and the office receive it."""
        book = Book(self.entity, self.research)
        month = month_before(today_of(self.entity))
        signature = book_sign(
            actor=self.users["owner"], book=book, month=month, expected_sha256=hash_of(book)
        )
        book_receive(actor=self.users["officer"], signature_id=signature.pk)

    def _correct(self) -> None:
        """Let the owner department move two papers: the office notes one of the moves, not the other."""
        papers = BookLine.objects.filter(
            side="owner", secret__owner_department=self.research, carrier_form__icontains="paper"
        ).order_by("secret__number")
        settled, left = papers[:2]
        for line in (settled, left):
            self._move(line, "owner", "保密柜搬迁，现存放于 B-07。")
        other = BookLine.objects.get(secret=settled.secret_id, side="office")
        self._move(other, "officer", "现场核对，确已搬迁。")
        left.refresh_from_db()
        line_event_note(
            actor=self.users["owner"],
            line_id=left.pk,
            expected_version=left.version,
            kind="circulated",
            note="送工艺评审会，当日收回。",
        )

    def _move(self, line: BookLine, who: str, reason: str) -> None:
        line_correct(
            actor=self.users[who],
            line_id=line.pk,
            expected_version=line.version,
            field="storage_place",
            value=PLACE,
            reason=reason,
        )

    def _designate(self) -> None:
        """Designate the research department and one of its persons; leave another proposal waiting."""
        holders = self.organisation.people
        numbers = [
            row["number"] for row in self.organisation.company["people"] if row["department"] == "CN-RD"
        ]
        self._approve(self._propose(self.research, 3, 3))
        self._approve(self._propose(holders[numbers[0]], 3, 3))
        self._propose(holders[numbers[1]], 2, 2)

    def _propose(self, target: Any, grade: int, level: int) -> Duty:
        factors = load_duties(self.entity.pack).factors
        return duty_propose(
            actor=self.users["owner"],
            target=target,
            grades={factor.id: {"grade": grade, "reason": "按日常工作评估。"} for factor in factors},
            level=level,
            reason="与所接触商业秘密的密级和范围相符。",
        )

    def _approve(self, duty: Duty) -> None:
        request = ApprovalRequest.objects.get(pk=duty.request_id)
        for name in ("officer", "leader"):
            request.refresh_from_db()
            if request.is_open:
                request_decide(request=request, actor=self.users[name], verdict="approve", reason="同意。")

    def _adapt(self) -> None:
        """Let the company decide faster about general secrets; another wish waits for a second person."""
        row = catalogue_propose(
            actor=self.users["officer"],
            entity=self.entity,
            catalogue="due_days",
            item="general/review",
            value={"days": 2},
            reason="普通商密量大，两天内审核即可。",
        )
        catalogue_confirm(actor=self.users["leader"], entry_id=row.pk)
        names = {"zh": "工艺诀窍", "ja": "製法ノウハウ", "en": "Process know-how"}
        catalogue_propose(
            actor=self.users["officer"],
            entity=self.entity,
            catalogue="categories",
            item="OWN-KH",
            value={"names": names, "group": "technical", "used": True},
            reason="本公司以工艺诀窍为主，单列一类。",
        )

    def _acknowledge(self) -> None:
        """Let the engineer take note of some notices; the others wait."""
        engineer = self.users["employee"]
        rows = ScopeNotice.objects.filter(person__user=engineer).order_by("pk").values_list("pk", flat=True)
        if known := list(rows[:KNOWN]):
            notices_acknowledge(actor=engineer, notice_ids=known)
