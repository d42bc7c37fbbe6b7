"""What the pages that show a whole record need: the pack's words for its codes, read once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shoumi.server.register.models import Deviation, TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.checks import language
from shoumi.server.register.queries.customer_information import depth_of, faults_of_depth, kinds_in_words
from shoumi.server.register.queries.snapshot import scope_target
from shoumi.server.register.queries.standards import level_of
from shoumi.server.register.queries.words import period_words


def record_context(secret: TradeSecret) -> dict[str, Any]:
    """Return pack, factors, scope and deviations of a secret in the reader's words."""
    return {
        "pack": pack_of(secret),
        "factors": [row for row in secret.factors.order_by("factor") if row.score is not None],
        "scope": scope_words(secret),
        "deviations": [_spoken(secret, row) for row in secret.deviations.all()],
        "customers": _customers(secret),
        "customers_owed": list(faults_of_depth(secret)) if secret.number else [],
    }


def _customers(secret: TradeSecret) -> dict[str, Any] | None:
    """Return of what customer information consists, in words; None for any other secret."""
    depth = depth_of(secret)
    return {"depth": depth, "kinds": kinds_in_words(secret, depth)} if depth else None


def scope_words(secret: TradeSecret) -> list[str]:
    """Return the lines of the knowledge scope in words: departments, posts with their department, persons."""
    lines = []
    for row in secret.scope.select_related("department", "post__department", "person").order_by("kind", "pk"):
        if row.post:
            lines.append(f"{row.post} · {row.post.department}")
        else:
            lines.append(str(scope_target(row) or _("All staff")))
    return lines


def _spoken(secret: TradeSecret, row: Deviation) -> dict[str, str]:
    return {
        "label": row.get_field_display(),
        "default": _value(secret, row.field, row.default),
        "chosen": _value(secret, row.field, row.chosen),
        "reason": row.reason,
    }


def _value(secret: TradeSecret, field: str, value: str) -> str:
    """Return a default or chosen value in words."""
    pack, tongue = pack_of(secret), language()
    if field == Deviation.Field.LEVEL:
        level = level_of(pack, value)
        return level.labels.in_language(tongue) if level else value
    if field == Deviation.Field.PERIOD:
        return period_words(value)
    if field == Deviation.Field.SCOPE:
        named = {kind.id: kind.names.in_language(tongue) for kind in pack.scope_kinds}
        return ", ".join(named.get(kind, kind) for kind in value.split(","))
    return value
