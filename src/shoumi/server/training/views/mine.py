"""For everybody, on any screen: what I have to learn, one course, one section, the test, how it went.

The test page holds the questions and their options and nothing else; what is right is shown after grading.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.training import percent_watched
from shoumi.server.accounts.models import User
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.responses import stream
from shoumi.server.people.models import Person
from shoumi.server.training.models import Certificate, Section, SectionSeen, Sitting
from shoumi.server.training.queries.courses import published
from shoumi.server.training.queries.learning import courses_offered, progress_of, tasks_of
from shoumi.server.training.services.attachments import training_file_open
from shoumi.server.training.services.learning import (
    learner_of,
    learning_open,
    learning_repeat,
    section_open,
    section_see,
    section_watch,
    version_offered,
)
from shoumi.server.training.services.testing import (
    questions_asked,
    sitting_answers,
    sitting_begin,
    sitting_hand_in,
)
from shoumi.server.training.views.certificates import certificate_state

_OPTION = re.compile(r"[0-9]{1,2}", re.ASCII)


def _person(user: User) -> Person | None:
    return Person.objects.filter(user=user).select_related("entity").first()


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what I have to learn, and my certificates."""
    person = _person(request.user)
    tasks = tasks_of(person) if person else []
    rows = Certificate.objects.filter(person=person).select_related("person", "version__course__entity")
    context = {
        "waiting": [task for task in tasks if not task.progress.settled],
        "offered": [(row, published(row)) for row in courses_offered(person)] if person else [],
        "certificates": [(row, certificate_state(row)) for row in rows] if person else [],
    }
    return render(request, "training/mine.html", context)


@login_required
@require_safe
def learn(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show one course: its sections with what I have seen, and the test after them."""
    person = learner_of(request.user)
    version = version_offered(person, version_id)
    learning_open(actor=request.user, version_id=version.pk)
    progress = progress_of(person, version)
    following = next((state.section for state in progress.sections if not state.done), None)
    context = {
        "version": version,
        "course": version.course,
        "progress": progress,
        "following": following,
        "last": progress.graded[-1] if progress.graded else None,
    }
    return render(request, "training/learn.html", context)


@login_required
@require_POST
def repeat(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Begin the next round."""
    learning_repeat(actor=request.user, version_id=version_id)
    messages.success(request, _("You begin again; see all sections before the test."))
    return redirect("training:learn", version_id)


@login_required
@require_safe
def section(request: HttpRequest, section_id: UUID) -> HttpResponse:
    """Show one section; a text or a video is opened by it, a PDF by its own link."""
    row = get_object_or_404(Section.objects.select_related("version__course", "file"), pk=section_id)
    person = learner_of(request.user)
    version = version_offered(person, row.version_id)
    if row.kind == Section.Kind.PDF:
        learning = learning_open(actor=request.user, version_id=version.pk)
        seen = SectionSeen.objects.filter(learning=learning, section=row).first()
    else:
        seen = section_open(actor=request.user, section_id=row.pk)
    rows = list(version.sections.values_list("pk", flat=True))
    at = rows.index(row.pk)
    context = {
        "section": row,
        "version": version,
        "course": version.course,
        "seen": seen,
        "percent": percent_watched(seen.stretches, row.length_ms) if seen and row.length_ms else 0,
        "number": at + 1,
        "count": len(rows),
    }
    return render(request, "training/section.html", context)


@login_required
@require_POST
def seen(request: HttpRequest, section_id: UUID) -> HttpResponse:
    """Record that I saw a section, and go on to the next one that I have not."""
    row = get_object_or_404(Section, pk=section_id)
    try:
        section_see(actor=request.user, section_id=row.pk, sha256=request.POST.get("sha256", ""))
    except ConflictError as error:
        messages.error(request, words_of(error))
        return redirect("training:section", row.pk)
    progress = progress_of(learner_of(request.user), row.version)
    following = next(
        (
            state.section
            for state in progress.sections
            if not state.done and state.section.ordinal > row.ordinal
        ),
        None,
    )
    if following is not None:
        return redirect("training:section", following.pk)
    return redirect("training:learn", row.version_id)


@login_required
@require_POST
def watch(request: HttpRequest, section_id: UUID) -> HttpResponse:
    """Take a report of the player: which stretch was played."""
    try:
        start, end = (int(request.POST.get(name, "")) for name in ("start", "end"))
    except ValueError:
        return JsonResponse({"said": ""}, status=400)
    try:
        row = section_watch(
            actor=request.user,
            section_id=section_id,
            sha256=request.POST.get("sha256", ""),
            start_ms=start,
            end_ms=end,
        )
    except (ConflictError, InputError) as error:
        return JsonResponse({"said": words_of(error)}, status=409)
    percent = percent_watched([(first, last) for first, last in row.stretches], row.section.length_ms)
    return JsonResponse({"percent": 100 if row.seen_at else percent, "done": row.seen_at is not None})


@login_required
@require_safe
def section_file(request: HttpRequest, section_id: UUID) -> HttpResponseBase:
    """Hand out the file of a section: to who learns it, and to who looks after training."""
    rows = Section.objects.select_related("version__course__entity", "file")
    row = get_object_or_404(rows, pk=section_id)
    if row.file is None:
        raise Http404
    if request.GET.get("look") == "1":
        training_file_open(actor=request.user, stored=row.file, entity=row.version.course.entity)
    elif row.kind == Section.Kind.PDF:
        section_open(actor=request.user, section_id=row.pk)
    else:
        version_offered(learner_of(request.user), row.version_id)
    return stream(row.file, disposition="inline", request=request)


@login_required
@require_POST
def test_begin(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Begin a test, or go on with the one that was begun."""
    try:
        sitting = sitting_begin(actor=request.user, version_id=version_id)
    except ConflictError as error:
        messages.error(request, words_of(error))
        return redirect("training:learn", version_id)
    return redirect("training:test", sitting.pk)


@login_required
@require_safe
def test(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Show an open test of mine, without what is right; one that was handed in shows how it went."""
    person = learner_of(request.user)
    rows = Sitting.objects.select_related("learning__version__course__entity", "learning__person")
    sitting = get_object_or_404(rows, pk=sitting_id)
    if sitting.handed_in_at is not None:
        return _result(request, sitting_id)
    if sitting.learning.person_id != person.pk:
        raise Http404
    version = version_offered(person, sitting.learning.version_id)
    context = {
        "sitting": sitting,
        "version": version,
        "course": version.course,
        "questions": [
            {
                "id": question.id,
                "text": question.text,
                "options": list(enumerate(question.options)),
                "several": len(question.right) > 1,
            }
            for question in questions_asked(sitting)
        ],
    }
    return render(request, "training/test.html", context)


@login_required
@require_POST
def hand_in(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Hand a test in."""
    answers = {
        key.removeprefix("q-"): [
            int(value) for value in request.POST.getlist(key) if _OPTION.fullmatch(value)
        ]
        for key in request.POST
        if key.startswith("q-")
    }
    try:
        sitting_hand_in(actor=request.user, sitting_id=sitting_id, answers=answers)
    except ConflictError as error:
        messages.error(request, words_of(error))
        return redirect("training:mine")
    return redirect("training:test", sitting_id)


def _result(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Show the person themself how a test went, question by question."""
    sitting = sitting_answers(actor=request.user, sitting_id=sitting_id)
    return render(request, "training/result.html", result_of(sitting))


def result_of(sitting: Sitting) -> dict[str, Any]:
    """Return what the page shows of a test that was handed in."""
    version = sitting.learning.version
    rows = []
    for question in questions_asked(sitting):
        chosen = set(sitting.answers.get(question.id, ()))
        rows.append(
            {
                "text": question.text,
                "right": chosen == question.right,
                "options": [
                    (option, at in chosen, at in question.right) for at, option in enumerate(question.options)
                ],
                "explanation": question.explanation,
                "source": question.source,
            }
        )
    return {
        "sitting": sitting,
        "version": version,
        "course": version.course,
        "rows": rows,
        "wrong": sum(not row["right"] for row in rows),
        "progress": progress_of(sitting.learning.person, version),
        "certificate": Certificate.objects.filter(sitting=sitting).first(),
    }
