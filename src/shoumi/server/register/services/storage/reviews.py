"""The scheduled review of access, and looking at what one person did: both leave an entry in the ledger.

Follows the seed guide 五(三)2(1).  Figures come from the ledger at the moment of the review and stay with it.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource, person_resource, today_of
from shoumi.server.register.models import AccessReview
from shoumi.server.register.queries.activity import access_figures, review_days, review_due
from shoumi.server.register.services.proposals import ReasonMissingError

DUE = _("%(entity)s: sign-ins, retrievals and refusals are to be reviewed; this was due on %(day)s.")
LONGEST = 366  # days


class ReviewDaysError(InputError):
    """The days under review are the wrong way round, too many, or not over yet."""

    code = "register.review_days"
    message = "Choose days that are over, the first before the last, and at most a year."


def access_review(  # noqa: PLR0913 - the parts of a review, each named
    *, actor: User, entity: LegalEntity, starts_on: date, ends_on: date, unusual: bool, result: str
) -> AccessReview:
    """Record that access was reviewed, with the figures of those days and what came of it.

    Raises:
        NotPermittedError: the gate refuses.
        ReviewDaysError, ReasonMissingError: each as it says.
    """
    gate.require(actor, Action.ACCESS_REVIEW, entity_resource(entity))
    if not result.strip():
        raise ReasonMissingError
    if not starts_on <= ends_on <= today_of(entity) or (ends_on - starts_on).days > LONGEST:
        raise ReviewDaysError
    figures = {figure.key: figure.count for figure in access_figures(entity, starts_on, ends_on)}
    with transaction.atomic():
        row = AccessReview.objects.create(
            entity=entity,
            starts_on=starts_on,
            ends_on=ends_on,
            figures=figures,
            unusual=unusual,
            result=result.strip(),
            due_on=ends_on + timedelta(days=review_days(entity)),
            reviewed_by=actor,
            reviewed_at=clock().now(),
        )
        append(
            RegisterTag.ACCESS_REVIEWED,
            actor=actor.ledger_actor,
            subject=row.ledger_subject,
            detail={
                "days": f"{starts_on.isoformat()}/{ends_on.isoformat()}",
                "unusual": "yes" if unusual else "no",
                "result": row.result,
                **{key: str(count) for key, count in figures.items()},
            },
        )
    return row


def reviews_remind() -> int:
    """Remind the secrecy office of reviews that are due; for the daily schedule, once a week each."""
    reminded = 0
    for entity in LegalEntity.objects.order_by("code"):
        today = today_of(entity)
        due = review_due(entity, today)
        if due <= today and (today - due).days % 7 == 0:
            office = list(role_holders(Role.SECRECY_OFFICER, entity.scope).order_by("pk"))
            if office:
                notify(
                    users=office,
                    message=DUE,
                    parameters={"entity": str(entity), "day": due.isoformat()},
                    link=reverse("register:access_reviews"),
                )
                reminded += 1
    return reminded


def activity_view(*, actor: User, person: Person) -> None:
    """Let `actor` look at what a person did with secrets; that they looked is written to the ledger.

    Raises:
        NotPermittedError: the gate refuses.
    """
    gate.require(actor, Action.PERSON_VIEW_ACTIVITY, person_resource(person))
    if person.user_id == actor.pk:
        return
    with transaction.atomic():
        append(
            RegisterTag.ACTIVITY_VIEWED,
            actor=actor.ledger_actor,
            subject=f"person:{person.pk}",
        )
