"""Repair, maintenance and scrapping of storage units: approved, then secured, only then carried out.

Follows the seed guide 五(三)2(5): a named person removes the storage, or backs up and deletes, before; with
approval and registration.  Who may decide is worked out by `approvals`.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action
from shoumi.engine.workflow import SERVICING, advance
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import (
    Description,
    KindHandlers,
    StepPlan,
    register_kind,
    request_open,
    request_withdraw,
)
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import Person
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.register.models import Servicing, StorageUnit
from shoumi.server.register.queries.standards import level_standard, pack_for
from shoumi.server.register.queries.storage.visible import with_level
from shoumi.server.register.services.proposals import ReasonMissingError
from shoumi.server.register.services.storage.editing import unit_editing, unit_locked
from shoumi.server.register.services.storage.findings import findings_refresh
from shoumi.server.register.services.verifying import NothingNamedError

SERVICING_KIND = "register.servicing"
Kind, Measure = Servicing.Kind, Servicing.Measure
OPEN = ("asked", "approved", "secured", "out")


class ServicingOpenError(ConflictError):
    """Something of the kind is under way already."""

    code = "register.servicing_open"
    message = "A repair, maintenance or scrapping of this unit is under way already."


class ServicingStepError(ConflictError):
    """The step is not possible now: it is not approved, or not secured."""

    code = "register.servicing_step"
    message = "This cannot be done now: it stands at “{state}”."


class StillStoredError(ConflictError):
    """Secrets are registered on the unit, so it cannot be said that nothing was on it."""

    code = "register.still_stored"
    message = "Secrets are registered on this unit; remove its storage, or back up and delete them."


def servicing_ask(*, actor: User, unit_id: UUID, kind: str, reason: str, provider: str = "") -> Servicing:
    """Ask for a repair, maintenance or the scrapping of a unit; decided by the steps of its level.

    Raises:
        NotPermittedError: the gate refuses.
        ServicingOpenError, ReasonMissingError: each as it says.
    """
    if kind not in Kind.values:
        raise NothingNamedError(what="kind", value=kind)
    if not reason.strip():
        raise ReasonMissingError
    with unit_editing(
        actor=actor,
        unit_id=unit_id,
        action=Action.STORAGE_TEND,
        tag=RegisterTag.SERVICING_ASKED,
        detail={"kind": kind, "reason": reason.strip()},
    ) as edit:
        if edit.unit.servicings.filter(state__in=OPEN).exists():
            raise ServicingOpenError
        row = Servicing.objects.create(
            unit=edit.unit,
            kind=kind,
            state=SERVICING.initial,
            reason=reason.strip()[:300],
            provider=provider.strip()[:200],
            asked_by=actor,
            asked_at=clock().now(),
        )
        row.request_id = _request(row, actor).pk
        row.save(update_fields=["request_id"])
        edit.detail["servicing"] = str(row.pk)
    return row


def servicing_withdraw(*, actor: User, servicing_id: UUID) -> Servicing:
    """Take the wish back before it is decided; only who asked may."""
    row = _row(servicing_id)
    with unit_editing(
        actor=actor,
        unit_id=row.unit_id,
        action=Action.STORAGE_TEND,
        tag=RegisterTag.SERVICING_WITHDRAWN,
        detail={"servicing": str(row.pk)},
    ):
        row = _step(servicing_id, "withdraw")
        request = ApprovalRequest.objects.get(pk=row.request_id)
        request_withdraw(request=request, actor=actor, from_subject=True)
    return row


def servicing_secure(
    *, actor: User, servicing_id: UUID, measure: str, person: Person, proof: str
) -> Servicing:
    """Record who took the secrets out of the unit, how, and by what proof; before the work begins.

    Raises:
        StillStoredError: it is said that nothing was on it, and secrets are registered there.
    """
    if measure not in Measure.values:
        raise NothingNamedError(what="measure", value=measure)
    if not proof.strip():
        raise ReasonMissingError
    row = _row(servicing_id)
    with unit_editing(
        actor=actor,
        unit_id=row.unit_id,
        action=Action.STORAGE_TEND,
        tag=RegisterTag.SERVICING_SECURED,
        detail={"servicing": str(row.pk), "measure": measure, "person": str(person.pk), "proof": proof},
    ) as edit:
        if measure == Measure.EMPTY and with_level(StorageUnit.objects.all()).get(pk=edit.unit.pk).stored:
            raise StillStoredError
        row = _step(servicing_id, "secure")
        row.measure, row.secured_by, row.proof = measure, person, proof.strip()[:300]
        row.secured_at = clock().now()
        row.save()
    return row


def servicing_begin(*, actor: User, servicing_id: UUID) -> Servicing:
    """Let the work begin; refused until it is approved and secured."""
    row = _row(servicing_id)
    with unit_editing(
        actor=actor,
        unit_id=row.unit_id,
        action=Action.STORAGE_TEND,
        tag=RegisterTag.SERVICING_BEGUN,
        detail={"servicing": str(row.pk)},
    ) as edit:
        row = _step(servicing_id, "begin")
        row.began_at = clock().now()
        row.save()
        edit.unit.status = StorageUnit.Status.SERVICING
    return row


def servicing_end(*, actor: User, servicing_id: UUID, outcome: str) -> Servicing:
    """Record how it ended: a scrapped unit leaves the authorised list, any other is in use again."""
    if not outcome.strip():
        raise ReasonMissingError
    row = _row(servicing_id)
    with unit_editing(
        actor=actor,
        unit_id=row.unit_id,
        action=Action.STORAGE_TEND,
        tag=RegisterTag.SERVICING_ENDED,
        detail={"servicing": str(row.pk), "outcome": outcome.strip()},
    ) as edit:
        row = _step(servicing_id, "end")
        row.ended_at, row.outcome = clock().now(), outcome.strip()[:300]
        row.save()
        scrapped = row.kind == Kind.SCRAP
        edit.unit.status = StorageUnit.Status.SCRAPPED if scrapped else StorageUnit.Status.IN_USE
        if scrapped:
            left = list(edit.unit.carriers.all())
            edit.unit.carriers.update(unit=None)
            edit.unit.permitted, edit.unit.authorised_at, edit.unit.authorised_by = 0, None, None
            edit.unit.save()
            findings_refresh(carriers=left, units=[edit.unit.pk])
    return row


def register_servicing() -> None:
    """Make the kind of request known to `approvals`."""
    register_kind(
        SERVICING_KIND,
        KindHandlers(
            label=_("Repair, maintenance or scrapping of a storage unit"),
            describe=_describe,
            lock=lambda request: unit_locked(_of(request).unit_id) and None,
            on_approved=lambda request, actor: _decided(request, "approve", actor, ""),
            on_returned=lambda request, actor, reason: _decided(request, "refuse", actor, reason),
            on_rejected=lambda request, actor, reason: _decided(request, "refuse", actor, reason),
            in_bulk=lambda _request: False,
        ),
    )


def _request(row: Servicing, actor: User) -> ApprovalRequest:
    unit = with_level(StorageUnit.objects.select_related("department__entity")).get(pk=row.unit_id)
    entity = unit.department.entity
    level = LEVEL_IDS[max(unit.stored, unit.permitted, 1)]
    standard = level_standard(entity.pk, pack_for(entity.pack), level)
    places = {"owner_department": unit.department.scope, "entity": entity.scope}
    return request_open(
        kind=SERVICING_KIND,
        subject=unit.ledger_subject,
        title=f"{row.get_kind_display()} {unit.code}",
        requester=actor,
        scope=unit.department.scope,
        steps=[
            StepPlan(
                step.id, step.role, places[step.within], quorum=step.quorum, due=timedelta(days=step.due_days)
            )
            for step in (standard.steps if standard else ())
        ],
    )


def _decided(request: ApprovalRequest, step: str, actor: User, reason: str) -> None:
    row = _step(_of(request).pk, step)
    row.outcome = reason[:300]
    row.save()
    approved = step == "approve"
    append(
        RegisterTag.SERVICING_APPROVED if approved else RegisterTag.SERVICING_REFUSED,
        actor=actor.ledger_actor,
        subject=row.unit.ledger_subject,
        detail={"servicing": str(row.pk), "reason": reason},
    )


def _describe(request: ApprovalRequest) -> Description:
    row = _of(request)
    facts = (
        (_("What"), row.get_kind_display()),
        (_("Storage unit"), str(row.unit)),
        (_("Department"), str(row.unit.department)),
        (_("Reason"), row.reason),
        (_("Carried out by"), row.provider),
    )
    return Description(
        title=request.title, url=reverse("register:unit_detail", args=[row.unit_id]), facts=facts
    )


def _of(request: ApprovalRequest) -> Servicing:
    return Servicing.objects.select_related("unit__department").get(request_id=request.pk)


def _row(servicing_id: UUID) -> Servicing:
    row = Servicing.objects.filter(pk=servicing_id).first()
    if row is None:
        raise NothingNamedError(what="servicing", value=str(servicing_id))
    return row


def _step(servicing_id: UUID, step: str) -> Servicing:
    """Return the servicing after `step`, saved; its unit is locked.

    Raises:
        ServicingStepError: the step is not possible now.
    """
    row = Servicing.objects.select_related("unit").get(pk=servicing_id)
    if step not in {move.name for move in SERVICING.possible(row.state)}:
        raise ServicingStepError(state=str(row.get_state_display()))
    row.state = advance(SERVICING, row.state, step)
    row.save(update_fields=["state"])
    return row
