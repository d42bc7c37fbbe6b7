"""Says what is to be done about what was found: level × amount × place × person, by rules in a readable file.

    policy = default_policy()                       # or read_policy(name, text): a company's own file
    verdict = judge(findings, Facts(place=Place.MAIL, reach=Reach.OUTSIDE), policy)
    verdict.action, verdict.grounds                 # the worst action, and each rule that spoke

Pure.  Acting on a verdict is the task of whoever asked.
"""

from shoumi.engine.inspection.verdict.judging import Ground, Verdict, judge
from shoumi.engine.inspection.verdict.loading import PolicyFaultsError, default_policy, read_policy
from shoumi.engine.inspection.verdict.values import (
    Action,
    Counting,
    Facts,
    Judged,
    Person,
    Place,
    Policy,
    PolicyRule,
    Reach,
    worst,
)

__all__ = [
    "Action",
    "Counting",
    "Facts",
    "Ground",
    "Judged",
    "Person",
    "Place",
    "Policy",
    "PolicyFaultsError",
    "PolicyRule",
    "Reach",
    "Verdict",
    "default_policy",
    "judge",
    "read_policy",
    "worst",
]
