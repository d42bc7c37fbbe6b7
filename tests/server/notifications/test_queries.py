"""The words of a notification: in the reader's language, and never an error."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from shoumi.server.notifications.queries import filled


def test_placeholders_are_filled_and_a_levels_id_becomes_its_word():
    with override("en"):
        assert filled("%(secret)s is “%(level)s”.", {"secret": "S-1", "level": "core"}) == "S-1 is “Core”."


@pytest.mark.parametrize(
    ("message", "parameters"), [("%(a)s", {}), ("%(a)d", {"a": "x"}), ("100% sure", {"a": 1}), ("%", {})]
)
def test_what_does_not_fit_is_shown_as_it_was_written(message, parameters):
    assert filled(message, parameters) == message
