"""The certificate of leaving: refused while its gate is closed, drawn up, signed by three, issued as a PDF.

Follows the guide 五(五)3.  Everybody signs the hash of the same statement; once all have signed, or the
leaver has refused before witnesses, the PDF is made and kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.jurisdiction.procedures import Gate
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import kept_whole
from shoumi.server.files.printing import DocumentHead, render_pdf
from shoumi.server.files.services import file_store
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import CaseStep, Certificate, StepRecord
from shoumi.server.lifecycle.queries.access import step_resource
from shoumi.server.lifecycle.queries.certificates import CERTIFICATES, signatures_of, statement_of
from shoumi.server.lifecycle.queries.packs import named, table_of
from shoumi.server.lifecycle.queries.standings import standing_of
from shoumi.server.lifecycle.services.cases import gate_verify
from shoumi.server.lifecycle.services.errors import (
    CertificateSignedError,
    NotAFormError,
    PartyMissingError,
)
from shoumi.server.lifecycle.services.recording import open_step, step_sign
from shoumi.server.people.services.editing import record

LANGUAGES = {"CN": "zh-hans", "JP": "ja"}


def certificate_draw(*, actor: User, step: CaseStep) -> Certificate:
    """Draw the certificate up as the case stands now.

    Raises:
        NotPermittedError: the step is somebody else's.
        NotAFormError: it is no certificate.
        GateClosedError: something is missing; the steps are named.
        PartyMissingError: a signer is not named.
        CertificateSignedError: somebody has signed it already.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(step))
    if step.key not in CERTIFICATES:
        raise NotAFormError
    with transaction.atomic():
        case, asked, made = open_step(step)
        gate_verify(case, Gate.CERTIFICATE)
        missing = [party for party in asked.step.signers if party not in made.parties]
        if missing:
            names = table_of(case.entity).parties
            raise PartyMissingError(party=", ".join(named(names, party) for party in missing))
        if step.records.filter(counts_from__isnull=False).exists():
            raise CertificateSignedError
        language = LANGUAGES[case.entity.country]
        with override(language):
            statement = statement_of(case, made)
        row, _new = Certificate.objects.update_or_create(
            step=step,
            defaults={
                "language": language,
                "statement": statement,
                "statement_sha256": hashlib.sha256(canonical_bytes(statement)).hexdigest(),
                "drawn_by": actor,
                "drawn_at": clock().now(),
            },
        )
        record(
            LedgerTag.LIFECYCLE_CERTIFICATE_DRAWN,
            actor=actor,
            subject=case.ledger_subject,
            detail={"step": step.key, "statement": row.statement_sha256},
        )
    return row


def certificate_sign(*, actor: User, step: CaseStep, party: str, password: str) -> StepRecord:
    """Sign the certificate as one of its parties; the last signature issues it.

    Raises:
        CertificateMissingError: it is not drawn up.
        NotPermittedError and whatever `step_sign` raises.
    """
    row = Certificate.objects.filter(step=step).first()
    document = row.statement_sha256 if row else ""
    signed = step_sign(actor=actor, step=step, party=party, password=password, document=document)
    certificate_issue(actor=actor, step=step)
    return signed


def certificate_issue(*, actor: User, step: CaseStep) -> Certificate | None:
    """Make and keep the PDF if everybody has signed, or has refused before witnesses; None if not yet."""
    row = Certificate.objects.filter(step=step, stored__isnull=True).first()
    fresh = CaseStep.objects.select_related("case__entity", "case__person").get(pk=step.pk)
    if row is None or not standing_of(fresh.case).step(fresh.key).satisfied:
        return None
    with kept_whole():
        content = certificate_pdf(row)
    with transaction.atomic():
        row.stored = file_store(
            actor=actor, name=f"{fresh.case.number}.pdf", chunks=[content], media_type="application/pdf"
        )
        row.issued_at = clock().now()
        row.save()
        record(
            LedgerTag.LIFECYCLE_CERTIFICATE_ISSUED,
            actor=actor,
            subject=fresh.case.ledger_subject,
            detail={"statement": row.statement_sha256, "pdf": row.stored.sha256},
        )
    return row


def certificates_issue() -> int:
    """Issue every certificate that became complete without its last signature; return how many."""
    waiting = Certificate.objects.filter(stored__isnull=True).select_related("step", "drawn_by")
    return sum(certificate_issue(actor=row.drawn_by, step=row.step) is not None for row in waiting)


def certificate_pdf(row: Certificate, viewer: str = "") -> bytes:
    """Return the certificate as a PDF in its language, with the signatures it has so far.

    Raises:
        PrintingFailedError: the PDF library is missing or failed.
    """
    case = row.step.case
    with override(row.language):
        head = DocumentHead(
            name=_("Certificate of leaving"), number=case.number, owner=str(case.entity), viewer=viewer
        )
        context: Mapping[str, Any] = {
            "head": head,
            "certificate": row,
            "statement": row.statement,
            "signatures": signatures_of(row),
            "is_final": standing_of(case).step(row.step.key).satisfied,
        }
    return render_pdf("lifecycle/print/certificate.html", dict(context), row.language)
