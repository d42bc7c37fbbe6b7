"""What the secrecy office looks at when it reviews: each point with what the record says to it.

Follows the seed guide 四.  A point that asks for attention refuses nothing; the reviewer decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoumi.server.register.models import ElementJudgement, TradeSecret
from shoumi.server.register.queries.checks import (
    exclusions_verdict,
    faults_of,
    language,
    suggestion_for,
    warnings_of,
)
from shoumi.server.register.queries.scope import knowers_of
from shoumi.server.register.queries.standards import standard_for
from shoumi.server.register.queries.words import level_words, period_words


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the checklist."""

    title: str
    note: str
    fine: bool


def checklist_of(secret: TradeSecret, today: date) -> list[Point]:
    """Return the points of the review, in the order of the steps of a proposal."""
    return [
        _complete(secret, today),
        _description(secret),
        _elements(secret),
        _exclusions(secret, today),
        _level(secret),
        _period(secret),
        _scope(secret),
    ]


def _complete(secret: TradeSecret, today: date) -> Point:
    faults = faults_of(secret, today)
    note = " ".join(fault.text for fault in faults[:3]) or _("Every question is answered.")
    return Point(_("The proposal is complete"), note, not faults)


def _description(secret: TradeSecret) -> Point:
    signs = [fault.text for fault in warnings_of(secret) if fault.step == 1]
    note = " ".join(signs) or _("Nothing in name or description looks like the content.")
    return Point(_("The description does not tell the secret"), note, not signs)


def _elements(secret: TradeSecret) -> Point:
    rows = list(secret.elements.prefetch_related("evidence"))
    documents = sum(any(piece.file_id for piece in row.evidence.all()) for row in rows)
    met = all(row.verdict == ElementJudgement.Verdict.MET for row in rows)
    note = ngettext(
        "%(count)d of three elements rests on a document, the others on words.",
        "%(count)d of three elements rest on documents, the others on words.",
        documents,
    ) % {"count": documents}
    return Point(_("All three elements are met and evidenced"), note, met and documents > 0)


def _exclusions(secret: TradeSecret, today: date) -> Point:
    verdict, tongue = exclusions_verdict(secret, today), language()
    told = [exclusion.names.in_language(tongue) for exclusion in verdict.excluded]
    told += [f"{exclusion.names.in_language(tongue)}: {day.isoformat()}" for exclusion, day in verdict.later]
    note = ", ".join(told) or _("None of them applies.")
    return Point(_("No exclusion applies"), note, verdict.clear and not verdict.later)


def _level(secret: TradeSecret) -> Point:
    suggestion = suggestion_for(secret).level
    if suggestion is None or suggestion.id == secret.level:
        return Point(_("The level follows from the factors"), level_words(secret), True)
    values = {"chosen": level_words(secret), "suggested": suggestion.labels.in_language(language())}
    note = _("Chosen: %(chosen)s; the factors suggest %(suggested)s.") % values
    return Point(_("The level follows from the factors"), f"{note} {secret.level_reason}".strip(), False)


def _period(secret: TradeSecret) -> Point:
    standard = standard_for(secret)
    fine = standard is not None and standard.period.code == secret.period
    note = (
        period_words(secret.period)
        if fine
        else f"{period_words(secret.period)}. {secret.period_reason}".strip()
    )
    return Point(_("The period is the default of the level"), note, fine)


def _scope(secret: TradeSecret) -> Point:
    standard, knowers = standard_for(secret), knowers_of(secret)
    kinds = set(secret.scope.values_list("kind", flat=True))
    fine = (
        standard is not None and kinds <= set(standard.scope_allowed) and all(row.cleared for row in knowers)
    )
    count = ngettext("%(count)d person today.", "%(count)d persons today.", len(knowers)) % {
        "count": len(knowers)
    }
    uncleared = [str(row.person) for row in knowers if not row.cleared]
    named = (
        _("Cleared for a lower level: %(names)s.") % {"names": ", ".join(uncleared[:5])} if uncleared else ""
    )
    return Point(
        _("The knowledge scope keeps to the template"), f"{count} {named} {secret.scope_reason}".strip(), fine
    )
