"""The package of a self-inspection for an inspector or a competent authority: papers, table, index, hashes.

A zip with the report as PDF, the checklist as xlsx, an index of the evidence with a hash for each proof, the
proofs themselves and `SHA256SUMS`.  It holds counts and descriptions, never the content of a secret.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.assurance.models import SelfInspection
from shoumi.server.assurance.queries.self_inspection import RowShown, rows_shown, run_before, totals_of
from shoumi.server.assurance.services.self_inspection import RunUnknownError, run_record
from shoumi.server.files.printing import DocumentHead, render_pdf
from shoumi.server.files.services import file_open
from shoumi.server.files.tables import ColumnSpec, TableFormat, write_table
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.queries import entity_resource

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same run makes the same zip


@take_out
def self_inspection_export(*, actor: User, run_id: UUID, language: str) -> bytes:
    """Return the package of a run in `language`, and record that it was taken out.

    Raises:
        RunUnknownError, NotPermittedError
    """
    run = SelfInspection.objects.select_related("entity", "frozen_by").filter(pk=run_id).first()
    if run is None:
        raise RunUnknownError
    gate.require(actor, Action.SELF_INSPECTION_EXPORT, entity_resource(run.entity))
    rows = rows_shown(run)
    with translation.override(language):
        parts = {
            "report.pdf": report_pdf(run, rows, actor, language),
            "checklist.xlsx": _checklist(run, rows, language),
            "run.json": json.dumps(run_record(run), ensure_ascii=False, indent=1).encode(),
        }
        parts |= _proofs(rows)
        parts["evidence-index.json"] = _index(run, rows, parts, language)
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(parts.items()))
    parts["SHA256SUMS"] = sums.encode()
    content = _zip(parts)
    with transaction.atomic():
        append(
            LedgerTag.ASSURANCE_SELF_INSPECTION_EXPORTED,
            actor=actor.ledger_actor,
            subject=run.ledger_subject,
            detail={"sha256": hashlib.sha256(content).hexdigest(), "language": language},
        )
    return content


def report_pdf(run: SelfInspection, rows: list[RowShown], actor: User, language: str) -> bytes:
    """Return the run as a paper."""
    table = load_assurance(run.pack).inspection
    groups = [
        (
            group.names.in_language(language),
            [_line(row, language) for row in rows if row.row.group == group.id],
        )
        for group in table.groups
    ]
    head = DocumentHead(
        name=_("Self-inspection of trade-secret management"),
        number=run.day.isoformat(),
        owner=str(run.entity),
        viewer=str(actor),
    )
    context = {
        "head": head,
        "run": run,
        "groups": groups,
        "totals": totals_of(rows),
        "before": run_before(run),
        "source": table.origin.source.in_language(language),
        "status": table.origin.status,
    }
    return render_pdf("assurance/self_inspection_print.html", context, language)


def _line(row: RowShown, language: str) -> dict[str, object]:
    return {
        "id": row.item.row,
        "phrase": row.row.phrase,
        "checks": row.row.checks.in_language(language),
        "label": row.label,
        "tone": row.tone,
        "count": f"{row.item.have}/{row.item.need}" if row.item.need else "",
        "reason": row.item.override_reason,
        "change": row.change,
    }


def _checklist(run: SelfInspection, rows: list[RowShown], language: str) -> bytes:
    heads = {
        "row": _("Row"),
        "phrase": _("Source"),
        "checks": _("What is looked at"),
        "result": _("Result"),
        "have": _("Shown"),
        "need": _("Of"),
        "judged": _("Result by the inspector"),
        "reason": _("Reason"),
        "proof": _("Proof (SHA-256)"),
    }
    stream = io.BytesIO()
    cells = (
        [
            row.item.row,
            row.row.phrase,
            row.row.checks.in_language(language),
            row.item.get_result_display(),
            row.item.have,
            row.item.need,
            row.item.get_override_display() if row.item.override else "",
            row.item.override_reason,
            row.item.override_file.sha256 if row.item.override_file else "",
        ]
        for row in rows
    )
    columns = [ColumnSpec(key, title, (), str) for key, title in heads.items()]
    title = _("Self-inspection %(day)s") % {"day": run.day.isoformat()}
    write_table(stream, columns, cells, file_format=TableFormat.XLSX, title=title)
    return stream.getvalue()


def _proofs(rows: list[RowShown]) -> dict[str, bytes]:
    """Return the files that an inspector added, by their place in the package."""
    found = {}
    for row in rows:
        file = row.item.override_file
        if file is not None:
            with file_open(file) as reader:
                found[f"proofs/{row.item.row}-{file.name}"] = b"".join(reader.chunks())
    return found


def _index(run: SelfInspection, rows: list[RowShown], parts: dict[str, bytes], language: str) -> bytes:
    """Return for each row what shows it: the count, the rows behind it, the proof with its hash."""
    proofs = {
        row.item.row: place
        for row in rows
        if row.item.override_file
        and (place := f"proofs/{row.item.row}-{row.item.override_file.name}") in parts
    }
    index = {
        "form": "shoumi.assurance.evidence_index.v1",
        "entity": str(run.entity),
        "day": run.day.isoformat(),
        "state": run.state,
        "sha256_of_the_frozen_run": run.sha256,
        "demonstration_enterprise_trial": run.demonstration,
        "made_at": clock().now().isoformat(timespec="seconds"),
        "rows": [
            {
                "row": row.item.row,
                "checks": row.row.checks.in_language(language),
                "result": row.item.final,
                "shown": row.item.have,
                "of": row.item.need,
                "rows_behind_it": row.item.link,
                "reason": row.item.override_reason,
                "proof": proofs.get(row.item.row, ""),
                "sha256": row.item.override_file.sha256 if row.item.override_file else "",
            }
            for row in rows
        ],
    }
    return json.dumps(index, ensure_ascii=False, indent=1).encode()


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(parts.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
