"""What follows from a decision, for each kind of request that the register puts to approval.

Registered with `approvals` when the app is ready.  Everything runs inside the transaction of the decision: if
the record cannot follow, nothing was decided.
"""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.queries import approvers_of
from shoumi.server.approvals.services import Description, KindHandlers, register_kind
from shoumi.server.register.models import Duty, LegacyBatch, SecretChange, TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.words import category_words, level_words, period_words
from shoumi.server.register.services import changes, duties, legacy, proposals, taking_over
from shoumi.server.register.services.deciding import CHANGE_KIND, LEGACY_KIND, SECRET_KIND, deciders_named
from shoumi.server.register.services.duties import DUTY_KIND
from shoumi.server.register.services.editing import secret_locked
from shoumi.server.register.services.storage.servicing import register_servicing

GENERAL = "general"


def register_kinds() -> None:
    """Make the register's kinds of requests known."""
    register_servicing()
    register_kind(
        SECRET_KIND,
        KindHandlers(
            label=_("New trade secret"),
            describe=_describe_secret,
            lock=_lock,
            on_step=lambda request, _step: proposals.proposal_reviewed(_secret_id(request)),
            on_approved=_secret_approved,
            on_returned=lambda request, actor, reason: proposals.proposal_returned(
                _secret_id(request), actor=actor, reason=reason
            ),
            on_rejected=lambda request, actor, reason: proposals.proposal_rejected(
                _secret_id(request), actor=actor, reason=reason
            ),
            on_withdrawn=lambda request, actor: proposals.proposal_withdrawn(
                _secret_id(request), actor=actor
            ),
            in_bulk=lambda request: TradeSecret.objects.filter(
                pk=_secret_id(request), level=GENERAL
            ).exists(),
        ),
    )
    register_kind(
        CHANGE_KIND,
        KindHandlers(
            label=_("Change of a trade secret"),
            describe=_describe_change,
            lock=_lock,
            on_step=lambda request, _step: changes.change_reviewed(_change(request)),
            on_approved=lambda request, actor: changes.change_approved(
                _change(request), deciders=deciders_named(approvers_of(request)), actor=actor
            ),
            on_returned=lambda request, actor, reason: changes.change_returned(
                _change(request), actor=actor, reason=reason
            ),
            on_rejected=lambda request, actor, reason: changes.change_rejected(
                _change(request), actor=actor, reason=reason
            ),
            in_bulk=lambda _request: False,
        ),
    )
    register_kind(
        LEGACY_KIND,
        KindHandlers(
            label=_("Imported register"),
            describe=_describe_batch,
            on_step=lambda request, _step: legacy.batch_reviewed(_batch(request)),
            on_approved=lambda request, actor: taking_over.batch_approved(
                _batch(request), deciders=deciders_named(approvers_of(request)), actor=actor
            ),
            on_returned=lambda request, actor, reason: legacy.batch_end(
                _batch(request), state=LegacyBatch.State.RETURNED, actor=actor, reason=reason
            ),
            on_rejected=lambda request, actor, reason: legacy.batch_end(
                _batch(request), state=LegacyBatch.State.REJECTED, actor=actor, reason=reason
            ),
            in_bulk=lambda _request: False,
        ),
    )
    register_kind(
        DUTY_KIND,
        KindHandlers(
            label=_("Designation of a department, post or person"),
            describe=_describe_duty,
            on_approved=lambda request, actor: duties.duty_approved(_duty(request), actor=actor),
            on_returned=lambda request, actor, reason: duties.duty_close(
                _duty(request), state=Duty.State.REFUSED, actor=actor, reason=reason
            ),
            on_rejected=lambda request, actor, reason: duties.duty_close(
                _duty(request), state=Duty.State.REFUSED, actor=actor, reason=reason
            ),
            in_bulk=lambda _request: False,
        ),
    )


def _duty(request: ApprovalRequest) -> Duty:
    rows = Duty.objects.select_related("entity", "department", "post", "person", "proposed_by")
    return rows.get(request_id=request.pk)


def _secret_id(request: ApprovalRequest) -> UUID:
    return UUID(request.subject.removeprefix("secret:"))


def _secret(request: ApprovalRequest) -> TradeSecret:
    rows = TradeSecret.objects.select_related("entity", "owner_department", "custodian", "proposer")
    return rows.get(pk=_secret_id(request))


def _change(request: ApprovalRequest) -> SecretChange:
    return SecretChange.objects.select_related("secret", "requested_by").get(request_id=request.pk)


def _batch(request: ApprovalRequest) -> LegacyBatch:
    return LegacyBatch.objects.select_related("entity", "created_by").get(request_id=request.pk)


def _lock(request: ApprovalRequest) -> None:
    secret_locked(_secret_id(request))


def _secret_approved(request: ApprovalRequest, actor: User) -> None:
    deciders = deciders_named(approvers_of(request))
    proposals.proposal_approved(_secret_id(request), deciders=deciders, actor=actor)


def _facts(secret: TradeSecret) -> tuple[tuple[object, object], ...]:
    return (
        (_("Owner department"), f"{secret.owner_department} · {secret.entity}"),
        (_("Category"), category_words(pack_of(secret), secret.category)),
        (_("Level"), level_words(secret)),
        (_("Confidentiality period"), period_words(secret.period)),
        (_("Proposer"), str(secret.proposer)),
        (_("Why it must be kept secret"), secret.necessity),
    )


def _describe_secret(request: ApprovalRequest) -> Description:
    secret = _secret(request)
    note = _("The level differs from the one that the factors suggest.") if _differs(secret) else ""
    return Description(
        title=secret.name or request.title,
        url=reverse("register:secret_review", args=[secret.pk]),
        facts=_facts(secret),
        note=str(note),
    )


def _describe_change(request: ApprovalRequest) -> Description:
    change = _change(request)
    facts = ((_("What"), change.get_kind_display()), (_("Reason"), change.reason), *_facts(change.secret))
    return Description(
        title=str(change.secret), url=reverse("register:secret_review", args=[change.secret_id]), facts=facts
    )


def _describe_batch(request: ApprovalRequest) -> Description:
    batch = _batch(request)
    facts = (
        (_("Legal entity"), str(batch.entity)),
        (_("Secrets"), batch.rows.count()),
        (_("Imported by"), str(batch.created_by)),
    )
    return Description(
        title=request.title, url=reverse("register:legacy_detail", args=[batch.pk]), facts=facts
    )


def _describe_duty(request: ApprovalRequest) -> Description:
    duty = _duty(request)
    facts = (
        (_("What is designated"), f"{duty.get_kind_display()} · {duty.target}"),
        (_("Department"), str(duty.department)),
        (_("Risk"), f"{duty.total:.0f} %"),
        (_("Highest secret they may know"), duty.get_highest_secret_display()),
        (_("Proposed by the risk"), duty.get_proposed_level_display()),
        (_("Level"), duty.get_level_display()),
        (_("Reason"), duty.reason),
    )
    note = (
        _("The level differs from the one that the risk suggests.")
        if duty.level != duty.proposed_level
        else ""
    )
    return Description(
        title=str(duty.target),
        url=reverse("register:duty_detail", args=[duty.pk]),
        facts=facts,
        note=str(note),
    )


def _differs(secret: TradeSecret) -> bool:
    return bool(secret.suggested_level) and secret.suggested_level != secret.level
