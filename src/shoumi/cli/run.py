"""`shoumi run`: brings up a whole installation on one machine and takes it down again.

Prepares the database, starts the console, the worker and a witness as child processes, prints the
address, and stops them all on Ctrl-C.  For several machines run `worker` and `witness` by themselves.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shoumi.cli import speaking
from shoumi.engine.errors import ConfigurationError, UnavailableError
from shoumi.engine.jurisdiction.values import Texts

START_SECONDS = 60.0  # a console that has not answered by then will not
STOP_SECONDS = 10.0  # after that children are killed
_PREPARING = Texts("正在准备数据库……", "データベースを準備しています……", "Preparing the database ...")
_READY = Texts(
    "\n守秘已就绪：{address}\n", "\n守秘の準備ができました：{address}\n", "\nShoumi is ready: {address}\n"
)
_ACCOUNTS = Texts(
    "可用以下账户登录示范公司",
    "デモ会社には次のアカウントでサインインできます",
    "Sign in to the demonstration company as",
)
_STOP = Texts("按 Ctrl-C 停止。", "Ctrl-C で停止します。", "Ctrl-C stops it.")
_STOPPING = Texts("\n正在停止……", "\n停止しています……", "\nStopping ...")


class PortTakenError(ConfigurationError):
    """Another program listens where the console should."""

    code = "configuration.port_taken"
    message = "Port {port} on {host} is taken by another program; set SHOUMI_PORT to a free one."


class ChildStoppedError(UnavailableError):
    """One of the processes ended by itself."""

    code = "unavailable.child_stopped"
    message = "The {name} stopped by itself with status {status}; its messages stand above."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("--demo", action="store_true", help="load the demonstration company once")
    parser.add_argument("--threads", type=int, default=8, help="requests answered at a time (default 8)")


@dataclass(slots=True)
class Children:
    """The processes that make up the installation."""

    environment: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> None:
        """Start one process in a group of its own, so that Ctrl-C reaches it through us only."""
        self.processes[name] = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, "-m", *command], env=dict(self.environment), start_new_session=True
        )

    def raise_if_any_stopped(self) -> None:
        """Raise ChildStoppedError when a process has ended by itself."""
        for name, process in self.processes.items():
            status = process.poll()
            if status is not None:
                raise ChildStoppedError(name=name, status=status)

    def stop(self) -> None:
        """Ask every process to stop, wait, and kill what is left."""
        for process in reversed(self.processes.values()):
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.processes.values():
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def run(args: argparse.Namespace) -> int:
    """Run the installation until SIGINT or SIGTERM; return 0 after a clean stop.

    Raises:
        InvalidSettingsError: the configuration has faults.
        PortTakenError: another program listens on the port.
        ChildStoppedError: a process ended by itself.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoumi.server.project.settings")
    from shoumi.server.project.config import load_config

    config = load_config()
    _refuse_taken_port(config.host, config.port)
    config.data_directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    _say(_PREPARING)
    accounts = _prepare(demo=args.demo)

    witness_port = _free_port()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    children = Children(environment)
    for stop in (signal.SIGINT, signal.SIGTERM):  # a script's background job starts with SIGINT ignored
        signal.signal(stop, _interrupt)
    try:
        if not config.witness_url:
            children.environment = {**environment, "SHOUMI_WITNESS_URL": f"http://127.0.0.1:{witness_port}"}
            children.start(
                "witness", "shoumi.cli", "witness", *_witness_options(config.data_directory, witness_port)
            )
        children.start("worker", "shoumi.cli", "worker")
        children.start(
            "console",
            "gunicorn",
            "--worker-class",
            "gthread",
            "--threads",
            str(args.threads),
            "--bind",
            f"{config.host}:{config.port}",
            "--log-level",
            "warning",
            "--keep-alive",
            "75",  # longer than proxies and browsers keep a connection, so that they never meet a closed one
            "--graceful-timeout",
            "5",
            "--no-control-socket",
            "shoumi.server.project.wsgi:application",
        )
        _wait_for_answer(f"http://{config.host}:{config.port}/account/login/", children)
        _greet(config.public_url, accounts)
        while True:
            children.raise_if_any_stopped()
            time.sleep(0.5)
    except KeyboardInterrupt:
        _say(_STOPPING)
        return 0
    finally:
        children.stop()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _say(text: Texts, **fields: str) -> None:
    print(text.in_language(speaking.language()).format(**fields), flush=True)


def _prepare(*, demo: bool) -> list[tuple[str, str, str]]:
    """Bring database and static files up to date; return the demonstration accounts, if asked for."""
    import django

    django.setup()
    from django.core.management import call_command

    from shoumi.server.project.static_files import collect_when_changed

    call_command("migrate", verbosity=0, interactive=False)
    collect_when_changed()
    if not demo:
        return []
    from django.utils.translation import override

    from shoumi.server.project.demo import demonstration_load

    with override(speaking.tag()):
        return demonstration_load(report=lambda line: print(line, flush=True))


def _witness_options(data_directory: Path, port: int) -> list[str]:
    """Return the options of `shoumi witness` for the one that runs beside this installation."""
    home = data_directory / "witness"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [
        "--log-dir",
        str(data_directory / "ledger"),
        "--key",
        str(home / "witness.key"),
        "--state",
        str(home / "state.json"),
        "--listen",
        f"127.0.0.1:{port}",
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTakenError(host=host, port=port) from None


def _wait_for_answer(url: str, children: Children) -> None:
    """Return as soon as the console answers; raise if it never does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        children.raise_if_any_stopped()
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own console on loopback
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise ChildStoppedError(name="console", status=0)


def _greet(address: str, accounts: list[tuple[str, str, str]]) -> None:
    """Print where the console is and who can sign in to the demonstration company."""
    _say(_READY, address=address)
    if accounts:
        width = max(len(name) for name, _password, _who in accounts)
        _say(_ACCOUNTS)
        for name, password, who in accounts:
            print(f"  {name:<{width}}  {password}  {who}")
        print()
    _say(_STOP)
