"""The rooms about places and visits; a part of the package."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.console.readers import EVERY_EMPLOYEE
from shoumi.server.console.rooms import Group, Room

PLACES = Group(
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
)
