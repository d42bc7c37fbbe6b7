"""Language, colours and profile: kept, shown, and never a way to send somebody elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "tag", "word"),
    [("zh-hans", "zh-Hans", "登录"), ("ja", "ja", "サインイン"), ("en", "en", "Sign in")],
)
def test_a_language_is_kept_before_and_after_sign_in(language, tag, word, person, browser_of):
    stranger = Client()
    stranger.post("/choose/language/", {"language": language, "next": "/account/login/"})
    page = stranger.get("/account/login/").content.decode()
    assert f'<html lang="{tag}"' in page
    assert word in page
    user = person()
    browser_of(user).post("/choose/language/", {"language": language})
    user.refresh_from_db()
    assert user.language == language


def test_unknown_choices_change_nothing(person, browser_of):
    user = person()
    browser = browser_of(user)
    browser.post("/choose/language/", {"language": "tlh"})
    answer = browser.post("/choose/theme/", {"theme": "pink"})
    user.refresh_from_db()
    assert user.language == "en"
    assert "shoumi_theme" not in answer.cookies


@pytest.mark.parametrize(
    "target", ["https://example.com/", "//example.com/", "javascript:alert(1)", "/\\example.com"]
)
def test_nobody_is_sent_to_another_site(target):
    for path, choice in (("/choose/language/", {"language": "ja"}), ("/choose/theme/", {"theme": "dark"})):
        assert Client().post(path, {**choice, "next": target})["Location"] == "/"


def test_colours_go_round(person, browser_of):
    browser = browser_of(person())
    for chosen, following in (("light", "dark"), ("dark", "auto"), ("auto", "light")):
        browser.post("/choose/theme/", {"theme": chosen})
        page = browser.get("/").content.decode()
        assert f'data-bs-theme="{chosen}"' in page
        assert f'name="theme" value="{following}"' in page


def test_a_profile_keeps_language_and_zone(person, browser_of):
    user = person()
    browser = browser_of(user)
    page = browser.post("/settings/profile/", {"language": "ja", "time_zone": "Asia/Tokyo"}, follow=True)
    user.refresh_from_db()
    assert (user.language, user.time_zone) == ("ja", "Asia/Tokyo")
    assert "プロフィールを保存しました" in page.content.decode()
    assert (
        browser.post("/settings/profile/", {"language": "ja", "time_zone": "Mars/Olympus"}).status_code == 200
    )
    user.refresh_from_db()
    assert user.time_zone == "Asia/Tokyo"
