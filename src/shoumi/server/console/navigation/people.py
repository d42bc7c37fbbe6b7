"""The rooms about people: persons, cases, agreements, training, their personal data; parts of the package."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.console.readers import (
    EVERY_EMPLOYEE,
    SEES_AGREEMENTS,
    SEES_CASES,
    SEES_DUTIES,
    SEES_NON_COMPETE,
    SEES_PRIVACY,
    SEES_TRAINING,
    SEES_TRAINING_RESULTS,
    SEES_TRAINING_STANDING,
    SEES_UNMASKINGS,
)
from shoumi.server.console.rooms import Group, Room

PEOPLE = Group(
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
        Room("agreements:mine", _("My agreements"), "signature", EVERY_EMPLOYEE, prefix="/agreements/mine/"),
    ),
)

TRAINING = Group(
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
        Room("training:plan", _("Training plan"), "calendar-stats", SEES_TRAINING, prefix="/training/plan/"),
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
)

PRIVACY = Group(
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
        Room("privacy:request_list", _("Requests of persons"), "inbox", SEES_PRIVACY, "/privacy/requests/"),
        Room(
            "privacy:breach_list",
            _("Personal-data breaches"),
            "shield-x",
            SEES_PRIVACY,
            prefix="/privacy/breaches/",
        ),
        Room("privacy:erasure_list", _("Erasure"), "trash", SEES_PRIVACY, prefix="/privacy/erasures/"),
        Room("privacy:hold_list", _("Litigation holds"), "lock", SEES_PRIVACY, prefix="/privacy/holds/"),
        Room("privacy:consent_list", _("Consents"), "checkbox", SEES_PRIVACY, prefix="/privacy/consents/"),
        Room(
            "privacy:unmasking_list",
            _("Unmaskings"),
            "eye-off",
            SEES_UNMASKINGS,
            prefix="/privacy/unmaskings/",
        ),
    ),
)
