"""Everything that is due in the demonstration company has a title and a page that its reader may open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.server.register.company import signed_in

from shoumi.server.accounts.models import User
from shoumi.server.console.queries.due import due_for, today_for
from shoumi.server.console.queries.due_sources import SOURCES

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]
WHO = ("officer", "legal", "owner", "employee")
LONG = timedelta(days=3000)


def test_each_kind_leads_to_a_page(users):
    found, faults = set(), []
    for name in WHO:
        user = User.objects.get(username=name)
        client, today = signed_in(Client(), user), today_for(user)
        first = {item.source.key: item for item in due_for(user, today - LONG, today + LONG)}
        found |= first.keys()
        for key, item in first.items():
            if not item.title or client.get(item.url.partition("#")[0]).status_code not in {200, 302}:
                faults.append(f"{name} {key} {item.url}")
    assert not faults
    assert len(found) >= len(SOURCES) * 3 // 4, {source.key for source in SOURCES} - found
