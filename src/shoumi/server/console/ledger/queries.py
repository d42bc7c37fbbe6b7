"""What the ledger's pages show, made from the ledger, the users and the register.

Who may see it is asked by the views and services; the resource they ask about is made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.urls import NoReverseMatch, reverse

from shoumi.engine.policy import Resource, resources
from shoumi.server.accounts.models import User
from shoumi.server.console.ledger.wording import actor_words, subject_words
from shoumi.server.ledger.queries import LedgerEntry, NoSuchEntryError, entry_get, integrity_status
from shoumi.server.ledger.tags import every_tag
from shoumi.server.ledger.vocabulary import tag_words
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.resources import secret_facts

LARGEST_INDEX = 2**63 - 1
SUBJECT_PAGES = {
    "department": "people:department_detail",
    "entry": "ledger:entry_detail",
    "person": "people:person_detail",
    "request": "approvals:request_detail",
    "role": "accounts:role_detail",
    "secret": "register:secret_detail",
    "user": "accounts:user_detail",
}


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry as lists and pages show it."""

    entry: LedgerEntry
    area: str
    thing: str
    event: str
    actor: str
    subject_kind: str
    subject_id: str  # its beginning
    subject_url: str  # empty: there is no page for it
    is_covered: bool  # by a checkpoint


def entry_lines(entries: Sequence[LedgerEntry]) -> list[EntryLine]:
    """Return `entries` with their words, in the same order."""
    names = _names_of(entry.actor for entry in entries)
    covered = integrity_status().covered if entries else 0
    lines = []
    for entry in entries:
        area, thing, event = tag_words(entry.tag)
        kind, identifier = subject_words(entry.subject)
        lines.append(
            EntryLine(
                entry=entry,
                area=area,
                thing=thing,
                event=event,
                actor=actor_words(entry.actor, names),
                subject_kind=kind,
                subject_id=identifier,
                subject_url=_subject_url(entry.subject),
                is_covered=entry.index < covered,
            )
        )
    return lines


def _names_of(actors: Iterable[str]) -> dict[str, str]:
    """Return the names of the users among `actors`, by id."""
    ids = {actor.removeprefix("user:") for actor in actors if actor.startswith("user:")}
    known = [number for number in ids if _is_uuid(number)]
    return {
        str(user.pk): user.display_name for user in User.objects.filter(pk__in=known).only("display_name")
    }


def _subject_url(subject: str) -> str:
    kind, _colon, identifier = subject.partition(":")
    try:
        return reverse(SUBJECT_PAGES[kind], args=[identifier]) if kind in SUBJECT_PAGES else ""
    except NoReverseMatch:
        return ""


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def entry_or_404(index: int) -> LedgerEntry:
    """Return entry `index` of the address.

    Raises:
        Http404: there is none.
    """
    if index > LARGEST_INDEX:
        raise Http404
    try:
        return entry_get(index)
    except NoSuchEntryError:
        raise Http404 from None


def ledger_resource() -> Resource:
    """Return the ledger as a whole as the rules see it."""
    return resources.ledger()


def entry_resource(entry: LedgerEntry) -> Resource:
    """Return one entry as the rules see it: it lies where its subject lies."""
    kind, _colon, identifier = entry.subject.partition(":")
    places: frozenset[str] = frozenset()
    if kind == "secret" and _is_uuid(identifier):
        secret = TradeSecret.objects.filter(pk=identifier).first()
        places = secret_facts(secret).places if secret else places
    return resources.ledger(str(entry.index), places)


def tag_choices() -> list[str]:
    """Return what the search offers: every area, and every tag."""
    tags = [tag.value for tag in every_tag()]
    return sorted({tag.partition(":")[0] for tag in tags}) + tags
