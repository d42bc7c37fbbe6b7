"""Whoever opens the demonstration company for the first time is not met by a hundred unread notices."""

from __future__ import annotations

import pytest
from django.db.models import Count

from shoumi.server.notifications.models import Notification

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]
FEW = 20


def test_what_came_before_has_been_read_and_something_new_waits(users):
    unread = Notification.objects.filter(read_at=None).values("user__username").annotate(count=Count("pk"))
    waiting = {row["user__username"]: row["count"] for row in unread}
    assert {name: count for name, count in waiting.items() if count > FEW} == {}
    assert waiting["officer"] > 0
