"""Mail settings: encrypted wherever a password travels, off without an address."""

from __future__ import annotations

import pytest

from shoumi.server.project.mail import mail_settings


def test_without_an_address_no_mail_leaves():
    found = mail_settings("")
    assert found == {
        "SHOUMI_MAIL_ENABLED": False,
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    }


@pytest.mark.parametrize(
    ("url", "server", "sign_in", "encryption"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 25), ("", ""), (False, False)),
        ("smtp://127.0.0.1:1025", ("127.0.0.1", 1025), ("", ""), (False, False)),
        ("smtp://me:p%40ss@mail.example.com:587", ("mail.example.com", 587), ("me", "p@ss"), (True, False)),
        ("smtps://me:word@mail.example.com", ("mail.example.com", 465), ("me", "word"), (False, True)),
    ],
)
def test_an_address_says_everything(url, server, sign_in, encryption):
    found = mail_settings(url)
    assert found["SHOUMI_MAIL_ENABLED"]
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == server
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == sign_in
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == encryption
