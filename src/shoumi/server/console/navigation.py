"""The rooms of the console and who sees which; the groups follow the questions people come with.

A room whose address does not exist, or that the person's roles do not reach, is not drawn.  Hiding a room
protects nothing: every view asks the gate itself.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.console.outsiders import OUTSIDERS
from shoumi.server.console.readers import (
    COUNTS_CARRIERS,
    EVERY_EMPLOYEE,
    EXAMINES_CONCERNS,
    OVERSEES_ASSURANCE,
    READS_LEDGER,
    SEES_AGREEMENTS,
    SEES_ASSURANCE,
    SEES_BOOKS,
    SEES_CASES,
    SEES_DUTIES,
    SEES_INDEXES,
    SEES_MATCHES,
    SEES_NON_COMPETE,
    SEES_PRIVACY,
    SEES_ROLES,
    SEES_RULES,
    SEES_STORAGE,
    SEES_TRAINING,
    SEES_TRAINING_RESULTS,
    SEES_TRAINING_STANDING,
    SEES_UNMASKINGS,
    SEES_USERS,
    TRACES_COPIES,
)
from shoumi.server.console.rooms import Group, Room

GROUPS = (
    Group(
        "home",
        "",
        (
            Room("console:home", _("Home"), "home"),
            Room("console:my_page", _("My page"), "user-circle", EVERY_EMPLOYEE),
            Room("console:calendar", _("Calendar"), "calendar", prefix="/calendar/"),
            Room(
                "concerns:mine",
                _("Report a concern"),
                "message-report",
                EVERY_EMPLOYEE,
                prefix="/concern/mine/",
            ),
            Room(
                "concerns:concern_list",
                pgettext_lazy("report", "Concerns"),
                "mailbox",
                EXAMINES_CONCERNS,
                "/concern/office/",
            ),
        ),
    ),
    Group(
        "secrets",
        _("Secrets"),
        (
            Room("register:secret_list", _("Register"), "shield-lock", EVERY_EMPLOYEE, prefix="/register/"),
            Room(
                "register:operation_list",
                _("Operations"),
                "arrows-exchange",
                EVERY_EMPLOYEE,
                prefix="/register/operations/",
            ),
            Room(
                "register:ledgers", _("Secrets ledgers"), "notebook", SEES_BOOKS, prefix="/register/ledgers/"
            ),
            Room(
                "register:notice_list",
                _("What I am bound to keep"),
                "bell-check",
                EVERY_EMPLOYEE,
                prefix="/register/notices/",
            ),
            Room(
                "register:carrier_list",
                _("Carriers"),
                "package",
                EVERY_EMPLOYEE,
                prefix="/register/carriers/",
            ),
            Room(
                "register:inventory_list",
                _("Inventories"),
                "qrcode",
                COUNTS_CARRIERS,
                prefix="/register/inventories/",
            ),
            Room("register:unit_list", _("Storage"), "server", SEES_STORAGE, prefix="/register/storage/"),
            Room("approvals:inbox", _("Approvals"), "checklist", prefix="/approvals/", count="approvals"),
        ),
    ),
    Group(
        "documents",
        _("Documents"),
        (
            Room("documents:index", _("Recognition"), "scan", SEES_INDEXES, prefix="/documents/index/"),
            Room(
                "documents:table_list",
                _("Indexes of tables"),
                "table",
                SEES_INDEXES,
                prefix="/documents/tables/",
            ),
            Room("documents:scan_list", _("Scans"), "radar", SEES_INDEXES, prefix="/documents/scans/"),
            Room(
                "documents:match_list",
                pgettext_lazy("scan", "Findings"),
                "file-search",
                SEES_MATCHES,
                prefix="/documents/findings/",
            ),
        ),
    ),
    Group(
        "people",
        pgettext_lazy("navigation", "People"),
        (
            Room(
                "people:person_list",
                pgettext_lazy("navigation", "Persons"),
                "users",
                EVERY_EMPLOYEE,
                prefix="/people/",
            ),
            Room(
                "people:department_tree",
                _("Organisation"),
                "sitemap",
                EVERY_EMPLOYEE,
                prefix="/people/organisation/",
            ),
            Room("lifecycle:case_list", _("Cases of people"), "route", EVERY_EMPLOYEE, prefix="/lifecycle/"),
            Room(
                "lifecycle:task_list",
                _("My steps in cases"),
                "list-check",
                EVERY_EMPLOYEE,
                prefix="/lifecycle/mine/",
            ),
            Room(
                "lifecycle:template_list",
                _("Steps of cases"),
                "list-details",
                SEES_CASES,
                prefix="/lifecycle/steps/",
            ),
            Room(
                "register:duty_list",
                _("Secret posts"),
                "user-shield",
                SEES_DUTIES,
                prefix="/register/designations/",
            ),
            Room(
                "agreements:agreement_list",
                _("Agreements"),
                "writing-sign",
                SEES_AGREEMENTS,
                prefix="/agreements/",
            ),
            Room(
                "agreements:coverage",
                _("Coverage by agreements"),
                "chart-bar",
                SEES_AGREEMENTS,
                prefix="/agreements/coverage/",
            ),
            Room(
                "agreements:nc_list",
                _("Non-competition"),
                "scale",
                SEES_NON_COMPETE,
                prefix="/agreements/non-compete/",
            ),
            Room(
                "agreements:mine", _("My agreements"), "signature", EVERY_EMPLOYEE, prefix="/agreements/mine/"
            ),
        ),
    ),
    Group(
        "training",
        pgettext_lazy("navigation", "Training"),
        (
            Room("training:mine", _("My training"), "school", EVERY_EMPLOYEE, prefix="/training/"),
            Room("training:course_list", _("Courses"), "books", SEES_TRAINING, prefix="/training/courses/"),
            Room(
                "training:campaign_list",
                _("Campaigns"),
                "speakerphone",
                SEES_TRAINING,
                prefix="/training/campaigns/",
            ),
            Room(
                "training:plan", _("Training plan"), "calendar-stats", SEES_TRAINING, prefix="/training/plan/"
            ),
            Room(
                "training:team_list",
                _("Who has been trained"),
                "user-check",
                SEES_TRAINING_STANDING,
                prefix="/training/standing/",
            ),
            Room(
                "training:certificate_list",
                _("Certificates"),
                "certificate",
                SEES_TRAINING_RESULTS,
                prefix="/training/certificates/",
            ),
        ),
    ),
    Group(
        "privacy",
        pgettext_lazy("navigation", "Personal data"),
        (
            Room(
                "privacy:mine",
                _("What is collected about me"),
                "user-search",
                EVERY_EMPLOYEE,
                prefix="/privacy/mine/",
            ),
            Room(
                "privacy:processing_list",
                _("Processing register"),
                "database-cog",
                SEES_PRIVACY,
                prefix="/privacy/",
            ),
            Room(
                "privacy:notice_list",
                _("Privacy notices"),
                "speakerphone",
                SEES_PRIVACY,
                prefix="/privacy/notices/",
            ),
            Room(
                "privacy:request_list", _("Requests of persons"), "inbox", SEES_PRIVACY, "/privacy/requests/"
            ),
            Room(
                "privacy:breach_list",
                _("Personal-data breaches"),
                "shield-x",
                SEES_PRIVACY,
                prefix="/privacy/breaches/",
            ),
            Room("privacy:erasure_list", _("Erasure"), "trash", SEES_PRIVACY, prefix="/privacy/erasures/"),
            Room("privacy:hold_list", _("Litigation holds"), "lock", SEES_PRIVACY, prefix="/privacy/holds/"),
            Room(
                "privacy:consent_list", _("Consents"), "checkbox", SEES_PRIVACY, prefix="/privacy/consents/"
            ),
            Room(
                "privacy:unmasking_list",
                _("Unmaskings"),
                "eye-off",
                SEES_UNMASKINGS,
                prefix="/privacy/unmaskings/",
            ),
        ),
    ),
    Group(
        "places",
        pgettext_lazy("navigation", "Places"),
        (
            Room("places:zone_list", _("Zones"), "map-2", EVERY_EMPLOYEE, prefix="/places/"),
            Room("places:visit_list", _("Visits"), "walk", EVERY_EMPLOYEE, prefix="/places/visits/"),
            Room(
                "partners:meeting_list",
                _("Meetings on secrets"),
                "calendar-event",
                EVERY_EMPLOYEE,
                prefix="/partners/meetings/",
            ),
            Room(
                "partners:mine",
                _("Meetings I am named for"),
                "speakerphone",
                EVERY_EMPLOYEE,
                prefix="/partners/meetings/mine/",
            ),
            Room("places:doors", _("Reception"), "door-enter", EVERY_EMPLOYEE, prefix="/places/reception/"),
        ),
    ),
    OUTSIDERS,
    Group(
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
    ),
    Group(
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
    ),
    Group(
        "administration",
        _("Administration"),
        (
            Room("accounts:role_list", _("Roles"), "user-shield", SEES_ROLES, prefix="/accounts/roles/"),
            Room("accounts:user_list", _("Sign-ins"), "id-badge-2", SEES_USERS, prefix="/accounts/users/"),
            Room("accounts:key_operation_list", _("Keys"), "key", SEES_USERS, prefix="/accounts/keys/"),
            Room("console:settings", _("Settings"), "settings", prefix="/settings/"),
        ),
    ),
)
