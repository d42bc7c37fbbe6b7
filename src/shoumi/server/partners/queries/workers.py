"""Which outsiders a user may see working here, and what is missing before they get at anything.

Follows the seed guide 五(六)2: an agreement or a pledge, the company's computer, encryption.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet

from shoumi.engine.errors import ConflictError, ShoumiError
from shoumi.engine.jurisdiction.outsiders import Purpose
from shoumi.server.accounts.models import User
from shoumi.server.partners.models import Duty, Partner, Signal, Worker
from shoumi.server.partners.queries.conditions import before_partner
from shoumi.server.partners.queries.partners import KEEPERS, partners_visible_to
from shoumi.server.people.models import Engagement, EngagementKind
from shoumi.server.people.queries import engaged_now, holds, persons_visible
from shoumi.server.people.queries.addressing import Manager, addressee_of
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.places.queries.visible import within
from shoumi.server.register.queries.operations.outside import Going

OUTSIDE = (EngagementKind.CONTRACTORS_WORKER, EngagementKind.DISPATCHED_WORKER, EngagementKind.ADVISER)
SENT_BY = {
    Partner.Kind.CONTRACTOR: EngagementKind.CONTRACTORS_WORKER,
    Partner.Kind.AGENCY: EngagementKind.DISPATCHED_WORKER,
    Partner.Kind.EXPERT: EngagementKind.ADVISER,
    Partner.Kind.ADVISER: EngagementKind.ADVISER,
}
PURPOSES = {"training": Purpose.TRAINING, "sanction": Purpose.SANCTION}
RELATED = (
    "partner__third_party__department__entity",
    "engagement__person",
    "engagement__department__entity",
    "engagement__post",
)


class WorkerUnrecordedError(ConflictError):
    """Somebody sent by another company, who stands under no partner."""

    code = "partners.worker_unrecorded"
    message = "{person} works here for another company and is recorded under no partner."


class WorkerLeftError(ConflictError):
    """The engagement is over, or has not begun."""

    code = "partners.worker_left"
    message = "{person} does not work here on this day."


class WorkerUnpledgedError(ConflictError):
    """Neither a pledge nor, for an expert, an agreement."""

    code = "partners.worker_unpledged"
    message = "The signed pledge of {person} is missing."


class EquipmentMissingError(ConflictError):
    """It is not on record that they work on the company's computer with encryption."""

    code = "partners.equipment_missing"
    message = "It is not proved that {person} works on a computer of the company with encryption."


def workers() -> QuerySet[Worker]:
    """Return all outsiders working here with what their pages need."""
    return Worker.objects.select_related(*RELATED, "recorded_by", "equipment_checked_by")


def workers_visible_to(user: User) -> QuerySet[Worker]:
    """Return the outsiders under the partners that `user` may see."""
    return workers().filter(partner__in=partners_visible_to(user).order_by().values("pk"))


def duties_visible_to(user: User) -> QuerySet[Duty]:
    """Return what is asked of the partners that `user` may see, or answers for."""
    seen = Q(partner__in=partners_visible_to(user).order_by().values("pk"))
    own = Q(partner__manager=user) if user.is_active else Q(pk__in=())
    rows = Duty.objects.select_related("partner__third_party__department__entity", "asked_by", "answered_by")
    return rows.filter(seen | own)


def answers_for_partner(user: User) -> bool:
    """Tell whether `user` is the responsible person of a partner that the company still works with."""
    return user.is_active and Partner.objects.filter(manager=user, ended_on__isnull=True).exists()


def signals_visible_to(user: User) -> QuerySet[Signal]:
    """Return the signs of leaks within the user's remit, and those that the user wrote down."""
    within_remit = within(scopes_of(user, KEEPERS), entity="department__entity")
    rows = Signal.objects.select_related("department__entity", "worker__engagement__person", "taken_by")
    return rows.filter(within_remit | Q(taken_by=user))


def engagements_to_tie(user: User, partner: Partner) -> QuerySet[Engagement]:
    """Return the engagements of outsiders that fit the partner and stand under none yet."""
    kind = SENT_BY.get(Partner.Kind(partner.kind))
    entity = partner.third_party.department.entity
    rows = Engagement.objects.filter(engaged_now(), kind=kind or "", department__entity=entity)
    visible = persons_visible(user).order_by().values("pk")
    return rows.filter(outside__isnull=True, person__in=visible).select_related(
        "person", "department", "post"
    )


def worker_gaps(worker: Worker, *, rank: int, today: date, until: date) -> Iterator[ShoumiError]:
    """Yield everything that is missing before an outsider may get at something of a level of `rank`."""
    person = str(worker)
    if not holds(worker.engagement):
        yield WorkerLeftError(person=person)
    partner = worker.partner
    gaps = list(before_partner(partner, Going(rank, today, until)))
    if partner.sends_workers:  # both: the company is bound, and so is whoever it sends
        yield from gaps
        if worker.pledge_id is None:
            yield WorkerUnpledgedError(person=person)
    elif worker.pledge_id is None:  # an expert: one of the two
        yield from gaps
    if not equipped(worker):
        yield EquipmentMissingError(person=person)


def equipped(worker: Worker) -> bool:
    """Tell whether it is proved on what they work: the company's computer, encrypted, or none at all."""
    if worker.computer == Worker.Computer.NONE:
        return True
    return worker.computer == Worker.Computer.COMPANY and worker.encrypted


def before_receiving(going: Going) -> Iterator[ShoumiError]:
    """Yield what is missing before secrets may be given into the hands of this person."""
    if going.receiver is None:
        return
    rows = going.receiver.engagements.filter(engaged_now())
    kinds = {row.pk: row.kind for row in rows}
    if not kinds or EngagementKind.EMPLOYEE in kinds.values():
        return
    worker = workers().filter(engagement__in=kinds).first()
    if worker is None:
        yield WorkerUnrecordedError(person=str(going.receiver))
        return
    yield from worker_gaps(worker, rank=going.rank, today=going.today, until=going.until)


def manager_of(engagement: Engagement) -> Manager | None:
    """Return who answers for the company that sends a worker, as far as it is recorded here."""
    worker = Worker.objects.select_related("partner__third_party", "partner__manager").filter(
        engagement=engagement
    )
    found = worker.first()
    if found is None:
        return None
    partner = found.partner
    return Manager(str(partner), partner.manager_name, partner.manager)


def workers_forbidden(partner: Partner, kind: str) -> list[Worker]:
    """Return the partner's workers here to whom something of this kind may not be addressed by name."""
    purpose = PURPOSES.get(kind, Purpose.WORK)
    return [
        row
        for row in workers().filter(engaged_now("engagement__"), partner=partner)
        if not addressee_of(row.engagement.person, purpose).by_name
    ]
