"""The API of notifications, below /api/v1/notifications/: one's own inbox."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.pagination import paginate

from shoumi.server.accounts.paging import Paging
from shoumi.server.notifications.models import Notification
from shoumi.server.notifications.queries import notifications_of, text_of, unread_count
from shoumi.server.notifications.services import notification_read, notifications_read_all

router = Router()


class NotificationOut(Schema):
    """One thing I was told, in my language."""

    id: UUID
    text: str
    link: str
    created_at: datetime
    read_at: datetime | None

    @staticmethod
    def resolve_text(row: Notification) -> str:
        """Return the sentence in the language of the request."""
        return text_of(row)


class CountOut(Schema):
    """A number of notifications."""

    count: int


@router.get("", response=list[NotificationOut], operation_id="notification_list")
@paginate(Paging)
def notification_list(request: HttpRequest, *, unread: bool = False) -> object:
    """Return what I was told, newest first."""
    return notifications_of(request.user, unread_only=unread)


@router.get("/unread", response=CountOut, operation_id="notification_unread")
def notification_unread(request: HttpRequest) -> object:
    """Count what I have not read."""
    return {"count": unread_count(request.user)}


@router.post("/read", response=CountOut, operation_id="notification_read_all")
def notification_read_every(request: HttpRequest) -> object:
    """Mark everything as read; returns how many were not."""
    return {"count": notifications_read_all(actor=request.user)}


@router.post("/{notification_id}/read", response=NotificationOut, operation_id="notification_read")
def notification_read_one(request: HttpRequest, notification_id: UUID) -> object:
    """Mark one as read."""
    row = notification_read(actor=request.user, notification_id=notification_id)
    if row is None:
        raise Http404
    return row
