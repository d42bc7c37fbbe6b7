"""Draws the navigation: which rooms somebody sees on a page, and which one they stand in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, reverse

from shoumi.server.console.navigation import GROUPS
from shoumi.server.console.rooms import DrawnGroup, DrawnRoom, Group, Room


def _address(room: Room) -> str:
    """Return the room's address, or nothing if it does not exist in this installation."""
    return _reversed(room.url_name, settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=1024)
def _reversed(url_name: str, urlconf: str, prefix: str) -> str:
    """Return the address of a name, worked out once: every page draws some fifty of them."""
    del prefix  # `reverse` puts it in front
    try:
        return reverse(url_name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


def draw(
    path: str, roles: Collection[str], count_of: Callable[[str], int], groups: tuple[Group, ...] = GROUPS
) -> list[DrawnGroup]:
    """Return the groups that someone with `roles` sees on the page at `path`.

    The room with the longest prefix that fits `path` is the current one.
    """
    held = set(roles)
    visible = [
        (group, room, url)
        for group in groups
        for room in group.rooms
        if (not room.roles or room.roles & held) and (url := _address(room))
    ]
    fits = [room.prefix or url for _group, room, url in visible if _is_current(room, url, path)]
    longest = max(fits, key=len, default=None)
    drawn: list[DrawnGroup] = []
    for group, room, url in visible:
        if not drawn or drawn[-1].key != group.key:
            drawn.append(DrawnGroup(group.key, group.label))
        active = longest is not None and (room.prefix or url) == longest and _is_current(room, url, path)
        number = count_of(room.count) if room.count else 0
        drawn[-1].items.append(DrawnRoom(url, room.label, room.icon, active, number))
    return drawn


def _is_current(room: Room, url: str, path: str) -> bool:
    """Tell whether the page at `path` lies in the room."""
    return path.startswith(room.prefix) if room.prefix else path == url
