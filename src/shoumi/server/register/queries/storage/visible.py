"""Which storage units a user may see in lists, as one database query, and single units by the gate.

The query says in SQL what `engine/policy/cedar/carriers.cedar` says about `storage.view`; a test compares
the two.  What is stored on a unit is shown only as far as the carriers themselves may be seen.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from shoumi.engine.policy import Action, Resource, Role, resources
from shoumi.engine.policy.values import COMPANY
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.people.models import Department
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.people.queries import department_places
from shoumi.server.register.models import Carrier, StorageFinding, StorageUnit, TradeSecret
from shoumi.server.register.models.holdings import GONE
from shoumi.server.register.queries.carriers.visible import roles_held

WATCHING = (
    Role.DEPARTMENT_OWNER,
    Role.DEPARTMENT_SECRECY_OFFICER,
    Role.SECRECY_OFFICER,
    Role.LEADER,
    Role.IT_ADMINISTRATOR,
    Role.AUDITOR,
)
RELATED = ("department__entity", "zone", "keeper", "key_owner")
RANK = Case(
    *(When(secret__level=level, then=Value(rank)) for rank, level in enumerate(LEVEL_IDS) if level),
    default=Value(0),
    output_field=IntegerField(),
)
HOLDING = Q(secret__state__in=(TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING))


def units_visible_to(user: User | AnonymousUser) -> QuerySet[StorageUnit]:
    """Return the storage units that `user` may see, with what lists show and the level stored (`stored`)."""
    rows = with_level(StorageUnit.objects.select_related(*RELATED))
    subject = gate.subject_of(user)
    held = roles_held(subject)
    if held is None:
        return rows.none()
    wide = Q(pk__in=())
    for role, scope in held:
        if role in WATCHING:
            wide |= in_department(scope, "department")
    if subject.person is not None:
        wide |= Q(keeper=subject.person)
    return rows.filter(wide)


def with_level(rows: QuerySet[StorageUnit]) -> QuerySet[StorageUnit]:
    """Return `rows` with `stored`, the rank of the highest level stored on each: 0 for nothing."""
    carried = Carrier.objects.filter(HOLDING, unit=OuterRef("pk"), number__isnull=False).exclude(
        status__in=GONE
    )
    highest = carried.order_by().values("unit").annotate(top=Max(RANK)).values("top")
    return rows.annotate(stored=Coalesce(Subquery(highest, output_field=IntegerField()), Value(0)))


def in_department(scope: str, column: str) -> Q:
    """Return the condition “the department in `column` lies within the place of a role”."""
    if scope in {"", COMPANY}:
        return Q(pk__isnull=False)
    kind, _colon, key = scope.partition(":")
    if kind == "entity":
        return Q(**{f"{column}__entity": key})
    if kind == "department":
        return Q(**{f"{column}__path__contains": f"{UUID(key).hex}/"})
    return Q(pk__in=())


def unit_get(user: User, unit_id: UUID, action: Action = Action.STORAGE_VIEW) -> StorageUnit | None:
    """Return the unit if it exists and the user may do `action`; None if it does not exist.

    Raises:
        NotPermittedError: the gate refuses.
    """
    unit = with_level(StorageUnit.objects.select_related(*RELATED)).filter(pk=unit_id).first()
    if unit is not None:
        gate.require(user, action, unit_resource(unit))
    return unit


def unit_resource(unit: StorageUnit) -> Resource:
    """Return the unit as the rules see it."""
    keeper = str(unit.keeper_id) if unit.keeper_id else None
    return resources.storage(str(unit.pk), keeper=keeper, places=department_places(unit.department))


def unit_to_be(department: Department) -> Resource:
    """Return a unit that a department does not have yet, as the rules see it."""
    return resources.storage(f"new:{department.pk}", places=department_places(department))


def findings_visible_to(user: User | AnonymousUser) -> QuerySet[StorageFinding]:
    """Return the findings of what `user` may see: of their units, and of carriers of their departments."""
    rows = StorageFinding.objects.select_related("unit", "carrier", "department__entity")
    subject = gate.subject_of(user)
    held = roles_held(subject)
    if held is None:
        return rows.none()
    wide = Q(unit__isnull=False, unit__in=units_visible_to(user).order_by().values("pk"))
    for role, scope in held:
        if role in WATCHING:
            wide |= in_department(scope, "department")
    return rows.filter(wide)
