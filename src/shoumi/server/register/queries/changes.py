"""What a change would do: its faults, and before and after side by side for those who decide.

Follows the seed guide 四(六).  Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction import suggest_level
from shoumi.server.people.models import Department, Person, Post
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import ScopeEntry, SecretChange, TradeSecret
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.checks import language, period_faults, scope_faults
from shoumi.server.register.queries.snapshot import scope_lines
from shoumi.server.register.queries.standards import level_of, level_standard
from shoumi.server.register.queries.words import period_words
from shoumi.server.register.values import Limits, ScopeValue

TARGETS = {"departments": Department, "posts": Post, "persons": Person}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a change would alter."""

    label: str
    before: str
    after: str


def open_change(secret: TradeSecret) -> SecretChange | None:
    """Return the change that is being decided or was sent back, if there is one."""
    states = SecretChange.State
    waiting = (states.DRAFT, states.UNDER_REVIEW, states.AWAITING_APPROVAL, states.RETURNED)
    return secret.changes.filter(state__in=waiting).select_related("requested_by").first()


def wished_limits(wished: Mapping[str, Any]) -> Limits:
    """Return period and scope that a change wishes, from the JSON in which it keeps them."""
    held = wished["limits"]
    scope = tuple(ScopeValue(line["kind"], line["target"]) for line in held["scope"])
    return Limits(**{**held, "scope": scope})


def change_faults(secret: TradeSecret, wished: Mapping[str, Any], reason: str) -> list[str]:
    """Return everything that is wrong with a wished change, in words."""
    faults = [] if reason.strip() else [_("Say why it shall be changed.")]
    limits, grading = wished_limits(wished), wished.get("grading")
    pack, level = company_pack(secret.entity_id, secret.pack), (grading or {}).get("level") or secret.level
    standard = level_standard(secret.entity_id, pack, level)
    if standard is None:
        return [*faults, _("Choose a level.")]
    today = today_of(secret.entity)
    start = secret.period_starts_on or today
    faults += [fault.text for fault in period_faults(limits.period, limits.publication_event, start, today)]
    if limits.period != standard.period.code and not limits.period_reason.strip():
        faults.append(_("The period differs from the default of this level; say why."))
    kinds = {value.kind for value in limits.scope}
    if not kinds:
        faults.append(_("Say who may know: departments, posts or persons."))
    faults += [fault.text for fault in scope_faults(pack, standard, kinds, limits.scope_reason)]
    faults += _grading_faults(secret, grading)
    if not faults and not differences(secret, wished):
        faults.append(_("Nothing would change."))
    return faults


def differences(secret: TradeSecret, wished: Mapping[str, Any]) -> list[Difference]:
    """Return what a change would alter, each with before and after; empty for a declassification."""
    if not wished:
        return []
    limits, grading = wished_limits(wished), wished.get("grading") or {}
    pack = company_pack(secret.entity_id, secret.pack)
    custodian = Person.objects.filter(pk=wished.get("custodian")).first() if wished.get("custodian") else None
    pairs = [
        (
            _("Level"),
            _level_word(pack, secret.level),
            _level_word(pack, grading.get("level") or secret.level),
        ),
        (_("Confidentiality period"), period_words(secret.period), period_words(limits.period)),
        (_("Publication awaited"), secret.publication_event, limits.publication_event),
        (_("Knowledge scope"), _joined(scope_lines(secret)), _joined(_named(limits))),
        (_("Custodian"), str(secret.custodian or ""), str(custodian or secret.custodian or "")),
    ]
    return [Difference(label, before, after) for label, before, after in pairs if before != after]


def _grading_faults(secret: TradeSecret, grading: Mapping[str, Any] | None) -> list[str]:
    """Return what is wrong with the factors and the level chosen, if the level is to change."""
    if not grading:
        return []
    tongue, pack = language(), company_pack(secret.entity_id, secret.pack)
    faults = [
        _("%(factor)s: give the reason.") % {"factor": factor.names.in_language(tongue)}
        for factor in pack.factors
        for row in grading["factors"]
        if row["factor"] == factor.id and row["grade"] is not None and not row["reason"].strip()
    ]
    suggestion = suggest_level(pack, {row["factor"]: row["grade"] for row in grading["factors"]})
    if suggestion.missing:
        named = ", ".join(factor.names.in_language(tongue) for factor in suggestion.missing)
        faults.append(_("These factors have no grade: %(factors)s.") % {"factors": named})
    elif suggestion.level and suggestion.level.id != grading["level"] and not grading["level_reason"].strip():
        values = {"suggested": suggestion.level.names.in_language(tongue)}
        faults.append(_("The factors speak for “%(suggested)s”; say why you chose another level.") % values)
    return faults


def _level_word(pack: Any, level_id: str) -> str:
    level = level_of(pack, level_id)
    return level.labels.in_language(language()) if level else ""


def _named(limits: Limits) -> list[dict[str, str]]:
    lines = []
    for value in limits.scope:
        model = TARGETS.get(value.kind)
        row = model.objects.filter(pk=value.target).first() if model else None
        lines.append({"kind": value.kind, "id": str(row.pk) if row else "", "name": str(row) if row else ""})
    return sorted(lines, key=lambda line: (line["kind"], line["id"]))


def _joined(lines: list[dict[str, str]]) -> str:
    return ", ".join(line["name"] or str(ScopeEntry.Kind(line["kind"]).label) for line in lines)
