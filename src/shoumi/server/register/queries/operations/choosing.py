"""What an operation can be about, and which operations a user may ask for, for pages that offer both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from shoumi.engine.policy import Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import FileState
from shoumi.server.register.models import Carrier, Operation, SecretFile, TradeSecret
from shoumi.server.register.operation_values import Thing
from shoumi.server.register.queries.operations.obstacles import CARRIERS_ONLY, LIVE
from shoumi.server.register.queries.operations.resources import action_of
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.secrets import in_knowledge_scope, secrets_visible_to, within

Kind = Operation.Kind
WHOLE = (Kind.CONSULT, Kind.DISCLOSE, Kind.RELEASE)  # may be about a secret as such
FILES = (Kind.CONSULT, Kind.COPY, Kind.DISCLOSE, Kind.DESTROY)
GOVERNING = (Role.DEPARTMENT_OWNER, Role.DEPARTMENT_SECRECY_OFFICER, Role.SECRECY_OFFICER)
FOUND = 20  # secrets offered by a search


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be chosen: its value in the form, and what it is."""

    value: str
    label: str
    note: str


def kinds_permitted(user: User, secrets: Sequence[TradeSecret]) -> list[str]:
    """Return the kinds of operations that `user` may ask for on every one of `secrets`."""
    if not secrets:
        return []
    known = [secret_resource(secret) for secret in secrets]
    wishes = [(action_of(kind), resource) for resource in known for kind in Kind]
    permitted = {
        (index % len(Kind))
        for index, decision in enumerate(gate.decide_each(user, wishes))
        if not decision.permitted
    }
    return [kind for index, kind in enumerate(Kind) if index not in permitted]


def any_operation_permitted(user: User) -> bool:
    """Tell whether there is a secret on which `user` may ask for an operation.

    The gate is asked about secrets that the user knows, keeps or governs, one after the other, so that for
    nearly everybody the first one answers; whoever only watches over secrets has none.
    """
    subject = gate.subject_of(user)
    near = in_knowledge_scope(subject)
    if subject.person is not None:
        near |= Q(custodian_id=subject.person)
    for held in subject.roles:
        if held.role in GOVERNING:
            near |= within(held.scope)
    for secret in secrets_visible_to(user).filter(near, state__in=LIVE).order_by()[:FOUND]:
        resource = secret_resource(secret)
        wishes = [(action_of(kind), resource) for kind in Kind]
        if any(decision.permitted for decision in gate.decide_each(user, wishes)):
            return True
    return False


def secrets_chosen(user: User, keys: Iterable[str]) -> list[TradeSecret]:
    """Return the live secrets behind these ids that `user` may see; others are left out."""
    valid = [key for key in keys if _is_uuid(key)]
    return list(secrets_visible_to(user).filter(pk__in=valid, state__in=LIVE).order_by("number"))


def secrets_searched(user: User, words: str) -> list[TradeSecret]:
    """Return the first live secrets whose number or name holds `words`."""
    rows = secrets_visible_to(user).filter(state__in=LIVE)
    for word in words.split():
        rows = rows.filter(number__icontains=word) | rows.filter(name__icontains=word)
    return list(rows.order_by("-registered_at", "number")[:FOUND])


def offers_of(secret: TradeSecret, kind: str) -> list[Offer]:
    """Return what of a secret an operation of `kind` can be about."""
    gone = (Carrier.Status.DESTROYED, Carrier.Status.SCRAPPED, Carrier.Status.RETURNED)
    carriers = secret.carriers.exclude(status__in=gone).exclude(kind=Carrier.Kind.PERSON)
    found = [
        Offer(
            f"c:{row.pk}",
            f"{row.number or ''} {row.description}".strip(),
            f"{row.get_kind_display()} · {row.get_status_display()}",
        )
        for row in carriers.order_by("number", "pk")
        if kind != Kind.RELEASE
    ]
    if kind in FILES:
        files = secret.files.select_related("file").filter(file__state=FileState.READY)
        found += [Offer(f"f:{row.pk}", row.file.name, row.file.media_type) for row in files]
    if kind in WHOLE:
        found.append(Offer(f"s:{secret.pk}", str(secret), ""))
    return found


def things_named(values: Iterable[str], kind: str) -> list[Thing]:
    """Return the things behind the values of a form; what does not exist is left out."""
    keys: dict[str, list[UUID]] = {"c": [], "f": [], "s": []}
    for value in values:
        sort, _colon, key = value.partition(":")
        if sort in keys and _is_uuid(key):
            keys[sort].append(UUID(key))
    carriers = Carrier.objects.filter(pk__in=keys["c"]).order_by("secret__number", "number", "pk")
    files = SecretFile.objects.filter(pk__in=keys["f"]).order_by("secret__number", "pk")
    things = [Thing(row.secret_id, carrier=row.pk) for row in carriers]
    if kind not in CARRIERS_ONLY:
        things += [Thing(row.secret_id, file=row.pk) for row in files]
        things += [Thing(key) for key in keys["s"]]
    return things


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
