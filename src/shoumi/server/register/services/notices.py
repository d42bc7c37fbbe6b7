"""Who is told what: owner department, office and proposer; those in scope are `scope_notices`' matter.

Follows the seed guide 四 (告知接触者: tell those who come into contact).  Texts never hold the secret, only
its number and name; delivery is `notifications`' task, after the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import department_scope, entity_scope
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.notifications.services import notify
from shoumi.server.register.models import Duty, TradeSecret

MESSAGES = {
    "registered": _("%(secret)s is registered as “%(level)s”. Mark its files and carriers."),
    "changed": _("What holds for %(secret)s has changed. Mark its files and carriers anew."),
    "declassified": _("%(secret)s is declassified. Record the measures that follow."),
    "expired": _(
        "The confidentiality period of %(secret)s is over: it is declassified. "
        "Record the measures that follow."
    ),
    "destroyed": _("%(secret)s is destroyed, with everything that bore it."),
    "expires_soon": _("The confidentiality period of %(secret)s ends on %(ends_on)s, in %(days)s days."),
    "publication_recorded": _(
        "The publication that ends the period of %(secret)s was recorded and has to be confirmed."
    ),
    "led_out": _(
        "A proposal may concern state secrets. Nothing of it is kept here: talk to the proposer in person."
    ),
    "in_scope": _(
        "You are within the knowledge scope of %(secret)s (“%(level)s”). "
        "You are bound to keep it confidential."
    ),
    "not_a_secret": _("%(secret)s was found not to be a trade secret. The reason is recorded."),
    "batch_registered": _(
        "%(count)s secrets of the older register are registered. Mark their files and carriers."
    ),
    "batch_in_scope": _(
        "You are within the knowledge scope of %(count)s secrets taken over from the older register. "
        "You are bound to keep them confidential."
    ),
    "duty_review": _("The designation of %(target)s is due for its review."),
    "joined_scope": _(
        "You came into the knowledge scope of %(count)s secrets. You are bound to keep them confidential."
    ),
    "marking_owed": _("%(secret)s: files or carriers are still to be marked."),
}

TO_ACKNOWLEDGE = {"in_scope", "batch_in_scope", "joined_scope"}  # lead to the page where one takes note


def owners_of(secret: TradeSecret) -> set[User]:
    """Return the owner department's owners and secrecy officers, and the custodian."""
    place = department_scope(secret.owner_department_id)
    found = set(role_holders(Role.DEPARTMENT_OWNER, place)) | set(
        role_holders(Role.DEPARTMENT_SECRECY_OFFICER, place)
    )
    if secret.custodian and secret.custodian.user_id and secret.custodian.user.is_active:
        found.add(secret.custodian.user)
    return found


def office_of(secret: TradeSecret) -> set[User]:
    """Return the secrecy office of the legal entity."""
    return set(role_holders(Role.SECRECY_OFFICER, entity_scope(secret.entity_id)))


def tell(users: Iterable[User], event: str, secret: TradeSecret | None = None, **parameters: str) -> None:
    """Send the message of `event` to `users`, with a link to the secret."""
    values = dict(parameters)
    link = reverse("register:notice_list" if event in TO_ACKNOWLEDGE else "register:secret_list")
    if secret is not None:
        values |= {"secret": f"{secret.number or ''} {secret.name}".strip(), "level": secret.level}
        link = link if event in TO_ACKNOWLEDGE else reverse("register:secret_detail", args=[secret.pk])
    receivers = sorted(set(users), key=lambda user: str(user.pk))
    if receivers:
        notify(users=receivers, message=MESSAGES[event], parameters=values, link=link)


def tell_duty_review(duty: Duty) -> None:
    """Remind office and owner department that a designation is to be looked at again."""
    users = set(role_holders(Role.SECRECY_OFFICER, entity_scope(duty.entity_id)))
    users |= set(role_holders(Role.DEPARTMENT_OWNER, department_scope(duty.department_id)))
    receivers = sorted(users, key=lambda user: str(user.pk))
    if receivers:
        link = reverse("register:duty_detail", args=[duty.pk])
        notify(
            users=receivers,
            message=MESSAGES["duty_review"],
            parameters={"target": str(duty.target)},
            link=link,
        )


def tell_owner_and_office(secret: TradeSecret, event: str, **parameters: str) -> None:
    """Tell the owner department and the secrecy office."""
    tell(owners_of(secret) | office_of(secret), event, secret, **parameters)
