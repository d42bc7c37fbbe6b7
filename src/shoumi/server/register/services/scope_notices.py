"""Tells everybody in a knowledge scope, also who comes later, and keeps when each of them took note.

Follows the seed guide 四 (告知接触者): persons named, holders of posts, members of departments.  Whoever has
an account is told there; for everybody else the owner department hands the notice over and records it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import Person
from shoumi.server.register.models import LegacyBatch, ScopeEntry, ScopeNotice, TradeSecret
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.scope import persons_in_scope
from shoumi.server.register.queries.scope_notices import LIVE, persons_engaged, secrets_not_told
from shoumi.server.register.services.notices import office_of, owners_of, tell

Cause = ScopeNotice.Cause
PORTION = 500  # notices in one transaction
log = logging.getLogger(__name__)


class NoticeUnknownError(InputError):
    """No such notice waits for an acknowledgement of this person."""

    code = "register.notice_unknown"
    message = "There is no notice that waits for you here."


def tell_scope(secret: TradeSecret, *, cause: str, except_for: Collection[object] = ()) -> int:
    """Tell everybody in the scope of a secret who was not told yet; return how many.

    `except_for` are persons who were in the scope before and go on knowing what they knew.
    """
    told = set(secret.scope_notices.values_list("person_id", flat=True))
    batch = _batch_of(secret)
    if batch is not None:
        told |= set(ScopeNotice.objects.filter(batch=batch).values_list("person_id", flat=True))
    people = [row for row in persons_in_scope(secret) if row.pk not in told and row.pk not in except_for]
    now = clock().now()
    ScopeNotice.objects.bulk_create(
        ScopeNotice(person=person, secret=secret, cause=cause, told_at=now) for person in people
    )
    tell(_accounts(people), "in_scope", secret)
    return len(people)


def tell_batch(batch: LegacyBatch, secrets: QuerySet[TradeSecret]) -> None:
    """Tell owners and office once about a batch, and everybody in scope of any of its secrets once."""
    owners = _owners_of_all(secrets)
    counts: Counter[Person] = Counter()
    for secret, count in _scopes_of_all(secrets):
        counts.update(dict.fromkeys(persons_in_scope(secret), count))
    now = clock().now()
    ScopeNotice.objects.bulk_create(
        ScopeNotice(person=person, batch=batch, cause=Cause.DESIGNATED, told_at=now) for person in counts
    )
    tell(owners, "batch_registered", count=str(secrets.count()))
    for person, count in counts.items():
        tell(_accounts([person]), "batch_in_scope", count=str(count))


def scope_joiners_tell() -> int:
    """Tell everybody who came into a knowledge scope since, each person once; return how many notices."""
    made = 0
    for person in persons_engaged().iterator(chunk_size=PORTION):
        try:
            made += _tell_joiner(person)
        except Exception:
            log.exception("What person %s may know now could not be told", person.pk)
    return made


def notices_acknowledge(*, actor: User, notice_ids: Iterable[int]) -> int:
    """Take note of one's own notices; return how many.

    Raises:
        NoticeUnknownError: one of them is another's, or acknowledged already.
    """
    wanted = set(notice_ids)
    person = Person.objects.filter(user=actor).first()
    with transaction.atomic():
        rows = ScopeNotice.objects.select_for_update(no_key=True).filter(
            pk__in=wanted, person=person, acknowledged_at=None
        )
        found = list(rows)
        if person is None or not wanted or len(found) != len(wanted):
            raise NoticeUnknownError
        rows.update(acknowledged_at=clock().now())
        append(
            RegisterTag.SCOPE_ACKNOWLEDGED,
            actor=actor.ledger_actor,
            subject=person.ledger_subject,
            detail={"about": sorted(str(row.secret_id or row.batch_id) for row in found)},
        )
    return len(found)


def notice_hand_over(*, actor: User, notice_id: int, note: str) -> ScopeNotice:
    """Record that somebody without an account took note on paper; by those who look after the secret.

    Raises:
        NoticeUnknownError: no such notice waits, or the person has an account and takes note there.
        NotPermittedError: the actor does not look after the secret.
    """
    row = ScopeNotice.objects.select_related("person", "secret").filter(pk=notice_id).first()
    if row is None or row.secret is None or row.person.user_id is not None:
        raise NoticeUnknownError
    gate.require(actor, Action.SECRET_CHANGE, secret_resource(row.secret))
    with transaction.atomic():
        row = ScopeNotice.objects.select_for_update(no_key=True).get(pk=notice_id)
        if row.acknowledged_at is not None or not note.strip():
            raise NoticeUnknownError
        row.acknowledged_at, row.handed_over_by, row.note = clock().now(), actor, note.strip()[:300]
        row.save(update_fields=["acknowledged_at", "handed_over_by", "note"])
        append(
            RegisterTag.SCOPE_ACKNOWLEDGED,
            actor=actor.ledger_actor,
            subject=row.person.ledger_subject,
            detail={"about": [str(row.secret_id)], "on_paper": row.note},
        )
    return row


def _owners_of_all(secrets: QuerySet[TradeSecret]) -> set[User]:
    """Return the owners and the office of secrets, looked up once for each department and custodian."""
    rows = secrets.order_by().values_list("owner_department", "custodian", "pk")
    examples = {(department, custodian): key for department, custodian, key in rows.iterator()}
    found = TradeSecret.objects.select_related("entity", "owner_department", "custodian__user").in_bulk(
        list(examples.values())
    )
    return {user for secret in found.values() for user in owners_of(secret) | office_of(secret)}


def _scopes_of_all(secrets: QuerySet[TradeSecret]) -> Iterator[tuple[TradeSecret, int]]:
    """Yield one of the secrets for each knowledge scope among them, and how many have that scope."""
    lines = ScopeEntry.objects.filter(secret__in=secrets.order_by().values("pk")).order_by("secret_id")
    rows = lines.values_list("secret_id", "kind", "department_id", "post_id", "person_id")
    examples: dict[frozenset[object], UUID] = {}
    counts: Counter[frozenset[object]] = Counter()
    for key, group in groupby(rows.iterator(), key=itemgetter(0)):
        scope = frozenset(row[1:] for row in group)
        examples[scope] = key
        counts[scope] += 1
    found = TradeSecret.objects.in_bulk(list(examples.values()))
    for scope, key in examples.items():
        yield found[key], counts[scope]


def _tell_joiner(person: Person) -> int:
    secrets = list(secrets_not_told(person).filter(state__in=LIVE))
    now = clock().now()
    for start in range(0, len(secrets), PORTION):
        with transaction.atomic():
            portion = secrets[start : start + PORTION]
            ScopeNotice.objects.bulk_create(
                (
                    ScopeNotice(person=person, secret=secret, cause=Cause.JOINED, told_at=now)
                    for secret in portion
                ),
                ignore_conflicts=True,
            )
            if start == 0:
                tell(_accounts([person]), "joined_scope", count=str(len(secrets)))
    return len(secrets)


def _accounts(people: Iterable[Person]) -> list[User]:
    keys = [person.user_id for person in people if person.user_id]
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk"))


def _batch_of(secret: TradeSecret) -> object | None:
    row = getattr(secret, "legacy_row", None) if secret.legacy else None
    return row.batch_id if row else None
