"""No sentence of English is left on a Chinese or Japanese page of the demonstration company."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from tests.server.demonstration.test_query_counts import rooms
from tests.server.register.company import signed_in

from shoumi.server.accounts.models import User

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]
TABS = ("settings_jobs", "settings_configuration", "settings_about")
PACKS = ("cn", "jp")
SENTENCE = re.compile(
    r"(?:\b[A-Za-z][a-z']*[,;]? ){3,}[a-z]{2,}"
)  # four words, of which the last begins small
APART = {"script", "style", "code", "pre"}
SAID = ("title", "alt", "placeholder", "aria-label", "data-label")


class Words(HTMLParser):
    """Collects what a page says, without code and without what is marked as foreign."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        foreign = held.get("lang") == "en" or "mono" in (held.get("class") or "").split()
        if tag not in {"br", "img", "input", "link", "meta", "hr", "use", "path", "col", "wbr", "source"}:
            self._open.append((tag, tag in APART or foreign))
        self.said += [held[name] for name in SAID if held.get(name)]

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(apart for _tag, apart in self._open):
            self.said.append(" ".join(data.split()))


def english(page):
    """Return the sentences of English that a page says."""
    words = Words()
    words.feed(page)
    return [text for text in words.said if SENTENCE.search(text)]


def read(name, language, addresses):
    """Return each address with the English that its page says to `name` in `language`."""
    person = User.objects.get(username=name)
    person.language = language
    person.save(update_fields=["language"])
    client = signed_in(Client(), person)
    answers = {address: client.get(address) for address in addresses}
    return {
        address: english(answer.content.decode())
        for address, answer in answers.items()
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    }


def beside():
    """Return the pages beside the rooms that show words of packs and of the configuration."""
    packs = [reverse("register:library_pack", args=[pack]) for pack in PACKS]
    return [*packs, *(reverse(f"console:{tab}") for tab in TABS)]


def test_no_english_is_left_on_a_chinese_page(users):
    found = read("officer", "zh-hans", [*dict(rooms()).values(), *beside()])
    assert len(found) > 30
    assert {address: texts for address, texts in found.items() if texts} == {}


def test_no_english_is_left_on_the_japanese_pages_of_packs_and_settings(users):
    found = read("officer", "ja", beside())
    assert len(found) == len(PACKS) + len(TABS)
    assert {address: texts for address, texts in found.items() if texts} == {}


def test_english_is_noticed(users):
    found = read("officer", "en", beside()[:1])
    assert all(len(texts) > 40 for texts in found.values())
    assert found
