"""The evidence tab: each element with its verdict and evidence, what is missing, and the filings.

Follows the seed guide 四 and the three elements of both packs.  Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shoumi.server.register.models import ElementEvidence, ElementJudgement, ExclusionAnswer, TradeSecret


@dataclass(slots=True)
class ElementView:
    """One element as the page shows it."""

    title: str
    row: ElementJudgement | None
    pieces: list[ElementEvidence] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)


def evidence_of(secret: TradeSecret) -> dict[str, Any]:
    """Return the elements with their gaps, and the answers to the exclusions."""
    rows = {
        row.element: row for row in secret.elements.prefetch_related("evidence__file", "evidence__added_by")
    }
    elements = [_element(element.label, rows.get(element.value)) for element in ElementJudgement.Element]
    return {
        "elements": elements,
        "gap_count": sum(len(element.gaps) for element in elements),
        "exclusions": list(ExclusionAnswer.objects.filter(secret=secret).order_by("exclusion")),
    }


def _element(title: str, row: ElementJudgement | None) -> ElementView:
    pieces = list(row.evidence.all()) if row else []
    gaps = []
    if row is None or not row.verdict:
        gaps.append(_("No verdict."))
    if row is None or not row.reason.strip():
        gaps.append(_("No reason."))
    if not pieces:
        gaps.append(_("No evidence."))
    elif not any(piece.file_id for piece in pieces):
        gaps.append(_("Evidence in words only; a document would carry further."))
    return ElementView(title, row, pieces, gaps)
