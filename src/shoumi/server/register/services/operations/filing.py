"""The two filings of an operation: the owner department's and the secrecy office's.

Follows the seed guide 五(二)5 (登记备案).  Each side reads the rows itself, so that the two can be
reconciled.
"""

from __future__ import annotations

from typing import Any

from django.utils import translation

from shoumi.server.ledger.services import clock
from shoumi.server.register.models import Operation, OperationFiling
from shoumi.server.register.queries.snapshot import record_sha256
from shoumi.server.register.services.operations.frame import thing_of

FORM = "shoumi.register.operation.v1"
Side = OperationFiling.Side


def operation_file(operation: Operation, occasion: str) -> None:
    """File a locked operation on both sides, once for each occasion; later steps go into the closing one."""
    if operation.filings.filter(occasion=occasion).exists():
        return
    with translation.override("en"):
        units = {Side.OWNER: str(operation.department), Side.OFFICE: str(Side.OFFICE.label)}
    for side, unit in units.items():
        record = record_of_operation(operation)
        OperationFiling.objects.create(
            operation=operation,
            occasion=occasion,
            side=side,
            record=record,
            sha256=record_sha256(record),
            filed_for=unit,
            filed_at=clock().now(),
        )


def record_of_operation(operation: Operation) -> dict[str, Any]:
    """Return what is filed of an operation, as one JSON value; content of secrets never."""
    lines = operation.lines.select_related("secret", "file", "from_zone").order_by("pk")
    acts = operation.acts.order_by("at", "pk")
    return {
        "form": FORM,
        "id": str(operation.pk),
        "number": operation.number or "",
        "kind": operation.kind,
        "department": str(operation.department_id),
        "level": operation.level,
        "requester": str(operation.requester_id),
        "receiver": str(operation.receiver_id or ""),
        "third_party": str(operation.third_party_id or ""),
        "agreement": str(operation.agreement_id or ""),
        "to_zone": str(operation.to_zone_id or ""),
        "purpose": operation.purpose,
        "due_on": operation.due_on.isoformat() if operation.due_on else "",
        "way": operation.method,
        "approved_at": operation.approved_at.isoformat() if operation.approved_at else "",
        "conditions": operation.conditions,
        "lines": [
            {
                "thing": thing_of(line),
                "secret": line.secret.number or "",
                "state": line.state,
                "method": line.method,
                "tool": line.tool,
                "verification": line.verification,
                "condition": line.condition,
                "from_zone": str(line.from_zone_id or ""),
                "copies": sorted(str(number) for number in line.copies.values_list("number", flat=True)),
            }
            for line in lines
        ],
        "acts": [
            {
                "kind": act.kind,
                "actor": str(act.actor_id),
                "at": act.at.isoformat(),
                "signed_by": act.signed_by,
                "recording": act.recording,
            }
            for act in acts
        ],
        "witnesses": sorted(
            str(row.user_id) for row in operation.witnesses.filter(confirmed_at__isnull=False)
        ),
    }


def filings_disagree(operation: Operation) -> list[str]:
    """Return what does not agree between the filings of an operation; empty if all agree."""
    faults = []
    for occasion in OperationFiling.Occasion.values:
        rows = {row.side: row for row in operation.filings.all() if row.occasion == occasion}
        faults += [
            f"{occasion}:{side}" for side, row in rows.items() if record_sha256(row.record) != row.sha256
        ]
        if len({row.sha256 for row in rows.values()}) > 1:
            faults.append(f"{occasion}:differ")
    return faults
