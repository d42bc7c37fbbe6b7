"""What the pages of meetings do alike: find a meeting the reader may see, and lead back to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.partners.models import Meeting
from shoumi.server.partners.queries.visible import meeting_resource, meetings
from shoumi.server.people.views.asking import Page


def meeting_seen(request: HttpRequest, meeting_id: UUID, action: Action = Action.MEETING_VIEW) -> Meeting:
    """Return a meeting to which the user may do `action`.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    meeting = get_object_or_404(meetings(), pk=meeting_id)
    gate.require(request.user, action, meeting_resource(meeting))
    return meeting


def meeting_page(meeting: Meeting, title: Any, submit: Any, said: Any, **more: Any) -> Page:
    """Return a form page below a meeting's page."""
    home = meeting.get_absolute_url()
    return Page(
        title=title,
        submit=submit,
        said=said,
        back=home,
        trail=trail((home, meeting.title)),
        template="partners/form.html",
        **more,
    )


def trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return the pages above: the list of meetings, then `more`."""
    return ((reverse("partners:meeting_list"), _("Meetings on secrets")), *more)
