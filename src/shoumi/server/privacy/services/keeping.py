"""The keepers of what the floors below hold: sign-ins in the ledger, and details of persons who have left.

What they erase: the details of an entry with their salts, so that the ledger stays whole; of a person
everything by which they are known, so that what they did stays under an opaque name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from shoumi.server.ledger.erasing import NothingToEraseError
from shoumi.server.ledger.queries import entries_to_erase, entry_get
from shoumi.server.ledger.services import detail_erase
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries.leaving import left_before
from shoumi.server.people.services.forgetting import person_forget
from shoumi.server.privacy.keepers import Keeper, Kept

SYSTEM = "system:privacy"
MOST_SUBJECTS = 5000  # that one query names
SIGN_INS = (
    LedgerTag.ACCOUNTS_SIGN_IN_SUCCEEDED,
    LedgerTag.ACCOUNTS_SIGN_IN_FAILED,
    LedgerTag.ACCOUNTS_SIGN_IN_LOCKED,
)


def _sign_ins(entity: LegalEntity, before: date) -> Iterator[Kept]:
    zone = ZoneInfo(entity.time_zone)
    rows = Person.objects.filter(entity=entity, user__isnull=False).select_related("user")
    persons = {row.user.ledger_actor: row.pk for row in rows}
    moment, subjects = datetime.combine(before, time(0), zone), list(persons)
    for start in range(0, len(subjects), MOST_SUBJECTS):
        some = subjects[start : start + MOST_SUBJECTS]
        for entry in entries_to_erase(some, SIGN_INS, before=moment).iterator(chunk_size=500):
            yield Kept(str(entry.index), persons[entry.subject], entry.time.astimezone(zone).date())


def _sign_in_erase(key: str, reason: str) -> bool:
    try:
        detail_erase(entry_get(int(key)), actor=SYSTEM, reason=reason)
    except NothingToEraseError:
        return False
    return True


def _leavers(entity: LegalEntity, before: date) -> Iterator[Kept]:
    for person, last in left_before(entity, before):
        yield Kept(str(person.pk), person.pk, last)


def _leaver_erase(key: str, reason: str) -> bool:
    return person_forget(person_id=key, actor=SYSTEM, reason=reason)


KEEPERS = (
    Keeper("ledger-sign-ins", _("Details of sign-ins"), frozenset({"sign-in"}), _sign_ins, _sign_in_erase),
    Keeper(
        "people-leavers",
        _("Details of persons who have left"),
        frozenset({"personnel-record"}),
        _leavers,
        _leaver_erase,
    ),
)
