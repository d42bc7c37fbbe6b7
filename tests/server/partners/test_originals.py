"""Originals of exchanges: kept in their very bytes, their heads sealed, handed out by right."""

from __future__ import annotations

import hashlib

import pytest
from django.urls import reverse
from tests.server.partners.outside import recorded
from tests.server.register.company import registered, signed_in, stored

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.agreements.models import Sealed
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.partners.models import Original
from shoumi.server.partners.services import errors
from shoumi.server.partners.services.originals import original_facts, original_keep, original_open

MAIL = (
    b"From: Lu <lu@example.com>\r\nTo: test@example.com\r\nDate: Sun, 1 Mar 2026 09:00:00 +0800\r\n"
    b"Subject: =?utf-8?b?54On57uT5puy57q/?=\r\nMessage-ID: <1@example.com>\r\n\r\nsee attached\r\n"
)
CHAT = "2026-02-27 10:01 何清越\n样品收到了吗\n2026-02-28 18:30 对方\n收到,报告下周给\n".encode()


def keep(company, partner, content=MAIL, name="往来.eml", **more) -> Original:
    file = stored(company.owner, name, content)
    given = {"medium": "mail", **more}
    return original_keep(actor=company.owner, partner=partner, file=file, **given)


@pytest.mark.requirement("BIZ-04")
def test_a_mail_is_kept_in_its_very_bytes_with_its_head_sealed(company, client):
    partner = recorded(company)
    original = keep(company, partner)
    facts = original_facts(actor=company.owner, original=original)
    assert facts["Subject"] == "烧结曲线"
    assert facts["From"] == "Lu <lu@example.com>"
    assert facts["Message-Id"] == "<1@example.com>"
    assert "烧结曲线".encode() not in bytes(Sealed.objects.get(pk=original.facts_id).content)
    (entry,) = entries_of(original.ledger_subject)
    assert hashlib.sha256(MAIL).hexdigest() in str(entry_details(entry))
    with pytest.raises(errors.OriginalTwiceError):
        keep(company, partner)
    signed_in(client, company.owner)
    answer = client.get(reverse("partners:original_file", args=[original.pk]))
    assert b"".join(answer.streaming_content) == MAIL
    assert "烧结曲线" in client.get(reverse("partners:original_detail", args=[original.pk])).content.decode()
    assert "往来.eml" in client.get(partner.get_absolute_url()).content.decode()
    for who in (company.seller, company.leader, company.auditor, company.technician):
        signed_in(client, who)
        for name in ("original_file", "original_detail"):
            assert client.get(reverse(f"partners:{name}", args=[original.pk])).status_code == 403, who


def test_a_chat_tells_its_first_and_last_message_and_a_broken_file_is_kept_all_the_same(company):
    partner = recorded(company)
    chat = keep(company, partner, CHAT, "微信记录.txt", medium="chat")
    facts = original_facts(actor=company.owner, original=chat)
    assert (facts["First"], facts["Last"]) == ("2026-02-27 10:01", "2026-02-28 18:30")
    broken = keep(company, partner, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "坏.msg")
    assert set(original_facts(actor=company.owner, original=broken)) <= {"unreadable"}


def test_an_original_about_a_secret_opens_only_for_who_may_open_the_secret(company):
    original = keep(company, recorded(company), secret=registered(company))
    assert original_open(actor=company.owner, original=original) == original.file
    with pytest.raises(NotPermittedError):
        original_open(actor=company.technician, original=original)


def test_an_original_is_kept_through_its_page(company, client):
    partner = recorded(company)
    signed_in(client, company.owner)
    new = reverse("partners:original_create", args=[partner.pk])
    assert client.get(new).status_code == 200
    file = stored(company.owner, "往来.eml", MAIL)
    assert client.post(new, {"medium": "mail", "file": str(file.pk)}).status_code == 302
    assert Original.objects.get().file == file
