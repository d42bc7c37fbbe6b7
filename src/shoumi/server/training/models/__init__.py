"""The rows of training: courses, questions, campaigns, what people saw and answered, the plan of a year.

Follows the guide 五(五)2(1): a plan for every year, four audiences, four parts, and the records kept.
"""

from shoumi.server.training.models.campaigns import Assignment, Campaign
from shoumi.server.training.models.courses import (
    LANGUAGES,
    BankQuestion,
    Course,
    CourseVersion,
    Section,
)
from shoumi.server.training.models.learning import Certificate, Learning, SectionSeen, Sitting
from shoumi.server.training.models.plans import PlannedSession

__all__ = [
    "LANGUAGES",
    "Assignment",
    "BankQuestion",
    "Campaign",
    "Certificate",
    "Course",
    "CourseVersion",
    "Learning",
    "PlannedSession",
    "Section",
    "SectionSeen",
    "Sitting",
]
