"""Finds the rows that a call names, among those the caller may see."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from shoumi.server.accounts.models import User
from shoumi.server.people.api.shapes import TermsIn
from shoumi.server.people.models import Engagement, Person, Post
from shoumi.server.people.queries import departments_visible, persons_visible
from shoumi.server.people.services import Terms


def found(rows: Any, key: UUID | None) -> Any:
    """Return the row with this key among `rows`; what may not be seen is not there."""
    row = rows.filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def optional(rows: Any, key: UUID | None) -> Any:
    """Return the row with this key among `rows`, None without a key."""
    return None if key is None else found(rows, key)


def terms_of(user: User, data: TermsIn) -> Terms:
    """Return terms as the services take them, of departments that the user may see."""
    department = found(departments_visible(user), data.department_id)
    post = optional(Post.objects.filter(department=department), data.post_id)
    return Terms(data.kind, department, data.starts_on, post, data.ends_on, data.contractor)


def person_of(request: HttpRequest, person_id: UUID) -> Person:
    """Return a person whom the caller may look up."""
    return found(persons_visible(request.user), person_id)


def engagement_of(request: HttpRequest, engagement_id: UUID) -> Engagement:
    """Return an engagement of a person whom the caller may look up."""
    rows = Engagement.objects.select_related("person__entity", "department__entity", "post")
    engagement: Engagement = found(rows, engagement_id)
    person_of(request, engagement.person_id)
    return engagement
