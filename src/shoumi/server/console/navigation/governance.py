"""The rooms of organisation, assurance and administration; parts of the package."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shoumi.server.console.readers import (
    EVERY_EMPLOYEE,
    OVERSEES_ASSURANCE,
    READS_LEDGER,
    SEES_ASSURANCE,
    SEES_DIRECTORIES,
    SEES_ROLES,
    SEES_RULES,
    SEES_USERS,
    TRACES_COPIES,
)
from shoumi.server.console.rooms import Group, Room

GOVERNANCE = Group(
    "governance",
    _("Organisation and rules"),
    (
        Room(
            "assurance:organisation",
            _("Leadership and office"),
            "building-community",
            OVERSEES_ASSURANCE,
            prefix="/assurance/organisation/",
        ),
        Room(
            "assurance:plan_list",
            _("Plans and budget"),
            "calendar-event",
            OVERSEES_ASSURANCE,
            prefix="/assurance/plans/",
        ),
        Room(
            "assurance:inspection_list",
            _("Inspections"),
            "clipboard-list",
            OVERSEES_ASSURANCE,
            prefix="/assurance/inspections/",
        ),
        Room(
            "assurance:systems_list",
            _("Security of systems"),
            "server-cog",
            OVERSEES_ASSURANCE,
            prefix="/assurance/inspections/systems/",
        ),
        Room(
            "assurance:rule_list",
            _("Rule documents"),
            "file-text",
            SEES_RULES,
            prefix="/assurance/rules/",
        ),
        Room(
            "assurance:my_rules",
            _("Rules I must read"),
            "book",
            EVERY_EMPLOYEE,
            prefix="/assurance/rules/mine/",
        ),
        Room(
            "assurance:questions",
            _("Questions and answers"),
            "help-circle",
            EVERY_EMPLOYEE,
            prefix="/assurance/questions/",
        ),
    ),
)

ASSURANCE = Group(
    "assurance",
    _("Assurance"),
    (
        Room("assurance:cockpit", _("Assurance cockpit"), "gauge", SEES_ASSURANCE, prefix="/assurance/"),
        Room(
            "assurance:risk_list",
            _("Risk register"),
            "alert-triangle",
            SEES_ASSURANCE,
            prefix="/assurance/risks/",
        ),
        Room(
            "assurance:measure_list",
            _("Measures"),
            "clipboard-check",
            SEES_ASSURANCE,
            prefix="/assurance/measures/",
        ),
        Room(
            "assurance:self_inspection_list",
            _("Self-inspection"),
            "checkup-list",
            OVERSEES_ASSURANCE,
            prefix="/assurance/self-inspection/",
        ),
        Room(
            "register:copy_search_list",
            _("Trace a copy"),
            "fingerprint",
            TRACES_COPIES,
            prefix="/register/copies/",
        ),
        Room("ledger:entry_list", _("Ledger"), "stack-2", READS_LEDGER, prefix="/ledger/"),
    ),
)

ADMINISTRATION = Group(
    "administration",
    _("Administration"),
    (
        Room("accounts:role_list", _("Roles"), "user-shield", SEES_ROLES, prefix="/accounts/roles/"),
        Room("accounts:user_list", _("Sign-ins"), "id-badge-2", SEES_USERS, prefix="/accounts/users/"),
        Room("accounts:key_operation_list", _("Keys"), "key", SEES_USERS, prefix="/accounts/keys/"),
        Room(
            "directories:directory_list",
            _("Directories"),
            "address-book",
            SEES_DIRECTORIES,
            prefix="/directories/",
        ),
        Room("console:settings", _("Settings"), "settings", prefix="/settings/"),
    ),
)
