"""Training on secrecy: what is taught to whom, questions, tests, certificates and the plan of a year.

    table = load_training("cn")
    asked = draw(table.questions, seed, table.draw, table.audience("new").parts)
    result = grade(asked, answers, table.pass_percent)
    paper = certify(person, seen, asked, answers, pass_percent=…, valid_months=…, day=today)
    paper.digest, paper.holds(current_version, today), coverage(table, sessions, 2026).missing

Everything is pure.  Pass mark, tries and validity are proposals of the pack; nobody is told anything here.
"""

from shoumi.engine.jurisdiction.training.certificates import (
    Certificate,
    CertificateMismatchError,
    CourseVersion,
    NotPassedError,
    certify,
    verify_certificate,
)
from shoumi.engine.jurisdiction.training.loading import load_training, read_training
from shoumi.engine.jurisdiction.training.testing import AnswerError, DrawError, Grade, draw, grade, may_try
from shoumi.engine.jurisdiction.training.values import (
    Audience,
    ContentPart,
    LeakType,
    Question,
    TrainingTable,
)
from shoumi.engine.jurisdiction.training.watching import (
    StretchError,
    TooFastError,
    all_watched,
    percent_watched,
    verify_pace,
    watched,
)
from shoumi.engine.jurisdiction.training.yearplan import Coverage, Session, SessionError, coverage

__all__ = [
    "AnswerError",
    "Audience",
    "Certificate",
    "CertificateMismatchError",
    "ContentPart",
    "CourseVersion",
    "Coverage",
    "DrawError",
    "Grade",
    "LeakType",
    "NotPassedError",
    "Question",
    "Session",
    "SessionError",
    "StretchError",
    "TooFastError",
    "TrainingTable",
    "all_watched",
    "certify",
    "coverage",
    "draw",
    "grade",
    "load_training",
    "may_try",
    "percent_watched",
    "read_training",
    "verify_certificate",
    "verify_pace",
    "watched",
]
