"""The pages and the API of the inbox: mine, and nobody else's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services import reminder_acknowledge
from shoumi.server.notifications.queries import unread_count
from shoumi.server.notifications.services import notify

pytestmark = pytest.mark.django_db
LIST = "notifications:notification_list"


def person(name):
    return User.objects.create(username=name, display_name=name, language="en")


def tell(user, title="<b>Proposal</b>"):
    (row,) = notify(
        users=[user], message="“%(title)s” waits.", parameters={"title": title}, link="/register/"
    )
    return row


@pytest.fixture
def lin(client):
    user = person("lin")
    reminder_acknowledge(actor=user, reminder=reminder_for(user, user.language))
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


def test_signed_out_visitors_are_sent_to_sign_in(client):
    row = tell(person("lin"))
    for url in (reverse(LIST), reverse("notifications:notification_open", args=[row.pk])):
        answer = client.get(url)
        assert answer.status_code == 302
        assert reverse("account_login") in answer.url
    assert client.post(reverse("notifications:notification_read_all")).status_code == 302
    assert unread_count(row.user) == 1


def test_the_page_shows_mine_escaped_and_the_fragment_only_to_htmx(client, lin):
    tell(lin)
    tell(person("mori"), title="for Mori")
    page = client.get(reverse(LIST)).content.decode()
    assert "“&lt;b&gt;Proposal&lt;/b&gt;” waits." in page
    assert "for Mori" not in page
    fragment = client.get(reverse(LIST), headers={"hx-request": "true"}).content.decode()
    assert "waits." in fragment
    assert "<html" in page
    assert "<html" not in fragment


def test_an_empty_inbox_says_what_will_stand_there(client, lin):
    assert "You have no notifications" in client.get(reverse(LIST)).content.decode()
    assert "Everything is read" in client.get(reverse(LIST), {"unread": "1"}).content.decode()


def test_opening_marks_as_read_and_leads_there(client, lin):
    row = tell(lin)
    answer = client.get(reverse("notifications:notification_open", args=[row.pk]))
    assert (answer.status_code, answer.url) == (302, "/register/")
    assert unread_count(lin) == 0


def test_another_persons_notification_does_not_exist(client, lin):
    row = tell(person("mori"))
    assert client.get(reverse("notifications:notification_open", args=[row.pk])).status_code == 404
    assert unread_count(row.user) == 1


def test_all_are_marked_read_by_a_button_not_by_a_link(client, lin):
    tell(lin)
    url = reverse("notifications:notification_read_all")
    assert client.get(url).status_code == 405
    assert unread_count(lin) == 1
    assert client.post(url).status_code == 302
    assert unread_count(lin) == 0


def test_the_number_of_queries_does_not_grow_with_the_rows(client, lin):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(LIST)).status_code == 200
        return len(queries)

    tell(lin)
    asked()
    few = asked()
    for _ in range(60):
        tell(lin)
    assert asked() == few
