"""The API of training, below /api/v1/training/: what I have to learn, campaigns, certificates."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.paging import Paging
from shoumi.server.people.models import Person
from shoumi.server.people.queries import entity_resource
from shoumi.server.training.models import Campaign, Certificate
from shoumi.server.training.queries.access import campaigns_visible, certificates_visible
from shoumi.server.training.queries.campaigns import figures_of
from shoumi.server.training.queries.learning import tasks_of

router = Router()


class LearningOut(Schema):
    """One course that is mine to learn, or that I learned."""

    course: str
    version: UUID
    due_on: date | None
    sections: int
    seen: int
    tries_left: int
    holds: bool


class CampaignOut(Schema):
    """One campaign."""

    id: UUID
    title: str
    course: str
    audience: str
    due_on: date
    state: str

    @staticmethod
    def resolve_course(row: Campaign) -> str:
        """Return the title of the course."""
        return row.course.title


class FiguresOut(Schema):
    """How far one campaign has come."""

    expected: int
    assigned: int
    told: int
    done: int
    reminded: int
    escalated: int


class CertificateOut(Schema):
    """One certificate; what was answered is not told."""

    id: UUID
    person: UUID
    course: str
    version: int
    passed_on: date
    valid_until: date
    ended_on: date | None
    percent: int
    sha256: str

    @staticmethod
    def resolve_person(row: Certificate) -> UUID:
        """Return the person's id."""
        return row.person_id

    @staticmethod
    def resolve_course(row: Certificate) -> str:
        """Return the title of the course."""
        return row.version.course.title

    @staticmethod
    def resolve_version(row: Certificate) -> int:
        """Return the number of the version."""
        return row.version.ordinal

    @staticmethod
    def resolve_sha256(row: Certificate) -> str:
        """Return the hash."""
        return row.digest


@router.get("/mine", response=list[LearningOut], operation_id="training_mine")
def training_mine(request: HttpRequest) -> object:
    """Return what I have to learn or learned, what is due first."""
    person = Person.objects.filter(user=request.user).select_related("entity").first()
    return [
        {
            "course": task.course.title,
            "version": task.progress.version.pk,
            "due_on": task.due_on,
            "sections": len(task.progress.sections),
            "seen": task.progress.seen,
            "tries_left": task.progress.tries_left,
            "holds": task.progress.holds,
        }
        for task in (tasks_of(person) if person else [])
    ]


@router.get("/campaigns", response=list[CampaignOut], operation_id="campaign_list")
@paginate(Paging)
def campaign_list(request: HttpRequest) -> object:
    """Return the campaigns that I may see, newest first."""
    return campaigns_visible(request.user).order_by("-created_at", "pk")


@router.get("/campaigns/{campaign_id}/figures", response=FiguresOut, operation_id="campaign_figures")
def campaign_figures(request: HttpRequest, campaign_id: UUID) -> object:
    """Return how far a campaign has come."""
    campaign = get_object_or_404(Campaign.objects.select_related("course__entity"), pk=campaign_id)
    gate.require(request.user, Action.TRAINING_VIEW, entity_resource(campaign.course.entity))
    return figures_of(campaign)


@router.get("/certificates", response=list[CertificateOut], operation_id="certificate_list")
@paginate(Paging)
def certificate_list(request: HttpRequest) -> object:
    """Return the certificates that I may see, newest first."""
    return certificates_visible(request.user).order_by("-issued_at", "pk")
