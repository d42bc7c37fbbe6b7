"""Who leads and who does the work on a day: responsible person, chain of letters, office, officers, and gaps.

Follows the guide 二(一) to 二(三).  Whether somebody may act comes from their roles; where an appointment
and the roles differ, the difference is shown.  Reads only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import FourEyesState, RoleGrant
from shoumi.server.accounts.queries import role_holders_by_place
from shoumi.server.assurance.models import (
    AuthorisationLetter,
    CooperatingDepartment,
    DepartmentOfficer,
    LeadingBody,
    ManagementOffice,
    during,
)
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department, LegalEntity, Person, Post
from shoumi.server.people.queries import department_places, not_over
from shoumi.server.places.models import Zone
from shoumi.server.register.models import TradeSecret

Capacity = AuthorisationLetter.Capacity
LIVE = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)
LETTER_NOTICE = timedelta(days=30)


def leading_body(entity: LegalEntity, day: date) -> LeadingBody | None:
    """Return the leading body of a legal entity on a day."""
    return LeadingBody.objects.filter(during(day), entity=entity).order_by("-since").first()


def management_office(entity: LegalEntity, day: date) -> ManagementOffice | None:
    """Return the management office of a legal entity on a day."""
    rows = ManagementOffice.objects.filter(during(day), entity=entity).select_related("department")
    return rows.order_by("-since").first()


def chain_of(letter: AuthorisationLetter) -> list[AuthorisationLetter]:
    """Return the letter and those it rests on, down to the legal representative's; a circle ends it."""
    chain: list[AuthorisationLetter] = []
    at: AuthorisationLetter | None = letter
    while at is not None and at not in chain:
        chain.append(at)
        at = at.parent
    return chain


def letter_holds(letter: AuthorisationLetter, day: date) -> bool:
    """Tell whether a letter and every letter it rests on hold on `day`."""
    return all(
        item.since <= day and (item.last_day is None or day <= item.last_day) for item in chain_of(letter)
    )


def letters_of(entity: LegalEntity) -> list[AuthorisationLetter]:
    """Return every letter of a legal entity with its holder, file and giver, the oldest first."""
    rows = AuthorisationLetter.objects.filter(entity=entity)
    return list(rows.select_related("holder", "letter", "parent__parent__parent"))


def responsible_letter(entity: LegalEntity, day: date) -> AuthorisationLetter | None:
    """Return the letter of who is responsible on `day`: authorised, else the legal representative."""
    held = [letter for letter in letters_of(entity) if letter_holds(letter, day)]
    for capacity in (Capacity.RESPONSIBLE, Capacity.REPRESENTATIVE):
        found = [letter for letter in held if letter.capacity == capacity]
        if found:
            return found[-1]
    return None


def responsible_person(entity: LegalEntity, day: date) -> Person | None:
    """Return who is responsible for the protection of secrets on `day`."""
    letter = responsible_letter(entity, day)
    return letter.holder if letter else None


@dataclass(slots=True)
class Cooperation:
    """A department that deals with secrets, and what there is of its cooperation."""

    department: Department
    row: CooperatingDepartment | None = None
    officers: list[DepartmentOfficer] = field(default_factory=list)
    without_role: list[DepartmentOfficer] = field(default_factory=list)
    reasons: set[str] = field(default_factory=set)  # why it deals with secrets: secrets, posts, zones

    @property
    def flagged(self) -> bool:
        """Whether it is flagged as cooperating."""
        return self.row is not None

    @property
    def lacks_officer(self) -> bool:
        """Whether there is no secrecy officer; the alert of the guide 二(三)."""
        return not self.officers


def cooperations(entity: LegalEntity, day: date) -> list[Cooperation]:
    """Return every department that is flagged as cooperating or deals with secrets, in order of codes.

    A department deals with secrets if it owns one in force, has a graded post or a secret zone.
    """
    reasons = secret_departments(entity)
    flagged = {
        row.department_id: row
        for row in CooperatingDepartment.objects.filter(during(day), department__entity=entity)
    }
    officers: dict[object, list[DepartmentOfficer]] = defaultdict(list)
    appointed = DepartmentOfficer.objects.filter(during(day), department__entity=entity)
    for officer in appointed.select_related("person", "letter__parent__parent"):
        if officer.letter is None or letter_holds(officer.letter, day):
            officers[officer.department_id].append(officer)
    in_role = role_holders_by_place(Role.DEPARTMENT_SECRECY_OFFICER)
    wanted = set(flagged) | set(reasons)
    found = []
    for department in Department.objects.filter(pk__in=wanted, closed_on=None).order_by("code"):
        here = officers[department.pk]
        holders = {user for place in department_places(department) for user in in_role.get(place, ())}
        found.append(
            Cooperation(
                department,
                flagged.get(department.pk),
                here,
                [item for item in here if item.person.user_id not in holders],
                reasons.get(department.pk, set()),
            )
        )
    return found


def officer_gaps(entity: LegalEntity, day: date) -> list[Department]:
    """Return the departments that deal with secrets, or are flagged so, and have no secrecy officer."""
    return [item.department for item in cooperations(entity, day) if item.lacks_officer]


def secret_departments(entity: LegalEntity) -> dict[object, set[str]]:
    """Return the departments that deal with secrets by id, and by what they are known to."""
    found: dict[object, set[str]] = defaultdict(set)
    owners = TradeSecret.objects.filter(entity=entity, state__in=LIVE).values_list("owner_department_id")
    posts = Post.objects.filter(department__entity=entity, level__gt=0, closed_on=None)
    zones = Zone.objects.filter(entity=entity, kind="secret").exclude(department=None)
    for reason, keys in (
        ("secrets", owners),
        ("posts", posts.values_list("department_id")),
        ("zones", zones.values_list("department_id")),
    ):
        for (key,) in keys.order_by().distinct():
            found[key].add(reason)
    return dict(found)


def scope_limits(entity: LegalEntity) -> list[tuple[Department, str, list[object]]]:
    """Return what the access model gives within each department: department, role, who holds it there.

    A role held for a department reaches it and everything below, and nothing beside it.
    """
    wanted = (Role.DEPARTMENT_OWNER, Role.DEPARTMENT_SECRECY_OFFICER)
    departments = {row.scope: row for row in Department.objects.filter(entity=entity).order_by("code")}
    now = clock().now()
    grants = RoleGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        state=FourEyesState.APPROVED,
        starts_at__lte=now,
        role__in=wanted,
        scope__in=departments,
        user__is_active=True,
    )
    held: dict[tuple[str, str], list[object]] = defaultdict(list)
    for grant in grants.select_related("user").order_by("user__display_name"):
        held[grant.scope, grant.role].append(grant.user)
    return [
        (departments[scope], role, held[scope, role])
        for scope in departments
        for role in (str(item) for item in wanted)
        if held.get((scope, role))
    ]


def letters_ending(entity: LegalEntity, day: date) -> list[AuthorisationLetter]:
    """Return the letters that hold on `day` and end within thirty days."""
    return [
        letter
        for letter in letters_of(entity)
        if letter_holds(letter, day)
        and letter.last_day is not None
        and letter.last_day <= day + LETTER_NOTICE
    ]


def persons_choosable(entities: Iterable[LegalEntity]) -> Q:
    """Return the condition that a person works, or will, in one of `entities`."""
    return not_over("engagements__") & Q(engagements__department__entity__in=list(entities))
