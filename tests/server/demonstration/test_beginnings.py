"""An empty list invites nobody to what the rules do not let them do, and everybody to what they do."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver
from tests.server.register.company import signed_in

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.listing import Listing
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_resource
from shoumi.server.register.queries.operations.choosing import kinds_permitted
from shoumi.server.register.queries.secrets import secrets_visible_to

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]
WHO = ("officer", "auditor", "employee", "leader", "hr", "counsel")


def somewhere(action):
    def may(user):
        wishes = [(action, department_resource(row)) for row in Department.objects.all()]
        return any(decision.permitted for decision in gate.decide_each(user, wishes))

    return may


def asks_for_operations(user):
    rows = secrets_visible_to(user).filter(state__in=("registered", "changing"))
    return any(kinds_permitted(user, [row]) for row in rows)


# pages that open for everybody and say who may; every other page refuses whoever may not
OPEN = {
    "register.secrets": somewhere(Action.SECRET_PROPOSE),
    "register.customers": somewhere(Action.SECRET_PROPOSE),
    "register.third_parties": somewhere(Action.PARTNER_EDIT),
    "register.operations": asks_for_operations,
    "register.duties": somewhere(Action.DUTY_PROPOSE),
}


def listings(kind=Listing):
    for found in kind.__subclasses__():
        yield found
        yield from listings(found)


def test_the_button_stands_only_where_the_page_behind_it_opens(users):
    assert get_resolver().url_patterns  # every list is imported
    seen = set()
    for name in WHO:
        user = User.objects.get(username=name)
        browser = signed_in(Client(), user)
        for found in {
            item.name: item for item in listings() if item.__module__.startswith("shoumi.")
        }.values():
            if "empty_now" not in vars(found) and not found.empty.url:
                continue
            listing = found(user, QueryDict())
            if not (address := str(listing.empty_now().url)):
                continue
            may = OPEN[found.name](user) if found.name in OPEN else browser.get(address).status_code == 200
            assert listing.may_begin == may, (name, found.name)
            seen.add((found.name, may))
    assert {name for name, may in seen if may} == {name for name, may in seen if not may}
    assert len({name for name, _may in seen}) >= 12
