"""Checkpoints and cosignatures: one spelling, the right key, the right ledger, the right time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.evidence import LOG, ORIGIN, OTHER_WITNESS, WITNESS, signer

from shoumi.engine.evidence.checkpoint import (
    Checkpoint,
    CheckpointShapeError,
    OriginMismatchError,
    add_signatures,
    cosign,
    open_checkpoint,
    parse_checkpoint,
    read_cosignatures,
    sign_checkpoint,
    stamped_bytes,
)
from shoumi.engine.evidence.notes import (
    NoteShapeError,
    SignatureMismatchError,
    UnknownSignerError,
    parse_note,
    sign_note,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(range(32)))
NOTE = sign_checkpoint(CHECKPOINT, LOG)


def test_published_checkpoint():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = parse_checkpoint(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == text


@given(
    st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(st.sampled_from(["a", "b c"]))
)
def test_checkpoints_read_back(size, root, extensions):
    checkpoint = Checkpoint("example.com/log", size, root, tuple(extensions))
    assert parse_checkpoint(checkpoint.text) == checkpoint


ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"o\n1\n{ROOT}",
        f"o\n01\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n1 \n{ROOT}\n",
        f"o\n٣\n{ROOT}\n",
        f"o\n9223372036854775808\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        f"o\n1\n{ROOT}\n\n",
        f"o\n1\n{ROOT[:-1]}\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "o\n1\nAAAA\n",
        f"o\n1\n {ROOT}\n",
        "o\n1\n",
    ],
)
def test_other_spellings_are_refused(text):
    with pytest.raises(CheckpointShapeError):
        parse_checkpoint(text)


def test_only_the_ledgers_key_opens_its_checkpoint():
    assert open_checkpoint(NOTE, LOG.verifier_key) == CHECKPOINT
    with pytest.raises(UnknownSignerError):
        open_checkpoint(NOTE, signer("other.example.com").verifier_key)
    with pytest.raises(SignatureMismatchError):
        open_checkpoint(NOTE.replace("\n7\n", "\n8\n"), LOG.verifier_key)


def test_a_key_signs_for_its_own_ledger_only():
    foreign = Checkpoint("other.example.com/log", 7, bytes(32))
    with pytest.raises(OriginMismatchError):
        sign_checkpoint(foreign, LOG)
    with pytest.raises(OriginMismatchError):
        open_checkpoint(sign_note(foreign.text, LOG), LOG.verifier_key)


def test_cosignatures_carry_their_times():
    lines = [cosign(NOTE, WITNESS, NOON), cosign(NOTE, OTHER_WITNESS, NOON + timedelta(seconds=90))]
    note = add_signatures(NOTE, lines)
    found = read_cosignatures(parse_note(note), [OTHER_WITNESS.verifier_key, WITNESS.verifier_key])
    assert [each.time for each in found] == [NOON + timedelta(seconds=90), NOON]
    assert open_checkpoint(note, LOG.verifier_key) == CHECKPOINT
    assert add_signatures(note, lines) == note


def test_a_moved_cosignature_does_not_hold():
    line = cosign(NOTE, WITNESS, NOON)
    other = sign_checkpoint(Checkpoint(ORIGIN, 8, bytes(32)), LOG)
    with pytest.raises(SignatureMismatchError):
        read_cosignatures(parse_note(add_signatures(other, [line])), [WITNESS.verifier_key])


def test_the_time_of_a_cosignature_is_signed():
    line = cosign(NOTE, WITNESS, NOON)
    later = type(line)(line.name, line.key_id, (1).to_bytes(8, "big") + line.signature[8:])
    with pytest.raises(SignatureMismatchError):
        read_cosignatures(parse_note(add_signatures(NOTE, [later])), [WITNESS.verifier_key])


def test_a_ledger_key_does_not_cosign_and_a_note_that_is_no_checkpoint_is_not_cosigned():
    with pytest.raises(CheckpointShapeError):
        cosign(NOTE, LOG, NOON)
    with pytest.raises(CheckpointShapeError):
        cosign(sign_note("hello\n", LOG), WITNESS, NOON)


def test_what_is_stamped_does_not_depend_on_cosignatures():
    note = add_signatures(NOTE, [cosign(NOTE, WITNESS, NOON)])
    assert stamped_bytes(note) == stamped_bytes(NOTE) == NOTE.encode()
    with pytest.raises(NoteShapeError):
        stamped_bytes("nothing\n")


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("", 1, bytes(32)), ("o", -1, bytes(32)), ("o", 1, bytes(31)), ("a\nb", 1, bytes(32))],
)
def test_no_such_checkpoints(origin, size, root):
    with pytest.raises(CheckpointShapeError):
        Checkpoint(origin, size, root)
