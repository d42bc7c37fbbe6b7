"""Hands out the files behind the records of assurance, each opening written to the ledger.

Whoever may see the record may open its file; the rules are asked for the record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.assurance.models import (
    AuthorisationLetter,
    DutyEvidence,
    Evaluation,
    Expense,
    Finding,
    Inspection,
    LeadingBody,
    Meeting,
    PlanTask,
    ProcedureRecord,
    Resolution,
    RuleVersion,
)
from shoumi.server.assurance.queries.access import finding_resource, resolution_resource, task_resource
from shoumi.server.assurance.queries.rules import rule_resource
from shoumi.server.assurance.services.attachments import attachment_open
from shoumi.server.files.responses import stream
from shoumi.server.people.queries import entity_resource


@dataclass(frozen=True, slots=True)
class Attachment:
    """Where a file hangs, and what is asked before it is opened."""

    model: type[models.Model]
    field: str
    action: Action
    resource: Callable[[Any], Resource]


def _of_entity(path: str) -> Callable[[Any], Resource]:
    def resource(row: Any) -> Resource:
        for name in path.split("."):
            row = getattr(row, name)
        return entity_resource(row)

    return resource


SEEN = Action.GOVERNANCE_VIEW
ATTACHMENTS = {
    "letter": Attachment(AuthorisationLetter, "letter", SEEN, _of_entity("entity")),
    "decision": Attachment(LeadingBody, "decision", SEEN, _of_entity("entity")),
    "minutes": Attachment(Meeting, "minutes", SEEN, _of_entity("body.entity")),
    "resolution": Attachment(Resolution, "proof", Action.WORK_VIEW, resolution_resource),
    "evidence": Attachment(DutyEvidence, "file", SEEN, _of_entity("entity")),
    "receipt": Attachment(Expense, "receipt", SEEN, _of_entity("entity")),
    "task": Attachment(PlanTask, "proof", Action.WORK_VIEW, task_resource),
    "inspection": Attachment(Inspection, "report", SEEN, _of_entity("entity")),
    "finding": Attachment(Finding, "proof", Action.WORK_VIEW, finding_resource),
    "evaluation": Attachment(Evaluation, "report", SEEN, _of_entity("entity")),
    "procedure": Attachment(
        ProcedureRecord, "file", Action.RULE_VIEW, lambda row: rule_resource(row.version)
    ),
    "docx": Attachment(RuleVersion, "docx", Action.RULE_READ, rule_resource),
    "pdf": Attachment(RuleVersion, "pdf", Action.RULE_READ, rule_resource),
}


@login_required
@require_safe
def attachment(request: HttpRequest, kind: str, row_id: UUID | int) -> HttpResponseBase:
    """Send the file of a record."""
    known = ATTACHMENTS.get(kind)
    if known is None or isinstance(row_id, int) != (kind == "procedure"):
        raise Http404
    row = get_object_or_404(known.model, pk=row_id)
    gate.require(request.user, known.action, known.resource(row))
    stored = getattr(row, known.field)
    if stored is None:
        raise Http404
    attachment_open(actor=request.user, stored=stored)
    return stream(stored, request=request)
