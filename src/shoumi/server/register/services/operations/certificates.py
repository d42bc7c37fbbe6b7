"""The certificate of a destruction as PDF: what was destroyed, how, by whom, seen by whom.

Follows the seed guide 五(二)7.  The look is that of `files.printing`; nothing of the content is printed.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.files.printing import DocumentHead, Table, render_pdf
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append_many
from shoumi.server.register.models import Operation
from shoumi.server.register.queries.operations.methods import method_label
from shoumi.server.register.queries.operations.resources import operation_resource
from shoumi.server.register.queries.words import label_of
from shoumi.server.register.services.documents import period_on_mark
from shoumi.server.register.services.operations.frame import record_of


class NotDestroyedError(ConflictError):
    """There is no certificate before a destruction is witnessed and closed."""

    code = "register.not_destroyed"
    message = "There is a certificate only when the destruction is witnessed and closed."


@take_out
def certificate_print(*, actor: User, operation: Operation) -> bytes:
    """Return the certificate of a closed destruction, in the reader's language.

    Raises:
        NotDestroyedError: it is no destruction, or not closed.
        NotPermittedError: the gate refuses.
    """
    gate.require(actor, Action.OPERATION_VIEW, operation_resource(operation))
    if operation.kind != Operation.Kind.DESTROY or operation.state != Operation.State.DONE:
        raise NotDestroyedError
    language = translation.get_language() or settings.LANGUAGE_CODE
    content = render_pdf("printing/extract.html", _context(operation, actor, language), language)
    with transaction.atomic():
        append_many([record_of(operation, actor, RegisterTag.CERTIFICATE_PRINTED)])
    return content


def _context(operation: Operation, actor: User, language: str) -> dict[str, object]:
    lines = list(operation.lines.select_related("secret__entity", "carrier", "file__file"))
    secret = lines[0].secret
    head = DocumentHead(
        name=_("Certificate of destruction"),
        number=operation.number or "",
        level=operation.level,
        level_text=label_of(secret),
        period=period_on_mark(secret),
        owner=f"{operation.department.entity} {operation.department}",
        viewer=str(actor),
        watermark=f"{actor} {actor.username}",
        reminder=reminder_for(actor, language).document,
    )
    acts = operation.acts.select_related("actor")
    recordings = [act.recording for act in acts if act.recording]
    things = [
        (
            line.secret.number or "",
            str(line.carrier or (line.file.file.sha256[:16] if line.file else "")),
            method_label(operation, line),
            line.tool,
            line.verification,
        )
        for line in lines
        if line.state == "done"
    ]
    signed = [
        (
            str(act.get_kind_display()),
            str(act.actor),
            f"{timezone.localtime(act.at):%Y-%m-%d %H:%M}",
            act.note,
        )
        for act in acts
    ]
    facts = [
        (_("Purpose"), operation.purpose),
        (_("Approved"), f"{timezone.localtime(operation.approved_at):%Y-%m-%d %H:%M}"),
        (_("Recording"), "; ".join(recordings)),
        (_("The secret has ended"), _("Yes") if operation.ends_secret else _("No")),
    ]
    return {
        "head": head,
        "title": _("Certificate of destruction"),
        "facts": facts,
        "tables": [
            Table(
                (_("Secret"), _("What"), _("Method"), _("Tool"), _("Verification")), things, _("Destroyed")
            ),
            Table((_("Step"), _("Signed by"), _("When"), _("Note")), signed, _("Signatures")),
        ],
    }
