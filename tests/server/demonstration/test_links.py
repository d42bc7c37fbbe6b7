"""No page offers a link that its reader may not open, nor one that leads nowhere."""

from __future__ import annotations

import re
from contextlib import nullcontext

import lxml.html
import pytest
from django.test import Client
from tests.server.demonstration.test_query_counts import rooms
from tests.server.doors import nothing_drawn
from tests.server.register.company import signed_in

from shoumi.server.accounts.models import User

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]
WHO = ("officer", "jp-owner", "it", "counsel")
ONE_OF_MANY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|(?<==)[^&]*")
DOWNLOADS = re.compile(r"/files?/|download|export|\.(pdf|xlsx|csv|zip)")


def links(answer):
    """Return the addresses on a page, one for each sort."""
    document = lxml.html.fromstring(answer.content, base_url="/")
    found = {}
    for link in document.xpath("//a/@href"):
        address = str(link).split("#")[0]
        if address.startswith("/") and not DOWNLOADS.search(address):
            found.setdefault(ONE_OF_MANY.sub("*", address), address)
    return found


@pytest.mark.parametrize("name", WHO)
def test_every_link_of_every_room_opens(users, name):
    client = signed_in(Client(), User.objects.get(username=name))
    wanted = {}
    for _room, address in rooms():
        answer = client.get(address)
        if answer.status_code == 200:
            wanted = {**{sort: (link, address) for sort, link in links(answer).items()}, **wanted}
    faults = []
    with nullcontext() if name == WHO[0] else nothing_drawn():
        for link, page in wanted.values():
            answer = client.get(link)
            if answer.status_code not in {200, 302}:
                faults.append(f"{answer.status_code} {link} on {page}")
            elif b"functools" in b"".join(answer):
                faults.append(f"a function instead of its value: {link}")
    assert len(wanted) > 30
    assert not faults, "\n".join(faults)


def test_who_may_finds_the_way(users):
    client = signed_in(Client(), User.objects.get(username="officer"))
    for page, link in (
        ("/register/carriers/", "/register/carriers/rules/"),
        ("/register/storage/", "/register/access/"),
        ("/register/storage/", "/register/storage/add/"),
        ("/assurance/plans/", "/assurance/plans/money/"),
        ("/assurance/questions/", "/ledger/"),
    ):
        assert link in links(client.get(page)).values(), (page, link)
