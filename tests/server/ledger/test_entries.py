"""The bytes of an entry, written quickly, are those the engine writes; seals are HMAC-SHA256."""

from __future__ import annotations

import hmac
import json
from string import ascii_letters, ascii_lowercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.clock import format_time, parse_time
from shoumi.engine.evidence.entry import Entry, EntryShapeError, commit, parse_entry
from shoumi.server.ledger.entries import MAX_DETAILS, entry_draft, seal_of
from shoumi.server.ledger.tags import every_tag

IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}:[A-Za-z0-9._:-]{1,60}", fullmatch=True)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(), st.lists, max_leaves=5
)
TIME = "2026-03-01T09:00:00.000007Z"


@given(
    tag=st.sampled_from(every_tag()),
    actor=IDS,
    subject=IDS,
    detail=st.dictionaries(NAMES, VALUES, max_size=6),
)
def test_the_bytes_are_those_of_the_engine(tag, actor, subject, detail):
    draft = entry_draft(tag.value, actor=actor, subject=subject, time=TIME, detail=detail)
    commitments = {name: commit(json.loads(value), salt) for name, value, salt in draft.details}
    assert draft.body == Entry(parse_time(TIME), actor, tag.value, subject, commitments).to_bytes()
    assert {name: json.loads(value) for name, value, _ in draft.details} == detail
    assert parse_entry(draft.body).commitments == commitments


@pytest.mark.parametrize("tag", every_tag())
def test_every_tag_can_be_written(tag):
    body = entry_draft(tag.value, actor="system:x", subject="secret:1", time=TIME, detail={}).body
    assert format_time(parse_entry(body).time) == TIME


@given(st.text(max_size=140))
def test_whatever_the_log_may_not_keep_is_refused(text):
    plain = text.isascii() and not set(text) - set(ascii_letters + digits + "._:-")
    if not (plain and ":" in text):
        with pytest.raises(EntryShapeError):
            entry_draft("a:b:c", actor=text, subject="secret:1", time=TIME, detail={})
        with pytest.raises(EntryShapeError):
            entry_draft("a:b:c", actor="user:1", subject=text, time=TIME, detail={})
    if set(text) - set(ascii_lowercase + digits + "_") or not text:
        with pytest.raises(EntryShapeError):
            entry_draft("a:b:c", actor="user:1", subject="secret:1", time=TIME, detail={text: 1})


@pytest.mark.parametrize("identifier", ["user:" + "x" * 124, "user:1\n", ":1", "user:", "-x:1"])
def test_identifiers_at_the_limits_are_refused(identifier):
    with pytest.raises(EntryShapeError):
        entry_draft("a:b:c", actor=identifier, subject="secret:1", time=TIME, detail={})


def test_the_most_details_an_entry_can_have():
    detail = {f"{'n' * 60}{number}": number for number in range(MAX_DETAILS)}
    draft = entry_draft("a:b:c", actor="user:1", subject="secret:1", time=TIME, detail=detail)
    assert len(parse_entry(draft.body).commitments) == MAX_DETAILS
    with pytest.raises(EntryShapeError):
        entry_draft("a:b:c", actor="user:1", subject="secret:1", time=TIME, detail={**detail, "one_more": 1})


@given(st.integers(0, 2**63 - 1), st.binary(max_size=400), st.binary(min_size=32, max_size=32))
def test_the_seal_is_hmac_sha256(index, body, key):
    assert seal_of(index, body, key) == hmac.digest(key, index.to_bytes(8, "big") + body, "sha256")


def test_salts_are_fresh_and_values_are_stored_canonically():
    value = {"b": [1, "値"], "a": None}
    drafts = [
        entry_draft("a:b:c", actor="user:1", subject="secret:1", time=TIME, detail={"x": value, "y": value})
        for _ in range(3)
    ]
    salts = {salt for draft in drafts for _, _, salt in draft.details}
    assert len(salts) == 6
    assert {text for draft in drafts for _, text, _ in draft.details} == {canonical_bytes(value).decode()}
