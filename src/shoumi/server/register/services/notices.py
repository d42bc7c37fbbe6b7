"""Who is told what: owner department and office, those in scope, the proposer.

Follows the seed guide 四 (告知接触者: tell those who come into contact).  Texts never hold the secret, only
its number and name; delivery is `notifications`' task, after the transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import department_scope, entity_scope
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.notifications.services import notify
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.scope import users_in_scope

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
    "marking_owed": _("%(secret)s: files or carriers are still to be marked."),
}


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
    link = reverse("register:secret_list")
    if secret is not None:
        values |= {"secret": f"{secret.number or ''} {secret.name}".strip(), "level": secret.level}
        link = reverse("register:secret_detail", args=[secret.pk])
    receivers = sorted(set(users), key=lambda user: str(user.pk))
    if receivers:
        notify(users=receivers, message=MESSAGES[event], parameters=values, link=link)


def tell_owner_and_office(secret: TradeSecret, event: str, **parameters: str) -> None:
    """Tell the owner department and the secrecy office."""
    tell(owners_of(secret) | office_of(secret), event, secret, **parameters)


def tell_scope(secret: TradeSecret, *, except_for: Collection[object] = ()) -> int:
    """Tell everybody in the knowledge scope that they are bound; return how many were told."""
    users = [user for user in users_in_scope(secret) if user.pk not in except_for]
    tell(users, "in_scope", secret)
    return len(users)


def tell_batch(secrets: QuerySet[TradeSecret]) -> None:
    """Tell owners and office once about a batch, and everybody in scope of any of its secrets once."""
    owners: dict[object, set[User]] = {}
    offices: dict[object, set[User]] = {}
    scopes: dict[object, list[User]] = {}
    counts: Counter[User] = Counter()
    count_all = 0
    rows = secrets.select_related("entity", "owner_department", "custodian__user").prefetch_related("scope")
    for secret in rows.iterator(chunk_size=500):
        count_all += 1
        keeper = (secret.owner_department_id, secret.custodian_id)
        if keeper not in owners:
            owners[keeper] = owners_of(secret)
        if secret.entity_id not in offices:
            offices[secret.entity_id] = office_of(secret)
        lines = frozenset(
            (row.kind, row.department_id, row.post_id, row.person_id) for row in secret.scope.all()
        )
        if lines not in scopes:
            scopes[lines] = users_in_scope(secret)
        counts.update(scopes[lines])
    tell(set().union(*owners.values(), *offices.values()), "batch_registered", count=str(count_all))
    for user, count in counts.items():
        tell([user], "batch_in_scope", count=str(count))
