"""The rooms about companies and people outside; see `navigation`, which they are a part of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.console.readers import EVERY_EMPLOYEE, PARTNERS_MANAGER, SEES_BOOKS
from shoumi.server.console.rooms import Group, Room

OUTSIDERS = Group(
    "outsiders",
    pgettext_lazy("navigation", "Outsiders"),
    (
        Room("partners:partner_list", _("Partners"), "building", SEES_BOOKS, prefix="/partners/"),
        Room("partners:worker_list", _("Outsiders working here"), "users", SEES_BOOKS, "/partners/workers/"),
        Room(
            "partners:duty_list",
            _("Asked of partners"),
            "clipboard-list",
            SEES_BOOKS,
            "/partners/duties/",
        ),
        Room(
            "partners:duty_list",
            _("Asked of my company"),
            "clipboard-list",
            PARTNERS_MANAGER,
            "/partners/duties/",
        ),
        Room(
            "partners:outsourcing_list",
            _("Outsourced personal data"),
            "database-export",
            SEES_BOOKS,
            prefix="/partners/outsourcings/",
        ),
        Room(
            "partners:authority_list",
            _("Visits of authorities"),
            "building-bank",
            SEES_BOOKS,
            prefix="/partners/authorities/",
        ),
        Room(
            "partners:signal_list",
            _("Signs of leaks"),
            "alert-triangle",
            EVERY_EMPLOYEE,
            prefix="/partners/signals/",
        ),
    ),
)
