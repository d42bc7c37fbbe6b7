"""`{% load register %}`: the packs' texts, periods and states in the reader's words."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.translation import get_language

from shoumi.engine.jurisdiction import Level, Pack
from shoumi.engine.jurisdiction.values import Texts
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries import words
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.rail import step_titles
from shoumi.server.register.queries.standards import level_of

register = template.Library()

TONES = {
    "draft": "off",
    "returned": "bad",
    "proposed": "waiting",
    "under_review": "waiting",
    "awaiting_approval": "waiting",
    "registered": "good",
    "changing": "active",
    "withdrawn": "off",
    "not_a_secret": "off",
    "declassified": "off",
    "destroyed": "off",
}

OPERATION_TONES = {
    "awaiting_approval": "waiting",
    "approved": "active",
    "under_way": "active",
    "returned": "bad",
    "done": "good",
    "rejected": "bad",
}
LINE_TONES = {
    "waiting": "waiting",
    "out": "active",
    "unwitnessed": "waiting",
    "done": "good",
    "refused": "bad",
}


@register.filter
def said(texts: Texts | None) -> str:
    """Return a pack's text in the reader's language."""
    return texts.in_language(get_language() or "en") if texts else ""


@register.filter
def period_words(code: str | None) -> str:
    """Return a period's code in words."""
    return words.period_words(code or "")


@register.filter
def category_words(secret: TradeSecret) -> str:
    """Return the name of a secret's category."""
    return words.category_words(pack_of(secret), secret.category) if secret.category else ""


@register.filter
def over_designated(secret: TradeSecret, suggested: Level) -> bool:
    """Tell whether the level chosen for a secret is higher than the suggested one."""
    level = level_of(pack_of(secret), secret.level)
    return level is not None and level.rank > suggested.rank


@register.filter
def factor_words(pack: Pack, factor_id: str) -> str:
    """Return the name of a level factor."""
    return next((said(factor.names) for factor in pack.factors if factor.id == factor_id), factor_id)


@register.filter
def exclusion_words(pack: Pack, exclusion_id: str) -> str:
    """Return the name of an exclusion."""
    return next((said(item.names) for item in pack.exclusions if item.id == exclusion_id), exclusion_id)


@register.filter
def measure_words(pack: Pack, measure_id: str) -> str:
    """Return the name of a measure of declassification."""
    return next((said(item.names) for item in pack.measures if item.id == measure_id), measure_id)


@register.filter
def ground_words(pack: Pack, reason_id: str) -> str:
    """Return the name of a reason of declassification."""
    return next((said(item.names) for item in pack.reasons if item.id == reason_id), reason_id)


@register.filter
def record_words(pack: Pack, record_id: str) -> str:
    """Return the name of a record that belongs to an exclusion."""
    fields = (field for item in pack.exclusions for field in item.fields)
    return next((said(field.names) for field in fields if field.id == record_id), record_id)


@register.filter
def step_words(name: str) -> str:
    """Return the title of a step of approval as a record names it."""
    return step_titles().get(name, name)


@register.filter
def when_written(text: str) -> datetime:
    """Return the time that a record keeps in ISO 8601."""
    return datetime.fromisoformat(text)


@register.filter
def tone(state: str) -> str:
    """Return the tone of a state's dot: `good`, `bad`, `waiting`, `active` or `off`."""
    return TONES.get(state, "off")


@register.filter
def operation_tone(state: str) -> str:
    """Return the tone of an operation's state."""
    return OPERATION_TONES.get(state, "off")


@register.filter
def line_tone(state: str) -> str:
    """Return the tone of the state of an operation's line."""
    return LINE_TONES.get(state, "off")
