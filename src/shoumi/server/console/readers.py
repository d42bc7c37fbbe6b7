"""Who is offered which rooms of the console, as sets of roles.

They are the roles that the rules in `engine/policy/cedar` name; a test compares them.  They protect nothing.
`PARTNERS_MANAGER` is no role: whoever answers for a partner's company works for that company, not for ours.
"""

from __future__ import annotations

EVERY_EMPLOYEE = frozenset({"employee"})
SEES_BOOKS = frozenset(
    {"secrecy_officer", "department_owner", "department_secrecy_officer", "leader", "legal", "auditor"}
)
SEES_DUTIES = SEES_BOOKS | {"hr"}
SEES_CASES = SEES_BOOKS | {"hr"}
TRACES_COPIES = frozenset({"secrecy_officer", "legal", "auditor"})
SEES_INDEXES = frozenset({"secrecy_officer", "it_administrator", "auditor"})
SEES_MATCHES = frozenset(
    {"secrecy_officer", "department_owner", "department_secrecy_officer", "legal", "auditor"}
)
SEES_TRAINING = frozenset({"secrecy_officer", "hr", "leader", "legal", "auditor"})
SEES_TRAINING_RESULTS = SEES_TRAINING - {"leader"}
SEES_TRAINING_STANDING = SEES_TRAINING | {"department_owner", "department_secrecy_officer"}
READS_LEDGER = frozenset({"secrecy_officer", "legal", "auditor"})
OVERSEES_ASSURANCE = frozenset({"secrecy_officer", "leader", "legal", "auditor"})
SEES_ASSURANCE = OVERSEES_ASSURANCE | {"department_owner", "department_secrecy_officer"}
SEES_RULES = OVERSEES_ASSURANCE | {"hr"}
SEES_ROLES = frozenset({"secrecy_officer", "leader", "legal", "hr", "it_administrator", "auditor"})
SEES_USERS = frozenset({"secrecy_officer", "it_administrator", "auditor"})
SEES_DIRECTORIES = frozenset({"it_administrator", "secrecy_officer", "legal", "auditor", "hr"})

SEES_AGREEMENTS = SEES_DUTIES
SEES_NON_COMPETE = frozenset({"hr", "legal", "secrecy_officer", "leader", "auditor"})
SEES_STORAGE = frozenset(
    {
        "department_owner",
        "department_secrecy_officer",
        "secrecy_officer",
        "leader",
        "it_administrator",
        "auditor",
    }
)
COUNTS_CARRIERS = SEES_STORAGE - {"it_administrator"}
SEES_PRIVACY = frozenset({"secrecy_officer", "leader", "legal", "hr", "auditor"})
SEES_UNMASKINGS = SEES_PRIVACY - {"leader"}
EXAMINES_CONCERNS = frozenset({"legal", "secrecy_officer"})
PARTNERS_MANAGER = frozenset({"partners_manager"})
