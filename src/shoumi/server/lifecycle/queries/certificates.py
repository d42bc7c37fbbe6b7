"""What a certificate of leaving says: who, when, every step and thing with what became of it, and who signed.

Follows the guide 五(五)3.  In the language that is active; reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shoumi.engine.canonical import JSONValue
from shoumi.engine.jurisdiction.procedures import Gate, Plan, Standing
from shoumi.server.lifecycle.models import Certificate, HandoverItem, PersonCase, StepRecord
from shoumi.server.lifecycle.queries.packs import named, said, table_of, zone_of
from shoumi.server.lifecycle.queries.rail import days_of, span_words
from shoumi.server.lifecycle.queries.records import names_of
from shoumi.server.lifecycle.queries.standings import plan_of, standing_of

CERTIFICATES = ("certificate", "certificate-absent")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed as what, when, or that they refused."""

    party: str
    name: str
    at: datetime | None
    way: str
    witnesses: str = ""


def statement_of(case: PersonCase, plan: Plan) -> dict[str, JSONValue]:
    """Return what is certified now, as values that are hashed and never change."""
    found = standing_of(case, plan)
    known = names_of(set(plan.parties.values()))
    parties = table_of(case.entity).parties
    steps: list[JSONValue] = [
        {
            "title": said(each.planned.step.names),
            "state": "refused" if each.state == "refused" else "done",
            "at": _moment(case, each.fulfilment.at),
            "took": span_words(took.took)
            if (took := found.measured.get(each.planned.id)) and took.took
            else "",
        }
        for each in found.steps
        if Gate.CERTIFICATE in each.planned.step.gates and each.satisfied
    ]
    kinds = {item.id: said(item.names) for each in plan.steps for item in each.step.items}
    rows = HandoverItem.objects.filter(step__case=case).select_related("received_by", "handed_by")
    order = {kind: place for place, kind in enumerate(kinds)}  # as on the list that people worked with
    things: list[JSONValue] = [
        {
            "kind": kinds.get(row.group, row.group),
            "label": row.label,
            "state": row.state,
            "at": _moment(case, row.received_at),
            "by": str(row.received_by or ""),
        }
        for row in sorted(rows, key=lambda row: order.get(row.group, len(order)))
    ]
    return {
        "number": case.number,
        "kind": case.kind,
        "person": {"name": case.person.name, "number": case.person.number},
        "entity": str(case.entity),
        "department": str(case.department or ""),
        "days": [[label, value] for label, value in days_of(case)],
        "reason": _reason(case),
        "parties": [[named(parties, key), known.get(value, value)] for key, value in plan.parties.items()],
        "steps": steps,
        "things": things,
        "left_out": [[item.step_id, item.reason] for item in plan.left_out],
    }


def signatures_of(row: Certificate) -> list[Signature]:
    """Return every party of the certificate with how they signed, or that they have not."""
    case = row.step.case
    plan = plan_of(case)
    asked = plan.step(row.step.key)
    parties = table_of(case.entity).parties
    records = list(row.step.records.filter(counts_from__isnull=False).prefetch_related("attestations__user"))
    names = names_of(set(plan.parties.values()))
    found = []
    for party in asked.step.signers if asked else ():
        given = _of_party(records, party)
        witnesses = ", ".join(str(item.user) for item in given.attestations.all()) if given else ""
        found.append(
            Signature(
                party=named(parties, party),
                name=names.get(plan.parties.get(party, ""), ""),
                at=given.happened_at if given else None,
                way=given.get_way_display() if given else "",
                witnesses=witnesses,
            )
        )
    return found


def _of_party(records: list[StepRecord], party: str) -> StepRecord | None:
    return next((row for row in records if party in row.signed or party in row.refused), None)


def _reason(case: PersonCase) -> str:
    """Return why somebody leaves; a suspicion is nothing that the leaver signs."""
    fact = table_of(case.entity).facts["reason"]
    given = case.facts.get(fact.id, "")
    return said(fact.value(given).names) if given else ""


def _took(found: Standing, key: str) -> str:
    measured = found.measured.get(key)
    return span_words(measured.took) if measured and measured.took is not None else ""


def _moment(case: PersonCase, at: datetime | None) -> str:
    return at.astimezone(zone_of(case.entity)).strftime("%Y-%m-%d %H:%M") if at else ""
