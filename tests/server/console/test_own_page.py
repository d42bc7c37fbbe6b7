"""My page: each number is that of the page it leads to; who is no person of the company has one too."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from tests.server.privacy.company import Watched
from tests.server.register.company import signed_in
from tests.server.remembering import founded

from shoumi.server.console.queries.own import duties_of
from shoumi.server.privacy.services.notices import notice_send


def page_of(user):
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    return signed_in(client, user).get(reverse("console:my_page"))


def test_what_waits_stands_first_with_its_number(db, fixed_clock):
    company = founded(Watched)
    notice_send(actor=company.people_office, version=company.notice(company.processing()))
    page = page_of(company.watched)
    assert [(duty.url_name, duty.count) for duty in page.context["waiting"]] == [("privacy:mine", 1)]
    assert len(page.context["nothing"]) == len(duties_of(company.watched, company.watched.person)) - 1
    assert page.context["known"].processings == 1
    assert reverse("concerns:start") in page.content.decode()
    outsider = page_of(company.counsel)
    assert outsider.status_code == 200
    assert not outsider.context["waiting"]
