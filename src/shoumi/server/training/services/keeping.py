"""The keeper of training records: what somebody was asked and answered is erased, that they passed stays.

The time counts from the day on which a test was handed in.  A test on which a certificate rests that still
holds is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.keepers import Keeper, Kept, day_of, erased, first_moment
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.training.models import Sitting

NAME = "training-tests"


def sittings_due(entity: LegalEntity, before: date) -> Iterator[Kept]:
    """Yield the tests of an entity's persons handed in before a day, the oldest first."""
    today = today_of(entity)
    over = Q(certificate__isnull=True) | Q(certificate__valid_until__lt=today)
    rows = Sitting.objects.filter(
        over | Q(certificate__ended_on__lte=today),
        learning__person__entity=entity,
        handed_in_at__lt=first_moment(entity, before),
    ).exclude(seed="")
    for row in rows.select_related("learning").order_by("handed_in_at", "pk").iterator(chunk_size=500):
        yield Kept(str(row.pk), row.learning.person_id, day_of(entity, row.handed_in_at))


def sitting_erase(key: str, reason: str) -> bool:
    """Erase what was asked and answered inside the caller's transaction; False if it is gone already."""
    row = Sitting.objects.select_for_update(of=("self",), no_key=True).filter(pk=key).exclude(seed="").first()
    if row is None:
        return False
    row.seed, row.questions, row.answers = "", [], {}
    row.save(update_fields=["seed", "questions", "answers"])
    row.learning.seen.update(stretches=[])
    erased(row.ledger_subject, keeper=NAME, reason=reason)
    return True


KEEPER = Keeper(
    NAME, _("Answers in tests of trainings"), frozenset({"training-record"}), sittings_due, sitting_erase
)
