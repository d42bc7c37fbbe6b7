"""The rooms of daily work: home, secrets, documents; see the package, which they are a part of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.console.readers import (
    COUNTS_CARRIERS,
    EVERY_EMPLOYEE,
    EXAMINES_CONCERNS,
    SEES_BOOKS,
    SEES_INDEXES,
    SEES_MATCHES,
    SEES_STORAGE,
)
from shoumi.server.console.rooms import Group, Room

HOME = Group(
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
)

SECRETS = Group(
    "secrets",
    _("Secrets"),
    (
        Room("register:secret_list", _("Register"), "shield-lock", EVERY_EMPLOYEE, prefix="/register/"),
        Room(
            "register:customer_list",
            _("Customer information"),
            "address-book",
            EVERY_EMPLOYEE,
            prefix="/register/customers/",
        ),
        Room(
            "register:operation_list",
            _("Operations"),
            "arrows-exchange",
            EVERY_EMPLOYEE,
            prefix="/register/operations/",
        ),
        Room("register:ledgers", _("Secrets ledgers"), "notebook", SEES_BOOKS, prefix="/register/ledgers/"),
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
)

DOCUMENTS = Group(
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
)
