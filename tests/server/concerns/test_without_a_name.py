"""The way without a name over HTTP: no trace of whoever reports, and a mailbox that goes both ways."""

from __future__ import annotations

import logging
import re

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shoumi.server.concerns.models import Concern, Enclosure
from shoumi.server.concerns.services.errors import TooManyError
from shoumi.server.concerns.services.limits import LETTERS, TRIES, counted
from shoumi.server.concerns.services.reporting import hash_of, mailbox_open, new_passphrase
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification

ADDRESS, BROWSER = "192.0.2.177", "canary-browser-7f3a9"
WORDS, NAME = "canary-words-4e1b", "canary-file-安然.txt"


def everything():
    """Return all that stands in the database, as text."""
    return "\n".join(
        f"{model._meta.label} {row}" for model in apps.get_models() for row in model.objects.values_list()
    )


def sent(company, **changes):
    """Return a filled-in report."""
    return {
        "entity": company.cn.pk, "kind": "leak", "addressee": "both", "text": f"有人拍照 {WORDS}",
        "files-plain": SimpleUploadedFile(NAME, b"photo"), **changes,
    }  # fmt: skip


def test_a_report_without_a_name_leaves_no_trace_and_is_answered(company, browser, caplog):
    caplog.set_level(logging.DEBUG)
    client = browser(company.seller, REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
    client.get(reverse("concerns:start"))
    caplog.clear()  # of the sign-in
    before, entries = everything(), LedgerEntry.objects.count()
    page = client.post(reverse("concerns:report"), sent(company)).content.decode()
    [passphrase] = re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){5}", page)
    after = everything()
    seller = str(company.seller.pk)
    for canary in (ADDRESS, BROWSER, WORDS, NAME, seller, company.seller.username, passphrase):
        assert after.count(canary) == before.count(canary), canary
        assert canary not in caplog.text
    assert not any(passphrase in str(cookie) for cookie in client.cookies.values())
    concern = Concern.objects.get()
    assert concern.reporter is None
    assert concern.passphrase_sha256 == hash_of(passphrase.lower().replace("-", " "))
    new = LedgerEntry.objects.order_by("index")[entries:]
    assert {entry.actor for entry in new} == {"system:concerns"}
    told = set(Notification.objects.filter(link=concern.get_absolute_url()).values_list("user", flat=True))
    assert told == {company.officer.pk, company.second_officer.pk, company.legal.pk, company.hr.pk}

    office = browser(company.legal)
    page = office.get(concern.get_absolute_url()).content.decode()
    assert WORDS in page
    assert "attachment-1.txt" in page
    assert "without a name" in page
    enclosure = Enclosure.objects.get()
    answer = office.get(reverse("concerns:enclosure", args=[concern.pk, enclosure.pk]))
    assert b"".join(answer) == b"photo"
    office.post(reverse("concerns:answer", args=[concern.pk]), {"text": "Which day was it?"})
    mailbox = browser()
    page = mailbox.post(reverse("concerns:mailbox"), {"passphrase": passphrase}).content.decode()
    assert "Which day was it?" in page
    assert company.legal.display_name not in page
    answer = mailbox.post(reverse("concerns:mailbox_file", args=[enclosure.pk]), {"passphrase": passphrase})
    assert b"".join(answer) == b"photo"
    wrong = {"passphrase": new_passphrase()}
    assert mailbox.post(reverse("concerns:mailbox_file", args=[enclosure.pk]), wrong).status_code == 404
    assert mailbox.post(reverse("concerns:mailbox"), wrong).status_code == 422
    written = {"passphrase": passphrase, "text": "Yesterday."}
    assert "Yesterday." in mailbox.post(reverse("concerns:mailbox_write"), written).content.decode()
    closing = {"outcome": "confirmed", "text": "Thank you."}
    office.post(reverse("concerns:close", args=[concern.pk]), closing)
    page = mailbox.post(reverse("concerns:mailbox"), {"passphrase": passphrase}).content.decode()
    assert "Confirmed" in page
    assert 'name="text"' not in page
    page = mailbox.post(reverse("concerns:mailbox_write"), written)
    assert page.status_code == 422
    assert [row.tag for row in LedgerEntry.objects.filter(subject=concern.ledger_subject)] == [
        "concerns:concern:received",
        "concerns:concern:opened",
        "concerns:letter:sent",
        "concerns:letter:received",
        "concerns:concern:closed",
    ]


def test_large_files_of_strangers_are_taken_where_they_may_be_sent_and_nowhere_else(company, browser):
    large = b"x" * (1024 * 1024 + 1)
    client = browser()
    page = client.post(
        reverse("concerns:report"), sent(company, **{"files-plain": SimpleUploadedFile("a.bin", large)})
    )
    assert page.status_code == 200
    assert Enclosure.objects.get().file.size_bytes == len(large)
    answer = client.post(
        reverse("concerns:mailbox"), {"passphrase": "x", "files-plain": SimpleUploadedFile("a.bin", large)}
    )
    assert answer.status_code != 200


def test_floods_are_slowed_without_knowing_who_sends(company):
    _concern, passphrase = company.reports()
    for _each in range(LETTERS - 1):
        counted("letters", LETTERS)
    with pytest.raises(TooManyError):
        company.reports()
    company.reports(by=company.seller)
    assert mailbox_open(passphrase=passphrase)
    for _each in range(TRIES):
        counted("tries", TRIES)
    with pytest.raises(TooManyError):
        mailbox_open(passphrase=passphrase)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": " "}, "concerns.letter_empty"),
        ({"text": "字" * 8001}, "concerns.letter_too_long"),
        ({"to_legal": False, "to_office": False}, "concerns.addressee"),
        ({"files": [SimpleUploadedFile("a", b"a")] * 6}, "concerns.too_many_files"),
    ],
)
def test_what_is_no_report(company, changes, fault):
    with pytest.raises(Exception) as caught:
        company.reports(**changes)
    assert caught.value.code == fault
    assert not Concern.objects.exists()
