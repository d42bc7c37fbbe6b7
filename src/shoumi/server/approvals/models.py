"""Requests for approval, their steps, the decisions, and who stands in for whom.

States are those of `engine.workflow.tables` (APPROVAL_REQUEST, APPROVAL_STEP).  A request knows its subject
only by name (`secret:<uuid>`), so that anything can be put to approval; what follows from a decision is the
matter of the app that registered the kind.  Decisions are never changed or removed.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

USER = settings.AUTH_USER_MODEL


class RequestState(models.TextChoices):
    """Where a request stands; see the diagram in docs/reference/workflows.md."""

    OPEN = "open", pgettext_lazy("approval", "Open")
    ESCALATED = "escalated", pgettext_lazy("approval", "Overdue")
    APPROVED = "approved", pgettext_lazy("approval", "Approved")
    RETURNED = "returned", pgettext_lazy("approval", "Sent back")
    REJECTED = "rejected", pgettext_lazy("approval", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("approval", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("approval", "No longer needed")


OPEN_STATES = (RequestState.OPEN, RequestState.ESCALATED)


class StepState(models.TextChoices):
    """Where a step stands."""

    WAITING = "waiting", pgettext_lazy("approval step", "Waiting")
    OPEN = "open", pgettext_lazy("approval step", "Open")
    APPROVED = "approved", pgettext_lazy("approval step", "Approved")
    RETURNED = "returned", pgettext_lazy("approval step", "Sent back")
    REJECTED = "rejected", pgettext_lazy("approval step", "Rejected")
    CLOSED = "closed", pgettext_lazy("approval step", "Not decided")


class Verdict(models.TextChoices):
    """What a person decides."""

    APPROVE = "approve", pgettext_lazy("verdict", "Approve")
    RETURN = "return", pgettext_lazy("verdict", "Send back")
    REJECT = "reject", pgettext_lazy("verdict", "Reject")


SAID = {
    Verdict.APPROVE: pgettext_lazy("decision", "approved"),
    Verdict.RETURN: pgettext_lazy("decision", "sent back"),
    Verdict.REJECT: pgettext_lazy("decision", "rejected"),
}


class ApprovalRequest(models.Model):
    """Something that others must decide, in one or more steps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)  # registered with `register_kind`
    subject = models.CharField(max_length=120)  # as in the ledger: `secret:<uuid>`
    title = models.CharField(_("request"), max_length=300)
    requester = models.ForeignKey(
        USER, models.PROTECT, related_name="approval_requests", verbose_name=_("requested by")
    )
    barred = models.ManyToManyField(USER, related_name="+")  # took part in the proposal; must not decide
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"), null=True)  # of the step that is open
    closed_at = models.DateTimeField(_("closed"), null=True)
    outcome_reason = models.CharField(_("reason"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        ordering = ["-opened_at", "id"]
        indexes = [
            models.Index(fields=["subject"], name="approvals_request_subject"),
            models.Index(
                fields=["due_at"], condition=Q(state__in=["open", "escalated"]), name="approvals_request_due"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.state in OPEN_STATES


class ApprovalStep(models.Model):
    """One step: who may decide, how many must, and by when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(ApprovalRequest, models.CASCADE, related_name="steps")
    ordinal = models.PositiveSmallIntegerField()  # 1 for the first
    name = models.CharField(_("step"), max_length=60)  # `review`, `approve` or another name
    role = models.CharField(_("role"), max_length=32, blank=True)  # empty: only the named persons
    scope = models.CharField(_("for"), max_length=80, blank=True)  # where the role must at least be held
    named = models.ManyToManyField(USER, related_name="+")
    quorum = models.PositiveSmallIntegerField(_("persons needed"), default=1)
    due_in = models.DurationField(null=True)  # from the opening of the step
    state = models.CharField(_("state"), max_length=10, choices=StepState, default=StepState.WAITING)
    opened_at = models.DateTimeField(_("opened"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    escalated_at = models.DateTimeField(_("passed on"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["request", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["request", "ordinal"], name="approvals_step_order"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(state="open"), name="approvals_one_step_open"
            ),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="approvals_step_quorum"),
        ]
        indexes = [models.Index(fields=["role"], condition=Q(state="open"), name="approvals_step_role")]

    def __str__(self) -> str:
        return f"{self.ordinal} {self.name}"


class ApprovalPlace(models.Model):
    """A place in the company that counts for a step, or (without step) for seeing the request.

    Written when the request is opened, so that a list needs one query; a department that moves under another
    meanwhile counts where it stood.
    """

    request = models.ForeignKey(ApprovalRequest, models.CASCADE, related_name="places")
    step = models.ForeignKey(ApprovalStep, models.CASCADE, null=True, related_name="places")
    place = models.CharField(max_length=80)  # `department:<uuid>`, `entity:<uuid>` or `company`

    class Meta:
        indexes = [models.Index(fields=["place", "step"], name="approvals_place")]
        constraints = [
            models.UniqueConstraint(fields=["step", "place"], name="approvals_place_of_step_once"),
            models.UniqueConstraint(
                fields=["request", "place"], condition=Q(step__isnull=True), name="approvals_place_once"
            ),
        ]

    def __str__(self) -> str:
        return self.place


class Approval(models.Model):
    """One decision of one person, possibly on behalf of another; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(ApprovalRequest, models.PROTECT, related_name="approvals")
    step = models.ForeignKey(ApprovalStep, models.PROTECT, related_name="approvals")
    decider = models.ForeignKey(USER, models.PROTECT, related_name="approvals", verbose_name=_("decided by"))
    on_behalf_of = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("on behalf of")
    )
    voice_of = models.ForeignKey(USER, models.PROTECT, related_name="+")  # whose voice it was: one of the two
    verdict = models.CharField(_("decision"), max_length=8, choices=Verdict)
    reason = models.CharField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "decider"], name="approvals_one_decision_each"),
            models.UniqueConstraint(fields=["request", "voice_of"], name="approvals_one_voice_each"),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True, voice_of=F("decider"))
                | (Q(on_behalf_of__isnull=False, voice_of=F("on_behalf_of")) & ~Q(on_behalf_of=F("decider"))),
                name="approvals_voice",
            ),
            models.CheckConstraint(
                condition=Q(verdict="approve") | ~Q(reason=""), name="approvals_reason_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decider}: {self.said}"

    @property
    def said(self) -> str:
        """The decision in words, as it is told afterwards."""
        return str(SAID[Verdict(self.verdict)])


class Delegation(models.Model):
    """Somebody stands in for somebody else, for some kinds of requests and some time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delegator = models.ForeignKey(
        USER, models.PROTECT, related_name="delegations_given", verbose_name=_("who is away")
    )
    delegate = models.ForeignKey(
        USER, models.PROTECT, related_name="delegations_held", verbose_name=_("who stands in")
    )
    kinds = models.JSONField(_("for"), default=list)  # empty: all kinds
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))  # the first moment at which it no longer holds
    created_at = models.DateTimeField(_("created"))
    ended_at = models.DateTimeField(_("ended early"), null=True)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="approvals_delegation_times"
            ),
            models.CheckConstraint(
                condition=~Q(delegate=F("delegator")), name="approvals_delegation_to_another"
            ),
        ]
        indexes = [models.Index(fields=["delegate", "ends_at"], name="approvals_delegation_held")]

    def __str__(self) -> str:
        return f"{self.delegator} → {self.delegate}"
