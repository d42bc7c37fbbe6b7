"""Paper of the register: labels for carriers and files, and the register extract, each with its ledger entry.

Follows the seed guide 五(一)1: a mark has four parts: name or number, level, period, owner unit.
The look is that of `files.printing`; levels are printed exactly as the pack of the legal entity spells them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.files.printing import DocumentHead, Label, Table, render_pdf
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.evidence import evidence_of
from shoumi.server.register.queries.marking import LANGUAGE_OF_PACK, period_on_mark
from shoumi.server.register.queries.records import record_context, scope_words
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.words import category_words, label_of, period_words


class NothingToLabelError(InputError):
    """None of the chosen secrets has a number yet."""

    code = "register.nothing_to_label"
    message = "None of the chosen secrets is registered, so there is nothing to label."


@take_out
def labels_print(*, actor: User, secrets: Sequence[TradeSecret]) -> bytes:
    """Return a sheet of labels as PDF: one for each carrier and file, or one where a secret has neither.

    Raises:
        NothingToLabelError: none of the secrets is registered.
        NotPermittedError: the gate refuses one of them.
    """
    known = [secret for secret in secrets if secret.number]
    if not known:
        raise NothingToLabelError
    for secret in known:
        gate.require(actor, Action.SECRET_PRINT_LABEL, secret_resource(secret))
    language = LANGUAGE_OF_PACK.get(known[0].pack, "en")
    labels = []
    for secret in known:
        with translation.override(LANGUAGE_OF_PACK.get(secret.pack, "en")):
            labels += _labels(secret)
    content = render_pdf("printing/labels.html", {"labels": labels, "sheet": True}, language)
    with transaction.atomic():
        for secret in known:
            append(
                RegisterTag.LABEL_PRINTED,
                actor=actor.ledger_actor,
                subject=secret.ledger_subject,
                detail={"level": secret.level, "copies": str(_copies(secret))},
            )
    return content


@take_out
def extract_print(*, actor: User, secret: TradeSecret) -> bytes:
    """Return the register extract of one secret as PDF, with the reader's mark across each page.

    Raises:
        NotPermittedError: the gate refuses.
    """
    gate.require(actor, Action.SECRET_EXPORT, secret_resource(secret))
    language = translation.get_language() or settings.LANGUAGE_CODE
    opens = gate.permits(actor, Action.FILE_DOWNLOAD, secret_resource(secret, of="file"))
    with translation.override(language):
        context = _extract(secret, actor, language, names=opens)
    content = render_pdf("printing/extract.html", context, language)
    with transaction.atomic():
        append(
            RegisterTag.EXTRACT_PRINTED,
            actor=actor.ledger_actor,
            subject=secret.ledger_subject,
            detail={"version": str(secret.version), "language": language},
        )
    return content


def _copies(secret: TradeSecret) -> int:
    return max(1, secret.carriers.count() + secret.files.count())


def _labels(secret: TradeSecret) -> list[Label]:
    link = settings.CONFIG.public_url.rstrip("/") + reverse("register:secret_detail", args=[secret.pk])
    count = _copies(secret)
    return [
        Label(
            name=secret.name,
            number=secret.number or "",
            level=secret.level,
            level_text=label_of(secret),
            period=period_on_mark(secret),
            owner=f"{secret.entity} {secret.owner_department}",
            link=link,
            carrier=f"{copy}/{count}" if count > 1 else "",
        )
        for copy in range(1, count + 1)
    ]


def _extract(secret: TradeSecret, actor: User, language: str, *, names: bool) -> dict[str, object]:
    """Return what the extract shows; names of files only to those who may open them."""
    pack = pack_of(secret)
    record = record_context(secret)
    versions = secret.versions.prefetch_related("filings").order_by("ordinal")
    head = DocumentHead(
        name=secret.name,
        number=secret.number or "",
        level=secret.level,
        level_text=label_of(secret),
        period=period_on_mark(secret),
        owner=f"{secret.entity} {secret.owner_department}",
        viewer=str(actor),
        watermark=f"{actor} {actor.username}",
        reminder=reminder_for(actor, language).document,
    )
    facts = [
        (_("State"), secret.get_state_display()),
        (_("Description"), secret.description),
        (_("Category"), category_words(pack, secret.category)),
        (_("Why it must be kept secret"), secret.necessity),
        (_("Custodian"), str(secret.custodian or "")),
        (_("Proposer"), str(secret.proposer)),
        (_("Confidentiality period"), period_words(secret.period)),
        (_("Knowledge scope"), ", ".join(scope_words(secret))),
        (_("Designated by"), ", ".join(person["name"] for person in secret.designated_by)),
    ]
    elements = [
        (
            view.title,
            view.row.get_verdict_display() if view.row else "",
            view.row.reason if view.row else "",
            str(len(view.pieces)),
        )
        for view in evidence_of(secret)["elements"]
    ]
    filings = [
        (
            str(version.ordinal),
            str(filing.get_side_display()),
            f"{timezone.localtime(filing.filed_at):%Y-%m-%d %H:%M}",
            filing.sha256,
        )
        for version in versions
        for filing in version.filings.all()
    ]
    files = [
        (row.file.name if names else str(at), row.file.sha256)
        for at, row in enumerate(secret.files.select_related("file"), start=1)
    ]
    deviations = [
        (row["label"], row["default"], row["chosen"], row["reason"]) for row in record["deviations"]
    ]
    tables = [
        Table((_("Element"), _("Verdict"), _("Reason"), _("Evidence")), elements, _("Three elements")),
        Table((_("Version"), _("Filed by"), _("Filed"), "SHA-256"), filings, _("Filings")),
        Table((pgettext("of a thing", "Name"), "SHA-256"), files, _("Files")),
        Table(
            (_("What differs"), _("Default"), _("Chosen"), _("Reason")),
            deviations,
            _("Departs from the defaults"),
        ),
    ]
    return {
        "head": head,
        "title": _("Register extract"),
        "facts": facts,
        "tables": [table for table in tables if table.rows],
    }
