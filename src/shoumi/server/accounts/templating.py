"""The template engine of the console: Django's own, whose pages name persons as whoever looks may see them.

Rule: `accounts.naming`.  Templates without a request, as those of letters and printed papers, are drawn as
whoever makes them asks for.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.backends import django
from django.utils.safestring import SafeString

from shoumi.server.accounts import naming


class Page(django.Template):
    """A template of this engine."""

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        """Return the page as who asked for it may see it."""
        with naming.drawing(request):
            return super().render(context, request)


class Pages(django.DjangoTemplates):
    """Django's engine, with these templates."""

    def from_string(self, template_code: str) -> Page:
        """Return a template from its source."""
        return Page(super().from_string(template_code).template, self)

    def get_template(self, template_name: str) -> Page:
        """Return a template by its name."""
        return Page(super().get_template(template_name).template, self)
