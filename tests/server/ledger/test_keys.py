"""Key files: made once with mode 0600, never made anew under a ledger that was signed with them."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from shoumi.server.ledger.keys import (
    LedgerKeyMissingError,
    LedgerKeyOpenError,
    LedgerKeyShapeError,
    _log_signer,
    _seal_key,
    read_or_make_key,
)


def never():
    return False


def test_a_key_is_made_with_mode_0600_in_a_closed_folder(tmp_path):
    path = tmp_path / "keys" / "some.key"
    made = read_or_make_key(path, lambda: "secret\n", used=never)
    assert (made, path.read_text()) == ("secret\n", "secret\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["some.key"]


def test_it_is_made_once(tmp_path):
    path = tmp_path / "some.key"
    numbers = iter(range(100))
    with ThreadPoolExecutor(8) as pool:
        read = list(
            pool.map(lambda _: read_or_make_key(path, lambda: f"{next(numbers)}", used=never), range(16))
        )
    assert set(read) == {path.read_text()}


def test_under_a_used_ledger_it_is_not_made_anew(tmp_path):
    with pytest.raises(LedgerKeyMissingError):
        read_or_make_key(tmp_path / "some.key", lambda: "x", used=lambda: True)
    assert not (tmp_path / "some.key").exists()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606, 0o620])
def test_a_key_open_to_others_is_refused(tmp_path, mode):
    path = tmp_path / "some.key"
    path.write_text("x")
    path.chmod(mode)
    with pytest.raises(LedgerKeyOpenError, match="chmod 600"):
        read_or_make_key(path, lambda: "x", used=never)


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "00" * 33, "00" * 32 + "x"])
def test_what_is_no_seal_key_is_refused(tmp_path, content):
    path = tmp_path / "keys" / "ledger-seal.key"
    path.parent.mkdir()
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(LedgerKeyShapeError):
        _seal_key(tmp_path)


@pytest.mark.parametrize("algorithm", ["", "RSA", "EC"])
def test_what_is_no_signing_key_is_refused(tmp_path, algorithm):
    path = tmp_path / "ledger-signing.key"
    path.write_text("")
    if algorithm:
        options = {"RSA": "rsa_keygen_bits:2048", "EC": "ec_paramgen_curve:P-256"}[algorithm]
        subprocess.run(
            ["openssl", "genpkey", "-algorithm", algorithm, "-pkeyopt", options, "-out", str(path)],
            check=True,
            capture_output=True,
        )
    path.chmod(0o600)
    with pytest.raises(LedgerKeyShapeError):
        _log_signer(path, "ledger.example.com")


def test_openssl_reads_the_signing_key(tmp_path, db):
    path = tmp_path / "ledger-signing.key"
    signer = _log_signer(path, "ledger.example.com")
    shown = subprocess.run(
        ["openssl", "pkey", "-in", str(path), "-pubout", "-outform", "DER"], check=True, capture_output=True
    )
    assert shown.stdout.endswith(signer.verifier_key.public_key)
