"""The part of the audit vocabulary about outsiders: partners, their workers, meetings; see `tags`."""

from __future__ import annotations

from enum import StrEnum


class PartnerTag(StrEnum):
    """What happened with people and companies outside; sorted, one line each."""

    ACCESS_ENDED = "partners:access:ended"
    ACCESS_GIVEN = "partners:access:given"
    AGREEMENT_FILED = "partners:agreement:filed"
    COPIES_COUNTED = "partners:copies:counted"
    COPIES_HANDED_OUT = "partners:copies:handed_out"
    DUTY_ANSWERED = "partners:duty:answered"
    DUTY_ASKED = "partners:duty:asked"
    DUTY_LATE = "partners:duty:late"
    EQUIPMENT_CHECKED = "partners:equipment:checked"
    FINDING_RECORDED = "partners:finding:recorded"
    FINDING_SETTLED = "partners:finding:settled"
    IMPORT_APPLIED = "partners:import:applied"
    MEETING_CANCELLED = "partners:meeting:cancelled"
    MEETING_CHANGED = "partners:meeting:changed"
    MEETING_CLOSED = "partners:meeting:closed"
    MEETING_OPENED = "partners:meeting:opened"
    MEETING_PLANNED = "partners:meeting:planned"
    PAPER_ENTERED = "partners:paper:entered"
    PARTICIPANTS_TOLD = "partners:participants:told"
    PARTICIPANT_NAMED = "partners:participant:named"
    PARTICIPANT_REMOVED = "partners:participant:removed"
    PARTNER_CHANGED = "partners:partner:changed"
    PARTNER_ENDED = "partners:partner:ended"
    PARTNER_RECORDED = "partners:partner:recorded"
    PLEDGE_KEPT = "partners:pledge:kept"
    REQUIREMENTS_ACKNOWLEDGED = "partners:requirements:acknowledged"
    SIGNAL_JUDGED = "partners:signal:judged"
    SIGNAL_PRINTED = "partners:signal:printed"
    SIGNAL_TAKEN = "partners:signal:taken"
    WORKER_PLEDGED = "partners:worker:pledged"
    WORKER_RECORDED = "partners:worker:recorded"
