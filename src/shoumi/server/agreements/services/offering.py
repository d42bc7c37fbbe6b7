"""Offers an agreement: assembles it, makes its papers, and fixes the bytes that are to be signed.

What is signed is the canonical form of the text and the PDF made of it; both are kept, and their SHA-256 and
SM3 stand in the ledger before anybody signs.
"""

from __future__ import annotations

import io

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from shoumi.engine.canonical import JSONValue
from shoumi.engine.jurisdiction import Texts
from shoumi.engine.jurisdiction.agreements import Assembled, assemble
from shoumi.engine.jurisdiction.basis import Basis
from shoumi.engine.policy import Action
from shoumi.engine.workflow import AGREEMENT, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries import drafts
from shoumi.server.agreements.queries.libraries import kind_words, library_of
from shoumi.server.agreements.queries.visible import agreement_resource
from shoumi.server.agreements.services.drafting import counted, draft_locked, library_keep
from shoumi.server.agreements.services.papers import DOCX, PDF, docx_of, pdf_of
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_store
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.queries import today_of

FORM = "application/json"
TO_SIGN = gettext_noop("“%(kind)s” waits for your signature.")
TO_SIGN_MAIL = gettext_noop("An agreement waits for your signature.")


def agreement_offer(*, actor: User, agreement: Agreement, expected_version: int) -> Agreement:
    """Assemble a draft, fix its bytes, and tell the person that it waits for their signature.

    Raises:
        NotPermittedError, RecordChangedError, StateError: each as it says.
        AgreementIncompleteError, AgreementRefusedError: it cannot be made like this; every reason is told.
    """
    gate.require(actor, Action.AGREEMENT_PREPARE, agreement_resource(agreement))
    with transaction.atomic():
        row = draft_locked(agreement, expected_version)
        offer_made(row, actor=actor.ledger_actor, owner=actor)
    return row


def offer_made(row: Agreement, *, actor: str, owner: User | None, tell: bool = True) -> Agreement:
    """Offer a locked draft for a caller who has asked the gate; part of its transaction.

    With `tell` the person hears that it waits for their signature.
    """
    made = assembled(row)
    name = made.title  # no name of a person: names of files stand in the ledger
    who = owner if owner is not None else actor
    row.library = library_keep(row.entity.pack)
    row.form = _kept(who, f"{name}.json", made.form, FORM)
    row.pdf = _kept(who, f"{name}.pdf", pdf_of(row, made, row.form), PDF)
    row.docx = _kept(who, f"{name}.docx", docx_of(row, made, row.form), DOCX)
    row.deviations = [
        {
            "clause": each.clause,
            "old_heading": each.old_heading,
            "old": each.old,
            "new_heading": each.new_heading,
            "new": each.new,
        }
        for each in made.deviations
    ]
    row.reasons = reasons_of(made)
    row.state = advance(AGREEMENT, row.state, "offer")
    row.offered_at = clock().now()
    row.version += 1
    row.save()
    counted(row)
    if tell and row.person and row.person.user:
        notify(
            users=[row.person.user],
            message=TO_SIGN,
            parameters={"kind": kind_words(row.entity.pack, row.kind)},
            link=reverse("agreements:mine_detail", args=[row.pk]),
            mail_text=TO_SIGN_MAIL,
        )
    append(
        LedgerTag.AGREEMENTS_AGREEMENT_OFFERED,
        actor=actor,
        subject=row.ledger_subject,
        detail={
            "kind": row.kind,
            "library_sha256": row.library.sha256,
            "deviations": [each["clause"] for each in row.deviations],
            **hashes_of(row),
        },
    )
    return row


def assembled(row: Agreement) -> Assembled:
    """Return a draft's whole text as it is made today.

    Raises:
        AgreementIncompleteError, AgreementRefusedError: it cannot be made like this.
    """
    library = library_of(row.entity)
    return assemble(
        library,
        row.kind,
        drafts.facts_from(library, row.known, drafts.inputs_of(row)),
        today_of(row.entity),
        chosen_optional=row.optional,
        own_changes=drafts.own_changes_of(row),
    )


def hashes_of(row: Agreement) -> dict[str, JSONValue]:
    """Return the four hashes of an offered agreement, as the ledger keeps them."""
    form, pdf = row.form, row.pdf
    return {
        "form_sha256": form.sha256,
        "form_sm3": form.sm3,
        "pdf_sha256": pdf.sha256,
        "pdf_sm3": pdf.sm3,
    }


def reasons_of(made: Assembled) -> list[dict[str, JSONValue]]:
    """Return, clause by clause, which facts made it come and which rules it rests on, with their status."""
    return [
        {
            "number": clause.number,
            "clause": clause.id,
            "changed": clause.changed,
            "because": [texts_kept(each.text) for each in clause.because],
            "basis": [basis_kept(each) for each in clause.basis],
            "notes": [texts_kept(each) for each in clause.notes],
        }
        for clause in made.clauses
    ]


def basis_kept(basis: Basis) -> dict[str, JSONValue]:
    """Return what a figure or clause rests on, as it is kept."""
    return {
        "rule": basis.rule,
        "cite": basis.cite,
        "force": str(basis.force),
        "status": str(basis.status),
        "caveats": [texts_kept(each) for each in basis.caveats],
    }


def texts_kept(texts: Texts) -> dict[str, JSONValue]:
    """Return a text in three languages, as it is kept."""
    return {"zh": texts.zh, "ja": texts.ja, "en": texts.en}


def _kept(actor: User | str, name: str, content: bytes, media_type: str) -> StoredFile:
    return file_store(actor=actor, name=name, chunks=io.BytesIO(content), media_type=media_type)
