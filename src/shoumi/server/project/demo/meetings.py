"""Has the demonstration company meet on secrets: one coming, one taking place, one over with a copy missing.

Every step is the service that the console calls, by a person who may do it.
"""

from __future__ import annotations

from datetime import timedelta

from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import Handout, Meeting
from shoumi.server.partners.services import holding
from shoumi.server.partners.services.planning import MeetingWish, meeting_plan, participant_add
from shoumi.server.people.models import Department
from shoumi.server.places.models import Zone
from shoumi.server.project.demo.organisation import Organisation

GUEST = ("乔远山", "海屿技术服务有限公司")  # invented
LEVEL = 2


class Meetings:
    """The meetings of the company while they are being held."""

    def __init__(self, organisation: Organisation) -> None:
        self.users = organisation.users
        self.entity = organisation.entities["CN"]
        self.lead = self.users["rd-officer"]
        self.department = Department.objects.get(entity=self.entity, code="CN-RD")
        zones = Zone.objects.filter(entity=self.entity, kind=Zone.Kind.SECRET, level__gte=LEVEL)
        self.zone = zones.order_by("code")[0]

    def fill(self) -> None:
        """Plan, open and close meetings."""
        coming = self._planned("新一代工艺合作开发启动会", "joint_development", hours=30)
        participant_add(actor=self.lead, meeting=coming, name=GUEST[0], organisation=GUEST[1])
        running = self._open("季度工艺评审", "technical_review")
        self._handed_out(running, "评审材料")
        over = self._open("年度外部审计进场会", "audit")
        copies = self._handed_out(over, "审计清单")
        holding.copies_count(
            actor=self.lead,
            meeting=over,
            returned=copies[1:],
            missing={copies[0]: "会后遗失，已报保密办公室"},
        )
        holding.meeting_close(actor=self.lead, meeting=over, expected_version=over.version)

    def _planned(self, title: str, kind: str, *, hours: int = 1) -> Meeting:
        starts = clock().now() + timedelta(hours=hours)
        wish = MeetingWish(
            title=title,
            kind=kind,
            level=LEVEL,
            department=self.department,
            host=self.lead.person,
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            zone=self.zone,
            area="会议室及其走廊",
            devices=("phone", "camera", "recorder"),
        )
        meeting = meeting_plan(actor=self.lead, wish=wish)
        for name in ("owner", "employee"):
            participant_add(actor=self.lead, meeting=meeting, person=self.users[name].person)
        return meeting

    def _open(self, title: str, kind: str) -> Meeting:
        meeting = self._planned(title, kind)
        rows = list(meeting.participants.all())
        holding.participants_tell(actor=self.lead, meeting=meeting, participants=rows)
        return holding.meeting_open(actor=self.lead, meeting=meeting, expected_version=meeting.version)

    def _handed_out(self, meeting: Meeting, title: str) -> list[Handout]:
        paper = holding.paper_add(actor=self.lead, meeting=meeting, title=title)
        rows = list(meeting.participants.all())
        return holding.paper_hand_out(actor=self.lead, paper=paper, participants=rows)
