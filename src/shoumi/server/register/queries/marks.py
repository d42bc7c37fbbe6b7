"""Whether a carrier bears the mark that holds now: number, level, period and owner of its secret.

Follows the seed guide 五(一)2 to 4: every carrier is marked, the unmarked does not circulate, and a change
makes the old mark void.  A void mark shows as a marking task that is not done.  Nothing is written here.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from shoumi.engine.errors import ConflictError
from shoumi.server.register.models import Carrier, MarkingTask

UNMARKABLE = (Carrier.Kind.PERSON,)  # know-how in somebody's head bears no mark


class CarrierUnmarkedError(ConflictError):
    """The carrier bears no mark, or one that a change has made void."""

    code = "register.carrier_unmarked"
    message = (
        "This carrier bears no valid mark. Mark it and record the mark first; only then may it circulate."
    )


def verify_marked(carrier: Carrier) -> None:
    """Return if the carrier bears the mark that holds now, or is of a kind that bears none.

    Raises:
        CarrierUnmarkedError: no mark is recorded, or a marking task of a later version is open.
    """
    if not Carrier.objects.filter(marked(), pk=carrier.pk).exists():
        raise CarrierUnmarkedError


def marked() -> Q:
    """Return the condition “bears the mark that holds now” on carriers."""
    tasks = MarkingTask.objects.filter(carrier=OuterRef("pk"))
    valid = Exists(tasks.exclude(done_at=None)) & ~Exists(tasks.filter(done_at=None))
    return Q(kind__in=UNMARKABLE) | Q(valid)
