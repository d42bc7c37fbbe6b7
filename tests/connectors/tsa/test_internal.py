"""The internal authority: keys made once and closed to others, stamps that openssl verifies too."""

from __future__ import annotations

import subprocess
import threading
from datetime import UTC, datetime, timedelta

import pytest

from shoumi.connectors.tsa.internal import AuthorityFilesError, OpenSSLAuthority, OpenSSLMissingError
from shoumi.engine.evidence.timestamp import TimestampAuthority, verify_token


@pytest.fixture
def authority(tmp_path):
    return OpenSSLAuthority(tmp_path / "tsa", name="示范 internal time-stamp")


def test_it_stamps_and_openssl_agrees(authority, tmp_path):
    port: TimestampAuthority = authority
    token = port.stamp(b"data")
    verify_token(token, b"data", port.certificates)
    assert port.kind == "internal"
    assert token.tsa_name == "CN=示范 internal time-stamp"
    assert abs(datetime.now(UTC) - token.time) < timedelta(minutes=1)
    (tmp_path / "reply").write_bytes(token.der)
    (tmp_path / "data").write_bytes(b"data")
    command = "openssl ts -verify -data data -in reply -CAfile tsa/ca.pem"
    assert subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)


def test_serial_numbers_differ(authority):
    assert len({authority.stamp(b"same").serial for _ in range(4)}) == 4


def test_keys_are_closed_to_others_and_made_once(authority, tmp_path):
    before = authority.certificates
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "tsa").iterdir()}
    assert modes["ca.key"] == modes["tsa.key"] == 0o600
    authority.prepare()
    assert OpenSSLAuthority(tmp_path / "tsa").certificates == before
    assert [path.name for path in tmp_path.iterdir()] == ["tsa"]


def test_two_that_start_together_end_up_with_the_same_keys(tmp_path):
    authorities = [OpenSSLAuthority(tmp_path / "tsa") for _ in range(4)]
    threads = [threading.Thread(target=each.prepare) for each in authorities]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.certificates for each in authorities}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["tsa"]


def test_open_keys_are_refused(authority, tmp_path):
    authority.prepare()
    (tmp_path / "tsa" / "tsa.key").chmod(0o640)
    with pytest.raises(AuthorityFilesError, match=r"tsa\.key"):
        authority.stamp(b"data")


def test_half_a_folder_is_refused_and_left_alone(authority, tmp_path):
    authority.prepare()
    (tmp_path / "tsa" / "tsa.pem").unlink()
    with pytest.raises(AuthorityFilesError, match=r"tsa\.pem missing"):
        authority.prepare()


def test_a_folder_with_other_things_in_it_is_left_alone(authority, tmp_path):
    (tmp_path / "tsa").mkdir()
    (tmp_path / "tsa" / "notes.txt").write_text("mine")
    with pytest.raises(AuthorityFilesError, match="not empty"):
        authority.prepare()
    assert [path.name for path in (tmp_path / "tsa").iterdir()] == ["notes.txt"]


def test_without_openssl_there_is_no_stamp(authority, monkeypatch):
    authority.prepare()
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(OpenSSLMissingError):
        authority.stamp(b"data")


def test_what_openssl_says_is_told(authority, tmp_path):
    authority.prepare()
    (tmp_path / "tsa" / "tsa.key").write_text("not a key")
    with pytest.raises(AuthorityFilesError, match="openssl says"):
        authority.stamp(b"data")
