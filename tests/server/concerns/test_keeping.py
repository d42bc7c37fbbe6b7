"""The keeper of concerns: closed ones that were reported by name lose their letters and files."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from shoumi.server.concerns.models import Concern, Enclosure
from shoumi.server.concerns.services.examining import concern_close, concern_open
from shoumi.server.concerns.services.keeping import concern_erase, concerns_due
from shoumi.server.people.queries import today_of


def test_letters_of_closed_concerns_are_destroyed(company):
    photo = SimpleUploadedFile("x.txt", b"seen", "text/plain")
    company.reports(by=company.colleague, files=[photo])
    company.reports()  # without a name: it leads to nobody
    tomorrow = today_of(company.cn) + timedelta(days=1)
    assert list(concerns_due(company.cn, tomorrow)) == []
    for row in Concern.objects.all():
        concern_close(actor=company.legal, concern=row, outcome="unconfirmed", text="未发现问题。")
    (kept,) = concerns_due(company.cn, tomorrow)
    assert kept.person == company.colleague.person.pk
    with transaction.atomic():
        assert concern_erase(kept.key, "erasure:1")
        assert not concern_erase(kept.key, "erasure:1")
    row = Concern.objects.get(pk=kept.key)
    assert [each.text for each in concern_open(actor=company.legal, concern=row)] == ["", ""]
    assert Enclosure.objects.get().file.state == "shredded"
    assert list(concerns_due(company.cn, tomorrow)) == []
