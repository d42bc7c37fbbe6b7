"""Prints a breach: what is known, whom the law lets be told, what was told, done and decided.

The form is that of `files.printing`; that it was printed, by whom and with which hash, is in the ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.files.printing import DocumentHead, Table, render_pdf
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.services.editing import record
from shoumi.server.privacy.models import Breach
from shoumi.server.privacy.queries.breaches import breach_resource


@take_out
def breach_print(
    *, actor: User, breach: Breach, facts: Sequence[tuple[str, str]], tables: Sequence[Table], language: str
) -> bytes:
    """Return a breach as PDF and record that it was printed; the words are the caller's.

    Raises:
        NotPermittedError: the actor may not see the breach.
        PrintingFailedError: the PDF library is missing or failed.
    """
    gate.require(actor, Action.PRIVACY_MATTER_VIEW, breach_resource(breach))
    viewer = str(actor.display_name or actor.username)
    head = DocumentHead(name=breach.title, owner=breach.entity.name, viewer=viewer, watermark=viewer)
    content = render_pdf(
        "printing/extract.html",
        {"head": head, "title": breach.title, "facts": facts, "tables": tables},
        language,
    )
    with transaction.atomic():
        record(
            LedgerTag.PRIVACY_BREACH_PRINTED,
            actor=actor,
            subject=breach.ledger_subject,
            detail={"sha256": hashlib.sha256(content).hexdigest(), "language": language},
        )
    return content
