"""Whether a carrier bears the mark that holds now, and how much of all that must be marked is.

Follows the seed guide 五(一)2 to 4: every carrier is marked, the unmarked does not circulate, and a change
makes the old mark void.  A void mark shows as a marking task that is not done.  Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.engine.errors import ConflictError
from shoumi.server.accounts.models import User
from shoumi.server.register.models import Carrier, MarkingTask, SecretFile, TradeSecret
from shoumi.server.register.models.holdings import GONE
from shoumi.server.register.queries.secrets import secrets_visible_to

UNMARKABLE = (Carrier.Kind.PERSON,)  # know-how in somebody's head bears no mark
DESIGNATED = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)


class CarrierUnmarkedError(ConflictError):
    """The carrier bears no mark, or one that a change has made void."""

    code = "register.carrier_unmarked"
    message = (
        "This carrier bears no valid mark. Mark it and record the mark first; only then may it circulate."
    )


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many carriers and files must bear a mark, and how many do."""

    marked: int
    total: int

    @property
    def percent(self) -> int:
        """Marked in hundredths, rounded down; 100 only if all are."""
        return self.marked * 100 // self.total if self.total else 100


def verify_marked(carrier: Carrier) -> None:
    """Return if the carrier bears the mark that holds now, or is of a kind that bears none.

    Raises:
        CarrierUnmarkedError: no mark is recorded, or a marking task of a later version is open.
    """
    if not Carrier.objects.filter(marked(), pk=carrier.pk).exists():
        raise CarrierUnmarkedError


def marked() -> Q:
    """Return the condition “bears the mark that holds now” on carriers."""
    return Q(kind__in=UNMARKABLE) | _has_valid("carrier")


def marking_tasks_visible_to(user: User | AnonymousUser) -> QuerySet[MarkingTask]:
    """Return the marking tasks of the secrets that `user` may see, with what lists show selected."""
    secrets = secrets_visible_to(user).order_by().values("pk")
    rows = MarkingTask.objects.filter(secret__in=secrets)
    return rows.select_related("secret__owner_department", "secret__entity", "carrier", "file__file", "mark")


def coverage_of(secrets: QuerySet[TradeSecret]) -> Coverage:
    """Return the coverage of the designated `secrets`: their files, and the carriers that are left."""
    designated = secrets.filter(state__in=DESIGNATED).order_by().values("pk")
    carriers = Carrier.objects.filter(secret__in=designated).exclude(
        Q(kind__in=UNMARKABLE) | Q(status__in=GONE)
    )
    files = SecretFile.objects.filter(secret__in=designated)
    done = carriers.filter(marked()).count() + files.filter(_has_valid("file")).count()
    return Coverage(done, carriers.count() + files.count())


def _has_valid(column: str) -> Q:
    tasks = MarkingTask.objects.filter(**{column: OuterRef("pk")})
    return Q(Exists(tasks.exclude(done_at=None)) & ~Exists(tasks.filter(done_at=None)))
