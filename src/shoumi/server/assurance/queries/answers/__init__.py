"""Answers the rows of the self-inspection from the records: so many of so many, with the rows behind it.

Each figure named in the packs' `self_inspection.yaml` is one function here, by its name; an argument stands
behind a colon.  What no record can tell is left to a person (`ask`).  An answer is a count, never a verdict.
"""

from shoumi.server.assurance.queries.answers import (
    company,
    holdings,
    operations,
    organisation,
    places,
    secrets,
    storage,
)
from shoumi.server.assurance.queries.answers.asking import Answer, Question, answer_of

__all__ = [
    "Answer",
    "Question",
    "answer_of",
    "company",
    "holdings",
    "operations",
    "organisation",
    "places",
    "secrets",
    "storage",
]
