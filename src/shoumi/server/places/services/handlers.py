"""What follows from a decision, for each kind of request that places put to approval.

Registered with `approvals` when the app is ready.  Everything runs inside the transaction of the decision: if
the record cannot follow, nothing was decided.  What is sent back counts as rejected; it is asked for anew.
"""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import Description, KindHandlers, register_kind
from shoumi.server.places.models import Designation, EntryPermission, Visit
from shoumi.server.places.services.asking import DESIGNATION_KIND, PERMISSION_KIND, VISIT_KIND
from shoumi.server.places.services.designations import designation_decided
from shoumi.server.places.services.entry import permission_decided
from shoumi.server.places.services.notices import tell_visit_approved
from shoumi.server.places.services.visits import visit_decided


def register_kinds() -> None:
    """Make the three kinds of requests known."""
    register_kind(
        DESIGNATION_KIND,
        KindHandlers(
            label=_("Key department or key place"),
            describe=_describe_designation,
            lock=lambda request: _locked(Designation, request),
            on_approved=lambda request, actor: designation_decided(
                _locked(Designation, request), actor=actor, approved=True, reason=""
            ),
            on_returned=_designation_refused,
            on_rejected=_designation_refused,
            in_bulk=lambda _request: False,
        ),
    )
    register_kind(
        PERMISSION_KIND,
        KindHandlers(
            label=_("Entry permission"),
            describe=_describe_permission,
            lock=lambda request: _locked(EntryPermission, request),
            on_approved=lambda request, actor: permission_decided(
                _locked(EntryPermission, request), actor=actor, approved=True, reason=""
            ),
            on_returned=_permission_refused,
            on_rejected=_permission_refused,
        ),
    )
    register_kind(
        VISIT_KIND,
        KindHandlers(
            label=_("Visit"),
            describe=_describe_visit,
            lock=lambda request: _locked(Visit, request),
            on_approved=_visit_approved,
            on_returned=_visit_refused,
            on_rejected=_visit_refused,
        ),
    )


def _locked(model: type[models.Model], request: ApprovalRequest) -> models.Model:
    key = UUID(request.subject.partition(":")[2])
    return model._default_manager.select_for_update(no_key=True).get(pk=key)  # noqa: SLF001 - Django's own name


def _designation_refused(request: ApprovalRequest, actor: User, reason: str) -> None:
    designation_decided(_locked(Designation, request), actor=actor, approved=False, reason=reason)


def _permission_refused(request: ApprovalRequest, actor: User, reason: str) -> None:
    permission_decided(_locked(EntryPermission, request), actor=actor, approved=False, reason=reason)


def _visit_approved(request: ApprovalRequest, actor: User) -> None:
    tell_visit_approved(visit_decided(_locked(Visit, request), actor=actor, approved=True, reason=""))


def _visit_refused(request: ApprovalRequest, actor: User, reason: str) -> None:
    visit_decided(_locked(Visit, request), actor=actor, approved=False, reason=reason)


def _describe_designation(request: ApprovalRequest) -> Description:
    row = Designation.objects.select_related("entity", "department", "zone", "proposed_by").get(
        pk=UUID(request.subject.partition(":")[2])
    )
    facts = [
        (_("Kind"), row.get_kind_display()),
        (_("Legal entity"), str(row.entity)),
        (_("Reason"), row.reason),
        (_("Proposed by"), str(row.proposed_by)),
    ]
    if row.withdrawal_reason:
        facts.append((_("Reason of the withdrawal"), row.withdrawal_reason))
    note = _("It is to be withdrawn.") if row.state == Designation.State.WITHDRAWING else ""
    return Description(
        title=str(row),
        url=reverse("places:designation_detail", args=[row.pk]),
        facts=tuple(facts),
        note=str(note),
    )


def _describe_permission(request: ApprovalRequest) -> Description:
    row = EntryPermission.objects.select_related("zone", "person", "post", "department", "requested_by").get(
        pk=UUID(request.subject.partition(":")[2])
    )
    return Description(
        title=str(row),
        url=reverse("places:zone_people", args=[row.zone_id]),
        facts=(
            (_("Zone"), str(row.zone)),
            (_("Level"), row.zone.get_level_display()),
            (_("Who may enter"), f"{row.get_kind_display()} · {row.target}"),
            (_("From"), row.starts_on.isoformat()),
            (_("Until"), row.ends_on.isoformat()),
            (_("Reason"), row.reason),
        ),
    )


def _describe_visit(request: ApprovalRequest) -> Description:
    row = Visit.objects.select_related("zone", "host", "escort").get(
        pk=UUID(request.subject.partition(":")[2])
    )
    return Description(
        title=str(row),
        url=reverse("places:visit_detail", args=[row.pk]),
        facts=(
            (_("Zone"), str(row.zone)),
            (_("Level"), row.zone.get_level_display()),
            (_("Host"), str(row.host)),
            (_("Escort"), str(row.escort or "–")),
            (_("Visitors"), row.visitors.count()),
            (_("From"), f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M}"),
            (_("Until"), f"{timezone.localtime(row.ends_at):%Y-%m-%d %H:%M}"),
            (pgettext_lazy("visit", "Purpose"), row.purpose),
        ),
    )
