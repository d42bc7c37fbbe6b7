"""The page of a meeting, and what is done in it: telling, pledges, opening, papers, counting, closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.masking import mask
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.responses import stream
from shoumi.server.files.services import file_opening_record
from shoumi.server.partners.forms.meetings import CountForm, HandOutForm, PaperForm, PledgeForm, TellForm
from shoumi.server.partners.models import Handout, Meeting, Participant
from shoumi.server.partners.queries.measures import (
    agreement_in_force,
    measures_of,
    requirements_of,
    requirements_sha256,
)
from shoumi.server.partners.queries.visible import invitations, meeting_resource
from shoumi.server.partners.services import holding
from shoumi.server.partners.views.finding import meeting_page, meeting_seen
from shoumi.server.partners.views.lists import TONES
from shoumi.server.people.border import border_of
from shoumi.server.people.views.asking import allowed, form_page
from shoumi.server.places.queries.standards import device_words

State = Meeting.State


@login_required
@require_safe
def meeting_detail(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Show a meeting: its measures, who takes part, which copies are out."""
    meeting = meeting_seen(request, meeting_id)
    resource = meeting_resource(meeting)
    leads = allowed(request.user, {"lead": (Action.MEETING_LEAD, resource)})["lead"]
    people = meeting.participants.select_related("person", "third_party", "pledge", "informed_by")
    wanted = requirements_sha256(meeting)
    entity = meeting.department.entity
    measures = measures_of(meeting)
    context = {
        "meeting": meeting,
        "tone": TONES[meeting.state],
        "leads": leads,
        "measures": measures,
        "ready": all(measure.taken for measure in measures if measure.before),
        "counted": all(measure.taken for measure in measures if not measure.before),
        "people": [
            {
                "row": row,
                "name": str(row) if row.person_id or leads else mask(row.name),
                "told": row.informed_at is not None and row.informed_sha256 == wanted,
                "agreement": agreement_in_force(row, meeting.level, entity),
            }
            for row in people
        ],
        "papers": meeting.papers.select_related("secret").prefetch_related("handouts__participant__person"),
        "devices": [device_words(entity, kind) for kind in meeting.devices],
        "requirements": requirements_of(meeting),
        "changeable": meeting.state == State.PLANNED,
        "running": meeting.state in {State.PLANNED, State.OPEN},
    }
    return render(request, "partners/meeting.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Record who was told the requirements."""
    meeting = meeting_seen(request, meeting_id, Action.MEETING_LEAD)
    page = meeting_page(
        meeting,
        _("Tell the requirements"),
        _("Record that they were told"),
        _("It is recorded who was told."),
        lead=requirements_of(meeting),
    )

    def act(form: Any) -> None:
        chosen = form.cleaned_data["participants"]
        holding.participants_tell(actor=request.user, meeting=meeting, participants=chosen)

    rows = meeting.participants.select_related("person")
    return form_page(request, page, TellForm(request.POST or None, rows=rows), act)


@login_required
@require_http_methods(["GET", "POST"])
def pledge(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    """Keep the pledge an outsider signed."""
    participant = _participant(participant_id)
    meeting = meeting_seen(request, participant.meeting_id, Action.MEETING_LEAD)
    page = meeting_page(meeting, _("Signed pledge"), _("Keep the pledge"), _("The pledge is kept."))

    def act(form: Any) -> None:
        holding.pledge_keep(actor=request.user, participant=participant, stored=form.cleaned_data["pledge"])

    form = PledgeForm(request.POST or None, request.FILES or None, user=request.user)
    return form_page(request, page, form, act)


@login_required
@require_safe
def pledge_file(request: HttpRequest, participant_id: UUID) -> HttpResponseBase:
    """Give out a signed pledge to whoever leads the meeting."""
    participant = _participant(participant_id)
    meeting_seen(request, participant.meeting_id, Action.MEETING_LEAD)
    if participant.pledge is None:
        raise Http404
    if participant.person is not None:
        border_of(request.user).require(participant.person)
    with transaction.atomic():
        file_opening_record(actor=request.user, stored=participant.pledge, purpose="download")
    return stream(participant.pledge, request=request)


@login_required
@require_POST
def open_meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Open a meeting."""
    return _step(request, meeting_id, holding.meeting_open, _("The meeting is open."))


@login_required
@require_POST
def close_meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Close a meeting."""
    return _step(request, meeting_id, holding.meeting_close, _("The meeting is over."))


@login_required
@require_http_methods(["GET", "POST"])
def paper_new(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Enter a paper."""
    meeting = meeting_seen(request, meeting_id, Action.MEETING_LEAD)
    page = meeting_page(meeting, _("Enter a paper"), _("Enter it"), _("The paper is entered."))

    def act(form: Any) -> None:
        holding.paper_add(actor=request.user, meeting=meeting, **form.cleaned_data)

    return form_page(request, page, PaperForm(request.POST or None, user=request.user), act)


@login_required
@require_http_methods(["GET", "POST"])
def hand_out(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Hand copies of a paper out."""
    meeting = meeting_seen(request, meeting_id, Action.MEETING_LEAD)
    page = meeting_page(meeting, _("Hand copies out"), _("Hand out"), _("The copies are handed out."))

    def act(form: Any) -> None:
        holding.paper_hand_out(actor=request.user, **form.cleaned_data)

    return form_page(request, page, HandOutForm(request.POST or None, meeting=meeting), act)


@login_required
@require_http_methods(["GET", "POST"])
def count(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Count copies back."""
    meeting = meeting_seen(request, meeting_id, Action.MEETING_LEAD)
    page = meeting_page(meeting, _("Count the copies"), _("Record the count"), _("The count is recorded."))
    rows = Handout.objects.filter(paper__meeting=meeting, returned_at__isnull=True, missing="")

    def act(form: Any) -> None:
        values = form.cleaned_data
        holding.copies_count(
            actor=request.user,
            meeting=meeting,
            returned=values["returned"],
            missing={values["lost"]: values["missing"]} if values["lost"] else {},
        )

    form = CountForm(request.POST or None, rows=rows.select_related("paper", "participant__person"))
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    """Show the user what is asked of them in a meeting, and take their acknowledgement."""
    participant = invitations(request.user).filter(pk=participant_id).first()
    if participant is None:
        raise Http404
    meeting = participant.meeting
    if request.method == "POST":
        holding.requirements_acknowledge(
            actor=request.user, participant=participant, sha256=request.POST.get("sha256", "")
        )
        messages.success(request, _("It is recorded that you have read it."))
        return redirect("partners:mine")
    wanted = requirements_sha256(meeting)
    context = {
        "row": participant,
        "meeting": meeting,
        "requirements": requirements_of(meeting),
        "sha256": wanted,
        "told": participant.informed_at is not None and participant.informed_sha256 == wanted,
        "running": meeting.state in {State.PLANNED, State.OPEN},
    }
    return render(request, "partners/invitation.html", context)


def _step(request: HttpRequest, meeting_id: UUID, act: Callable[..., Meeting], said: str) -> HttpResponse:
    meeting = meeting_seen(request, meeting_id, Action.MEETING_LEAD)
    version = request.POST.get("expected_version", "")
    try:
        act(
            actor=request.user,
            meeting=meeting,
            expected_version=int(version) if version.isascii() and version.isdigit() else 0,
        )
    except (InputError, ConflictError) as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, said)
    return redirect(meeting)


def _participant(key: UUID) -> Participant:
    rows = Participant.objects.select_related("meeting__department__entity", "meeting__host", "pledge")
    return get_object_or_404(rows, pk=key)
