"""Makes the plan of a case, keeps it with what it came from, and keeps the rows of its steps in step with it.

Whose rule: the engine's `procedures.plan` and `standing`; roles must be held by somebody where the person
stands, or the case is refused.  Nobody is told here.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.utils.dateparse import parse_date, parse_datetime

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.jurisdiction.procedures import (
    Added,
    Change,
    DueRule,
    EvidenceKind,
    Gate,
    LeftOut,
    Moved,
    Plan,
    Standing,
    kept,
    plan,
)
from shoumi.engine.jurisdiction.procedures import (
    CaseStep as PackStep,
)
from shoumi.engine.jurisdiction.procedures.values import PERSON, RECEIVER
from shoumi.engine.jurisdiction.values import Status, Texts
from shoumi.engine.policy import Role
from shoumi.server.accounts.models import ROLE_LABELS, User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.services import clock
from shoumi.server.lifecycle.models import CaseStep, PersonCase, PlanVersion, TemplateChange
from shoumi.server.lifecycle.queries.packs import pack_of, source_sha256, zone_of
from shoumi.server.lifecycle.queries.standings import standing_of, version_of
from shoumi.server.lifecycle.services.errors import NobodyHoldsRoleError, RoleUnknownError
from shoumi.server.people.models import LegalEntity


def changes_of(entity: LegalEntity, kind: str) -> list[Change]:
    """Return the company's own changes for this kind of case, as the engine takes them."""
    rows = TemplateChange.objects.filter(entity=entity, kind=kind, ended_at__isnull=True)
    return [change_value(row) for row in rows.order_by("set_at", "pk")]


def change_value(row: TemplateChange) -> Change:
    """Return one change as the engine takes it."""
    if row.what == TemplateChange.What.LEFT_OUT:
        return LeftOut(row.key, row.reason)
    due = DueRule(row.day, days=row.days_after)
    if row.what == TemplateChange.What.MOVED:
        return Moved(row.key, due, row.reason)
    words, proof = Texts(row.title, row.title, row.title), Texts(row.proof, row.proof, row.proof)
    step = PackStep(
        id=row.key,
        names=words,
        records=proof,
        evidence=EvidenceKind.STATEMENT,
        owner=row.role,
        source="",
        status=Status.PRIMARY,
        due=(due,),
        gates=(Gate(row.gate),) if row.gate else (),
        barred=(PERSON,),
    )
    return Added(step, row.reason)


def planned(case: PersonCase) -> Plan:
    """Return the plan that the pack and the company's changes give for the case as it is described.

    Raises:
        CaseFactError, CaseDayError, CasePartyError, CaseChangeError, RuleNotInForceError: as the engine says.
        RoleUnknownError, NobodyHoldsRoleError: a step would belong to nobody.
    """
    days = {name: _day(text) for name, text in case.days.items()}
    parties = {row.party: str(row.person_id) for row in case.parties.all()} | {PERSON: str(case.person_id)}
    made = plan(
        pack_of(case.entity),
        case.kind,
        case.facts,
        {name: value for name, value in days.items() if value},
        zone=zone_of(case.entity),
        changes=changes_of(case.entity, case.kind),
        parties=parties,
    )
    verify_owners(case, made)
    return made


def _day(text: str) -> date | datetime | None:
    return parse_datetime(text) if "T" in text else parse_date(text)


def verify_owners(case: PersonCase, made: Plan) -> None:
    """Return if every step belongs to a role that somebody other than the person holds there.

    Raises:
        RoleUnknownError: a role is none of the policy.
        NobodyHoldsRoleError: nobody holds it.
    """
    wanted: dict[Role, None] = {}
    for each in made.steps:
        if each.step.owner not in set(Role):
            raise RoleUnknownError(step=each.id, role=each.step.owner)
        wanted[Role(each.step.owner)] = None
    missing = [
        str(ROLE_LABELS[role]) for role in wanted if role is not Role.EMPLOYEE and not holders(case, role)
    ]
    if missing:
        raise NobodyHoldsRoleError(roles=", ".join(missing))


def holders(case: PersonCase, role: Role | str) -> list[User]:
    """Return who holds a role where the case stands, without the person whom it is about."""
    scope = case.department.scope if case.department else case.entity.scope
    rows = role_holders(Role(role), scope)
    return [user for user in rows if user.pk != case.person.user_id]


def plan_keep(case: PersonCase, made: Plan, *, actor: User, reason: str) -> PlanVersion:
    """Keep a plan as the newest one and bring the rows of the steps in step; part of a transaction."""
    newest = case.plans.order_by("-number").values_list("number", flat=True).first() or 0
    value = kept(made)
    row = PlanVersion.objects.create(
        case=case,
        number=newest + 1,
        pack=made.pack,
        pack_edition=pack_of(case.entity).edition,
        source_sha256=source_sha256(made.pack),
        plan=value,
        plan_sha256=hashlib.sha256(canonical_bytes(value)).hexdigest(),
        reason=reason,
        made_by=actor,
        made_at=clock().now(),
    )
    _rows(case, made)
    refresh(case, made)
    return row


def refresh(case: PersonCase, made: Plan | None = None) -> Standing:
    """Bring the rows of the steps to where the records have brought the case; part of a transaction."""
    found = standing_of(case, made)
    rows = {row.key: row for row in case.steps.all()}
    changed: list[CaseStep] = []
    for each in found.steps:
        row = rows[each.planned.id]
        state = each.state.value
        at = each.fulfilment.at if each.satisfied else None
        if (row.state, row.satisfied_at, row.due_at) != (state, at, each.planned.due.at):
            row.state, row.satisfied_at, row.due_at = state, at, each.planned.due.at
            row.version += 1
            changed.append(row)
    CaseStep.objects.bulk_update(changed, ["state", "satisfied_at", "due_at", "version"], batch_size=200)
    waiting = [each.planned.due.at for each in found.steps if not each.satisfied and each.planned.due.at]
    case.next_due_at = min(waiting, default=None)
    case.save(update_fields=["next_due_at"])
    return found


def _rows(case: PersonCase, made: Plan) -> None:
    """Make a row for each new step, and mark as dropped what the plan no longer has."""
    known = {row.key: row for row in case.steps.all()}
    new, changed = [], []
    for position, each in enumerate(made.steps):
        names = each.step.names
        values = {
            "position": position,
            "title_zh": names.zh[:200],
            "title_ja": names.ja[:200],
            "title_en": names.en[:200],
            "role": each.step.owner,
            "evidence": each.step.evidence.value,
            "personal": each.step.owner == Role.EMPLOYEE or PERSON in each.step.signers,
            "signers": "".join(f"|{party}" for party in each.step.signers) + "|" * bool(each.step.signers),
            "receives": RECEIVER in each.step.parties,
        }
        row = known.pop(each.id, None)
        if row is None:
            new.append(CaseStep(case=case, key=each.id, **values))
            continue
        for name, value in values.items():
            setattr(row, name, value)
        changed.append(row)
    for row in known.values():
        row.state, row.satisfied_at = CaseStep.State.DROPPED, None
        changed.append(row)
    CaseStep.objects.bulk_create(new, batch_size=200)
    fields = [*NAMES, "state", "satisfied_at"]
    CaseStep.objects.bulk_update(changed, fields, batch_size=200)


NAMES = (
    "position", "title_zh", "title_ja", "title_en", "role", "evidence", "personal", "signers", "receives",
)  # fmt: skip


def same_as_kept(case: PersonCase, made: Plan) -> bool:
    """Tell whether a plan asks for exactly what the kept one does."""
    digest = hashlib.sha256(canonical_bytes(kept(made))).hexdigest()
    return version_of(case).plan_sha256 == digest
