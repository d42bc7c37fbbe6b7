"""The yearly evaluation: figures of that day, the judgement, what is to be better, and the report.

Follows the guide 二(二)9.  Figures are taken once and kept; an evaluation is not changed afterwards.
"""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import kept_whole
from shoumi.server.assurance.models import Evaluation
from shoumi.server.assurance.queries.duties import Duty, duties_of
from shoumi.server.assurance.queries.facts import LANGUAGE_TAGS
from shoumi.server.assurance.queries.money import currency_of, money_of, money_total
from shoumi.server.assurance.services.plans import YEARS, YearError
from shoumi.server.assurance.services.writing import StandsTwiceError, lines_of, subject_of
from shoumi.server.files.printing import DocumentHead, render_pdf
from shoumi.server.files.services import file_store
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.writing import writing


def evaluation_make(  # noqa: PLR0913 - the parts of an evaluation, each named
    *, actor: User, entity: LegalEntity, year: int, judgement: str, improvements: str, language: str
) -> Evaluation:
    """Take the figures of a year, and keep them with the judgement as a report in `language` (zh, ja).

    Raises:
        NotPermittedError, YearError, StandsTwiceError, FieldMissingError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_EVALUATION_MADE,
    ) as entry:
        if year not in YEARS or year > today_of(entity).year:
            raise YearError(year=year)
        if Evaluation.objects.filter(entity=entity, year=year).exists():
            raise StandsTwiceError
        judgement = lines_of(Evaluation, "judgement", judgement)
        improvements = lines_of(Evaluation, "improvements", improvements)
        with override(LANGUAGE_TAGS[language]), kept_whole():
            figures = figures_of(entity, year)
            title = _("Evaluation of the protection of trade secrets in %(year)d") % {"year": year}
            content = render_pdf(
                "assurance/print/evaluation.html",
                {
                    "head": DocumentHead(name=title, number=str(year), owner=entity.name),
                    "title": title,
                    "figures": figures,
                    "judgement": judgement,
                    "improvements": improvements,
                    "made_by": actor.display_name,
                },
                LANGUAGE_TAGS[language],
            )
        report = file_store(
            actor=actor, name=f"{title}.pdf", chunks=io.BytesIO(content), media_type="application/pdf"
        )
        row = Evaluation.objects.create(
            entity=entity,
            year=year,
            figures=figures,
            judgement=judgement,
            improvements=improvements,
            made_by=actor,
            report=report,
            created_at=clock().now(),
        )
        entry.subject = subject_of(row)
        entry.detail = {"entity": str(entity.pk), "year": year, "report_sha256": report.sha256}
    return row


def figures_of(entity: LegalEntity, year: int) -> dict[str, Any]:
    """Return the figures of a year as they stand now, in words of the language in force."""
    lines = money_of(entity, year)
    planned, spent = money_total(lines)
    return {
        "taken_on": today_of(entity).isoformat(),
        "currency": currency_of(entity),
        "planned": str(planned),
        "spent": str(spent),
        "duties": [_duty(duty) for duty in duties_of(entity, year, today_of(entity))],
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "id": duty.id,
        "name": duty.name,
        "proved": duty.proved,
        "proofs": [{"text": proof.text, "gap": proof.gap} for proof in duty.proofs],
        "evidence": [f"{row.day.isoformat()} {row.text}" for row in duty.evidence],
    }
