"""Files that a program encrypted are told as encrypted, with the program; noise is never read as text."""

from __future__ import annotations

import random
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.extract.ciphers import encrypted_by
from shoumi.engine.inspection.values import Reason

NOISE = random.Random(3).randbytes(4096)  # noqa: S311 - test data
ARMOUR = "-----BEGIN PGP MESSAGE-----\nVersion: 2\n\nhQEMA5Vb7hYxPq0aAQf+KTpS\n-----END PGP MESSAGE-----\n"
KEY = b"\x03" + bytes(8) + b"\x01" + NOISE[:253]  # 263 bytes: a session key for a holder of an RSA key
PASSWORD = b"\x04\x09\x03\x08" + NOISE[:9]
SEALED_DATA = b"\xd2\xff" + len(NOISE).to_bytes(4, "big") + NOISE


def openssl(*words, stdin=b"a plan\n", folder=None):
    run = subprocess.run(["openssl", *words], input=stdin, capture_output=True, check=True, cwd=folder)
    return run.stdout


def packet(tag: int, body: bytes) -> dict[str, bytes]:
    """Return a packet of OpenPGP with each form of its head that holds its length."""
    size = len(body)
    short = bytes((size,)) if size < 192 else bytes(((size - 192 >> 8) + 192, size - 192 & 255))
    return {
        "new": bytes((0xC0 | tag,)) + short + body,
        "new, five bytes": bytes((0xC0 | tag, 255)) + size.to_bytes(4, "big") + body,
        "old, two bytes": bytes((0x81 | tag << 2,)) + size.to_bytes(2, "big") + body,
        "old, four bytes": bytes((0x82 | tag << 2,)) + size.to_bytes(4, "big") + body,
    }


MESSAGES = {
    f"{name}, {form}": first + SEALED_DATA
    for name, tag, body in (("key", 1, KEY), ("password", 3, PASSWORD))
    for form, first in packet(tag, body).items()
}
BEGINNINGS = {
    "TSD": b"%TSD-Header-###%" + NOISE,
    "E-SafeNet": b"\x62\x14\x23\x65" + NOISE,
    "age": b"age-encryption.org/v1\n-> X25519 abc\n" + NOISE,
    "OpenPGP": ARMOUR.encode(),
    "LUKS": b"LUKS\xba\xbe\0\2" + NOISE,
    "KeePass": bytes.fromhex("03d9a29a67fb4bb5") + NOISE,
    "Microsoft Rights Management": bytes.fromhex("76e80460c411e386") + NOISE,
    "Ansible Vault": b"$ANSIBLE_VAULT;1.1;AES256\n3033\n",
}


@pytest.mark.parametrize("program", BEGINNINGS)
@pytest.mark.parametrize("name", ["plan.docx", "plan.txt", "plan", "plan.pdf"])
def test_a_file_is_told_as_encrypted_whatever_it_is_called(program, name):
    read = extract(BEGINNINGS[program], name)
    assert [(each.reason, each.detail) for each in read.unreadable] == [
        (Reason.ENCRYPTED, f"encrypted by {program}")
    ]
    assert [part.text for part in read.parts] == [name]


@pytest.mark.parametrize("form", MESSAGES)
def test_a_message_of_openpgp_is_told_in_each_form(form):
    assert encrypted_by(MESSAGES[form]) == "OpenPGP"


@pytest.mark.parametrize(
    "content",
    [
        packet(1, KEY)["new"],  # nothing behind it
        packet(1, b"\x07" + KEY[1:])["new"] + SEALED_DATA,  # no such version
        packet(2, KEY)["new"] + SEALED_DATA,  # a signature
        packet(1, KEY)["new"] + b"plain words",
        b"E-SafeNet puts its name and LOCK into files.\n",
        b"Salted peanuts",
        NOISE,
        b"",
    ],
)
def test_what_only_looks_like_it_is_not(content):
    assert encrypted_by(content) == ""


@given(st.binary(max_size=64))
def test_any_bytes_have_an_answer(content):
    assert isinstance(encrypted_by(content), str)


def test_what_openssl_encrypts_is_told(tmp_path):
    made = openssl("enc", "-aes-256-cbc", "-pbkdf2", "-k", "x")
    assert encrypted_by(made) == "OpenSSL"
    words = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -subj /CN=x -days 2"
    openssl(*words.split(), folder=tmp_path)
    for further in ([], ["-aes-256-gcm"], ["-stream"]):
        words = ["cms", "-encrypt", *further, "-outform", "DER", "certificate.pem"]
        assert encrypted_by(openssl(*words, folder=tmp_path)) == "CMS"
    words = [
        "cms",
        "-sign",
        "-nodetach",
        "-outform",
        "DER",
        "-signer",
        "certificate.pem",
        "-inkey",
        "key.pem",
    ]
    assert encrypted_by(openssl(*words, folder=tmp_path)) == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("note.rtf", rf"{{\rtf1 \u20170?\u22825?\par {ARMOUR.replace(chr(10), chr(92) + 'par ')}}}".encode()),
        ("note.txt", f"今天的消息：\n{ARMOUR}再见\n".encode()),
        ("note.eml", f"From: a@example.com\nSubject: x\n\n今天\n{ARMOUR}".encode()),
    ],
)
def test_a_message_within_a_text_is_told_and_the_text_read(name, content):
    read = extract(content, name)
    assert [(each.reason, each.detail) for each in read.unreadable] == [
        (Reason.ENCRYPTED, "an encrypted message in a text")
    ]
    assert any("今天" in part.text for part in read.parts)


def test_words_about_such_messages_are_text():
    read = extract(b"It begins with\n-----BEGIN PGP MESSAGE-----\nand ends.\n", "manual.txt")
    assert read.unreadable == ()


@pytest.mark.parametrize("name", ["a.txt", "a.log", "a.md", "a.html", "a.xml"])
def test_noise_is_not_read_as_the_text_that_its_name_says(name):
    (closed,) = extract(NOISE, name).unreadable
    assert closed.reason == Reason.UNKNOWN


@pytest.mark.parametrize("name", ["a.log", "a.log.1", "a"])
def test_a_log_with_some_zeros_is_read_as_text(name):
    read = extract(b"started\n" * 80 + bytes(3) + b"stopped\n" * 80, name)
    assert read.unreadable == ()
    assert any("stopped" in part.text for part in read.parts)
