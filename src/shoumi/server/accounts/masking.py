"""Hides the middle of personal data, so that lists show enough to recognise and too little to use.

Phone numbers keep three digits in front and four behind, e-mail addresses their first character and the
domain, anything else its first character.  Showing the whole value is a service of its own, with a ledger
entry; this module never sees who asks.
"""

from __future__ import annotations

import re

HIDDEN = "••••"
PHONE = re.compile(r"\+?[\d\s()-]{7,}")
SHORT = 8  # digits below which only the last two stay


def mask(value: str) -> str:
    """Return `value` with its middle hidden; empty stays empty."""
    text = value.strip()
    if not text:
        return ""
    if "@" in text[1:]:  # an address has a name before the sign; without one the rest would stand whole
        name, _, domain = text.rpartition("@")
        return f"{name[:1]}{HIDDEN}@{domain}"
    if PHONE.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        return f"{HIDDEN}{digits[-2:]}" if len(digits) < SHORT else f"{digits[:3]}{HIDDEN}{digits[-4:]}"
    return f"{text[:1]}{HIDDEN}"
