"""What a computed figure rests on, in its readers' languages: rule, citation, status, caveats.

Source of the content: the packs' rules, read by date.  A proposal that no law prescribes has a basis too, and
says so.  No figure is computed here and no conclusion of law is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shoumi.engine.jurisdiction.pack import Pack, Plain, Rule
from shoumi.engine.jurisdiction.rules import rule_at
from shoumi.engine.jurisdiction.values import Status, Texts

_KNOWN_BY_COPY = Texts(
    zh="仅见于转载或报道，未读原文",
    ja="写しまたは報道でのみ知られます",
    en="known from copies or reports only",
)
_NOT_CONFIRMED = Texts(zh="未确认", ja="未確認です", en="not confirmed")
_DAYS_DOUBTFUL = Texts(
    zh="施行日期未确认", ja="施行日は未確認です", en="the days on which this holds are not confirmed"
)
_PROPOSED = Texts(
    zh="建议的公司默认值，并非法律规定",
    ja="会社の既定値としての提案で、法令の定めではありません",
    en="a proposed default of the company, not prescribed by law",
)


class Force(StrEnum):
    """How strongly a basis speaks."""

    LAW = "law"  # a statute or a judicial interpretation
    GUIDELINE = "guideline"  # an authority's advice; binds nobody
    COMPANY = "company"  # the company's own choice, here a proposal


@dataclass(frozen=True, slots=True)
class Basis:
    """What a figure rests on, with what must be shown beside it."""

    rule: str  # its id; empty for the company's own choice
    cite: str  # empty likewise
    force: Force
    status: Status
    caveats: tuple[Texts, ...]  # empty only if the text was read and its days are sure


def basis_on(pack: Pack, rule_id: str, day: date, force: Force) -> tuple[Basis, Mapping[str, Plain]]:
    """Return the basis that the rule is on `day`, and its numbers.

    Raises:
        UnknownRuleError: the pack has no such rule.
        RuleNotInForceError: the rule does not hold on that day.
    """
    answer = rule_at(pack, rule_id, day)
    rule = answer.rule
    return Basis(rule.id, rule.cite, force, answer.status, _caveats(rule)), rule.params


def proposal() -> Basis:
    """Return the basis of a default that no law prescribes; that it is proposed is not in doubt."""
    return Basis("", "", Force.COMPANY, Status.PRIMARY, (_PROPOSED,))


def _caveats(rule: Rule) -> tuple[Texts, ...]:
    doubt = {Status.PRIMARY: None, Status.SECONDARY: _KNOWN_BY_COPY}.get(rule.status, _NOT_CONFIRMED)
    days = rule.period.note or (None if rule.period.confirmed else _DAYS_DOUBTFUL)
    return tuple(text for text in (doubt, rule.status_note, days) if text)
