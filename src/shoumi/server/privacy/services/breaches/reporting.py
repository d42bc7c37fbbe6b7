"""Reports a breach and keeps its facts: from its being noticed the clocks of each country concerned run.

A fact that changes changes what is due; what was told and assessed before stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Country, LegalEntity, Person
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import counted, writing
from shoumi.server.privacy.models import Breach
from shoumi.server.privacy.models.breaches import LONGEST
from shoumi.server.privacy.queries.breaches import breach_facts, breach_resource, table_for
from shoumi.server.privacy.queries.words import table_of
from shoumi.server.privacy.services.agreeing import lines_of, owners_verify
from shoumi.server.privacy.services.errors import (
    BreachStateError,
    MomentError,
    OtherEntityError,
    WordUnknownError,
)

PARTICULARS = ("harm", "response", "advice", "publication", "prevention", "other")
LONGEST_CONTACT = 400


@dataclass(frozen=True, slots=True)
class BreachWish:
    """What is known of a breach; a number of persons of None is not known yet."""

    title: str
    what: str
    cause: str
    kinds: Sequence[str]
    countries: Sequence[str]
    persons: int | None = None
    facts: Sequence[str] = ()
    harm: str = ""
    response: str = ""
    advice: str = ""
    publication: str = ""
    prevention: str = ""
    other: str = ""
    contact: str = ""


def breach_report(
    *,
    actor: User,
    entity: LegalEntity,
    wish: BreachWish,
    noticed_at: datetime,
    owners: tuple[Person, Person],
) -> Breach:
    """Record a breach noticed at an aware moment; `owners` answer for the law and for security.

    Raises:
        NotPermittedError, WordUnknownError, OtherEntityError, OneOwnerError, MomentError: each as it says.
        TextEmptyError, FieldMissingError, FieldTooLongError: each as it says.
    """
    legal, security = owners
    owners_verify(legal, security)
    for each in owners:
        if each.entity_id != entity.pk:
            raise OtherEntityError(name=str(each))
    now = clock().now()
    if noticed_at > now:
        raise MomentError
    tag = LedgerTag.PRIVACY_BREACH_REPORTED
    with writing(
        actor=actor, action=Action.PRIVACY_MANAGE, resource=entity_resource(entity), tag=tag
    ) as entry:
        row = Breach(
            entity=entity,
            noticed_at=noticed_at,
            legal_owner=legal,
            security_owner=security,
            reported_by=actor,
            reported_at=now,
        )
        _fill(row, wish)
        row.save(force_insert=True)
        entry.subject, entry.detail = row.ledger_subject, _detail(row)
    return row


def breach_change(*, actor: User, breach: Breach, wish: BreachWish, expected_version: int) -> Breach:
    """Record what is known now.

    Raises:
        NotPermittedError, BreachStateError, RecordChangedError: each as it says.
        WordUnknownError, TextEmptyError, FieldMissingError, FieldTooLongError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MATTER_WORK,
        resource=breach_resource(breach),
        tag=LedgerTag.PRIVACY_BREACH_CHANGED,
    ) as entry:
        row = open_breach(breach, expected_version)
        _fill(row, wish)
        counted(row)
        entry.subject, entry.detail = row.ledger_subject, _detail(row)
    return row


def open_breach(breach: Breach, expected_version: int | None = None) -> Breach:
    """Return the breach, locked, if it is being worked on.

    Raises:
        BreachStateError, RecordChangedError: each as it says.
    """
    row = locked(Breach, breach.pk, expected_version)
    if row.state != Breach.State.OPEN:
        raise BreachStateError(state=str(row.get_state_display()))
    return row


def concerned(breach: Breach) -> list[User]:
    """Return who is told of a breach: both owners, legal and the secrecy office of its entity."""
    where = entity_resource(breach.entity)
    found = {each.user_id: each.user for each in (breach.legal_owner, breach.security_owner) if each.user}
    for role in (Role.LEGAL, Role.SECRECY_OFFICER):
        for user in role_holders(role):
            if gate.permits(user, Action.PRIVACY_MANAGE, where):
                found[user.pk] = user
    return list(found.values())


def _fill(row: Breach, wish: BreachWish) -> None:
    table = table_of(row.entity)
    row.countries = sorted(set(wish.countries))
    _known(row.countries, Country.values, required=True)
    _known(wish.kinds, table.kinds, required=True)
    for country in row.countries:
        _known([wish.cause], table_for(country).causes, required=True)
        _known(wish.facts, table_for(country).facts)
    row.title = text_of(Breach, "title", wish.title, required=True)
    row.cause, row.persons = wish.cause, wish.persons
    row.kinds, row.facts = sorted(set(wish.kinds)), sorted(set(wish.facts))
    row.what = lines_of(_label("what"), wish.what, limit=LONGEST, required=True)
    for name in PARTICULARS:
        setattr(row, name, lines_of(_label(name), getattr(wish, name), limit=LONGEST))
    row.contact = lines_of(_label("contact"), wish.contact, limit=LONGEST_CONTACT)


def _known(words: Sequence[str], known: object, *, required: bool = False) -> None:
    if required and not words:
        raise WordUnknownError(word="")
    for word in words:
        if word not in known:
            raise WordUnknownError(word=word)


def _label(name: str) -> object:
    return Breach._meta.get_field(name).verbose_name  # noqa: SLF001 - Django's documented way


def _detail(row: Breach) -> dict[str, object]:
    return {
        "noticed_at": row.noticed_at.isoformat(),
        "cause": row.cause,
        "kinds": row.kinds,
        "persons": row.persons,
        "countries": row.countries,
        "facts": {country: sorted(breach_facts(row, country)) for country in row.countries},
        "legal_owner": row.legal_owner.ledger_subject,
        "security_owner": row.security_owner.ledger_subject,
    }
