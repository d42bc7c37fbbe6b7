"""Planning a meeting, changing and calling it off, and naming who takes part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.partners.forms.meetings import (
    ParticipantForm,
    PlacePart,
    ReasonForm,
    RulesPart,
    SubjectPart,
)
from shoumi.server.partners.models import Meeting, Participant
from shoumi.server.partners.queries.visible import departments_to_plan_for
from shoumi.server.partners.services.planning import (
    MeetingWish,
    meeting_cancel,
    meeting_change,
    meeting_plan,
    participant_add,
    participant_remove,
)
from shoumi.server.partners.views.finding import meeting_page, meeting_seen, trail
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.models.organisation import TIME_ZONES
from shoumi.server.people.views.asking import form_page

PARTS = (
    Part("subject", gettext_lazy("What it is about"), SubjectPart),
    Part("place", gettext_lazy("When and where"), PlacePart),
    Part("rules", gettext_lazy("What holds in it"), RulesPart),
)


@login_required
@require_http_methods(["GET", "POST"])
def meeting_new(request: HttpRequest, entity_id: UUID, part: str) -> HttpResponse:
    """Plan a meeting, part by part."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    if not departments_to_plan_for(request.user).filter(entity=entity).exists():
        raise Http404

    def finish(values: Mapping[str, Any]) -> str:
        meeting = meeting_plan(actor=request.user, wish=_wish(values))
        messages.success(request, _("The meeting is planned. Name those who take part."))
        return meeting.get_absolute_url()

    person = gate.subject_of(request.user).person
    stepper = Stepper(
        name=f"meeting-new-{entity.pk}",
        parts=PARTS,
        title=_("Plan a meeting"),
        submit=_("Plan the meeting"),
        back=reverse("partners:meeting_list"),
        address=lambda key: reverse("partners:meeting_create", args=[entity.pk, key]),
        finish=finish,
        arguments={"user": request.user, "entity": entity},
        initial={"host": person, "department": gate.subject_of(request.user).department},
        trail=trail(),
    )
    return stepper.page(request, part)


@login_required
@require_http_methods(["GET", "POST"])
def meeting_edit(request: HttpRequest, meeting_id: UUID, part: str) -> HttpResponse:
    """Change a planned meeting, part by part."""
    meeting = meeting_seen(request, meeting_id, Action.MEETING_LEAD)
    entity = meeting.department.entity
    home = meeting.get_absolute_url()

    def finish(values: Mapping[str, Any]) -> str:
        meeting_change(
            actor=request.user,
            meeting=meeting,
            expected_version=values["expected_version"],
            wish=_wish(values),
        )
        messages.success(request, _("The meeting is changed."))
        return home

    stepper = Stepper(
        name=f"meeting-{meeting.pk}",
        parts=PARTS,
        title=_("Change the meeting"),
        submit=_("Save"),
        back=home,
        address=lambda key: reverse("partners:meeting_change", args=[meeting.pk, key]),
        finish=finish,
        arguments={"user": request.user, "entity": entity},
        initial=_initial(meeting),
        version=meeting.version,
        trail=trail((home, meeting.title)),
    )
    return stepper.page(request, part)


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Call a meeting off."""
    meeting = meeting_seen(request, meeting_id, Action.MEETING_LEAD)
    page = meeting_page(
        meeting, _("Call the meeting off"), _("Call it off"), _("The meeting is called off."), danger=True
    )

    def act(form: Any) -> None:
        meeting_cancel(
            actor=request.user,
            meeting=meeting,
            expected_version=meeting.version,
            reason=form.cleaned_data["reason"],
        )

    return form_page(request, page, ReasonForm(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def participant_new(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Name somebody."""
    meeting = meeting_seen(request, meeting_id, Action.MEETING_LEAD)
    page = meeting_page(meeting, _("Name a participant"), _("Put on the list"), _("They are on the list."))

    def act(form: Any) -> None:
        participant_add(actor=request.user, meeting=meeting, **form.cleaned_data)

    form = ParticipantForm(request.POST or None, user=request.user, meeting=meeting)
    return form_page(request, page, form, act)


@login_required
@require_POST
def participant_off(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    """Take somebody off the list."""
    rows = Participant.objects.select_related("meeting__department__entity", "meeting__host", "person")
    participant = get_object_or_404(rows, pk=participant_id)
    home = participant.meeting.get_absolute_url()
    participant_remove(actor=request.user, participant=participant)
    messages.success(request, _("They are off the list."))
    return redirect(home)


def _wish(values: Mapping[str, Any]) -> MeetingWish:
    return MeetingWish(**{name: values[name] for name in MeetingWish.__dataclass_fields__})


def _initial(meeting: Meeting) -> dict[str, Any]:
    zone = ZoneInfo(TIME_ZONES[meeting.department.entity.country])
    columns = {name: getattr(meeting, name) for name in MeetingWish.__dataclass_fields__}
    moments = {name: columns[name].astimezone(zone) for name in ("starts_at", "ends_at")}
    return {**columns, **moments}
