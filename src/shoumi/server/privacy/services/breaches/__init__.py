"""Writes about breaches of personal data: reported, judged, told, worked on, closed by a second person.

Whose rule: `engine.jurisdiction.breaches` and `engine/policy/cedar/privacy.cedar`.
"""

from shoumi.server.privacy.services.breaches.closing import (
    breach_close_confirm,
    breach_close_propose,
    breach_close_refuse,
)
from shoumi.server.privacy.services.breaches.judging import (
    BreachAssessmentWish,
    breach_assess,
    breach_assessment_agree,
)
from shoumi.server.privacy.services.breaches.mailing import (
    MailingWish,
    breach_mailing_resume,
    breach_mailing_start,
    breach_mailing_stop,
    breach_mailings_go_on,
)
from shoumi.server.privacy.services.breaches.reminding import breaches_remind
from shoumi.server.privacy.services.breaches.reporting import BreachWish, breach_change, breach_report
from shoumi.server.privacy.services.breaches.telling import (
    BreachNoticeWish,
    breach_receipt_add,
    breach_receipt_open,
    breach_tell,
)
from shoumi.server.privacy.services.breaches.working import breach_measure_record, breach_step_record

__all__ = [
    "BreachAssessmentWish",
    "BreachNoticeWish",
    "BreachWish",
    "MailingWish",
    "breach_assess",
    "breach_assessment_agree",
    "breach_change",
    "breach_close_confirm",
    "breach_close_propose",
    "breach_close_refuse",
    "breach_mailing_resume",
    "breach_mailing_start",
    "breach_mailing_stop",
    "breach_mailings_go_on",
    "breach_measure_record",
    "breach_receipt_add",
    "breach_receipt_open",
    "breach_report",
    "breach_step_record",
    "breach_tell",
    "breaches_remind",
]
