"""The key file: what it protects, whom it refuses, and what a rotation and a destruction mean."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.clock import FixedClock
from tests.fakes.keys import FakeKeyStore

from shoumi.connectors.keys.document import KeyFileDamagedError, KeyPassphraseError, new_scrypt
from shoumi.connectors.keys.keyfile import (
    KeyFileExistsError,
    KeyFileMissingError,
    KeyFileOpenError,
    KeyFileOwnerError,
    KeyFileStore,
)
from shoumi.connectors.keys.port import (
    CurrentKeyError,
    DestroyedKeyError,
    KeyStore,
    UnknownKeyError,
    WrappedKey,
    WrappedKeyError,
)

CHEAP = 1 << 10
KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys" / "content.keys"


@pytest.fixture(params=["file", "passphrase", "fake"])
def store(request, path) -> KeyStore:
    if request.param == "fake":
        return FakeKeyStore()
    if request.param == "file":
        return KeyFileStore.create(path, clock=FixedClock())
    return KeyFileStore.create(path, "correct horse 守秘", scrypt=new_scrypt(CHEAP))


def test_a_wrapped_key_comes_back(store):
    wrapped = store.wrap(KEY, b"file:1")
    assert store.unwrap(wrapped, b"file:1") == KEY
    assert KEY not in wrapped.data
    assert store.wrap(KEY, b"file:1").data != wrapped.data


def test_a_wrapped_key_serves_no_other_record(store):
    wrapped = store.wrap(KEY, b"file:1")
    with pytest.raises(WrappedKeyError):
        store.unwrap(wrapped, b"file:2")


@given(position=st.integers(0, 59), bit=st.integers(0, 7))
def test_every_altered_bit_of_a_wrapped_key_is_noticed(position, bit):
    store = FakeKeyStore()
    wrapped = store.wrap(KEY, b"x")
    data = bytearray(wrapped.data)
    data[position] ^= 1 << bit
    with pytest.raises(WrappedKeyError):
        store.unwrap(WrappedKey(wrapped.kid, bytes(data)), b"x")


@pytest.mark.parametrize("length", [0, 1, 28, 59])
def test_a_cut_wrapped_key_is_refused(store, length):
    wrapped = store.wrap(KEY, b"x")
    with pytest.raises(WrappedKeyError):
        store.unwrap(WrappedKey(wrapped.kid, wrapped.data[:length]), b"x")


def test_after_a_rotation_the_old_key_unwraps_only(store):
    before = store.wrap(KEY, b"x")
    kid = store.rotate()
    assert kid != before.kid
    assert store.wrap(KEY, b"x").kid == kid
    assert store.unwrap(before, b"x") == KEY
    assert [key.state for key in store.facts()] == ["unwrap-only", "current"]


def test_a_destroyed_key_opens_nothing_for_ever(store):
    before = store.wrap(KEY, b"x")
    store.rotate()
    store.destroy(before.kid)
    with pytest.raises(DestroyedKeyError):
        store.unwrap(before, b"x")
    assert [key.state for key in store.facts()] == ["destroyed", "current"]


def test_the_current_key_cannot_be_destroyed(store):
    with pytest.raises(CurrentKeyError):
        store.destroy(store.facts()[-1].kid)


def test_a_key_of_another_store_is_named(store):
    with pytest.raises(UnknownKeyError, match="kek-0"):
        store.unwrap(WrappedKey("kek-0", bytes(60)), b"x")
    with pytest.raises(UnknownKeyError):
        store.destroy("kek-0")


def test_another_process_sees_the_rotation_and_the_destruction(path):
    first = KeyFileStore.create(path)
    second = KeyFileStore(path)
    wrapped = first.wrap(KEY, b"x")
    kid = second.rotate()
    assert first.wrap(KEY, b"x").kid == kid
    second.destroy(wrapped.kid)
    with pytest.raises(DestroyedKeyError):
        first.unwrap(wrapped, b"x")


def test_rotations_at_the_same_time_are_all_kept(path):
    KeyFileStore.create(path)
    stores = [KeyFileStore(path) for _ in range(8)]
    threads = [Thread(target=store.rotate) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [key.state for key in KeyFileStore(path).facts()]
    assert states == ["unwrap-only"] * 8 + ["current"]


def test_the_file_is_closed_to_others_even_under_a_loose_umask(path):
    code = (
        "import os, sys, pathlib; from shoumi.connectors.keys.keyfile import KeyFileStore;"
        "os.umask(0); KeyFileStore.create(pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o666])
def test_wider_permissions_are_refused_with_what_to_do(path, mode):
    KeyFileStore.create(path)
    path.chmod(mode)
    with pytest.raises(KeyFileOpenError, match=r"chmod 600 .*content\.keys"):
        KeyFileStore(path)


def test_permissions_that_become_wider_while_running_are_refused(path):
    store = KeyFileStore.create(path)
    path.chmod(0o644)
    with pytest.raises(KeyFileOpenError):
        store.wrap(KEY, b"x")


def test_a_folder_that_others_may_write_is_refused(path):
    KeyFileStore.create(path)
    path.parent.chmod(0o777)
    with pytest.raises(KeyFileOpenError, match="chmod 700"):
        KeyFileStore(path)


def test_a_link_in_place_of_the_file_is_refused(path, tmp_path):
    KeyFileStore.create(path)
    moved = tmp_path / "elsewhere"
    path.rename(moved)
    path.symlink_to(moved)
    with pytest.raises(KeyFileOwnerError):
        KeyFileStore(path)


def test_a_missing_file_is_not_made_anew(path):
    with pytest.raises(KeyFileMissingError):
        KeyFileStore(path)
    store = KeyFileStore.create(path)
    path.unlink()
    with pytest.raises(KeyFileMissingError):
        store.wrap(KEY, b"x")


def test_an_existing_file_is_not_overwritten(path):
    KeyFileStore.create(path)
    before = path.read_bytes()
    with pytest.raises(KeyFileExistsError):
        KeyFileStore.create(path)
    assert path.read_bytes() == before
    assert sorted(item.name for item in path.parent.iterdir()) == ["content.keys", "content.keys.lock"]


def test_the_passphrase_keeps_the_keys_out_of_the_file(path):
    KeyFileStore.create(path)
    plain = json.loads(path.read_text())["keys"][0]["key"]
    KeyFileStore(path).change_passphrase("a long passphrase", scrypt=new_scrypt(CHEAP))
    assert plain not in path.read_text()
    wrapped = KeyFileStore(path, "a long passphrase").wrap(KEY, b"x")
    for wrong in ("", "another passphrase"):
        with pytest.raises(KeyPassphraseError):
            KeyFileStore(path, wrong)
    store = KeyFileStore(path, "a long passphrase")
    store.change_passphrase("")
    assert KeyFileStore(path).unwrap(wrapped, b"x") == KEY


def test_a_passphrase_for_a_file_without_one_is_refused(path):
    KeyFileStore.create(path)
    with pytest.raises(KeyPassphraseError, match="has none"):
        KeyFileStore(path, "something")


def test_a_destroyed_key_is_overwritten_in_the_old_file(path):
    store = KeyFileStore.create(path)
    secret = json.loads(path.read_text())["keys"][0]["key"].encode()
    kid = store.facts()[0].kid
    store.rotate()
    with path.open("rb") as old:
        store.destroy(kid)
        assert secret not in old.read()
    assert secret not in path.read_bytes()


@pytest.mark.parametrize("protected", [False, True])
def test_every_altered_byte_of_the_file_is_noticed(path, protected):
    """Only the names of the states of keys may change places without a cryptographic check."""
    passphrase = "p" if protected else ""
    KeyFileStore.create(path, passphrase, scrypt=new_scrypt(2))
    sound = path.read_bytes()
    for position in range(len(sound) - 1):
        altered = bytearray(sound)
        altered[position] ^= 1
        path.write_bytes(altered)
        with pytest.raises((KeyFileDamagedError, KeyPassphraseError)):
            KeyFileStore(path, passphrase)


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format":"shoumi-keys/2"}'])
def test_what_is_no_key_file_is_refused(path, text):
    path.parent.mkdir(mode=0o700)
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(KeyFileDamagedError):
        KeyFileStore(path)


def test_a_crash_while_writing_leaves_the_old_file(path, monkeypatch):
    store = KeyFileStore.create(path)
    before = path.read_bytes()

    def fail(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        store.rotate()
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert len(store.facts()) == 1
    assert sorted(item.name for item in path.parent.iterdir()) == ["content.keys", "content.keys.lock"]
