"""Puts `frame` into every template: navigation, theme, languages, counts.

Everything is worked out on first use, so a fragment that draws no frame asks the database nothing.
"""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from shoumi import __version__
from shoumi.server.console import drawing, queries
from shoumi.server.console.rooms import DrawnGroup

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "shoumi_theme"
THEME_LABELS = {
    "auto": _("Use the colours of the device"),
    "light": _("Use light colours"),
    "dark": _("Use dark colours"),
}


class Frame:
    """What surrounds a page, for one request."""

    def __init__(self, request: HttpRequest) -> None:
        """Remember the request; read nothing yet."""
        self._request = request

    @cached_property
    def roles(self) -> list[str]:
        """Ids of the roles that the signed-in user holds now."""
        return queries.roles_of(self._user) if self._user else []

    @property
    def _user(self) -> object | None:
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def role_names(self) -> list[str]:
        """The same roles in words."""
        return queries.role_labels(self.roles)

    @cached_property
    def navigation(self) -> list[DrawnGroup]:
        """The rooms to draw; none before sign-in."""
        if not self._user:
            return []
        held = self.roles or queries.standings_of(self._user)
        return drawing.draw(self._request.path, held, self._count)

    def _count(self, name: str) -> int:
        return queries.waiting_approvals(self._user) if name == "approvals" else 0

    @cached_property
    def unread(self) -> int:
        """Notifications not read yet."""
        return queries.unread_notifications(self._user) if self._user else 0

    @cached_property
    def theme(self) -> str:
        """One of `THEMES`, from the cookie."""
        chosen = self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else "auto"

    @property
    def next_theme(self) -> str:
        """The theme that the button switches to."""
        return THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]

    @property
    def next_theme_label(self) -> str:
        """What the button says."""
        return str(THEME_LABELS[self.next_theme])

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Each language's code and how it calls itself."""
        return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]

    @property
    def search(self) -> str:
        """What was searched for, if this is the page of the results."""
        return self._request.GET.get("q", "")[:200] if self._request.path.startswith("/search/") else ""

    @property
    def version(self) -> str:
        """The version that runs."""
        return __version__


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Return the context that every page extends from."""
    return {"frame": Frame(request)}
