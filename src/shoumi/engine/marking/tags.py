"""Finds the few tags of an XML part that a mark touches, by their place in the bytes.

A part is changed by cutting and inserting bytes, never by writing it anew: whatever a mark does not
touch stays as it was, down to the white space, and removal restores it. Source: XML 1.0, section 2.4 and
3.1.  Parts with a document type are refused (ECMA-376 part 2, 8.1.4 forbids them), so that entities
cannot be declared; only UTF-8 is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import unescape

from shoumi.engine.marking.errors import DamagedError, UnsupportedFeatureError

_SKIPPED: Final = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
_INSIDE: Final = rb"""((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)"""
_ATTRIBUTE: Final = re.compile(rb"""([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")
_FILLED: Final = frozenset({b" ", b"  "})
_ENTITIES: Final = {"&quot;": '"', "&apos;": "'"}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag as it stands in the bytes."""

    start: int
    end: int  # one behind `>`
    name: str  # without prefix
    prefix: str  # with its colon, or empty
    closes: bool  # `</name>` or `<name/>`
    opens: bool  # `<name>` or `<name/>`
    inside: bytes  # the attributes as written

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by their names as written, prefixes included."""
        found = _ATTRIBUTE.findall(self.inside)
        return {name.decode(): unescape(value[1:-1].decode(), _ENTITIES) for name, value in found}


@dataclass(frozen=True, slots=True)
class Element:
    """An element from the first to the last byte of its two tags."""

    open: Tag
    close: Tag  # the same tag if it is empty

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.open.start

    @property
    def end(self) -> int:
        """One behind its last byte."""
        return self.close.end

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written `<name/>`."""
        return self.open is self.close

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it, however it is written."""
        return self.open.end == self.close.start or self.is_empty_tag

    @property
    def was_empty(self) -> bool:
        """Whether `filled` put something into it."""
        return not self.is_empty_tag and self.close.inside in _FILLED


Edit = tuple[int, int, bytes]  # from, to, what stands there instead


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[bytes]:
    chosen = b"|".join(re.escape(name.encode()) for name in names) if names else rb"[^\s/>:]++"
    return re.compile(
        rb"(?:%s)|<(/?)((?:[^\s/>:<]++:)?)(%s)(?=[\s/>])%s>" % (_SKIPPED, chosen, _INSIDE), re.DOTALL
    )


def check(data: bytes, part: str) -> None:
    """Return if `data` is well-formed XML in UTF-8 without a document type.

    Raises:
        DamagedError: it is not well formed.
        UnsupportedFeatureError: another encoding, or a document type.
    """
    parser = expat.ParserCreate(namespace_separator="|")

    def refuse(*_arguments: object) -> None:
        raise UnsupportedFeatureError(reason=f"{part} has a document type")

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() not in {"utf-8", "utf8", "us-ascii", "ascii"}:
            raise UnsupportedFeatureError(reason=f"{part} is not in UTF-8")

    parser.StartDoctypeDeclHandler = refuse
    parser.XmlDeclHandler = declared
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise UnsupportedFeatureError(reason=f"{part} is not in UTF-8")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise DamagedError(reason=f"{part} is not well formed") from error


def tags(data: bytes, *names: str, start: int = 0, end: int | None = None) -> Iterator[Tag]:
    """Yield the tags with one of `names` (all if none is given) in their order; `data` was checked."""
    for match in _pattern(names).finditer(data, start, len(data) if end is None else end):
        if match[3] is None:
            continue
        inside, closing = match[4], bool(match[1])
        empty = inside.endswith(b"/")
        yield Tag(
            match.start(), match.end(), match[3].decode(), match[2].decode(), closing or empty, not closing,
            inside.removesuffix(b"/"),
        )  # fmt: skip


def elements(data: bytes, *names: str, start: int = 0, end: int | None = None) -> Iterator[Element]:
    """Yield the elements with one of `names`, inner ones before the outer ones that hold them."""
    open_tags: list[Tag] = []
    for tag in tags(data, *names, start=start, end=end):
        if tag.opens and tag.closes:
            yield Element(tag, tag)
        elif tag.opens:
            open_tags.append(tag)
        elif open_tags:
            yield Element(open_tags.pop(), tag)


def children(data: bytes, start: int, end: int) -> Iterator[Element]:
    """Yield the elements that stand directly between `start` and `end`."""
    depth, first = 0, None
    for tag in tags(data, start=start, end=end):
        if tag.opens and tag.closes:
            if not depth:
                yield Element(tag, tag)
        elif tag.opens:
            first = tag if not depth else first
            depth += 1
        else:
            depth -= 1
            if not depth and first:
                yield Element(first, tag)


def root_of(data: bytes, part: str) -> Tag:
    """Return the opening tag of the root; its attributes hold the namespaces.

    Raises:
        DamagedError: there is none.
    """
    first = next(tags(data), None)
    if first is None:
        raise DamagedError(reason=f"{part} is empty")
    return first


def namespace_of(root: Tag) -> str:
    """Return the namespace of the root element itself."""
    name = f"xmlns:{root.prefix[:-1]}" if root.prefix else "xmlns"
    return root.attributes.get(name, "")


def text_of(data: bytes, element: Element) -> str:
    """Return the characters of an element without children."""
    return unescape(data[element.open.end : element.close.start].decode(), _ENTITIES)


def filled(data: bytes, element: Element, new: bytes) -> Edit:
    """Return the edit that puts `new` into an empty element.

    The end tag gets white space before its `>`, by which `emptied` restores it: one space if it was
    `<name/>`, two if it was `<name></name>`.
    """
    tag = element.open
    head = data[tag.start : tag.end].removesuffix(b"/>").removesuffix(b">")
    space = b" " if element.is_empty_tag else b"  "
    return element.start, element.end, b"%s>%s</%s%s>" % (head, new, (tag.prefix + tag.name).encode(), space)


def emptied(data: bytes, *names: str, start: int = 0) -> list[Edit]:
    """Return the edits that restore what `filled` put something into and that is empty now."""
    edits = []
    for item in elements(data, *names, start=start):
        if item.was_empty and item.is_empty:
            name = (item.open.prefix + item.open.name).encode()
            old = b"/>" if item.close.inside == b" " else b"></%s>" % name
            edits.append((item.open.end - 1, item.end, old))
    return edits


def appended(data: bytes, root: Tag, new: bytes) -> Edit:
    """Return the edit that adds `new` at the end of the root element."""
    if root.closes:
        return filled(data, Element(root, root), new)
    at = data.rindex(b"</")
    return at, at, new


def applied(data: bytes, edits: Sequence[Edit]) -> bytes:
    """Return `data` with `edits`, which do not overlap, carried out; those at one place in their order."""
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [data[at:start], new]
        at = end
    return b"".join([*pieces, data[at:]])
