"""Uploads over real HTTP to a real server: lines that break, and a server that is killed."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings as django_settings
from django.db import connection
from tests.server.files.conftest import TusClient, acknowledged
from tests.server.files.on_disk import is_readable_below

from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.files.services import file_open
from shoumi.server.files.services.uploads import PART_BYTES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MIB = 1 << 20
START_SECONDS = 90


def database_url() -> str:
    """The address under which another process finds this test's database."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(found['NAME']).absolute()}"
    host = quote(found["HOST"], safe="")
    return f"postgresql://{found['USER']}:{quote(found['PASSWORD'])}@{host}:{found['PORT']}/{found['NAME']}"


@contextmanager
def serving(port: int):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "shoumi.server.project.settings",
        "DATABASE_URL": database_url(),
        "SHOUMI_DATA_DIRECTORY": str(django_settings.CONFIG.data_directory),
        "SHOUMI_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--worker-class",
        "gthread",
        "--threads",
        "4",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    command += [
        "--log-level",
        "critical",
        "--graceful-timeout",
        "1",
        "shoumi.server.project.wsgi:application",
    ]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{port}/files/uploads/", timeout=5)
                break
            except httpx.TransportError:
                assert process.poll() is None
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def files_directory(settings):
    """The server's own folder, instead of one per test."""
    settings.SHOUMI_FILES_DIRECTORY = settings.CONFIG.data_directory / "files"
    return settings.SHOUMI_FILES_DIRECTORY


@pytest.fixture
def headers(user) -> dict[str, str]:
    browser = TusClient(acknowledged(user))
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    return {
        "Tus-Resumable": "1.0.0",
        "X-CSRFToken": browser.token,
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }


def send_and_break(port: int, path: str, headers: dict[str, str], body: bytes, sent: int) -> None:
    """Announce all of `body`, send `sent` bytes of it, and tear the line."""
    head = {**headers, "Host": f"127.0.0.1:{port}", "Content-Length": str(len(body)), "Upload-Offset": "0"}
    head["Content-Type"] = "application/offset+octet-stream"
    lines = [f"PATCH {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall("\r\n".join(lines).encode() + body[:sent])
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 5))
        line.shutdown(socket.SHUT_RDWR)


def offset_of(client: httpx.Client, path: str, *, beyond: int = -1) -> int:
    """Return where the upload stands, once it stands beyond `beyond`."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        answer = client.head(path)
        assert answer.status_code == 200
        offset = int(answer.headers["Upload-Offset"])
        if offset > beyond:
            return offset
        assert time.monotonic() < deadline


def create(client: httpx.Client, length: int) -> str:
    answer = client.post("/files/uploads/", headers={"Upload-Length": str(length)})
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def finish(client: httpx.Client, path: str, body: bytes, offset: int) -> None:
    piece = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    answer = client.patch(path, headers=piece, content=body[offset:])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(body)))


def body_of(length: int) -> bytes:
    return (b"the recipe of the coating " * (length // 26 + 1))[:length]


def test_an_upload_goes_on_where_the_line_broke(port, headers, files_directory):
    body = body_of(5 * MIB)
    with (
        serving(port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client,
    ):
        path = create(client, len(body))
        send_and_break(port, path, headers, body, 2 * MIB + 12_345)
        offset = offset_of(client, path, beyond=0)
        assert offset <= 2 * MIB + 12_345
        assert not is_readable_below(files_directory, b"recipe of the coating")
        finish(client, path, body, offset)
    stored = StoredFile.objects.get()
    assert (stored.state, stored.sha256) == (FileState.READY, hashlib.sha256(body).hexdigest())
    with file_open(stored) as reader:
        assert reader.read() == body


def test_a_killed_server_loses_nothing_that_it_acknowledged(port, headers, files_directory):
    body = body_of(PART_BYTES + 3 * MIB)
    with (
        serving(port) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as client,
    ):
        path = create(client, len(body))
        line = socket.create_connection(("127.0.0.1", port))
        head = {**headers, "Host": "127.0.0.1", "Content-Length": str(len(body)), "Upload-Offset": "0"}
        head["Content-Type"] = "application/offset+octet-stream"
        lines = [f"PATCH {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        line.sendall("\r\n".join(lines).encode() + body[:-MIB])
        kept = offset_of(client, path, beyond=0)
        os.killpg(process.pid, signal.SIGKILL)
        line.close()
    assert kept == PART_BYTES
    with (
        serving(port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client,
    ):
        assert offset_of(client, path) == kept
        finish(client, path, body, kept)
    stored = StoredFile.objects.get()
    assert stored.upload.is_complete  # larger files are finished by the worker
    assert not is_readable_below(files_directory, b"recipe of the coating")
