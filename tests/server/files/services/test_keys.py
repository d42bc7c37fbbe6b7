"""Rotating and destroying the key under which the keys of contents are wrapped."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shoumi.connectors.keys.keyfile import KeyFileMissingError
from shoumi.connectors.keys.port import CurrentKeyError, DestroyedKeyError, UnknownKeyError
from shoumi.server.accounts.services.keys import key_operations
from shoumi.server.files.models import ContentKey
from shoumi.server.files.services import content_keys_rotate, file_open, file_store, key_destroy
from shoumi.server.files.services.keys import KeyInUseError
from shoumi.server.files.storage.places import path_of
from shoumi.server.files.storage.vault import key_store
from shoumi.server.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


def kid() -> str:
    return key_store().facts()[-1].kid


def test_rotation_rewraps_every_key_and_touches_no_content(user, key_file):
    files = [file_store(actor=user, name="a", chunks=[b"content %d" % n]) for n in range(3)]
    before = [path_of(stored.key_id).read_bytes() for stored in files]
    rows = {row.pk: bytes(row.wrapped) for row in ContentKey.objects.all()}
    old = kid()
    assert content_keys_rotate(actor=user) == 3
    assert kid() != old
    for row in ContentKey.objects.all():
        assert row.kid == kid()
        assert bytes(row.wrapped) != rows[row.pk]
    assert [path_of(stored.key_id).read_bytes() for stored in files] == before
    assert [file_open(stored).read() for stored in files] == [b"content 0", b"content 1", b"content 2"]
    assert content_keys_rotate(actor=user) == 3


def test_a_destroyed_old_key_makes_a_copy_of_the_old_rows_worthless(user, key_file):
    stored = file_store(actor=user, name="a", chunks=[b"content"])
    stolen = ContentKey.objects.get()
    old = kid()
    content_keys_rotate(actor=user)
    key_destroy(actor=user, kid=old)
    assert file_open(stored).read() == b"content"
    stolen.save()
    with pytest.raises(DestroyedKeyError):
        file_open(stored)
    assert LedgerEntry.objects.filter(tag="files:key:destroyed", subject=f"key:{old}").count() == 1


def test_a_key_that_is_needed_is_not_destroyed(user, key_file):
    file_store(actor=user, name="a", chunks=[b"content"])
    old = kid()
    with pytest.raises(CurrentKeyError):
        key_destroy(actor=user, kid=old)
    key_store().rotate()  # a rotation that died before it rewrapped
    with pytest.raises(KeyInUseError, match="1 contents"):
        key_destroy(actor=user, kid=old)
    with pytest.raises(UnknownKeyError):
        key_destroy(actor=user, kid="kek-0")
    assert not LedgerEntry.objects.filter(tag="files:key:destroyed").exists()


def test_a_lost_key_file_is_not_replaced_by_a_new_one(user, key_file, settings):
    file_store(actor=user, name="a", chunks=[b"content"])
    settings.CONFIG = settings.CONFIG.model_copy(update={"key_file": key_file.with_name("lost.key")})
    with pytest.raises(KeyFileMissingError, match="restore it"):
        file_store(actor=user, name="b", chunks=[b"content"])
    assert not key_file.with_name("lost.key").exists()


@pytest.mark.parametrize("name", ["content-keys-rotate", "content-key-destroy"])
def test_both_are_offered_to_the_four_eyes_procedure(name):
    assert str(key_operations()[name].label)


def test_the_offered_operations_run(user, key_file):
    stored = file_store(actor=user, name="a", chunks=[b"content"])
    old = kid()
    key_operations()["content-keys-rotate"].run("")
    key_operations()["content-key-destroy"].run(old)
    assert file_open(stored).read() == b"content"
    assert [key.state for key in key_store().facts()] == ["destroyed", "current"]


def test_a_foreign_hand_finds_the_file_key_from_the_document_alone(user, key_file):
    """`docs/formats/stored-file.md`, "To read one", steps 1 to 4."""
    stored = file_store(actor=user, name="a", chunks=[b"content"])
    row = ContentKey.objects.get()
    keys = json.loads(key_file.read_bytes())["keys"]
    key_encryption_key = bytes.fromhex(next(key["key"] for key in keys if key["kid"] == row.kid))
    wrapped, bound = (
        bytes(row.wrapped),
        b"shoumi-keys/1\0" + row.kid.encode() + b"\0shoumi/content-key/" + row.id.bytes,
    )
    file_key = AESGCM(key_encryption_key).decrypt(wrapped[:12], wrapped[12:], bound)
    raw = path_of(row.id).read_bytes()
    assert (raw[16:32], raw[32:48]) == (stored.id.bytes, row.id.bytes)
    assert len(AESGCM(file_key).decrypt(raw[56:68], raw[68:116], raw[:56])) == 32
