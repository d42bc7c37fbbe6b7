"""Who is told what about requests and delegations; texts name the request, e-mails name nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.approvals.models import ApprovalRequest, ApprovalStep, Delegation
from shoumi.server.approvals.queries import deciders_now, places_by_role
from shoumi.server.notifications.services import notify

OUTCOMES = {
    "approved": _("“%(title)s” is approved."),
    "returned": _("“%(title)s” was sent back to you: %(reason)s"),
    "rejected": _("“%(title)s” was rejected: %(reason)s"),
    "expired": _("“%(title)s” no longer needs a decision."),
}
WAITS = _("“%(title)s” waits for your decision.")
WAITS_MAIL = _("A request waits for your decision.")
OVERDUE = _("“%(title)s” is overdue and waits for your decision.")
OVERDUE_MAIL = _("A request that waits for your decision is overdue.")
OVERDUE_OFFICE = _("“%(title)s” is overdue: nobody has decided it in time.")
OVERDUE_OFFICE_MAIL = _("A request within your remit is overdue.")
TOO_FEW = _(
    "“%(title)s” needs more persons to decide it than there are: %(needed)s are needed, %(found)s found."
)
TOO_FEW_MAIL = _("A request within your remit lacks deciders.")
TAKEN_BACK = _("“%(title)s” was withdrawn; you need not decide it any more.")
OUTCOME_MAIL = _("A request of yours was decided.")
STANDS_IN = _("You stand in for %(delegator)s from %(starts)s until %(ends)s.")
STANDS_IN_MAIL = _("Somebody asks you to stand in for them.")
STANDS_IN_OFFICE = _("%(delegate)s stands in for %(delegator)s from %(starts)s until %(ends)s.")
STANDS_IN_OFFICE_MAIL = _("A delegation was made within your remit.")
ENDED = _("The delegation of %(delegator)s to %(delegate)s has ended.")
LONGEST_REASON = 300  # characters of a reason in a notification


def tell_deciders(step: ApprovalStep, message: str = WAITS, mail_text: str = WAITS_MAIL) -> None:
    """Tell everybody who may decide the step, delegates included."""
    _tell(deciders_now(step), message, step.request, mail_text=mail_text)


def tell_overdue(step: ApprovalStep) -> None:
    """Tell the deciders once more, the secrecy office above them, and who asked."""
    deciders = deciders_now(step)
    _tell(deciders, OVERDUE, step.request, mail_text=OVERDUE_MAIL)
    others = (office_of(step.request) | {step.request.requester}) - deciders
    _tell(others, OVERDUE_OFFICE, step.request, mail_text=OVERDUE_OFFICE_MAIL)


def tell_too_few(step: ApprovalStep, found: int) -> None:
    """Tell the secrecy office that the quorum cannot be reached with the persons there are."""
    needed = {"needed": step.quorum, "found": found}
    _tell(office_of(step.request), TOO_FEW, step.request, mail_text=TOO_FEW_MAIL, **needed)


def tell_outcome(request: ApprovalRequest, reason: str = "") -> None:
    """Tell the requester how it ended."""
    short = reason if len(reason) <= LONGEST_REASON else reason[:LONGEST_REASON] + "…"
    _tell([request.requester], OUTCOMES[request.state], request, mail_text=OUTCOME_MAIL, reason=short)


def tell_taken_back(request: ApprovalRequest, deciders: Iterable[User]) -> None:
    """Tell those who were asked that they need not decide any more."""
    _tell(deciders, TAKEN_BACK, request, mail_text="")


def tell_delegation(delegation: Delegation) -> None:
    """Tell the delegate, and the secrecy office in whose remit the delegator stands."""
    values = {
        "delegator": delegation.delegator.display_name,
        "delegate": delegation.delegate.display_name,
        "starts": f"{delegation.starts_at:%Y-%m-%d}",
        "ends": f"{delegation.ends_at:%Y-%m-%d}",
    }
    link = reverse("approvals:delegation_list")
    notify(
        users=[delegation.delegate], message=STANDS_IN, parameters=values, link=link, mail_text=STANDS_IN_MAIL
    )
    office = _office_over(delegation.delegator) - {delegation.delegate, delegation.delegator}
    notify(
        users=office, message=STANDS_IN_OFFICE, parameters=values, link=link, mail_text=STANDS_IN_OFFICE_MAIL
    )


def tell_delegation_ended(delegation: Delegation, actor: User) -> None:
    """Tell the other of the two."""
    other = delegation.delegate if actor == delegation.delegator else delegation.delegator
    values = {
        "delegator": delegation.delegator.display_name,
        "delegate": delegation.delegate.display_name,
    }
    link = reverse("approvals:delegation_list")
    notify(users=[other], message=ENDED, parameters=values, link=link, mail_text="")


def office_of(request: ApprovalRequest) -> set[User]:
    """Return the secrecy officers in whose remit the request lies."""
    places = set(request.places.filter(step__isnull=True).values_list("place", flat=True))
    return _officers(places)


def _office_over(user: User) -> set[User]:
    return _officers(set().union(*places_by_role(user).values()))


def _officers(places: set[str]) -> set[User]:
    role = Role.SECRECY_OFFICER
    return {user for user in role_holders(role) if places_by_role(user).get(role, set()) & places}


def _tell(
    users: Iterable[User], message: str, request: ApprovalRequest, *, mail_text: str, **values: str | int
) -> None:
    receivers = sorted(set(users), key=lambda user: str(user.pk))
    link = reverse("approvals:request_detail", args=[request.pk])
    parameters = {"title": request.title, **values}
    notify(users=receivers, message=message, parameters=parameters, link=link, mail_text=mail_text)
