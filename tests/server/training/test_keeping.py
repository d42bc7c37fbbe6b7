"""The keeper of training records: answers go when nothing rests on them, that somebody passed stays."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from tests.server.training.school import certified

from shoumi.server.people.queries import today_of
from shoumi.server.training.services.keeping import sitting_erase, sittings_due


def test_answers_are_erased_once_no_certificate_rests_on_them(school, fixed_clock):
    reader = school.colleague
    passed = certified(reader, school.first)
    tomorrow = today_of(school.cn) + timedelta(days=1)
    assert list(sittings_due(school.cn, tomorrow)) == []  # a certificate rests on it
    fixed_clock.advance(passed.valid_until - today_of(school.cn) + timedelta(days=1))
    (kept,) = sittings_due(school.cn, tomorrow)
    assert (kept.key, kept.person) == (str(passed.sitting_id), reader.person.pk)
    with transaction.atomic():
        assert sitting_erase(kept.key, "erasure:1")
        assert not sitting_erase(kept.key, "erasure:1")
    passed.sitting.refresh_from_db()
    assert (passed.sitting.questions, passed.sitting.answers, passed.sitting.passed) == ([], {}, True)
    assert list(sittings_due(school.cn, tomorrow)) == []
