"""Cutting and inserting leaves every other byte alone, and what was filled can be emptied again."""

from __future__ import annotations

from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.marking.errors import DamagedError, UnsupportedFeatureError
from shoumi.engine.marking.tags import (
    applied,
    check,
    children,
    elements,
    emptied,
    filled,
    root_of,
    tags,
    text_of,
)

NAMES = st.sampled_from(["p", "sectPr", "r", "x-y", "tbl"])
PREFIXES = st.sampled_from(["", "w:", "a:"])
TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"), max_size=8
)
NOISE = st.sampled_from(["", "<!-- <p> -->", "<![CDATA[</p><p>]]>", "<?pi <p> ?>", " \n"])


@st.composite
def trees(draw, depth=3):
    """Return a well-formed element as text, with things in it that look like tags and are none."""
    name = draw(PREFIXES) + draw(NAMES)
    attributes = draw(st.dictionaries(st.sampled_from(["id", "w:val", "t"]), TEXT, max_size=2))
    spelled = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    if draw(st.booleans()) or depth == 0:
        return draw(st.sampled_from([f"<{name}{spelled}/>", f"<{name}{spelled}></{name}>"]))
    inner = [
        draw(NOISE) + escape(draw(TEXT)) + draw(trees(depth=depth - 1))
        for _ in range(draw(st.integers(0, 3)))
    ]
    return f"<{name}{spelled}>{''.join(inner)}</{name}>"


@st.composite
def documents(draw):
    return f'<root xmlns:w="urn:w" xmlns:a="urn:a">{draw(trees())}{draw(trees())}</root>'.encode()


@given(documents(), NAMES)
def test_the_scanner_sees_what_a_parser_sees(data, name):
    check(data, "part")
    found = list(elements(data, name))
    wanted = [item for item in ET.fromstring(data).iter() if item.tag.rsplit("}")[-1] == name]  # noqa: S314 - ours
    assert len(found) == len(wanted)
    by_place = sorted(found, key=lambda item: item.start)
    for mine, theirs in zip(by_place, wanted, strict=True):
        plain = {key.rsplit(":", 1)[-1]: value for key, value in mine.open.attributes.items()}
        assert plain == {key.rsplit("}")[-1]: value for key, value in theirs.attrib.items()}
        inner = [item.open.name for item in children(data, mine.open.end, mine.close.start)]
        assert inner == [item.tag.rsplit("}")[-1] for item in theirs]


@given(documents(), NAMES)
def test_what_is_filled_is_well_formed_and_comes_back_byte_for_byte(data, name):
    empty = [item for item in elements(data, name) if item.is_empty]
    changed = applied(data, [filled(data, item, b"<new>x</new>") for item in empty])
    check(changed, "part")
    assert len(list(elements(changed, "new"))) == len(empty)
    cut = applied(changed, [(item.start, item.end, b"") for item in elements(changed, "new")])
    assert applied(cut, emptied(cut, name)) == data


@given(documents(), st.lists(st.tuples(st.integers(0, 40), st.binary(max_size=4)), max_size=5))
def test_insertions_can_be_cut_again(data, insertions):
    edits = [(at, at, new) for at, new in insertions]
    changed = applied(data, edits)
    assert len(changed) == len(data) + sum(len(new) for _, new in insertions)
    for at, new in sorted(insertions, key=lambda item: item[0], reverse=False):
        changed = changed[:at] + changed[at + len(new) :]
    assert changed == data


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"<a><b></a>", DamagedError),
        (b"", DamagedError),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', UnsupportedFeatureError),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', UnsupportedFeatureError),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), UnsupportedFeatureError),
        (b'<?xml version="1.0" encoding="GB2312"?><a/>', UnsupportedFeatureError),
        (b"<a>\xff</a>", DamagedError),
    ],
)
def test_other_encodings_entities_and_broken_parts_are_refused(data, error):
    with pytest.raises(error):
        check(data, "part")


def test_text_and_attributes_are_unescaped():
    data = b"<a b='1 &lt; 2 &quot;x&quot;'>x &amp; y</a>"
    (element,) = elements(data, "a")
    assert text_of(data, element) == "x & y"
    assert element.open.attributes == {"b": '1 < 2 "x"'}
    assert root_of(data, "part").name == "a"
    assert [tag.closes for tag in tags(data)] == [False, True]
