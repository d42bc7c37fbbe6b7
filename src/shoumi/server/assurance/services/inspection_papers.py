"""The record of an inspection on paper: who inspected, point by point, what was found and what was changed.

Follows the guide 五(五)2(2): the record is filed under its number.  The paper says the state of the day it is
printed; the signed sheet is uploaded as the report when the result is recorded.
"""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction.inspections import load_inspections
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.assurance.models import Inspection
from shoumi.server.assurance.queries.rounds import findings_of, points_of
from shoumi.server.files.printing import DocumentHead, render_pdf
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.queries import entity_resource


@take_out
def inspection_print(*, actor: User, inspection: Inspection, language: str) -> bytes:
    """Return the record of an inspection as PDF in `language`, and record that it was printed.

    Raises:
        NotPermittedError: the actor does not see the inspections of the legal entity.
    """
    gate.require(actor, Action.GOVERNANCE_VIEW, entity_resource(inspection.entity))
    with translation.override(language):
        content = render_pdf("assurance/print/inspection.html", paper_of(inspection, actor), language)
    with transaction.atomic():
        append(
            LedgerTag.ASSURANCE_INSPECTION_PRINTED,
            actor=actor.ledger_actor,
            subject=inspection.ledger_subject,
            detail={"language": language, "sha256": hashlib.sha256(content).hexdigest()},
        )
    return content


def paper_of(inspection: Inspection, viewer: User) -> dict[str, object]:
    """Return what the paper shows, in the language that is active now."""
    language = (translation.get_language() or "en")[:2]
    origin = load_inspections(inspection.entity.pack).origin
    title = {
        Inspection.Reason.CONDUCT: _("Record of the inspection of the conduct of duties"),
        Inspection.Reason.SYSTEMS: _("Report on the evaluation of the security of systems"),
    }.get(Inspection.Reason(inspection.reason), _("Record of an inspection"))
    return {
        "head": DocumentHead(
            name=title, number=inspection.number, owner=str(inspection.entity), viewer=str(viewer)
        ),
        "title": title,
        "inspection": inspection,
        "systems": list(inspection.systems.all()),
        "points": points_of(inspection, language),
        "findings": findings_of(inspection),
        "source": origin.source.in_language(language),
    }
