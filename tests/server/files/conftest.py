"""What the tests of the files app stand on: a folder of their own, and people who store things."""

from __future__ import annotations

from base64 import b64encode

import pytest
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client

from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services.reminders import reminder_acknowledge


@pytest.fixture(autouse=True)
def files_directory(settings, tmp_path):
    """Contents lie in this test's own folder."""
    settings.SHOUMI_FILES_DIRECTORY = tmp_path / "files"
    return settings.SHOUMI_FILES_DIRECTORY


@pytest.fixture
def user(db):
    return User.objects.create_user("li.na", display_name="李娜")


@pytest.fixture
def other(db):
    return User.objects.create_user("sato", display_name="佐藤")


@pytest.fixture
def key_file(settings, tmp_path):
    """A key file of this test's own, for tests that change it."""
    path = tmp_path / "keys" / "content.key"
    settings.CONFIG = settings.CONFIG.model_copy(update={"key_file": path})
    return path


def acknowledged(user: User) -> User:
    """Let `user` pass the reminder that stands before every page."""
    for language in ("zh-hans", "ja", "en"):
        reminder_acknowledge(actor=user, reminder=reminder_for(user, language))
    return user


@pytest.fixture
def browser(user):
    """A signed-in browser that sends what `upload.js` sends: version and CSRF token."""
    return TusClient(acknowledged(user))


class TusClient(Client):
    """Django's test client with the CSRF check switched on and the protocol's header set."""

    def __init__(self, user: User | None) -> None:
        super().__init__(enforce_csrf_checks=True)
        if user:
            self.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.token = _get_new_csrf_string()
        self.cookies["csrftoken"] = self.token

    def tus(self, method: str, path: str, body: bytes = b"", **headers: str | None):
        """Send one request of the protocol; a header that is None is left out."""
        sent = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.token}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = sent.pop(
            "Content-Type", "application/offset+octet-stream" if method == "PATCH" else ""
        )
        return self.generic(
            method,
            path,
            body,
            content_type=content_type,
            headers={name: value for name, value in sent.items() if value is not None},
        )

    def created(self, length: int, name: str = "a.txt") -> str:
        """Open an upload and return its address."""
        metadata = f"filename {b64encode(name.encode()).decode()}"
        answer = self.tus("POST", "/files/uploads/", Upload_Length=str(length), Upload_Metadata=metadata)
        assert answer.status_code == 201, answer.content
        return answer["Location"]

    def sent(self, address: str, offset: int, body: bytes, **headers: str | None):
        """Send one piece."""
        return self.tus("PATCH", address, body, Upload_Offset=str(offset), **headers)
