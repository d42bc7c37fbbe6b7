"""The keepers of what this floor and those below hold: sign-ins, details of leavers, requests of persons.

What they erase: the details of an entry with their salts, so that the ledger stays whole; of a person
everything by which they are known, so that what they did stays under an opaque name; of a request the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from shoumi.server.ledger.erasing import NothingToEraseError
from shoumi.server.ledger.queries import entries_to_erase, entry_get
from shoumi.server.ledger.services import detail_erase
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.keepers import SYSTEM, Keeper, Kept, day_of, erased, first_moment
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries.leaving import FORGOTTEN, left_before
from shoumi.server.people.services.forgetting import person_forget
from shoumi.server.privacy.models import SubjectRequest

REQUESTS = "privacy-requests"
ANSWERED = (SubjectRequest.State.ANSWERED, SubjectRequest.State.REFUSED)
MOST_SUBJECTS = 5000  # that one query names
SIGN_INS = (
    LedgerTag.ACCOUNTS_SIGN_IN_SUCCEEDED,
    LedgerTag.ACCOUNTS_SIGN_IN_FAILED,
    LedgerTag.ACCOUNTS_SIGN_IN_LOCKED,
)


def _sign_ins(entity: LegalEntity, before: date) -> Iterator[Kept]:
    rows = Person.objects.filter(entity=entity, user__isnull=False).select_related("user")
    persons = {row.user.ledger_actor: row.pk for row in rows}
    moment, subjects = first_moment(entity, before), list(persons)
    for start in range(0, len(subjects), MOST_SUBJECTS):
        some = subjects[start : start + MOST_SUBJECTS]
        for entry in entries_to_erase(some, SIGN_INS, before=moment).iterator(chunk_size=500):
            yield Kept(str(entry.index), persons[entry.subject], day_of(entity, entry.time))


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


def _requests(entity: LegalEntity, before: date) -> Iterator[Kept]:
    rows = SubjectRequest.objects.filter(
        person__entity=entity, state__in=ANSWERED, answered_at__lt=first_moment(entity, before)
    ).exclude(text=FORGOTTEN)
    for row in rows.order_by("answered_at", "pk").iterator(chunk_size=500):
        yield Kept(str(row.pk), row.person_id, day_of(entity, row.answered_at))


def _request_erase(key: str, reason: str) -> bool:
    rows = SubjectRequest.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=key, state__in=ANSWERED).exclude(text=FORGOTTEN).first()
    if row is None:
        return False
    row.text = row.answer = FORGOTTEN
    row.identity = row.extension = ""
    row.save(update_fields=["text", "answer", "identity", "extension"])
    erased(row.ledger_subject, keeper=REQUESTS, reason=reason)
    return True


KEEPERS = (
    Keeper(
        REQUESTS,
        _("Answered requests of persons"),
        frozenset({"privacy-request"}),
        _requests,
        _request_erase,
    ),
    Keeper("ledger-sign-ins", _("Details of sign-ins"), frozenset({"sign-in"}), _sign_ins, _sign_in_erase),
    Keeper(
        "people-leavers",
        _("Details of persons who have left"),
        frozenset({"personnel-record"}),
        _leavers,
        _leaver_erase,
    ),
)
