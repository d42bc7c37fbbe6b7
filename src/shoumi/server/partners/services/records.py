"""The record of a sign of a leak for an incident: everything that stands on record of it, on one paper.

Follows the Japanese page's case of the smartphone: who, sent by which company under which agreement, in which
zone with which rule on devices, with which accesses from when to when, and the ledger's entries about it.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.files.printing import DocumentHead, Table, render_pdf
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.queries import entries_of
from shoumi.server.ledger.vocabulary import tag_words
from shoumi.server.partners.models import Filing, Signal, Worker
from shoumi.server.partners.queries.workers import workers
from shoumi.server.people.queries import department_resource
from shoumi.server.people.services.editing import record
from shoumi.server.places.queries.holding import bans_devices


@take_out
def signal_print(*, actor: User, signal: Signal, language: str) -> bytes:
    """Return the record of a sign as PDF, in the reader's language; who printed it stands in the ledger.

    Raises:
        NotPermittedError: the actor keeps no partners of the department.
        PrintingFailedError: the PDF library is missing or failed.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(signal.department))
    with override(language):
        context = record_of(signal, viewer=str(actor))
    content = render_pdf("printing/extract.html", context, language)
    with transaction.atomic():
        record(
            PartnerTag.SIGNAL_PRINTED,
            actor=actor,
            subject=signal.ledger_subject,
            detail={"language": language},
        )
    return content


def record_of(signal: Signal, *, viewer: str) -> dict[str, object]:
    """Return what stands on the record, in the language in force."""
    worker = workers().filter(pk=signal.worker_id).first()
    facts: list[tuple[str, str]] = [
        (_("Kind"), str(signal.get_kind_display())),
        (_("When it happened"), _day(signal.happened_on)),
        (_("How it became known"), signal.source),
        (_("What happened"), signal.text),
        (_("Customer"), signal.customer),
        (_("What was offered, from which trade"), signal.offered),
        (_("Seeded records that were named"), signal.seeded),
        (_("Device"), signal.device),
        (_("Written down by"), f"{signal.taken_by} {_moment(signal.taken_at)}"),
        (_("State"), str(signal.get_state_display())),
        (_("Judgement"), signal.judgement),
    ]
    if signal.zone:
        rule = (
            _("Devices stay outside.") if bans_devices(signal.zone) else _("No rule on devices is recorded.")
        )
        facts += [(_("Zone"), str(signal.zone)), (_("Rule on devices in the zone"), rule)]
    tables = [_entries(signal, worker)]
    if worker is not None:
        facts += _of_worker(worker)
        tables.insert(0, _accesses(worker))
    head = DocumentHead(
        name=_("Record of a sign of a leak"),
        number=str(signal.pk)[:8],
        owner=f"{signal.department.entity} {signal.department}",
        viewer=viewer,
        watermark=viewer,
    )
    return {"head": head, "facts": [(label, value) for label, value in facts if value], "tables": tables}


def _of_worker(worker: Worker) -> list[tuple[str, str]]:
    engagement, partner = worker.engagement, worker.partner
    filings = Filing.objects.filter(partner=partner).select_related("agreement")
    papers = "; ".join(f"{row.number} ({_day(row.agreement.signed_on)})" for row in filings)
    return [
        (_("Outsider"), f"{engagement.person} · {engagement.get_kind_display()}"),
        (_("Sent by"), f"{partner} · {partner.manager_name}"),
        (_("Where they work"), f"{engagement.department} · {engagement.post or '–'}"),
        (_("From and until"), f"{_day(engagement.starts_on)} – {engagement.ends_on or ''}"),
        (_("Filed agreements"), papers or _("none")),
        (_("Pledge"), _day(worker.pledged_on) if worker.pledged_on else _("none")),
        (_("Computer"), f"{worker.get_computer_display() or _('not recorded')} · {worker.device or '–'}"),
    ]


def _accesses(worker: Worker) -> Table:
    rows = [
        (str(row.get_kind_display()), row.what, _moment(row.given_at), _moment(row.ended_at))
        for row in worker.accesses.all()
    ]
    return Table((_("Kind"), _("What is opened"), _("Given"), _("Taken back")), rows, caption=_("Accesses"))


def _entries(signal: Signal, worker: Worker | None) -> Table:
    subjects = [
        signal.ledger_subject,
        *([worker.ledger_subject, worker.partner.ledger_subject] if worker else []),
    ]
    entries = sorted((row for subject in subjects for row in entries_of(subject)), key=lambda row: row.index)
    rows = [(str(row.index), _moment(row.time), _what(row.tag)) for row in entries]
    return Table((_("Number"), _("When"), _("What")), rows, caption=_("Ledger entries"))


def _what(tag: str) -> str:
    _area, thing, event = tag_words(tag)
    return f"{thing}: {event} ({tag})"


def _day(value: date | None) -> str:
    return value.isoformat() if value else "–"


def _moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else "–"
