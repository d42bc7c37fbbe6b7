"""Our description is added to a packet and cut out again; the others are not touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.foreign_files.pictures import XMP

from shoumi.engine.marking.xmp import packet_with, packet_without, pairs_in

PAIRS = st.dictionaries(
    st.sampled_from(["ShoumiTitle", "ShoumiLevel", "ShoumiMark"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30),
    min_size=1,
)
EMPTY_RDF = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'


@given(PAIRS, PAIRS, st.sampled_from([b"", XMP, EMPTY_RDF]))
def test_pairs_come_back_and_leave_no_trace(first, second, packet):
    with_first = packet_with(packet, first)
    assert pairs_in(with_first) == first
    again = packet_with(with_first, second)
    assert again == packet_with(packet, second)
    assert packet_without(again) == packet
    assert pairs_in(packet) == {}


def test_a_packet_that_is_not_sound_is_left_alone():
    for packet in (b"<x:xmpmeta>", XMP.decode().encode("utf-16")):
        assert packet_with(packet, {"ShoumiTitle": "x"}) == packet
        assert packet_without(packet) == packet
