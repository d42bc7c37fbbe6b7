"""Addresses of networks are found where they stand, and nowhere else."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.recognise import Recogniser
from shoumi.engine.inspection.values import Part, PartKind

PIECES = st.sampled_from(["1", "db8", "2001", "ffff", "0", "::", ":", "12345", "g", "std"])
WORDS = st.lists(PIECES, min_size=1, max_size=12).map("".join)


@pytest.fixture(scope="module")
def recogniser():
    return Recogniser.load(kinds=["world.ipv6"])


def found(recogniser, text):
    return [finding.text for finding in recogniser.findings([Part(PartKind.TEXT, text)])]


def is_address(word):
    """Whether `word` is one that names a place: of three groups or more, with a digit."""
    try:
        number = int(ipaddress.IPv6Address(word))
    except ValueError:
        return False
    groups = [group for group in word.split(":") if group]
    return number > 1 and len(groups) > 2 and any(sign.isdigit() for sign in word)


@given(st.lists(WORDS, max_size=8))
def test_of_words_of_groups_and_colons_the_addresses_are_found(recogniser, words):
    assert found(recogniser, " ".join(words)) == [word for word in words if is_address(word)]


@pytest.mark.parametrize(
    "text",
    ["2001:db8::8a2e:370:7334", "fe80::1:2ff:fe3a", "1:2:3:4:5:6:7:8", "::a1:2:3", "a1:2:3::", "1:2::3"],
)
def test_an_address_stands_alone_at_both_ends_of_a_text(recogniser, text):
    assert found(recogniser, text) == [text]
    assert found(recogniser, f"服务器{text}，") == [text]


@pytest.mark.parametrize("text", ["std::vector::size", "::", "::1", "a::b", "12:30:45", "1:::2:3", "x1:2::3"])
def test_what_only_looks_like_one_is_none(recogniser, text):
    assert not found(recogniser, text)
