"""How far campaigns have come: who is to be told, who was, and who is done.  Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shoumi.server.people.models import Person
from shoumi.server.training.models import Assignment, Campaign
from shoumi.server.training.queries.audiences import audience_persons
from shoumi.server.training.queries.learning import certificates_holding


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    """The numbers of one campaign."""

    expected: int
    assigned: int
    told: int
    done: int
    reminded: int
    escalated: int

    @property
    def on_paper(self) -> int:
        """How many have no sign-in and are told on paper."""
        return self.assigned - self.told

    @property
    def open(self) -> int:
        """How many are not done."""
        return self.assigned - self.done

    @property
    def sent_percent(self) -> int:
        """How far the telling has come, in whole percent."""
        return min(100, 100 * self.assigned // self.expected) if self.expected else 0

    @property
    def done_percent(self) -> int:
        """How many of the assigned are done, in whole percent rounded down; all of nobody is everybody."""
        return 100 * self.done // self.assigned if self.assigned else 100


def figures_of(campaign: Campaign) -> CampaignFigures:
    """Return the numbers of a campaign now; one query."""
    found = campaign.assignments.aggregate(
        assigned=Count("pk"),
        told=Count("pk", filter=Q(told_at__isnull=False)),
        done=Count("pk", filter=Q(done_at__isnull=False)),
        reminded=Count("pk", filter=Q(reminders__gt=0)),
        escalated=Count("pk", filter=Q(escalated_on__isnull=False)),
    )
    return CampaignFigures(expected=max(campaign.expected, found["assigned"]), **found)


def persons_to_assign(campaign: Campaign) -> QuerySet[Person]:
    """Return the persons of the audience who have no assignment yet and no certificate that holds."""
    course = campaign.course
    audience = audience_persons(course.entity, campaign.audience, campaign.departments.all())
    assigned = Assignment.objects.filter(campaign=campaign, person=OuterRef("pk"))
    certified = certificates_holding(course).filter(person=OuterRef("pk"))
    return audience.filter(~Exists(assigned), ~Exists(certified))


def still_open(campaign: Campaign) -> QuerySet[Assignment]:
    """Return the assignments of a campaign that are not done, of those who still work here."""
    course = campaign.course
    here = audience_persons(course.entity, "all").filter(pk=OuterRef("person"))
    return campaign.assignments.filter(Exists(here), done_at=None)
