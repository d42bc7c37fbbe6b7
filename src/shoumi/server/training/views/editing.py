"""The course editor: a course is begun, its draft put together section by section, measured and published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.queries import company_resource, entity_resource
from shoumi.server.people.views.asking import Page
from shoumi.server.training.forms import ChangesForm, CourseForm, MeasureForm, SectionForm
from shoumi.server.training.models import Course, CourseVersion, Section
from shoumi.server.training.queries.access import entities_run
from shoumi.server.training.services import courses, sections
from shoumi.server.training.views.framing import FORM, deed, kept

BESIDE_FILE = {
    "training.section_file": "file",
    "training.not_playable": "file",
    "people.field_missing": "text",
}


def _trail(version: CourseVersion) -> tuple[tuple[str, Any], ...]:
    return (
        (reverse("training:course_list"), _("Courses")),
        (version.course.get_absolute_url(), version.course.title),
        (version.get_absolute_url(), _("Version %(number)d") % {"number": version.ordinal}),
    )


def _version(version_id: UUID) -> CourseVersion:
    return get_object_or_404(CourseVersion.objects.select_related("course__entity"), pk=version_id)


@login_required
@FORM
def course_begin(request: HttpRequest) -> HttpResponse:
    """Begin a course."""
    entities = entities_run(request.user)
    if not entities:
        gate.require(request.user, Action.TRAINING_EDIT, company_resource())
        raise Http404
    page = Page(
        title=_("Begin a course"),
        lead=_("Its test and certificate begin with what the law pack of the country proposes."),
        submit=_("Begin the course"),
        back=reverse("training:course_list"),
        said=_("The course is begun. Add its sections."),
        trail=((reverse("training:course_list"), _("Courses")),),
        columns={"training.title_taken": "title"},
    )
    form = CourseForm(request.POST or None, entities=entities)

    def act(form: CourseForm) -> str:
        data = form.cleaned_data
        version = courses.course_begin(
            actor=request.user, entity=data["entity"], title=data["title"], language=data["language"]
        )
        return version.get_absolute_url()

    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=entities[0])


@login_required
@FORM
def version_begin(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Begin the next version of a course."""
    course = get_object_or_404(Course.objects.select_related("entity"), pk=course_id)
    page = Page(
        title=_("Begin a new version"),
        lead=_("It begins as a copy. When it is published, the certificates of the versions before end."),
        submit=_("Begin the version"),
        back=course.get_absolute_url(),
        said=_("The draft is begun."),
        trail=(
            (reverse("training:course_list"), _("Courses")),
            (course.get_absolute_url(), course.title),
        ),
    )

    def act(form: ChangesForm) -> str:
        version = courses.version_begin(
            actor=request.user, course_id=course.pk, changes=form.cleaned_data["changes"]
        )
        return version.get_absolute_url()

    form = ChangesForm(request.POST or None)
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=course.entity)


@login_required
@FORM
def course_retire(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Retire a course, after asking once more."""
    course = get_object_or_404(Course.objects.select_related("entity"), pk=course_id)
    page = Page(
        title=_("Retire the course"),
        lead=_(
            "Nobody learns it any more, and its campaigns are closed. Certificates stay as long as they hold."
        ),
        submit=_("Retire the course"),
        back=course.get_absolute_url(),
        said=_("The course is retired."),
        trail=((course.get_absolute_url(), course.title),),
        danger=True,
    )

    def act(_form: VersionForm) -> None:
        courses.course_retire(actor=request.user, course_id=course.pk)

    form = VersionForm(request.POST or None, initial={"expected_version": course.version})
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=course.entity)


@login_required
@FORM
def version_measure(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Change what a draft asks."""
    version = _version(version_id)
    page = Page(
        title=_("What the test asks"),
        submit=_("Save"),
        back=version.get_absolute_url(),
        said=_("Saved."),
        trail=_trail(version),
    )

    def act(form: MeasureForm) -> None:
        courses.version_measure(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            measure=form.measure,
        )

    form = MeasureForm(request.POST or None, version=version)
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=version.course.entity)


@login_required
@FORM
def version_publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Publish a draft, after asking once more."""
    version = _version(version_id)
    former = version.course.versions.filter(state=CourseVersion.State.PUBLISHED).first()
    holding = former.certificates.filter(ended_on=None).count() if former else 0
    page = Page(
        title=_("Publish the version"),
        lead=_("It is fixed then: its sections, its questions and its measure. A change is a new version."),
        facts=(
            (_("Course"), version.course.title),
            (_("Sections"), version.sections.count()),
            (_("Certificates that end"), holding),
        ),
        submit=pgettext("course", "Publish"),
        back=version.course.get_absolute_url(),
        said=_("The version is published. Start a campaign, so that people learn it."),
        trail=_trail(version),
    )

    def act(form: VersionForm) -> None:
        courses.version_publish(actor=request.user, version_id=version.pk, expected_version=form.version)

    form = VersionForm(request.POST or None, initial={"expected_version": version.version})
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=version.course.entity)


@login_required
@FORM
def section_add(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Add a section to a draft."""
    version = _version(version_id)
    page = Page(
        title=_("Add a section"),
        submit=_("Add the section"),
        back=version.get_absolute_url(),
        said=_("The section is added."),
        trail=_trail(version),
        columns=BESIDE_FILE,
    )

    def act(form: SectionForm) -> None:
        sections.section_add(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            content=form.content(kept(request.user, form.cleaned_data["file"])),
        )

    form = SectionForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        initial={"expected_version": version.version, "kind": Section.Kind.TEXT},
    )
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=version.course.entity)


@login_required
@FORM
def section_change(request: HttpRequest, version_id: UUID, section_id: UUID) -> HttpResponse:
    """Change a section of a draft."""
    version = _version(version_id)
    section = get_object_or_404(version.sections, pk=section_id)
    page = Page(
        title=_("Change the section"),
        facts=((_("File"), section.file.name),) if section.file else (),
        submit=_("Save"),
        back=version.get_absolute_url(),
        said=_("Saved."),
        trail=_trail(version),
        columns=BESIDE_FILE,
    )

    def act(form: SectionForm) -> None:
        sections.section_change(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            section_id=section.pk,
            content=form.content(kept(request.user, form.cleaned_data["file"])),
        )

    initial = {name: getattr(section, name) for name in ("title", "kind", "text")}
    form = SectionForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        initial={**initial, "expected_version": version.version},
    )
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=version.course.entity)


@login_required
@FORM
def section_remove(request: HttpRequest, version_id: UUID, section_id: UUID) -> HttpResponse:
    """Take a section out of a draft, after asking once more."""
    version = _version(version_id)
    section = get_object_or_404(version.sections, pk=section_id)
    page = Page(
        title=_("Take the section out"),
        facts=((_("Section"), section.title),),
        submit=_("Take it out"),
        back=version.get_absolute_url(),
        said=_("The section is taken out."),
        trail=_trail(version),
        danger=True,
    )

    def act(form: VersionForm) -> None:
        sections.section_remove(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            section_id=section.pk,
        )

    form = VersionForm(request.POST or None, initial={"expected_version": version.version})
    return deed(request, page, form, act, action=Action.TRAINING_EDIT, entity=version.course.entity)


@login_required
@require_POST
def section_move(request: HttpRequest, version_id: UUID, section_id: UUID) -> HttpResponse:
    """Move a section of a draft up or down."""
    version = _version(version_id)
    gate.require(request.user, Action.TRAINING_EDIT, entity_resource(version.course.entity))
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Http404
    sections.section_move(
        actor=request.user,
        version_id=version.pk,
        expected_version=form.version,
        section_id=section_id,
        up=request.POST.get("up") == "1",
    )
    return redirect(version.get_absolute_url())
