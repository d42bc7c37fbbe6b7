"""The event that ends a period “until publication”: recorded by one person, confirmed by another.

Follows the seed guide 四(三) (公布前) and 四(五)1.  Until it is confirmed nothing changes.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import clock
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import LifeEvent, Publication, TradeSecret
from shoumi.server.register.services.editing import editing
from shoumi.server.register.services.expiry import secret_expire
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.services.notices import tell_owner_and_office

State = TradeSecret.State


class PublicationConfirmedError(ConflictError):
    """The publication stands already."""

    code = "register.publication_confirmed"
    message = "The publication was confirmed already."


class SamePersonError(ConflictError):
    """Two persons are needed."""

    code = "register.same_person"
    message = "Somebody else has to confirm this: you recorded it yourself."


class PeriodOpenError(InputError):
    """The secret has no period that this event ends."""

    code = "register.not_until_publication"
    message = "The period of this secret does not end with a publication."


def publication_record(
    *, actor: User, secret_id: UUID, expected_version: int, published_on: date, proof: str
) -> Publication:
    """Record the publication that ends the period; it takes effect when another person confirms it."""
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_DECLASSIFY,
        tag=RegisterTag.PUBLICATION_RECORDED,
        expected_version=expected_version,
        states=(State.REGISTERED, State.CHANGING),
        detail={"published_on": published_on.isoformat(), "proof": proof},
    ) as edit:
        if edit.secret.period != "until_publication":
            raise PeriodOpenError
        if Publication.objects.filter(secret=edit.secret, confirmed_at__isnull=False).exists():
            raise PublicationConfirmedError
        row, _created = Publication.objects.update_or_create(
            secret=edit.secret,
            defaults={
                "published_on": published_on,
                "proof": proof,
                "recorded_by": actor,
                "recorded_at": clock().now(),
            },
        )
        tell_owner_and_office(edit.secret, "publication_recorded")
    return row


def publication_confirm(*, actor: User, secret_id: UUID) -> TradeSecret:
    """Confirm a recorded publication as the secrecy office; a day that has come declassifies at once.

    Raises:
        SamePersonError: the actor recorded it.
    """
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_REVIEW,
        tag=RegisterTag.PUBLICATION_CONFIRMED,
        states=(State.REGISTERED, State.CHANGING),
    ) as edit:
        row = Publication.objects.filter(secret=edit.secret).first()
        if row is None:
            raise PeriodOpenError
        if row.confirmed_at:
            raise PublicationConfirmedError
        if row.recorded_by_id == actor.pk:
            raise SamePersonError
        row.confirmed_by, row.confirmed_at = actor, clock().now()
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        life_event_record(
            secret=edit.secret, kind=LifeEvent.Kind.RELEASED, actor=actor, note=row.published_on.isoformat()
        )
    if row.published_on <= today_of(edit.secret.entity):
        secret_expire(secret_id=edit.secret.pk)
    return TradeSecret.objects.get(pk=secret_id)
