"""Who is told what of training; delivery is `notifications`' task.

The sentences name the course, never a secret; e-mail says only that something waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import Department, LegalEntity

MESSAGES = {
    "assigned": _("“%(course)s” is yours to learn by %(due_on)s."),
    "reminder": _("“%(course)s” is still yours to learn; it is due on %(due_on)s."),
    "overdue": _("“%(course)s” was yours to learn by %(due_on)s."),
    "ends_soon": _("Your certificate of “%(course)s” ends on %(day)s. Learn it again before."),
    "escalated": _("%(count)s persons of %(department)s have not learned “%(course)s”, due on %(due_on)s."),
    "sent": _("The campaign “%(campaign)s” has gone out to %(count)s persons."),
    "failed": _("Somebody has used up all tries at the test of “%(course)s”."),
    "plan_missing": _("%(entity)s has no training plan for %(year)s yet."),
    "plan_gaps": _("The training plan of %(entity)s for %(year)s misses %(count)s parts."),
    "session_soon": _("The training “%(title)s” is planned for %(day)s."),
    "session_unrecorded": _("The training “%(title)s” of %(day)s has no record yet."),
}
PAGES = {
    "assigned": "training:mine",
    "reminder": "training:mine",
    "overdue": "training:mine",
    "ends_soon": "training:mine",
    "escalated": "training:team_list",
    "sent": "training:campaign_list",
    "failed": "training:certificate_list",
    "plan_missing": "training:plan",
    "plan_gaps": "training:plan",
    "session_soon": "training:plan",
    "session_unrecorded": "training:plan",
}


def tell(users: Iterable[User], event: str, parameters: Mapping[str, str | int]) -> None:
    """Tell users of an event, with a link to the page on which they see it."""
    notify(users=users, message=MESSAGES[event], parameters=parameters, link=reverse(PAGES[event]))


def runners_of(entity: LegalEntity) -> set[User]:
    """Return who runs the training of a legal entity: the secrecy office and HR."""
    return {user for role in (Role.SECRECY_OFFICER, Role.HR) for user in role_holders(role, entity.scope)}


def superiors_of(department: Department) -> set[User]:
    """Return the head and the owners of a department, those above included; else who runs the training."""
    own = set(role_holders(Role.DEPARTMENT_OWNER, department.scope))
    if department.owner is not None and department.owner.user is not None:
        own.add(department.owner.user)
    return own or runners_of(department.entity)
