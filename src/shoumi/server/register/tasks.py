"""What the register does unasked: periods, ledgers, carriers daily, returns hourly, unfinished work often."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.register.services.carriers.marking import markings_escalate
from shoumi.server.register.services.duties import duties_review
from shoumi.server.register.services.expiry import expiry_run
from shoumi.server.register.services.inventory.signing import inventories_remind
from shoumi.server.register.services.operations.dueness import operations_look_after
from shoumi.server.register.services.reconciling import reconciliations_run
from shoumi.server.register.services.scope_notices import scope_joiners_tell
from shoumi.server.register.services.storage.findings import findings_run
from shoumi.server.register.services.storage.reviews import reviews_remind
from shoumi.server.register.services.taking_over import batches_continue
from shoumi.server.register.services.tile_keys import tile_keys_renew


@task()
def expiry_look_after() -> tuple[int, int]:
    """Send the notices that are due and end the periods that are over; return how many of each."""
    return expiry_run()


@task()
def books_compare() -> int:
    """Compare the two ledgers of every legal entity; return how many differences are open."""
    return reconciliations_run()


@task()
def joiners_tell() -> int:
    """Tell those who came into a knowledge scope; return how many notices were made."""
    return scope_joiners_tell()


@task()
def duties_look_after() -> int:
    """Remind of designations that are due for review; return how many."""
    return duties_review()


@task()
def carriers_look_after() -> tuple[int, int, int, int]:
    """Pass overdue marks on, write findings down, remind of inventories and reviews; return numbers."""
    return markings_escalate(), findings_run()[0], inventories_remind(), reviews_remind()


@task()
def tile_keys_look_after() -> bool:
    """Renew the key of hidden tiles when it is a year old."""
    return tile_keys_renew()


SCHEDULE = (
    expiry_look_after,
    books_compare,
    joiners_tell,
    duties_look_after,
    carriers_look_after,
    tile_keys_look_after,
)


def daily() -> None:
    """Run everything that is due each day; the schedule of the project calls it."""
    for item in SCHEDULE:
        item.call()


def often() -> int:
    """Go on with imported registers that stopped half way; return how many rows were taken over."""
    return batches_continue()


def hourly() -> None:
    """Look after what is due back; the schedule of the project calls it."""
    operations_look_after()
