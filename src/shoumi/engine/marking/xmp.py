"""The mark inside an XMP packet, as PDF and JPEG carry it.

Source: ISO 16684-1:2019 (XMP), 7.4 (one rdf:Description per namespace is allowed).  Ours is a
description of its own with simple properties as attributes, so that it can be cut out again without
touching the others.  A packet that is not sound UTF-8 is left as it is: the labels then stand in the
document information alone.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import quoteattr

from shoumi.engine.errors import ShoumiError
from shoumi.engine.marking.tags import applied, check, elements, emptied, filled, tags

NAMESPACE: Final = "urn:shoumi:mark:1"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_HEAD: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
_OURS: Final = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Shoumi">\n<rdf:RDF xmlns:rdf="%s">' % _RDF.encode()
)
_TAIL: Final = b'</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>'


def packet_with(packet: bytes, pairs: dict[str, str]) -> bytes:
    """Return `packet` (empty if there is none) with a description of ours that says `pairs`."""
    packet = packet_without(packet)
    values = "".join(f" shoumi:{key}={quoteattr(value)}" for key, value in pairs.items())
    new = (f'<rdf:Description xmlns:rdf="{_RDF}" xmlns:shoumi="{NAMESPACE}" rdf:about=""{values}/>').encode()
    if not packet:
        return _HEAD + _OURS + new + _TAIL
    if not _is_sound(packet):
        return packet
    found = next(iter(elements(packet, "RDF")), None)
    if found is None:
        return packet
    if found.is_empty:
        return applied(packet, [filled(packet, found, new)])
    return applied(packet, [(found.close.start, found.close.start, new)])


def packet_without(packet: bytes) -> bytes:
    """Return `packet` without our description; empty if it held nothing else and was made by us."""
    if NAMESPACE.encode() not in packet or not _is_sound(packet):
        return packet
    mine = [item for item in elements(packet, "Description") if _is_ours(item.open.attributes)]
    left = applied(packet, [(item.start, item.end, b"") for item in mine])
    left = applied(left, emptied(left, "RDF"))
    return b"" if left == _HEAD + _OURS + _TAIL else left


def pairs_in(packet: bytes) -> dict[str, str]:
    """Return what our description in `packet` says."""
    if NAMESPACE.encode() not in packet or not _is_sound(packet):
        return {}
    for tag in tags(packet, "Description"):
        facts = tag.attributes if tag.opens else {}
        if _is_ours(facts):
            return {key.split(":")[1]: text for key, text in facts.items() if key.startswith("shoumi:")}
    return {}


def _is_ours(facts: dict[str, str]) -> bool:
    return facts.get("xmlns:shoumi") == NAMESPACE


def _is_sound(packet: bytes) -> bool:
    try:
        check(packet.strip(b"\0 \r\n\t"), "XMP")
    except ShoumiError:
        return False
    return True
