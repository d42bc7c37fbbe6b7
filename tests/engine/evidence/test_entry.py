"""Ledger entries: one spelling, nothing but ids and commitments; commitments that hide and bind."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.evidence.entry import (
    MAX_ENTRY_BYTES,
    CommitmentMismatchError,
    Entry,
    EntryShapeError,
    commit,
    commit_bytes,
    parse_entry,
    verify_commitment,
)

TIME = datetime(2026, 3, 2, 1, 30, 0, 5, tzinfo=UTC)
HASH = "0f" * 32


def entry(**changes):
    values = {
        "time": TIME,
        "actor": "person-1",
        "tag": "register:secret:approved",
        "subject": "secret-9",
        "commitments": {"level": HASH},
    }
    return Entry(**{**values, **changes})


def test_the_bytes_are_these():
    assert entry().to_bytes() == (
        b'{"actor":"person-1","commitments":{"level":"' + HASH.encode() + b'"},"subject":"secret-9",'
        b'"tag":"register:secret:approved","time":"2026-03-02T01:30:00.000005Z","v":1}'
    )


@given(
    st.integers(0, 10**10).map(
        lambda seconds: TIME + timedelta(seconds=seconds, microseconds=seconds % 10**6)
    ),
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}", fullmatch=True),
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True), st.just(HASH), max_size=12),
)
def test_entries_read_back(time, actor, commitments):
    made = entry(time=time, actor=actor, commitments=commitments)
    assert parse_entry(made.to_bytes()) == made


def test_the_time_is_written_in_utc():
    shanghai = TIME.astimezone(timezone(timedelta(hours=8)))
    assert entry(time=shanghai).to_bytes() == entry().to_bytes()


def test_the_commitments_cannot_be_changed_afterwards():
    given_commitments = {"level": HASH}
    made = entry(commitments=given_commitments)
    given_commitments["level"] = "0" * 64
    assert made.commitments["level"] == HASH
    with pytest.raises(TypeError):
        made.commitments["x"] = HASH


@pytest.mark.parametrize(
    "changes",
    [
        {"time": TIME.replace(tzinfo=None)},
        {"tag": "register:secret"},
        {"tag": "register:secret:approved:twice"},
        {"tag": "Register:secret:approved"},
        {"tag": "register:secret:approved\n"},
        {"actor": ""},
        {"actor": "张三"},
        {"actor": "Zhang San"},
        {"actor": "a" * 129},
        {"subject": "a/b"},
        {"subject": "a@example.com"},
        {"commitments": {"Level": HASH}},
        {"commitments": {"level": "plain text"}},
        {"commitments": {"level": HASH.upper()}},
        {"commitments": {"level": HASH + "\n"}},
        {"version": 2},
    ],
    ids=str,
)
def test_names_and_plain_values_have_no_place(changes):
    with pytest.raises(EntryShapeError):
        entry(**changes)


def test_an_entry_fits_its_bundle():
    fitting = entry(commitments={f"c{number:063d}": HASH for number in range(480)})
    assert len(fitting.to_bytes()) <= MAX_ENTRY_BYTES
    with pytest.raises(EntryShapeError):
        entry(commitments={f"c{number:063d}": HASH for number in range(500)}).to_bytes()


FIELDS = json.loads(entry().to_bytes())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        json.dumps(FIELDS).encode(),
        entry().to_bytes() + b"\n",
        entry().to_bytes().replace(b'"v":1', b'"v":1.0'),
        entry().to_bytes().replace(b'"v":1', b'"v":true'),
        entry().to_bytes().replace(b"000005Z", b"000005+00:00"),
        entry().to_bytes().replace(b'"v":1', b'"v":1,"v":1'),
        json.dumps({**FIELDS, "extra": 1}, separators=(",", ":"), sort_keys=True).encode(),
        json.dumps({**FIELDS, "actor": 5}, separators=(",", ":"), sort_keys=True).encode(),
        json.dumps({**FIELDS, "commitments": []}, separators=(",", ":"), sort_keys=True).encode(),
        json.dumps({**FIELDS, "time": None}, separators=(",", ":"), sort_keys=True).encode(),
        b"[" * 100_000,
        b" " * 70_000,
    ],
    ids=range(16),
)
def test_other_bytes_are_refused(data):
    with pytest.raises(EntryShapeError):
        parse_entry(data)


def test_a_commitment_is_this_hash():
    salt = bytes(range(32))
    plain = b"\x00\x00\x00\x20" + salt + b'{"level":"core"}'
    assert commit({"level": "core"}, salt) == hashlib.sha256(plain).hexdigest()


def test_a_commitment_binds_value_and_salt():
    made = commit({"level": "core"}, b"s" * 32)
    verify_commitment({"level": "core"}, b"s" * 32, made)
    for value, salt in [({"level": "plain"}, b"s" * 32), ({"level": "core"}, b"t" * 32)]:
        with pytest.raises(CommitmentMismatchError):
            verify_commitment(value, salt, made)


def test_salt_and_value_cannot_trade_bytes():
    """Without the length before it, the salt's last byte could become the value's first."""
    assert commit_bytes(b"1", b"s" * 16 + b"2") != commit_bytes(b"21", b"s" * 16)


@pytest.mark.parametrize("length", [0, 8, 15])
def test_a_salt_that_could_be_guessed_is_refused(length):
    with pytest.raises(EntryShapeError):
        commit("core", bytes(length))
