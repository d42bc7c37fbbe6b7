"""Starts a whole installation as an operator would, on free loopback ports and in a scratch directory."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx

READY_SECONDS = 300  # a busy machine migrates and loads the demonstration company in two minutes
# as a shell script starts a job: SIGINT is ignored, which must not keep Ctrl-C from stopping it
IN_BACKGROUND = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]


@dataclass
class Installation:
    """A running installation and what it printed at its start."""

    url: str
    data_directory: Path
    process: subprocess.Popen[str]
    environment: dict[str, str]
    output: list[str] = field(default_factory=list)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)  # of who signed in and comes back

    @property
    def accounts(self) -> dict[str, str]:
        """Return sign-in name → password as printed."""
        rows = (re.match(r"^  (\S+)\s+(\S+)  ", line) for line in self.output)
        return {row[1]: row[2] for row in rows if row}

    def password(self, name: str) -> str:
        """Return somebody's password; those of the demonstration company who are not printed share it."""
        return self.accounts.get(name) or next(iter(self.accounts.values()))

    def client(self, name: str = "", *, language: str = "en") -> httpx.Client:
        """Return an HTTP client, signed in as `name` and past the reminder, in `language`."""
        client = httpx.Client(
            base_url=self.url, follow_redirects=True, timeout=30, headers={"Accept-Language": language}
        )
        if name:
            page = client.get("/account/login/")
            page = client.post(
                "/account/login/",
                data={
                    "login": name,
                    "password": self.password(name),
                    "csrfmiddlewaretoken": client.cookies["csrftoken"],
                },
                headers={"Referer": str(page.url)},
            )
            assert page.status_code == 200, page.text
            assert "/account/login" not in str(page.url), page.text
            acknowledge(client, page)
        return client

    def returning(self, name: str, *, language: str) -> httpx.Client:
        """Return an HTTP client of somebody who signed in before, or does now, and never signed out."""
        if name not in self.cookies:
            first = self.client(name)
            self.cookies[name] = {cookie.name: cookie.value or "" for cookie in first.cookies.jar}
            first.close()
        client = httpx.Client(base_url=self.url, follow_redirects=True, timeout=30)
        for key, value in (self.cookies[name] | {"django_language": language}).items():
            client.cookies.set(key, value, domain=client.base_url.host)
        return client

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `shoumi` verb against this installation."""
        return subprocess.run(
            [sys.executable, "-m", "shoumi.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def acknowledge(client: httpx.Client, page: httpx.Response) -> None:
    """Confirm the reminder of the duty of confidentiality if the page asks for it."""
    form = re.search(r'<form[^>]*action="([^"]*reminder[^"]*)"', page.text)
    if form:
        answer = post(client, form[1], {})
        assert answer.status_code == 200, answer.text


def post(client: httpx.Client, path: str, data: dict[str, object], **options: object) -> httpx.Response:
    """Post a form as a browser would, with token and referrer."""
    return client.post(
        path,
        data={**data, "csrfmiddlewaretoken": client.cookies["csrftoken"]},
        headers={"Referer": f"{client.base_url}{path}"},
        **options,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(
    data_directory: Path, *, database_url: str = "", demo: bool = True, **settings: str
) -> Iterator[Installation]:
    """Yield a running installation; stop it with Ctrl-C afterwards and insist that it ends cleanly."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SHOUMI_", "DJANGO_", "DATABASE_", "PYTEST_"))
    }
    environment |= {
        "SHOUMI_DATA_DIRECTORY": str(data_directory),
        "SHOUMI_PORT": str(port),
        "SHOUMI_PUBLIC_URL": url,
        **settings,
    }
    if database_url:
        environment["DATABASE_URL"] = database_url
    process = subprocess.Popen(
        [*IN_BACKGROUND, sys.executable, "-m", "shoumi.cli", "run", *(["--demo"] if demo else [])],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    installation = Installation(url, data_directory, process, environment)
    ready = threading.Event()

    def read() -> None:
        for line in process.stdout:
            installation.output.append(line.rstrip("\n"))
            if "Ctrl-C" in line:
                ready.set()
        ready.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert ready.wait(READY_SECONDS), "\n".join(installation.output)
        assert process.poll() is None, "\n".join(installation.output)
        yield installation
    finally:
        process.send_signal(signal.SIGINT)
        try:
            status = process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        reader.join(timeout=5)
    assert status == 0, "\n".join(installation.output)


@contextmanager
def fresh_database(cluster_url: str) -> Iterator[str]:
    """Yield the address of a new database in the cluster of `cluster_url`, or an empty one for SQLite."""
    if not cluster_url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"journey_{os.getpid()}_{int(time.monotonic() * 1000)}"
    with psycopg.connect(cluster_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(cluster_url)._replace(path=f"/{name}"))
    with psycopg.connect(cluster_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
