"""Puts the reminder of the duty of confidentiality into every template.

The wording comes from the law packs.  Nothing is read from the database unless a template shows it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from shoumi.server.accounts.queries import reminder_for


def reminder(request: HttpRequest) -> dict[str, object]:
    """Return `reminder`, with `.screen` for every page and `.sign_in` for the page of the sign-in."""
    user = getattr(request, "user", None) or AnonymousUser()
    language = get_language() or settings.LANGUAGE_CODE
    return {"reminder": SimpleLazyObject(lambda: reminder_for(user, language))}
