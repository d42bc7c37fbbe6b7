"""The board's report: the cockpit's figures of a legal entity on paper, with their trend and what is open.

Counts and shares only: no name of a secret, no content, no conclusion of law.
"""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.assurance.queries.cockpit import cockpit_of
from shoumi.server.files.printing import DocumentHead, render_pdf
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource


@take_out
def report_print(*, actor: User, entity: LegalEntity, language: str) -> bytes:
    """Return the report of `entity` as PDF in `language`, and record that it was printed.

    Raises:
        NotPermittedError: the actor does not oversee the whole entity.
    """
    gate.require(actor, Action.ASSURANCE_VIEW, entity_resource(entity))
    with translation.override(language):
        shown = cockpit_of(entity, None, language)
        head = DocumentHead(
            name=_("Report on the protection of trade secrets"),
            number=shown.day.isoformat() if shown.day else "",
            owner=str(entity),
            viewer=str(actor),
        )
        content = render_pdf("assurance/report_print.html", {"head": head, "cockpit": shown}, language)
    with transaction.atomic():
        append(
            LedgerTag.ASSURANCE_REPORT_PRINTED,
            actor=actor.ledger_actor,
            subject=entity.ledger_subject,
            detail={"language": language, "sha256": hashlib.sha256(content).hexdigest()},
        )
    return content
