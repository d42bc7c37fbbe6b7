"""Courses: the list, one course with its versions, and one version with its sections and what it asks."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.files.listing import Choice, Column, Empty, Flag, Listing, ListingView, State
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import company_resource, entity_resource, today_of
from shoumi.server.training.models import LANGUAGES, Certificate, Course, CourseVersion
from shoumi.server.training.queries.access import courses_visible, entities_run, entities_seen
from shoumi.server.training.queries.courses import questions_of, table_of
from shoumi.server.training.queries.learning import holding
from shoumi.server.training.services.courses import faults_of

VersionState = CourseVersion.State
TONES = {"draft": "waiting", "published": "good", "replaced": "off"}


class TrainingListing(Listing):
    """A list of training: who runs it begins, who may take lists out exports."""

    export_action = Action.TRAINING_EXPORT

    @cached_property
    def run(self) -> list[LegalEntity]:
        """The legal entities whose training the user runs."""
        return entities_run(self.user)

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user runs the training of at least one legal entity."""
        return bool(self.run)

    def export_resource(self) -> Resource:
        """Ask for the first legal entity that the user may look at; the rows are scoped already."""
        entity = entities_seen(self.user).first()
        return entity_resource(entity) if entity else company_resource()


def entity_pairs(listing: Listing) -> list[tuple[object, str]]:
    """Return the legal entities of a filter."""
    return [(entity.pk, entity.name) for entity in entities_seen(listing.user)]


def course_state(row: Course) -> State:
    """Return how far a course has come, in words."""
    if row.retired_on:
        return State(pgettext_lazy("course", "Retired"), "off")
    if row.in_force is None:
        return State(VersionState.DRAFT.label, "waiting")
    return State(VersionState.PUBLISHED.label, "good")


class CourseListing(TrainingListing):
    """The courses with the version in force."""

    name = "training.courses"
    title = _("Courses")
    columns = (
        Column("title", _("Course"), sort="title", primary=True),
        Column("entity", _("Legal entity"), "entity.name", sort="entity__code"),
        Column("language", _("Language"), "get_language_display", sort="language"),
        Column("ordinal", _("Version in force"), "in_force", kind="number", sort="in_force"),
        Column("state", _("State"), course_state, kind="state"),
        Column("draft", _("Draft in work"), lambda row: f"v{row.draft}" if row.draft else "", sort="draft"),
        Column("published", _("Published"), "published_at", kind="moment", sort="published_at"),
        Column("certified", _("Certificates that hold"), kind="number", sort="certified"),
    )
    filters = (
        Choice("entity", _("Legal entity"), choices=entity_pairs),
        Choice("language", _("Language"), choices=LANGUAGES),
        Flag("draft", _("With a draft in work"), condition=Q(draft__isnull=False)),
        Flag("retired", _("Retired too"), condition=Q()),
    )
    search_fields = ("title",)
    default_sort = "title"
    empty = Empty(
        _("No course yet"),
        _("A course is made of sections to read or watch, and of a test drawn from the bank of questions."),
        url=reverse_lazy("training:course_begin"),
        action=_("Begin a course"),
        icon="school",
    )

    def rows(self) -> QuerySet[Course]:
        """Return the courses that the user may see; retired ones only when asked for."""
        own = CourseVersion.objects.filter(course=OuterRef("pk"))
        inforce = own.filter(state=VersionState.PUBLISHED)
        rows = courses_visible(self.user)
        if self.parameters.get("retired") != "1":
            rows = rows.filter(retired_on=None)
        return rows.annotate(
            in_force=Subquery(inforce.values("ordinal")[:1]),
            published_at=Subquery(inforce.values("published_at")[:1]),
            draft=Subquery(own.filter(state=VersionState.DRAFT).values("ordinal")[:1]),
            certified=Count("versions__certificates", filter=self._holding, distinct=True),
        )

    @property
    def _holding(self) -> Q:
        found = Q(pk__in=())
        for entity in entities_seen(self.user):
            found |= Q(entity=entity) & holding(today_of(entity), "versions__certificates__")
        return found


class CourseListView(ListingView):
    """The courses."""

    listing = CourseListing
    template_name = "training/courses.html"

    def allowed(self, request: HttpRequest) -> None:
        """Let in who sees the training of at least one legal entity."""
        require_viewer(request)


def require_viewer(request: HttpRequest) -> None:
    """Return if the user sees the training of at least one legal entity.

    Raises:
        NotPermittedError: they see none.
    """
    entity = entities_seen(request.user).first()
    gate.require(
        request.user, Action.TRAINING_VIEW, entity_resource(entity) if entity else company_resource()
    )


@login_required
@require_safe
def course_detail(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Show a course with all its versions, kept for good, and its campaigns."""
    course = get_object_or_404(Course.objects.select_related("entity"), pk=course_id)
    resource = entity_resource(course.entity)
    gate.require(request.user, Action.TRAINING_VIEW, resource)
    versions = list(
        course.versions.select_related("published_by").annotate(
            count=Count("sections", distinct=True), issued=Count("certificates", distinct=True)
        )
    )
    draft = next((row for row in versions if row.is_draft), None)
    in_force = next((row for row in versions if row.state == VersionState.PUBLISHED), None)
    edit = gate.permits(request.user, Action.TRAINING_EDIT, resource)
    context = {
        "course": course,
        "versions": versions,
        "draft": draft,
        "in_force": in_force,
        "campaigns": course.campaigns.order_by("-created_at"),
        "can_edit": edit and course.retired_on is None,
        "certified": Certificate.objects.filter(
            holding(today_of(course.entity)), version__course=course
        ).count(),
    }
    return render(request, "training/course.html", context)


@login_required
@require_safe
def version_detail(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show a version: its sections, what its test asks, and what keeps a draft from being published."""
    rows = CourseVersion.objects.select_related("course__entity", "published_by", "drafted_by")
    version = get_object_or_404(rows, pk=version_id)
    course = version.course
    resource = entity_resource(course.entity)
    gate.require(request.user, Action.TRAINING_VIEW, resource)
    questions = questions_of(version)
    language = get_language() or "en"
    table = table_of(course.entity)
    parts: list[dict[str, Any]] = [
        {
            "name": part.names.in_language(language),
            "questions": sum(question.part == part.id for question in questions),
            "leaks": [
                leak.names.in_language(language)
                for leak in table.leaks
                if any(question.part == part.id and question.leak == leak.id for question in questions)
            ],
        }
        for part in table.parts
        if part.id in version.parts
    ]
    context = {
        "version": version,
        "course": course,
        "tone": TONES[version.state],
        "sections": version.sections.select_related("file"),
        "parts": parts,
        "bank": len(questions),
        "faults": faults_of(version, questions) if version.is_draft else [],
        "can_edit": version.is_draft and gate.permits(request.user, Action.TRAINING_EDIT, resource),
        "pack_status": table.origin.status,
        "pack_source": table.origin.source.in_language(language),
    }
    return render(request, "training/version.html", context)
