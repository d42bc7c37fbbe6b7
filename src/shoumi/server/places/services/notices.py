"""Who is told what about places: permissions that end, visitors who stay too long, checklists that are due.

Texts name zones, never visitors; delivery is `notifications`' task, after the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import Person
from shoumi.server.places.models import EntryPermission, Guard, Passage, Visit, Zone
from shoumi.server.places.queries.holding import guarding_now

PERMISSION_ENDS = _("The permission of %(target)s to enter %(zone)s ends on %(day)s.")
VISITOR_OVERDUE = _("Somebody in %(zone)s should have left by %(time)s and is still inside.")
VISIT_APPROVED = _("The visit to %(zone)s on %(day)s is approved.")
VISITOR_REFUSED = _("Somebody was not let into %(zone)s: devices were not handed in.")
INSPECTION_DUE = _("The checklist of %(zone)s is due on %(day)s.")
INSPECTION_MISSING = _("The checklist of %(zone)s was never answered.")
GAP_OVERDUE = _("%(count)s gaps in the protection of %(zone)s are overdue.")


def managers_of(zone: Zone) -> set[User]:
    """Return its department's owner and secrecy officer, or the secrecy office if there is neither."""
    if zone.department is not None:
        found = {
            user
            for role in (Role.DEPARTMENT_OWNER, Role.DEPARTMENT_SECRECY_OFFICER)
            for user in role_holders(role, zone.department.scope)
        }
        if found:
            return found
    return set(role_holders(Role.SECRECY_OFFICER, zone.entity.scope))


def office_of(zone: Zone) -> set[User]:
    """Return the secrecy office of the zone's legal entity."""
    return set(role_holders(Role.SECRECY_OFFICER, zone.entity.scope))


def keepers_of(zone: Zone) -> set[User]:
    """Return the sign-ins of those who keep the zone's entrances now."""
    rows = Guard.objects.filter(guarding_now(), zone=zone, person__user__isnull=False)
    return {row.person.user for row in rows.select_related("person__user")}


def tell_permission_ends(row: EntryPermission) -> None:
    """Tell the zone's managers, and the person themselves, that a permission ends soon."""
    own = _users([row.person]) if row.person else set()
    _tell(
        managers_of(row.zone) | own, PERMISSION_ENDS, row.zone, target=str(row.target), day=str(row.ends_on)
    )


def tell_overdue(passage: Passage) -> None:
    """Tell host, escort, whoever keeps the door and the secrecy office that somebody stays too long."""
    zone = passage.zone
    known = keepers_of(zone) | office_of(zone)
    if passage.visitor is not None:
        visit = passage.visitor.visit
        known |= _users([visit.host, visit.escort])
    until = passage.expected_until
    _tell(known, VISITOR_OVERDUE, zone, time=f"{until:%Y-%m-%d %H:%M} UTC" if until else "–")


def tell_refused(passage: Passage) -> None:
    """Tell the secrecy office, and the host, that somebody kept forbidden devices and stayed outside."""
    known = office_of(passage.zone)
    if passage.visitor is not None:
        known |= _users([passage.visitor.visit.host])
    _tell(known, VISITOR_REFUSED, passage.zone)


def tell_visit_approved(visit: Visit) -> None:
    """Tell host, escort and whoever keeps the door that visitors will come."""
    known = _users([visit.host, visit.escort]) | keepers_of(visit.zone)
    _tell(known - {visit.requested_by}, VISIT_APPROVED, visit.zone, day=f"{visit.starts_at:%Y-%m-%d}")


def tell_inspection(zone: Zone) -> None:
    """Tell the zone's managers that the checklist is due, or was never answered."""
    if zone.next_inspection_on is None:
        _tell(managers_of(zone), INSPECTION_MISSING, zone)
    else:
        _tell(managers_of(zone), INSPECTION_DUE, zone, day=str(zone.next_inspection_on))


def tell_gaps(zone: Zone, count: int) -> None:
    """Tell the zone's managers and the secrecy office that gaps are overdue."""
    _tell(managers_of(zone) | office_of(zone), GAP_OVERDUE, zone, count=str(count))


def _users(persons: Iterable[Person | None]) -> set[User]:
    return {person.user for person in persons if person is not None and person.user_id is not None}


def _tell(users: Iterable[User], message: str, zone: Zone, **parameters: str) -> None:
    receivers = sorted(set(users), key=lambda user: str(user.pk))
    if receivers:
        link = reverse("places:zone_detail", args=[zone.pk])
        notify(users=receivers, message=message, parameters={"zone": str(zone), **parameters}, link=link)
