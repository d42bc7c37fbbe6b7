"""Signs that a text holds the secret itself instead of describing it.

Heuristics of our own: the register describes a secret, its content belongs into an encrypted file.
It warns and never refuses; inspection (a later engine) recognises content properly.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

LONG_TEXT = 800  # characters; descriptions are a paragraph, recipes are pages
MANY_MEASURES = 4  # quantities with units in one description
MANY_LINES = 12
MANY_CONTACTS = 2
_QUANTITY = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:%|‰|℃|°C|mg|kg|g|ml|mL|L|mm|cm|μm|um|nm|MPa|kPa|Pa|bar|rpm|min|s|h|元|万元|円|USD|CNY|JPY"
    r"|克|千克|毫升|升|毫米|厘米|微米|度|分钟|小时|グラム|ミリ|リットル|分|時間)(?![A-Za-z])"
)
_CODE = re.compile(
    r"[;{}]\s*(?:\n|$)|\b(?:def|class|import|return|SELECT|INSERT|function|#include)\b.*[(:;]", re.MULTILINE
)
_FORMULA = re.compile(r"[A-Za-z_]\w*\s*=\s*[^\s=][^\n]*[-+*/^×÷][^\n]*\d|\b(?:[A-Z][a-z]?\d{1,2}){2,}\b")
_CREDENTIAL = re.compile(
    r"(?:password|passwd|密码|口令|パスワード|secret|token|api[_ -]?key)\s*[::=]\s*\S+", re.IGNORECASE
)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?<!\d)(?:\+?\d[\d -]{8,}\d)(?!\d)")
_KEY_MATERIAL = re.compile(r"-----BEGIN |[A-Za-z0-9+/]{48,}")


def holds_contacts(text: str) -> bool:
    """Tell whether a text names several addresses or telephone numbers, or holds a table, as a list does."""
    return len(_CONTACT.findall(text)) >= MANY_CONTACTS or "\t" in text


def content_signs(text: str) -> list[str]:
    """Return what makes `text` look like the secret itself, in words for its writer; empty if nothing does.

    Costs a few regular expressions over the text; nothing is kept.
    """
    signs = []
    if len(text) > LONG_TEXT or text.count("\n") >= MANY_LINES:
        signs.append(_("It is very long; a description needs only a paragraph."))
    if len(_QUANTITY.findall(text)) >= MANY_MEASURES:
        signs.append(_("It names several quantities with units, as a recipe or a process sheet does."))
    if _FORMULA.search(text):
        signs.append(_("It seems to hold a formula."))
    if _CODE.search(text):
        signs.append(_("It seems to hold program code."))
    if _CREDENTIAL.search(text) or _KEY_MATERIAL.search(text):
        signs.append(_("It seems to hold a password or a key."))
    if len(_CONTACT.findall(text)) >= MANY_CONTACTS:
        signs.append(_("It names several addresses or telephone numbers, as a customer list does."))
    if "\t" in text:
        signs.append(_("It seems to hold a table."))
    return signs
