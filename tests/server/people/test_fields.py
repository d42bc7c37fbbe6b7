"""Moments are typed in the zone that their field says."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from shoumi.server.people.forms.fields import MomentField

TYPED = "2026-03-01T09:00"


def test_a_moment_is_read_and_shown_in_the_zone_that_its_field_says():
    field = MomentField(help_text="Empty: now.")
    with translation.override("en"):
        field.at(ZoneInfo("Asia/Tokyo"))
    assert field.help_text == "Empty: now. Time zone: Asia/Tokyo."
    moment = field.clean(TYPED)
    assert moment == datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
    assert field.prepare_value(moment.astimezone(UTC)) == TYPED
    with pytest.raises(ValidationError):
        field.clean("2026-03-01 at nine")


def test_a_moment_has_no_zone_where_only_the_rest_of_the_form_tells_it():
    field = MomentField()
    moment = field.clean(TYPED)
    assert (moment.tzinfo, field.prepare_value(moment)) == (None, TYPED)
