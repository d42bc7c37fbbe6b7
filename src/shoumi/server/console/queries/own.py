"""My page: what one person has to do, what they hold, and what is known about them, from all apps at once.

Every number is that of the page it leads to.  Costs are bounded: a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.agreements.queries.visible import to_sign, to_witness
from shoumi.server.approvals.queries import waiting_count
from shoumi.server.assurance.models import RuleAcknowledgement
from shoumi.server.assurance.queries.rules import rules_binding
from shoumi.server.concerns.queries.visible import concerns_by
from shoumi.server.ledger.services import clock
from shoumi.server.lifecycle.queries.access import tasks_of
from shoumi.server.lifecycle.queries.handover import carriers_held
from shoumi.server.people.models import Person
from shoumi.server.privacy.queries.collecting import Collecting
from shoumi.server.privacy.queries.mine import notices_waiting, who_looked
from shoumi.server.register.models import Carrier, StorageAccount, StorageUnit
from shoumi.server.register.queries.scope_notices import notices_of
from shoumi.server.training.queries.learning import waiting_to_learn

SHORT = 30  # carriers and accounts that the page names


@dataclass(frozen=True, slots=True)
class Duty:
    """One sort of thing that waits for the person."""

    url_name: str
    label: Promise
    icon: str
    count: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """The accounts and devices a person holds, as far as they are registered here."""

    units: Sequence[StorageUnit]  # of which they are the keeper
    accounts: Sequence[StorageAccount]  # on systems and machines
    carriers: Sequence[Carrier]
    carrier_count: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a person, in numbers."""

    processings: int
    looks: int
    concerns: int  # reported by name


def person_of(user: User) -> Person | None:
    """Return the person behind a sign-in, if there is one."""
    return Person.objects.select_related("entity", "user").filter(user=user).first()


def duties_of(user: User, person: Person | None) -> list[Duty]:
    """Return each sort of thing that can wait for somebody, with how many do."""
    read = RuleAcknowledgement.objects.filter(person__user=user).values("version")
    told = notices_of(user).filter(acknowledged_at__isnull=True)
    signing = to_sign(user).count() + to_witness(user).count()
    rules = rules_binding(user).exclude(pk__in=read).count()
    notices = len(notices_waiting(person)) if person else 0
    return [
        Duty("agreements:mine", _("To sign or witness"), "signature", signing),
        Duty("training:mine", _("To learn"), "school", waiting_to_learn(user)),
        Duty("lifecycle:task_list", _("Steps in cases of people"), "list-check", tasks_of(user).count()),
        Duty("assurance:my_rules", _("Rules to read"), "book", rules),
        Duty("register:notice_list", _("Secrets I was told of, to acknowledge"), "bell-check", told.count()),
        Duty("privacy:mine", _("Privacy notices to read"), "speakerphone", notices),
        Duty("approvals:inbox", _("Decisions"), "checklist", waiting_count(user)),
    ]


def holdings_of(person: Person | None) -> Holdings:
    """Return what the person keeps, uses and can sign in to."""
    if person is None:
        return Holdings((), (), (), 0)
    accounts = StorageAccount.objects.filter(person=person, removed_at__isnull=True)
    units = StorageUnit.objects.filter(keeper=person).exclude(status=StorageUnit.Status.SCRAPPED)
    carriers = carriers_held(person)
    return Holdings(
        units=list(units.order_by("code")[:SHORT]),
        accounts=list(accounts.select_related("unit").order_by("unit__code", "name")[:SHORT]),
        carriers=list(carriers[:SHORT]),
        carrier_count=carriers.count(),
    )


def known_of(user: User, person: Person | None) -> Known:
    """Return how much is recorded about the person."""
    if person is None:
        return Known(0, 0, concerns_by(user).count())
    return Known(
        processings=len(Collecting(person).concerning(clock().now())),
        looks=len(who_looked(person)),
        concerns=concerns_by(user).count(),
    )
