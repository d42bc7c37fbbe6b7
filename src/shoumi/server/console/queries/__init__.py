"""What the frame and the home page show: small numbers, my work, what was found by a search.

Every list is scoped by the query of the app it belongs to; this module only asks, cuts and counts.
Costs are bounded: a fixed number of queries, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import role_names
from shoumi.server.accounts.models import ROLE_LABELS, FourEyesState, RoleGrant, User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.queries import requests_to_decide, requests_visible_to, waiting_count
from shoumi.server.console.models import JobRun
from shoumi.server.ledger.services import clock
from shoumi.server.notifications.models import Notification
from shoumi.server.notifications.queries import notifications_of, text_of, unread_count
from shoumi.server.partners.queries.workers import answers_for_partner
from shoumi.server.people.models import Person
from shoumi.server.people.queries.listing import persons_found, persons_visible
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.secrets import secrets_found, secrets_visible_to
from shoumi.server.training.queries.learning import waiting_to_learn

State = TradeSecret.State
LIVE = (State.REGISTERED, State.CHANGING)
UNDER_WAY = (State.DRAFT, State.RETURNED, State.PROPOSED, State.UNDER_REVIEW, State.AWAITING_APPROVAL)
EXPIRING_DAYS = 90
SHORT = 6  # rows of a card on the home page
FOUND = 8  # rows of each kind among the results of a search
SHORTEST_SEARCH = 1  # characters; one Han character can be a whole word


def roles_of(user: User) -> list[str]:
    """Return the ids of the roles that `user` holds now."""
    return [str(role) for role in role_names(user)]


def standings_of(user: User) -> list[str]:
    """Return what somebody without a role in the company is to it, in the words of `console.readers`."""
    return ["partners_manager"] if answers_for_partner(user) else []


def role_labels(roles: Iterable[str]) -> list[str]:
    """Return roles in words."""
    held = set(roles)
    return [str(label) for role, label in ROLE_LABELS.items() if str(role) in held]


def waiting_approvals(user: User) -> int:
    """Count the requests that wait for the decision of `user`."""
    return waiting_count(user)


def unread_notifications(user: User) -> int:
    """Count the notifications that `user` has not read."""
    return unread_count(user)


@dataclass(frozen=True, slots=True)
class Work:
    """What the home page shows to one person; each list is short, each number counts all."""

    to_decide: Sequence[ApprovalRequest]
    to_decide_count: int
    returned: Sequence[TradeSecret]
    under_way: Sequence[TradeSecret]
    under_way_count: int  # proposals of mine that are not finished, sent back ones included
    expiring: Sequence[TradeSecret]
    expiring_count: int
    notifications: Sequence[tuple[Notification, str]]
    unread_count: int
    roles_waiting: int  # grants that this person may approve
    to_learn: int  # courses that campaigns ask of this person
    today: date


def work_of(user: User) -> Work:
    """Return what waits for `user`, the most urgent first."""
    today = timezone.localtime(clock().now()).date()
    to_decide = requests_to_decide(user)
    mine = own_proposals(user)
    expiring = expiring_secrets(user, today)
    unread = notifications_of(user, unread_only=True)
    under_way = mine.exclude(state=State.RETURNED).order_by("-updated_at", "pk")
    return Work(
        to_decide=list(to_decide[:SHORT]),
        to_decide_count=to_decide.count(),
        returned=list(mine.filter(state=State.RETURNED).order_by("-updated_at", "pk")[:SHORT]),
        under_way=list(under_way[:SHORT]),
        under_way_count=mine.count(),
        expiring=list(expiring.order_by("period_ends_on", "pk")[:SHORT]),
        expiring_count=expiring.count(),
        notifications=[(row, text_of(row)) for row in unread[:SHORT]],
        unread_count=unread.count(),
        roles_waiting=grants_to_approve(user),
        to_learn=waiting_to_learn(user),
        today=today,
    )


def own_proposals(user: User) -> QuerySet[TradeSecret]:
    """Return the proposals of `user` that are not finished."""
    return secrets_visible_to(user).filter(proposer=user, state__in=UNDER_WAY, legacy=False)


def expiring_secrets(user: User, today: date) -> QuerySet[TradeSecret]:
    """Return the secrets in force that `user` may see and whose period ends within 90 days."""
    last = today + timedelta(days=EXPIRING_DAYS)
    rows = secrets_visible_to(user)
    return rows.filter(state__in=LIVE, period_ends_on__gte=today, period_ends_on__lte=last)


def grants_to_approve(user: User) -> int:
    """Count the role grants that wait for a second person and that `user` may see; never one's own."""
    if not may(user, Action.ROLE_APPROVE, "role"):
        return 0
    waiting = RoleGrant.objects.filter(state=FourEyesState.REQUESTED)
    return waiting.exclude(requested_by=user).exclude(user=user).count()


def may(user: User, action: Action, what: str) -> bool:
    """Tell whether `user` may see one of the rooms of the settings."""
    things = {
        "setting": resources.setting("installation"),
        "ledger": resources.ledger(),
        "role": resources.role_grant("any", requester="nobody", grantee="nobody", role="employee"),
    }
    return gate.permits(user, action, things[what])


@dataclass(frozen=True, slots=True)
class Found:
    """The first results of a search of each kind, and how many there are."""

    secrets: Sequence[TradeSecret] = ()
    secret_count: int = 0
    persons: Sequence[Person] = ()
    person_count: int = 0
    requests: Sequence[ApprovalRequest] = ()
    request_count: int = 0
    entry: int | None = None  # a ledger entry of that number, for who may read the ledger

    @property
    def nothing(self) -> bool:
        """Whether there is no result at all."""
        return not (self.secret_count or self.person_count or self.request_count) and self.entry is None


def found_for(user: User, text: str) -> Found:
    """Return what `user` may know of that holds every word of `text`."""
    words = text.split()
    if len(text) < SHORTEST_SEARCH or not words:
        return Found()
    secrets = secrets_found(secrets_visible_to(user), text)
    persons = persons_found(persons_visible(user), text)
    requests = _with_words(requests_visible_to(user), words, ("title",))
    return Found(
        secrets=list(secrets.order_by("name", "pk")[:FOUND]),
        secret_count=secrets.count(),
        persons=list(persons[:FOUND]),
        person_count=persons.count(),
        requests=list(requests.order_by("-opened_at", "pk")[:FOUND]),
        request_count=requests.count(),
        entry=_entry_number(user, text),
    )


def _with_words(rows: QuerySet, words: Iterable[str], fields: Sequence[str]) -> QuerySet:
    """Return the rows in which every word stands in one of the fields."""
    for word in words:
        somewhere = Q()
        for field in fields:
            somewhere |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(somewhere)
    return rows


def _entry_number(user: User, text: str) -> int | None:
    """Return the number of a ledger entry if `text` is one and `user` may read the ledger."""
    number = text.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) < len("1" * 16)):
        return None
    return int(number) if may(user, Action.LEDGER_VIEW, "ledger") else None


def latest_job_runs() -> list[JobRun]:
    """Return the last run of each job, by name."""
    newest = JobRun.objects.filter(name=OuterRef("name")).order_by("-started_at").values("pk")[:1]
    return list(JobRun.objects.filter(pk=Subquery(newest)).order_by("name"))
