"""The tags and filters of every template."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

LOAD = "{% load shoumi %}"


def render(text, **context):
    return Template(LOAD + text).render(Context(context))


def test_a_time_is_shown_in_the_readers_zone_and_kept_exact():
    moment = datetime(2026, 3, 1, 16, 30, 5, tzinfo=UTC)
    with timezone.override("Asia/Tokyo"):
        shown = render("{{ value|moment }}", value=moment)
    assert ">2026-03-02 01:30</time>" in shown
    assert 'datetime="2026-03-01T16:30:05+00:00"' in shown
    with timezone.override("Asia/Tokyo"):
        assert ">2026-03-02</time>" in render("{{ value|day }}", value=moment)


def test_nothing_is_a_dash():
    assert render("{{ a|moment }}{{ a|day }}{{ a|masked }}", a=None) == "–––"


def test_a_date_needs_no_zone():
    assert ">2026-03-01</time>" in render("{{ value|day }}", value=date(2026, 3, 1))


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "核心商密"), ("ja", "極秘"), ("en", "Core")])
@pytest.mark.requirement("LVL-02")
def test_a_level_has_its_word_in_each_language_and_a_shape(language, word):
    with translation.override(language):
        badge = render('{% include "console/_level.html" with level="core" %}')
    assert word in badge
    assert "<path" in badge
    assert 'class="level level-core"' in badge


def test_levels_differ_in_shape_not_only_in_colour():
    shapes = {
        render('{% include "console/_level.html" with level=level %}', level=level)
        .split('<span class="level-text')[0]
        .split("<svg")[1]
        for level in ("core", "important", "general")
    }
    assert len(shapes) == 3


def test_icons_are_drawn_inline_and_hidden_from_screen_readers():
    drawn = render('{% icon "home" %}')
    assert drawn.startswith("<svg")
    assert 'aria-hidden="true"' in drawn
    assert "<path" in drawn


def test_an_unknown_icon_breaks_no_page():
    assert render('{% icon "no-such-icon" %}').endswith("</svg>")
