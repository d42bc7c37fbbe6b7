"""How many queries each room costs in the demonstration company: written down, so that more are noticed.

The numbers stand in `query_counts.json` beside this file, by sign-in and address.  After a change that is
meant, `QUERY_COUNTS=write` with this test writes them anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from tests.server.register.company import signed_in

from shoumi.server.accounts.models import User
from shoumi.server.console.navigation import GROUPS
from shoumi.server.register.models import TradeSecret

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]
KEPT = Path(__file__).with_name("query_counts.json")
WHO = ("officer", "employee")
TABS = ("secret_detail", "secret_files", "secret_people", "secret_timeline", "secret_evidence")


def rooms():
    """Yield the name and address of every room of the navigation, and of the tabs of one secret."""
    for group in GROUPS:
        for room in group.rooms:
            try:
                yield room.url_name, reverse(room.url_name)
            except NoReverseMatch:
                continue
    secret = TradeSecret.objects.filter(state="registered").order_by("number").first()
    for tab in TABS:
        yield f"register:{tab}", reverse(f"register:{tab}", args=[secret.pk])


def counted(name):
    """Return the number of queries of each room that opens for `name`."""
    client = signed_in(Client(), User.objects.get(username=name))
    client.get("/")  # the first page after signing in writes down where from
    counts = {}
    for room, address in rooms():
        with CaptureQueriesContext(connection) as asked:
            if client.get(address).status_code == 200:
                counts[room] = len(asked)
    return counts


def dearer(found, kept):
    """Return what is kept and what was found where that is more, by sign-in and room."""
    return {
        (name, room): (kept[name][room], count)
        for name, counts in found.items()
        for room, count in counts.items()
        if count > kept[name][room]
    }


def test_no_room_costs_more_queries_than_are_written_down(users):
    found = {name: counted(name) for name in WHO}
    if os.environ.get("QUERY_COUNTS") == "write":
        found = {name: counted(name) for name in WHO}  # now everything is warm
        KEPT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert {name: list(rooms) for name, rooms in found.items()} == {name: list(kept[name]) for name in WHO}
    more = dearer(found, kept)
    if (
        more
    ):  # perhaps only because nobody had opened these rooms before; others have grown by what was opened
        again = dearer({name: counted(name) for name in WHO}, kept)
        more = {room: counts for room, counts in again.items() if room in more}
    assert more == {}
