"""Signed notes against the examples of the specification; every other spelling is refused."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.evidence import LOG, WITNESS, signer

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.notes import (
    NoteShapeError,
    NoteSignature,
    SignatureMismatchError,
    UnknownSignerError,
    VerifierKeyError,
    cosigned_message,
    find_signature,
    open_note,
    parse_note,
    parse_signature_line,
    parse_verifier_key,
    sign_note,
    sign_text,
    split_cosignature,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/c2sp/notes.json").read_bytes())


@pytest.mark.parametrize("case", VECTORS["notes"], ids=lambda case: case["source"])
def test_published_notes_open(case):
    key = parse_verifier_key(case["key"])
    assert str(key) == case["key"]
    note, verified = open_note(case["note"], [key])
    assert (note.text, verified) == (case["text"], (key,))


@pytest.mark.parametrize("case", VECTORS["shapes"], ids=lambda case: case["source"])
def test_published_shapes_read_back(case):
    note = parse_note(case["note"])
    assert (note.text, [line.name for line in note.signatures]) == (case["text"], case["names"])
    assert str(note) == case["note"]


def test_published_cosignature_message():
    case = VECTORS["cosignature"]
    seconds, signature = split_cosignature(parse_signature_line(case["line"]))
    assert (seconds, len(signature)) == (case["seconds"], 64)
    assert cosigned_message(case["text"], seconds).decode() == case["message"]


@pytest.mark.parametrize("case", VECTORS["times"], ids=lambda case: case["source"])
def test_published_cosignature_times(case):
    raw = base64.b64decode(case["base64"])
    assert split_cosignature(NoteSignature("w", raw[:4], raw[4:]))[0] == case["seconds"]


@pytest.mark.parametrize("text", [*VECTORS["bad_keys"], "", "++", "a b+530d903a+AA==", "é+1+" + "A" * 44])
def test_bad_verifier_keys(text):
    with pytest.raises(VerifierKeyError):
        parse_verifier_key(text)


NOTE = sign_note("first\n\nlast\n", LOG, signer("second.example.com"))
KEY = LOG.verifier_key


def test_openssl_agrees_with_our_signature(tmp_path):
    line = parse_note(NOTE).signatures[0]
    der = bytes.fromhex("302a300506032b6570032100") + KEY.public_key
    for name, content in {"key": der, "text": b"first\n\nlast\n", "signature": line.signature}.items():
        (tmp_path / name).write_bytes(content)
    command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature"
    assert subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_every_altered_byte_is_refused(position, flip):
    raw = bytearray(NOTE.encode())
    raw[position] ^= flip
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return
    second = signer("second.example.com").verifier_key
    try:
        note, verified = open_note(text, [KEY, second])
    except EvidenceError:
        return
    assert len(verified) < 2  # a name or key id was hit: that line is unknown now
    assert note.text == "first\n\nlast\n"


def test_keys_that_are_not_known_are_ignored_and_one_must_be_known():
    _, verified = open_note(NOTE, [WITNESS.verifier_key, KEY])
    assert verified == (KEY,)
    with pytest.raises(UnknownSignerError, match=WITNESS.verifier_key.name):
        open_note(NOTE, [WITNESS.verifier_key])
    with pytest.raises(UnknownSignerError):
        open_note(NOTE, [])


def test_a_known_key_with_a_wrong_signature_spoils_the_note():
    other = parse_note(sign_note("other\n", LOG)).signatures[0]
    note = f"first\n\nlast\n\n{other.line}"
    with pytest.raises(SignatureMismatchError):
        open_note(note, [KEY])
    both = NOTE + other.line
    with pytest.raises(SignatureMismatchError):
        open_note(both, [KEY])


def test_the_same_name_with_another_key_is_another_signer():
    impostor = parse_note(sign_note("first\n\nlast\n", signer("impostor"))).signatures[0]
    line = NoteSignature(KEY.name, impostor.key_id, impostor.signature)
    assert find_signature(parse_note(f"first\n\nlast\n\n{line.line}"), KEY) is None


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE + " ",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("first", "fir\tst"),
        NOTE.replace("\u2014 ledger", "- ledger"),
        NOTE.replace("\u2014 ledger", "\u2014  ledger"),
        NOTE.replace("=\n", "==\n", 1),
        "text\n\n\u2014 name QUJDRA==\n",
        "text\n\n\u2014 name QUJDRF==\n",
        "text\n\n" + "\u2014 name QUJDREVG\n" * 65,
        "x" * (1 << 21),
    ],
    ids=range(16),
)
def test_other_shapes_are_refused(note):
    with pytest.raises(NoteShapeError):
        parse_note(note)


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n"])
def test_other_texts_are_not_signed(text):
    with pytest.raises(NoteShapeError):
        sign_text(text, LOG)
