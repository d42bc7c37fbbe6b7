"""Asks which doors open without looking at the rooms behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.template.backends.django import Template


@contextmanager
def nothing_drawn() -> Iterator[None]:
    """Draw no page: for tables of statuses, which are told before a page is drawn; half of their time."""
    with patch.object(Template, "render", lambda _template, _context=None, _request=None: ""):
        yield
