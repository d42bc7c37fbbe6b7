"""Runs the look-back over the logs of a case, records its result, and holds the evidence in one step.

Follows the guide 五(五)3(4) and (5); the detectors are the engine's.  A hit is a reason to look: whoever
records the step says what came of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.jurisdiction.procedures import ItemState, Looked, look_back
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.queries import entry_count
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import (
    Attestation,
    CaseStep,
    EvidenceHold,
    HeldFile,
    LookBack,
    PersonCase,
    RecordFile,
    StepRecord,
)
from shoumi.server.lifecycle.queries.access import case_resource, step_resource
from shoumi.server.lifecycle.queries.handover import carriers_held
from shoumi.server.lifecycle.queries.packs import table_of, zone_of
from shoumi.server.lifecycle.queries.standings import plan_of, version_of, who
from shoumi.server.lifecycle.services.cases import locked_open
from shoumi.server.lifecycle.services.errors import (
    CompanionsError,
    LogError,
    ReasonNeededError,
    RecordEmptyError,
)
from shoumi.server.lifecycle.services.logs import log_read
from shoumi.server.lifecycle.services.recording import finish, open_step, record_keep
from shoumi.server.people.services.editing import record, text_of

STEP, HOLD_STEP = "look-back", "evidence-hold"
Numbers = Mapping[str, Mapping[str, int]]


def look_back_run(
    *, actor: User, case: PersonCase, numbers: Numbers | None = None, domains: Sequence[str] = ()
) -> LookBack:
    """Run the eight detectors over every log of the case and keep what they found.

    Raises:
        NotPermittedError, CaseOverError: each as it says.
        LogError: no log was imported.
        LookBackError: a number lies outside its range.
    """
    gate.require(actor, Action.PERSON_CASE_EXAMINE, case_resource(case))
    logs = list(case.logs.select_related("file", "case__entity"))
    if not logs:
        raise LogError(reason=_("no log was imported"))
    now = clock().now()
    events = [event for log in logs for event in log_read(log).events]
    found = look_back(
        table_of(case.entity).detectors,
        events,
        until=now,
        zone=zone_of(case.entity),
        numbers=numbers or {},
        given=[log.kind for log in logs],
        inside=domains,
    )
    results = [_kept(each) for each in found]
    with transaction.atomic():
        open_ = locked_open(case, None)
        row = LookBack.objects.create(
            case=open_,
            until=now,
            parameters={
                "numbers": {name: dict(values) for name, values in (numbers or {}).items()},
                "domains": list(domains),
            },
            logs=[{"id": str(log.pk), "kind": log.kind, "sha256": log.file.sha256} for log in logs],
            results=results,
            results_sha256=hashlib.sha256(canonical_bytes(results)).hexdigest(),
            hits=sum(len(each.hits) for each in found),
            run_by=actor,
            run_at=now,
        )
        record(
            LedgerTag.LIFECYCLE_LOOK_BACK_RUN,
            actor=actor,
            subject=case.ledger_subject,
            detail={"results": row.results_sha256, "hits": str(row.hits), "logs": row.logs},
        )
    return row


def look_back_record(*, actor: User, step: CaseStep, run: LookBack, companion: User, note: str) -> StepRecord:
    """Record what came of a look-back as two persons: every detector that could look is answered.

    Raises:
        NotPermittedError, CaseOverError, GateClosedError: each as it says.
        CompanionsError: the second person may not.
        RecordEmptyError: nothing is said about it.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(step))
    if not note.strip():
        raise RecordEmptyError
    with transaction.atomic():
        case, asked, made = open_step(step)
        barred = {made.parties.get(party) for party in asked.step.barred}
        if who(companion) in barred | {who(actor)} or who(actor) in barred:
            raise CompanionsError(number=asked.step.persons)
        looked = {each["detector"] for each in run.results if each["looked"]}
        row = record_keep(
            step,
            actor=actor,
            way=StepRecord.Way.LOOK_BACK,
            values={
                "happened_at": run.run_at,
                "note": note.strip(),
                "by": [who(actor), who(companion)],
                "items": {
                    item.id: {"state": ItemState.SETTLED.value, "at": None}
                    for item in asked.step.items
                    if item.id in looked
                },
                "document_sha256": run.results_sha256,
            },
            asked=[(companion, Attestation.Part.TOGETHER)],
        )
        finish(case, row, LedgerTag.LIFECYCLE_RECORD_ADDED, actor)
    return row


def evidence_hold(*, actor: User, case: PersonCase, reason: str) -> EvidenceHold:
    """Hold everything that belongs to the case in one step: files, findings, plan, carriers, ledger.

    Files that are held cannot be removed any more.  If the plan asks for a hold, its step is recorded.

    Raises:
        NotPermittedError, CaseOverError, ReasonNeededError: each as it says.
    """
    gate.require(actor, Action.PERSON_CASE_HOLD, case_resource(case))
    if not reason.strip():
        raise ReasonNeededError
    with transaction.atomic():
        open_ = locked_open(case, None)
        files = _files(open_)
        manifest = _manifest(open_, files)
        hold = EvidenceHold.objects.create(
            case=open_,
            reason=text_of(EvidenceHold, "reason", reason),
            manifest=manifest,
            manifest_sha256=hashlib.sha256(canonical_bytes(manifest)).hexdigest(),
            held_by=actor,
            held_at=clock().now(),
        )
        HeldFile.objects.bulk_create(HeldFile(hold=hold, file=item) for item in files)
        record(
            LedgerTag.LIFECYCLE_EVIDENCE_HELD,
            actor=actor,
            subject=case.ledger_subject,
            detail={"manifest": hold.manifest_sha256, "files": str(len(files)), "reason": hold.reason},
        )
        step = open_.steps.filter(key=HOLD_STEP, satisfied_at__isnull=True).first()
        if step is not None and plan_of(open_).step(HOLD_STEP) is not None:
            row = record_keep(
                step,
                actor=actor,
                way=StepRecord.Way.RECORDED,
                values={
                    "happened_at": hold.held_at,
                    "note": hold.reason,
                    "by": [who(actor)],
                    "document_sha256": hold.manifest_sha256,
                },
            )
            finish(open_, row, LedgerTag.LIFECYCLE_RECORD_ADDED, actor)
    return hold


def _files(case: PersonCase) -> list[StoredFile]:
    proofs = RecordFile.objects.filter(record__step__case=case).select_related("file")
    rows = [item.file for item in proofs] + [log.file for log in case.logs.select_related("file")]
    return list({row.pk: row for row in rows}.values())


def _manifest(case: PersonCase, files: Sequence[StoredFile]) -> dict[str, JSONValue]:
    return {
        "case": case.number,
        "plan": version_of(case).plan_sha256,
        "files": [{"id": str(row.pk), "sha256": row.sha256, "sm3": row.sm3} for row in files],
        "look_backs": [row.results_sha256 for row in case.look_backs.all()],
        "records": [
            str(key) for key in StepRecord.objects.filter(step__case=case).values_list("pk", flat=True)
        ],
        "carriers": [row.number or str(row.pk) for row in carriers_held(case.person)],
        "ledger_entries": entry_count(),
    }


def _kept(each: Looked) -> dict[str, JSONValue]:
    return {
        "detector": each.detector.id,
        "looked": each.looked,
        "missing": list(each.missing),
        "hits": [
            {
                "since": hit.since.isoformat(),
                "until": hit.until.isoformat(),
                "found": hit.found,
                "limit": hit.limit,
                "why": {"zh": hit.why.zh, "ja": hit.why.ja, "en": hit.why.en},
                "rows": list(hit.rows),
            }
            for hit in each.hits
        ],
    }
