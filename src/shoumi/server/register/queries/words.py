"""Codes of the packs and the register in the reader's words: periods, categories, levels.

The words are the packs' own where a pack has them.
"""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import Pack, PeriodKind, parse_period
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.standards import level_of

GROUP_WORDS = {
    "technical": gettext_lazy("Technical information"),
    "business": gettext_lazy("Business information"),
    "customer": gettext_lazy("Customer information"),
}


def period_words(code: str) -> str:
    """Return a period code in words; an unknown code stays as it is, nothing stays empty."""
    if not code:
        return ""
    try:
        period = parse_period(code)
    except InputError:
        return code
    if period.kind is PeriodKind.LONG_TERM:
        return _("Long-term")
    if period.kind is PeriodKind.UNTIL_PUBLICATION:
        return _("Until publication")
    if period.until:
        return _("Until %(day)s") % {"day": period.until.isoformat()}
    parts = [
        ngettext("%(count)d year", "%(count)d years", period.years) % {"count": period.years}
        if period.years
        else "",
        ngettext("%(count)d month", "%(count)d months", period.months) % {"count": period.months}
        if period.months
        else "",
        ngettext("%(count)d day", "%(count)d days", period.days) % {"count": period.days}
        if period.days
        else "",
    ]
    return " ".join(part for part in parts if part)


def category_words(pack: Pack, category_id: str) -> str:
    """Return the name of a category in the reader's language."""
    found = next((item for item in pack.categories if item.id == category_id), None)
    return found.names.in_language(get_language() or "en") if found else category_id


def level_words(secret: TradeSecret) -> str:
    """Return the label of a secret's level as its pack prints it on a mark, in the reader's language."""
    level = level_of(pack_of(secret), secret.level)
    return level.labels.in_language(get_language() or "en") if level else secret.level


def label_of(secret: TradeSecret) -> str:
    """Return the label of a secret's level in the language of its pack, as it is printed on marks."""
    level = level_of(pack_of(secret), secret.level)
    if level is None:
        return ""
    return level.labels.ja if secret.pack == "jp" else level.labels.zh
