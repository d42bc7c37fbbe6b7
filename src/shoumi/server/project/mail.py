"""Django's mail settings from `SHOUMI_SMTP_URL`.

`smtp://` takes STARTTLS where a password is given and plain text where not (a relay on the same machine),
`smtps://` TLS from the first byte.  Without an address no e-mail leaves: people are told in the inbox only.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 15


def mail_settings(smtp_url: str) -> dict[str, object]:
    """Return the `EMAIL_…` settings and `SHOUMI_MAIL_ENABLED` for an address such as `smtp://host:587`."""
    if not smtp_url:
        return {
            "SHOUMI_MAIL_ENABLED": False,
            "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        }
    parts = urlsplit(smtp_url)
    encrypted = parts.scheme == "smtps"
    return {
        "SHOUMI_MAIL_ENABLED": True,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if encrypted else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": encrypted,
        "EMAIL_USE_TLS": not encrypted and bool(parts.password),
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
