"""Reads of the inbox: a person's own notifications, in the person's language.

Everybody reads only what was told to them; there is no other right to ask for.  Nothing here marks anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext

from shoumi.server.accounts.models import User
from shoumi.server.accounts.templatetags.shoumi import level_label
from shoumi.server.notifications.models import Notification

_SOUND = re.compile(r"(?:[^%]|%%|%\(\w+\)[sd])*")  # only named placeholders


def notifications_of(user: User, *, unread_only: bool = False) -> QuerySet[Notification]:
    """Return what `user` was told, newest first."""
    rows = Notification.objects.filter(user=user).order_by("-created_at", "id")
    return rows.filter(read_at__isnull=True) if unread_only else rows


def unread_count(user: User) -> int:
    """Count what `user` has not read; one indexed query."""
    return Notification.objects.filter(user=user, read_at__isnull=True).count()


def text_of(notification: Notification) -> str:
    """Return the notification's sentence in the language that is active now."""
    return filled(notification.message, notification.parameters)


def filled(message: str, parameters: Mapping[str, object]) -> str:
    """Translate a source text and fill in its parameters; the id of a level becomes the level's word.

    A text whose translation and parameters do not fit is shown as it was written, never as an error.
    """
    values = {
        name: level_label(str(value)) if name == "level" else value for name, value in parameters.items()
    }
    for text in (gettext(message), message):
        if fits(text, values):
            return text % values
    return message


def fits(text: str, parameters: Mapping[str, object]) -> bool:
    """Tell whether `text` has named placeholders only, each with a parameter of its kind."""
    try:
        return bool(_SOUND.fullmatch(text)) and text % dict(parameters) is not None
    except (KeyError, ValueError, TypeError):
        return False
