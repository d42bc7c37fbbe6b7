"""What the office writes down about letters, the leading body, itself and the departments: one form each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.assurance.forms import organisation as forms
from shoumi.server.assurance.forms.fields import ReasonForm, UntilForm
from shoumi.server.assurance.models import (
    AuthorisationLetter,
    BodyMember,
    LeadingBody,
    Meeting,
)
from shoumi.server.assurance.queries.access import resolution_resource, resolutions_visible
from shoumi.server.assurance.services import bodies, letters
from shoumi.server.assurance.views.asking import Deed, deed, entity_chosen, kept, room
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource, today_of

FORM = require_http_methods(["GET", "POST"])


def deed_of_office(entity: LegalEntity, anchor: str, **more: Any) -> Deed:
    """Return a deed of the office, done from the organisation's room."""
    back = room("organisation", entity, f"#{anchor}")
    return Deed(
        back=back,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        entity=entity,
        trail=((room("organisation", entity), _("Leadership and office")),),
        **more,
    )


@login_required
@FORM
def letter_record(request: HttpRequest) -> HttpResponse:
    """Record a signed letter of authorisation."""
    entity, _entities = entity_chosen(request)
    what = deed_of_office(
        entity,
        "letters",
        title=_("Record a letter of authorisation"),
        lead=_("The hash of the letter goes to the ledger, whose checkpoints are time-stamped."),
        submit=_("Record the letter"),
        said=_("The letter is recorded."),
        form=forms.LetterForm,
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        letters.letter_record(
            actor=request.user,
            entity=entity,
            capacity=data["capacity"],
            holder=data["holder"],
            parent=data["parent"],
            scope=data["scope"],
            since=data["since"],
            until=data["until"],
            letter=kept(request.user, data["letter"]),
        )

    return deed(request, what, act)


@login_required
@FORM
def letter_revoke(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Revoke a letter, after asking once more."""
    letter = get_object_or_404(AuthorisationLetter.objects.select_related("entity", "holder"), pk=letter_id)
    what = deed_of_office(
        letter.entity,
        "letters",
        title=_("Revoke the letter of %(name)s") % {"name": letter.holder.name},
        lead=_("From today on the letter, and every letter that rests on it, no longer holds."),
        danger=True,
        submit=_("Revoke the letter"),
        said=_("The letter is revoked."),
        form=ReasonForm,
        initial={"expected_version": letter.version},
    )

    def act(form: Any) -> None:
        letters.letter_revoke(
            actor=request.user,
            letter=letter,
            expected_version=form.version,
            reason=form.cleaned_data["reason"],
        )

    return deed(request, what, act)


@login_required
@FORM
def body_establish(request: HttpRequest) -> HttpResponse:
    """Set the leading body up."""
    entity, _entities = entity_chosen(request)
    what = deed_of_office(
        entity,
        "leading-body",
        title=_("Set up the leading body"),
        submit=_("Set up"),
        said=_("The leading body is set up."),
        form=forms.BodyForm,
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        bodies.body_establish(
            actor=request.user,
            entity=entity,
            form=data["form"],
            name=data["name"],
            since=data["since"],
            decision=kept(request.user, data["decision"]),
        )

    return deed(request, what, act)


@login_required
@FORM
def body_end(request: HttpRequest, body_id: UUID) -> HttpResponse:
    """End a leading body."""
    body = get_object_or_404(LeadingBody.objects.select_related("entity"), pk=body_id)
    what = deed_of_office(
        body.entity,
        "leading-body",
        title=_("End %(name)s") % {"name": body.name},
        lead=_("All seats end with it. Its minutes and resolutions stay."),
        danger=True,
        submit=_("End it"),
        said=_("The leading body has ended."),
        form=UntilForm,
        initial={"expected_version": body.version, "until": today_of(body.entity)},
    )

    def act(form: Any) -> None:
        bodies.body_end(
            actor=request.user, body=body, expected_version=form.version, until=form.cleaned_data["until"]
        )

    return deed(request, what, act)


@login_required
@FORM
def member_seat(request: HttpRequest, body_id: UUID) -> HttpResponse:
    """Give somebody a seat."""
    body = get_object_or_404(LeadingBody.objects.select_related("entity"), pk=body_id)
    what = deed_of_office(
        body.entity,
        "leading-body",
        title=_("Add a member"),
        submit=_("Add"),
        said=_("The member is added."),
        form=forms.SeatForm,
        initial={"since": today_of(body.entity), "seat": "member"},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        bodies.member_seat(
            actor=request.user, body=body, person=data["person"], seat=data["seat"], since=data["since"]
        )

    return deed(request, what, act)


@login_required
@FORM
def member_leave(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """End a seat."""
    member = get_object_or_404(BodyMember.objects.select_related("body__entity", "person"), pk=member_id)
    entity = member.body.entity
    what = deed_of_office(
        entity,
        "leading-body",
        title=_("End the seat of %(name)s") % {"name": member.person.name},
        submit=_("End it"),
        said=_("The seat has ended."),
        form=UntilForm,
        initial={"expected_version": member.version, "until": today_of(entity)},
    )

    def act(form: Any) -> None:
        bodies.member_leave(
            actor=request.user, member=member, expected_version=form.version, until=form.cleaned_data["until"]
        )

    return deed(request, what, act)


@login_required
@FORM
def meeting_record(request: HttpRequest, body_id: UUID) -> HttpResponse:
    """Record a meeting with its minutes."""
    body = get_object_or_404(LeadingBody.objects.select_related("entity"), pk=body_id)
    what = deed_of_office(
        body.entity,
        "leading-body",
        title=_("Record a meeting"),
        submit=_("Record the meeting"),
        said=_("The meeting is recorded."),
        form=forms.MeetingForm,
        initial={"held_on": today_of(body.entity)},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        bodies.meeting_record(
            actor=request.user,
            body=body,
            held_on=data["held_on"],
            subject=data["subject"],
            attendees=list(data["attendees"]),
            minutes=kept(request.user, data["minutes"]),
        )

    return deed(request, what, act)


@login_required
@FORM
def resolution_add(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Record what a meeting resolved."""
    meeting = get_object_or_404(Meeting.objects.select_related("body__entity"), pk=meeting_id)
    what = deed_of_office(
        meeting.body.entity,
        "leading-body",
        title=_("Record a resolution"),
        facts=((_("Meeting"), meeting),),
        submit=_("Record the resolution"),
        said=_("The resolution is recorded, and whoever carries it out is told."),
        form=forms.ResolutionForm,
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        bodies.resolution_add(
            actor=request.user, meeting=meeting, text=data["text"], owner=data["owner"], due_on=data["due_on"]
        )

    return deed(request, what, act)


@login_required
@FORM
def resolution_close(request: HttpRequest, resolution_id: UUID) -> HttpResponse:
    """Say what became of a resolution."""
    resolution = get_object_or_404(resolutions_visible(request.user), pk=resolution_id)
    entity = resolution.meeting.body.entity
    what = Deed(
        title=_("Outcome of a resolution"),
        facts=((_("Resolution"), resolution.text), (_("Due on"), resolution.due_on.isoformat())),
        submit=_("Record the outcome"),
        said=_("The outcome is recorded."),
        back=room("organisation", entity, "#leading-body"),
        action=Action.WORK_REPORT,
        resource=resolution_resource(resolution),
        form=forms.OutcomeForm,
        entity=entity,
        initial={"expected_version": resolution.version},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        bodies.resolution_close(
            actor=request.user,
            resolution_id=resolution.pk,
            expected_version=form.version,
            done=data["done"] == "yes",
            outcome=data["outcome"],
            proof=kept(request.user, data["proof"]),
        )

    return deed(request, what, act)
