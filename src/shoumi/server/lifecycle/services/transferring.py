"""Opens the transfer case when somebody leaves or takes a secret post.

Follows the guide 五(五)2(3): whoever moves from a secret post is talked to and hands over first.  The move
itself is never held up by it: where the case cannot be opened, those who lead cases are told.
"""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.lifecycle.services.cases import CaseFacts, case_open
from shoumi.server.lifecycle.services.errors import CaseOpenAlreadyError, OutsideWorkerError
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import Engagement, Person

NOT_OPENED = gettext_noop(
    "%(person)s changes from or to a secret post, and the transfer could not be opened by itself: open it."
)
TO_OPEN = gettext_noop("A transfer case is to be opened.")


def transfer_begin(*, actor: User, person: Person, before: Engagement, after: Engagement) -> None:
    """Open the transfer of a person whose old or new post is a secret one; part of a transaction."""
    level = before.post.level if before.post else 0
    if before.post_id == after.post_id or not (level or (after.post and after.post.level)):
        return
    facts = {
        "post_level": (before.post.level_id if before.post else "") or "none",
        "knows_secrets": "yes" if level else "no",
    }
    known = CaseFacts(facts, {"transfer_day": after.starts_on})
    try:
        with transaction.atomic():
            case_open(actor=actor, person=person, kind="transfer", known=known)
    except (CaseOpenAlreadyError, OutsideWorkerError):
        return  # it is under way, or goes through the contractor
    except ShoumiError:
        leading = [*role_holders(Role.SECRECY_OFFICER, person.entity.scope), actor]
        notify(
            users=list({user.pk: user for user in leading}.values()),
            message=NOT_OPENED,
            parameters={"person": person.name},
            link=reverse("lifecycle:case_new"),
            mail_text=TO_OPEN,
        )
