"""`{% load shoumi %}`: icons, times in the reader's zone, levels as words, and masked personal data.

Everything here turns a value into markup or words.  It asks no permission and reads no table: what may
be shown was decided before the template began.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from functools import cache
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from django import template
from django.contrib.staticfiles import finders
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, pgettext_lazy

from shoumi.server.accounts.masking import mask

register = template.Library()

LEVEL_LABELS = {
    "core": pgettext_lazy("secret level", "Core"),
    "important": pgettext_lazy("secret level", "Important"),
    "general": pgettext_lazy("secret level", "General"),
}
LANGUAGE_TAGS = {"zh-hans": "zh-Hans", "ja": "ja", "en": "en"}
NOTHING = "–"
PAPER_SIGNS = 100  # narrow ones in a line of a table on paper
LONGEST_WORD = 24  # a longer one, such as a hash, may break anywhere


@cache
def _icons() -> dict[str, str]:
    """Return the inside of each icon by name; empty until `make assets` has run."""
    path = finders.find("vendor/icons.json")
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - finders return plain strings
        return json.load(file)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw the outline icon `name` of Tabler Icons; decoration only, so hidden from screen readers."""
    inside = _icons().get(name, "")
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        f" {css}" if css else "",
        mark_safe(inside),  # noqa: S308 - from the icon package, never from a person
    )


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Show a time to the minute in the reader's zone, as a `<time>` element; a dash for none."""
    if not value:
        return NOTHING
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        f"{local:%Y-%m-%d %H:%M:%S} UTC{local:%z}",
        f"{local:%Y-%m-%d %H:%M}",
    )


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """Show a date as 2026-03-01, a time as its date in the reader's zone; a dash for none."""
    if not value:
        return NOTHING
    shown = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', shown.isoformat(), shown.isoformat())


@register.filter
def due(value: datetime | None, zone: str) -> SafeString | str:
    """Show when something is due where it is counted: to the end of a day as that day, else as a moment."""
    if not value:
        return NOTHING
    last = last_day(value, zone)
    if last is None:
        return moment(value)
    there = timezone.localtime(value, ZoneInfo(zone))
    title = f"{there:%Y-%m-%d %H:%M} UTC{there:%z}"
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, last.isoformat())


def last_day(value: datetime, zone: str) -> date | None:
    """Return the day to whose end, where it is counted, something is due; None if it is due at a moment."""
    there = value.astimezone(ZoneInfo(zone))
    return (there - timedelta(days=1)).date() if there.time() == time.min else None


@register.filter
def level_label(value: str) -> str:
    """Return the word for a level's id, such as 核心商密 or 極秘; an unknown id stays as it is."""
    return str(LEVEL_LABELS.get(value, value))


@register.filter
def masked(value: str | None) -> str:
    """Show personal data with its middle hidden; see `accounts.masking`."""
    return mask(value) if value else NOTHING


@register.filter
def initial(value: str | None) -> str:
    """Return the first character of a name, for the round picture."""
    return (value or "").strip()[:1].upper()


@register.filter
def lang_tag(code: str) -> str:
    """Return the tag for a `lang` attribute, `zh-Hans` for Django's `zh-hans`."""
    return LANGUAGE_TAGS.get(code, code)


@register.filter
def language_own_name(code: str) -> str:
    """Return how a language calls itself: 简体中文, 日本語, English."""
    return str(get_language_info(code)["name_local"])


@register.filter
def pick(mapping: dict[object, object], key: object) -> object:
    """Return `mapping[key]`, or nothing if it is missing."""
    return mapping.get(key)


@register.filter
def paper_cell(value: object, columns: int) -> str:
    """Return the class of a cell on paper: `short` stays on one line, `long` breaks anywhere.

    All short cells of a row fit beside each other; wide signs, as in Chinese and Japanese, count twice.
    """
    text = str(value)
    if any(len(word) > LONGEST_WORD and word.isascii() for word in text.split()):
        return "long"
    width = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
    return "short" if "\n" not in text and width <= PAPER_SIGNS // columns else ""
