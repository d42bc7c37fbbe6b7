"""What holds of every page, whoever opens it: read off the page itself.

`tests/conftest.py` judges each page that any test opens.
"""

from __future__ import annotations

import re

import lxml.html

CLOSED = "|".join(
    f"ancestor::{what}"
    for what in (
        "dialog",
        "template",
        "details[not(@open)]",
        "*[contains(@class, 'dropdown-menu') or contains(@class, 'modal')]",
    )
)
MOST_FIELDS = 8  # of a form on one page; longer ones are stepped
STEPS = "//ol[contains(concat(' ', @class, ' '), ' rail ')]/li[@aria-current='step']"
FIELDS = (
    ".//*[self::input or self::select or self::textarea][@name]"
    f"[not(@type='hidden' or @type='submit')][not({CLOSED})]/@name"
)
NAMED = re.compile(rb"<(?:input|select|textarea)\b")


def faults_of(content: bytes) -> list[str]:
    """Return in words what a page has that no page may have."""
    faults = [f"more than {MOST_FIELDS} fields on one page: {names}" for names in long_forms(content)]
    if content.count(b"btn-primary") > 1 and len(found := primary_actions(content)) > 1:
        faults.append(f"more than one main action: {found}")
    return faults


def primary_actions(content: bytes) -> list[str]:
    """Return what the main buttons say that stand open on a page."""
    document = lxml.html.fromstring(content)
    buttons = document.xpath(f"//*[contains(concat(' ', @class, ' '), ' btn-primary ')][not({CLOSED})]")
    return [" ".join(button.text_content().split()) for button in buttons]


def long_forms(content: bytes) -> list[list[str]]:
    """Return the fields of each form that stands on one page though it has too many of them."""
    if len(NAMED.findall(content)) <= MOST_FIELDS:
        return []
    document = lxml.html.fromstring(content)
    if document.xpath(STEPS):
        return []
    forms = [sorted(set(form.xpath(FIELDS))) for form in document.xpath("//main//form[@method='post']")]
    return [names for names in forms if len(names) > MOST_FIELDS]
