"""Puts a version of a rule document to approval, and carries the decision into it.

Follows the guide 三 and the company's own order: the office or legal drafts, a leader approves.  Whoever
worked on the words does not approve them.  Approval makes nothing binding; that is `publishing`'s task.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action, Role
from shoumi.engine.workflow import RULE_VERSION, advance
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.queries import approvers_of
from shoumi.server.approvals.services import (
    Description,
    KindHandlers,
    StepPlan,
    register_kind,
    request_open,
)
from shoumi.server.assurance.models import RuleVersion
from shoumi.server.assurance.queries.facts import open_places
from shoumi.server.assurance.queries.rules import (
    parts_missing,
    rule_resource,
    template_of,
    words_sha256,
)
from shoumi.server.assurance.services.notices import tell
from shoumi.server.assurance.services.rules.drafting import EDITABLE, verify_state, version_found
from shoumi.server.assurance.services.writing import lines_of
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.services.editing import locked
from shoumi.server.people.services.writing import counted, writing

RULE_KIND = "assurance.rule"
DUE = timedelta(days=10)
State = RuleVersion.State


class RuleIncompleteError(InputError):
    """The draft is not ready for approval; `faults` names all that is missing."""

    code = "assurance.rule_incomplete"
    message = "The document is not ready: {faults}"


def faults_of(version: RuleVersion) -> list[str]:
    """Return what keeps a draft from being approved, in the reader's language."""
    faults = []
    language = get_language() or "en"
    template = template_of(version)
    names = {part.id: part.names.in_language(language) for part in template.parts}
    if missing := parts_missing(version):
        parts = ", ".join(names[part] for part in missing)
        faults.append(gettext("These parts are missing: %(parts)s.") % {"parts": parts})
    if not version.audience.exists():
        faults.append(gettext("It is not named whom the rule binds."))
    unfilled = [clause.heading for clause in version.clauses.all() if open_places(clause.text)]
    if unfilled:
        clauses = ", ".join(unfilled)
        faults.append(gettext("These clauses still have open places: %(clauses)s.") % {"clauses": clauses})
    if template.needs_negligence and not version.negligence:
        faults.append(gettext("No clause names leaks by negligence as a breach."))
    return faults


def version_submit(*, actor: User, version_id: UUID, expected_version: int) -> RuleVersion:
    """Put a complete draft to approval by a leader of the legal entity.

    Raises:
        NotPermittedError, RuleStateError, RecordChangedError, RuleIncompleteError: each as it says.
    """
    found = version_found(version_id)
    with writing(
        actor=actor,
        action=Action.RULE_EDIT,
        resource=rule_resource(found),
        tag=LedgerTag.ASSURANCE_RULE_SUBMITTED,
    ) as entry:
        version = locked(RuleVersion, version_id, expected_version)
        verify_state(version, EDITABLE)
        if faults := faults_of(version):
            raise RuleIncompleteError(faults=tuple(faults))
        version.state = advance(RULE_VERSION, version.state, "submit")
        version.sha256, version.outcome_reason = words_sha256(version), ""
        scope = version.document.entity.scope
        request = request_open(
            kind=RULE_KIND,
            subject=version.ledger_subject,
            title=str(version),
            requester=actor,
            scope=scope,
            steps=(StepPlan("approve", Role.LEADER.value, scope, due=DUE),),
            barred=User.objects.filter(pk__in=version.worked_on_by),
        )
        version.request_id = request.pk
        counted(version)
        entry.subject = version.ledger_subject
        entry.detail = {"sha256": version.sha256, "clauses": version.clauses.count()}
    return version


def version_reopen(*, actor: User, version_id: UUID, expected_version: int, reason: str) -> RuleVersion:
    """Take an approved version back into drafting, because the procedure led to other words."""
    found = version_found(version_id)
    with writing(
        actor=actor,
        action=Action.RULE_EDIT,
        resource=rule_resource(found),
        tag=LedgerTag.ASSURANCE_RULE_RETURNED,
    ) as entry:
        version = locked(RuleVersion, version_id, expected_version)
        verify_state(version, (State.APPROVED,))
        version.state = advance(RULE_VERSION, version.state, "reopen")
        version.outcome_reason = lines_of(RuleVersion, "outcome_reason", reason)
        version.sha256, version.approvers, version.approved_at = "", [], None
        counted(version)
        entry.subject = version.ledger_subject
        entry.detail = {"event": "reopened", "reason": version.outcome_reason}
    return version


def register_rule_kind() -> None:
    """Make the approval of rule documents known to `approvals`."""
    register_kind(
        RULE_KIND,
        KindHandlers(
            label=_("Rule document"),
            describe=_describe,
            lock=lambda request: locked(RuleVersion, _key(request), None),
            on_approved=_approved,
            on_returned=lambda request, actor, reason: _sent_back(request, actor, reason, "send_back"),
            on_rejected=lambda request, actor, reason: _sent_back(request, actor, reason, "reject"),
            on_withdrawn=lambda request, actor: _sent_back(request, actor, "", "send_back"),
            in_bulk=lambda _request: False,
        ),
    )


def _key(request: ApprovalRequest) -> UUID:
    return UUID(request.subject.removeprefix("rule:"))


def _describe(request: ApprovalRequest) -> Description:
    version = version_found(_key(request))
    departing = [clause.heading for clause in version.clauses.all() if clause.departs]
    return Description(
        title=str(version),
        url=reverse("assurance:rule_version", args=[version.pk]),
        facts=(
            (_("Legal entity"), version.document.entity.name),
            (_("Kind"), template_of(version).names.in_language(version.document.language)),
            (_("Language"), version.document.get_language_display()),
            (_("Binds"), ", ".join(str(row) for row in version.audience.all())),
            (_("Clauses that depart from the template"), ", ".join(departing)),
            (_("SHA-256 of the text"), version.sha256),
        ),
        note="" if version.negligence else str(_("No clause names leaks by negligence as a breach.")),
    )


def _approved(request: ApprovalRequest, actor: User) -> None:
    version = locked(RuleVersion, _key(request), None)
    version.state = advance(RULE_VERSION, version.state, "approve")
    version.approvers = [
        {"user": str(row.decider_id), "name": str(row.decider), "at": row.at.isoformat()}
        for row in approvers_of(request)
    ]
    version.approved_at = clock().now()
    counted(version)
    tell([version.drafted_by], "rule_approved", {"rule": str(version)})
    append(
        LedgerTag.ASSURANCE_RULE_APPROVED,
        actor=actor.ledger_actor,
        subject=version.ledger_subject,
        detail={"sha256": version.sha256, "request": str(request.pk)},
    )


def _sent_back(request: ApprovalRequest, actor: User, reason: str, move: str) -> None:
    version = locked(RuleVersion, _key(request), None)
    version.state = advance(RULE_VERSION, version.state, move)
    version.outcome_reason, version.sha256 = reason, ""
    counted(version)
    tell([version.drafted_by], "rule_returned", {"rule": str(version)})
    append(
        LedgerTag.ASSURANCE_RULE_RETURNED,
        actor=actor.ledger_actor,
        subject=version.ledger_subject,
        detail={"event": move, "reason": reason},
    )
