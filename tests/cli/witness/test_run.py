"""`shoumi witness` as a process: looking once, listening, stopping, and raising the alarm."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import urllib.request

import pytest
from tests.fakes.evidence import LOG, MemoryLedger
from tests.fakes.log_folder import served_folder, write_log

from shoumi.connectors.witness import WitnessClient
from shoumi.engine.evidence.log import consistency_proof
from shoumi.engine.evidence.notes import find_signature, parse_note, parse_signature_line, parse_verifier_key


@pytest.fixture
def ledger():
    ledger = MemoryLedger()
    ledger.fill(300)
    return ledger


@pytest.fixture
def files(tmp_path):
    return ["--key", str(tmp_path / "w" / "witness.key"), "--state", str(tmp_path / "w" / "state.json")]


def run(*arguments):
    command = [sys.executable, "-m", "shoumi.cli", "witness", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, text=True, timeout=60)


def key_of(tmp_path):
    return parse_verifier_key((tmp_path / "w" / "witness.key.pub").read_text().strip())


def test_looking_once_signs_what_grew(ledger, files, tmp_path):
    folder = tmp_path / "log"
    for size in (0, 5, 5, 257, 300):
        write_log(ledger, folder, size)
        done = run("--log-dir", folder, *files, "--once")
        assert done.returncode == 0, done.stderr
        note = parse_note(ledger.checkpoint(size) + done.stdout)
        assert find_signature(note, key_of(tmp_path)) is not None
    assert (tmp_path / "w" / "witness.key").stat().st_mode & 0o777 == 0o600


def test_looking_over_http(ledger, files, tmp_path):
    with served_folder(write_log(ledger, tmp_path / "log")) as url:
        done = run("--log-url", url, *files)
    assert done.returncode == 0, done.stderr
    parse_signature_line(done.stdout.strip())


def test_a_ledger_set_back_raises_the_alarm(ledger, files, tmp_path):
    folder = write_log(ledger, tmp_path / "log", 200)
    assert run("--log-dir", folder, *files).returncode == 0
    write_log(ledger, folder, 100)
    done = run("--log-dir", folder, *files)
    assert done.returncode == 1
    assert "ALARM" in done.stderr
    alarm = json.loads((tmp_path / "w" / "state.json.alarms").read_text())
    assert alarm["code"] == "evidence.rolled_back_ledger"
    assert "\n200\n" in alarm["seen"]
    assert "\n100\n" in alarm["shown"]


@pytest.mark.parametrize("size", [200, 260])
def test_a_rewritten_ledger_raises_the_alarm(ledger, files, tmp_path, size):
    folder = write_log(ledger, tmp_path / "log", 200)
    assert run("--log-dir", folder, *files).returncode == 0
    ledger.entries[150] = ledger.entries[151]
    write_log(ledger, folder, size)
    done = run("--log-dir", folder, *files)
    assert done.returncode == 1
    assert done.stderr.count("ALARM") == 1
    assert done.stdout == ""


def test_a_ledger_with_another_key_is_not_believed(ledger, files, tmp_path):
    folder = write_log(ledger, tmp_path / "log", 20)
    assert run("--log-dir", folder, *files).returncode == 0
    other = str(LOG.verifier_key).replace("demo", "other")
    done = run("--log-dir", folder, *files, "--log-key", other)
    assert done.returncode in {1, 2}


def test_no_ledger_yet(files, tmp_path):
    done = run("--log-dir", tmp_path / "log", *files)
    assert done.returncode == 6
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("options", [(), ("--listen", "nowhere"), ("--log-key", "nonsense")])
def test_options_that_do_not_fit(files, options):
    done = run(*files, *options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_listening_serves_the_ledger_and_stops_on_a_signal(ledger, files, tmp_path):
    folder = write_log(ledger, tmp_path / "log", 10)
    command = [
        sys.executable,
        "-m",
        "shoumi.cli",
        "witness",
        "--log-dir",
        folder,
        *files,
        "--listen",
        "127.0.0.1:0",
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        url = next(line for line in process.stderr if line.startswith("listening")).split()[-1]
        client = WitnessClient(f"http://{url}")
        key = client.verifier_key()
        assert key == key_of(tmp_path)
        old = 0
        for new in (10, 300):
            line = client.cosign(ledger.checkpoint(new), consistency_proof(old, new, ledger.nodes))
            assert line.is_by(key)
            old = new
        origin = hashlib.sha256(LOG.verifier_key.name.encode()).hexdigest()
        with urllib.request.urlopen(f"http://{url}/{origin}/checkpoint") as answer:
            note = parse_note(answer.read().decode())
        assert find_signature(note, key)
        assert find_signature(note, LOG.verifier_key)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_a_key_without_its_book_is_refused_and_a_book_without_a_key_is_not(ledger, files, tmp_path):
    folder = write_log(ledger, tmp_path / "log")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "state.json").write_text("{}")
    assert run("--log-dir", folder, *files).returncode == 0
    (tmp_path / "w" / "state.json").unlink()
    done = run("--log-dir", folder, *files)
    assert done.returncode == 5
    assert "begin anew" in done.stderr


def test_a_key_others_may_read_is_refused(ledger, files, tmp_path):
    folder = write_log(ledger, tmp_path / "log")
    assert run("--log-dir", folder, *files).returncode == 0
    (tmp_path / "w" / "witness.key").chmod(0o644)
    done = run("--log-dir", folder, *files)
    assert done.returncode == 5
    assert "chmod 600" in done.stderr
