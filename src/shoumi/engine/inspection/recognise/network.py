"""Finds mail addresses and the addresses of networks and their devices.

Sources: RFC 5321 and RFC 1035 (forms of mail addresses and names; the quoted forms are left out), RFC 791,
RFC 4291 section 2.2, IEEE 802 (48-bit addresses).  Whether an address exists is not asked.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final

import numpy as np

from shoumi.engine.inspection.normalise import Places, true_places
from shoumi.engine.inspection.recognise.codes import Digits, Spans
from shoumi.engine.inspection.recognise.letters import Bools
from shoumi.engine.inspection.recognise.stretch import DIGIT, FLAGS, LETTER, WORD, Stretch

_LONGEST: Final = 72  # characters beside the sign
_WIDTHS: Final = (16, 32, _LONGEST)  # most are short
_ENDINGS: Final = 24
_NO_ENDINGS: Final = frozenset(
    b"service socket timer mount target slice path device scope local localdomain internal invalid png jpg "
    b"jpeg gif svg html php js css py txt conf".split()
)
_PRIME: Final = np.uint64(1_000_003)
_OCTETS: Final = 4
_IS_LETTER: Final = (FLAGS & LETTER) > 0
_IN_LOCAL: Final = ((FLAGS & WORD) > 0) | np.isin(np.arange(256), list(b"._%+-"))
_IN_DOMAIN: Final = ((FLAGS & WORD) > 0) | np.isin(np.arange(256), list(b".-"))
_IS_JOINT: Final = np.isin(np.arange(256), list(b":-"))
_HEXADECIMAL: Final = np.isin(np.arange(256), list(b"0123456789abcdefABCDEF"))
_IPV6: Final = re.compile(rb"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:])")
_LONGEST_IPV6: Final = 40
_PAIR: Final = 3  # of hexadecimal digits, and the sign behind it
_NONE: Final = np.zeros(0, np.int64)


def find_emails(stretch: Stretch) -> Spans:
    """Return where mail addresses stand."""
    signs = stretch.places_of("@")
    if not len(signs):
        return signs, signs
    length = _extent(stretch, signs, ~_IN_LOCAL, before=True)
    starts = signs - length
    for _step in range(2):  # signs before a name do not belong to it
        starts += ((stretch.flags_at(starts) & WORD) == 0) & (starts < signs)
    good = (starts < signs) & (length < _LONGEST) & ((stretch.flags_at(signs - 1) & WORD) > 0)
    signs, starts = signs[good], starts[good]
    length = _extent(stretch, signs, ~_IN_DOMAIN)
    for _step in range(2):  # a full stop ends the sentence
        length -= (length > 0) & ((stretch.flags_at(signs + length) & WORD) == 0)
    width = int(length.max(initial=1))
    domain = np.asfortranarray(stretch.rows(signs + 1, width))  # columns lie together: steps go over all
    inside = (np.arange(width)[:, None] < length).T
    dots = (domain == ord(".")) & inside
    last = (dots * np.arange(width, dtype=np.uint8)).max(axis=1, initial=0).astype(np.int64)
    ending = length - last - 1
    behind = (np.arange(width)[:, None] > last).T & inside
    pure = ~(behind & ~_IS_LETTER.take(domain.T).T).any(axis=1)
    doubled = (dots[:, 1:] & dots[:, :-1]).any(axis=1)
    good = (last > 0) & ~doubled & (ending >= 2) & (ending <= _ENDINGS) & pure  # noqa: PLR2004
    good &= length < _LONGEST
    good[good] = _is_ending(stretch, signs[good] + last[good] + 2, ending[good])
    return starts[good], signs[good] + 1 + length[good]


def _extent(stretch: Stretch, signs: Places, table: Bools, *, before: bool = False) -> Places:
    """Return how many characters stand beside each sign until one of `table`, `_LONGEST` at most."""
    length = np.full(len(signs), _LONGEST)
    open_ = np.arange(len(signs))
    for width in _WIDTHS:
        rows = stretch.rows(signs[open_] + (-width if before else 1), width)
        outside = table.take(rows[:, ::-1] if before else rows)
        first = np.argmax(outside, axis=1)
        found = outside[np.arange(len(first)), first]
        length[open_[found]] = first[found]
        open_ = open_[~found]
        if not len(open_):
            break
    return length


def _is_ending(stretch: Stretch, starts: Places, lengths: Places) -> Bools:
    names = np.zeros(len(starts), np.uint64)
    for place in range(int(lengths.max(initial=0))):
        letter = stretch.at(starts + place).astype(np.uint64) | np.uint64(32)
        names = np.where(place < lengths, names * _PRIME + letter, names)
    return np.asarray(~np.isin(names, _NO_NAMES))


def _named(text: bytes) -> int:
    """Return the number that `_is_ending` makes of a name."""
    number = 0
    for letter in text:
        number = (number * int(_PRIME) + (letter | 32)) % (1 << 64)
    return number


_NO_NAMES: Final = np.array([_named(name) for name in sorted(_NO_ENDINGS)], np.uint64)


def find_ipv4(digits: Digits) -> Spans:
    """Return where addresses of four numbers stand; those of version numbers look the same."""
    stretch, runs = digits.stretch, digits.runs
    if len(runs.starts) < _OCTETS:
        return _NONE, _NONE
    lengths = runs.lengths
    dotted = (runs.behind[:-1] == ord(".")) & (runs.starts[1:] - runs.ends[:-1] == 1)
    first = (dotted[:-2] & dotted[1:-1] & dotted[2:]).nonzero()[0]
    short = lengths <= 3  # noqa: PLR2004 - digits of 255
    if not len(first):
        return _NONE, _NONE
    first = first[short[first] & short[first + 1] & short[first + 2] & short[first + 3]]
    starts, ends = runs.starts[first], runs.ends[first + 3]
    good = np.ones(len(first), np.bool_)
    for step in range(_OCTETS):
        start, length = runs.starts[first + step], lengths[first + step]
        value = np.zeros(len(first), np.int64)
        for place in range(3):
            figure = stretch.at(start + place).astype(np.int64) - ord("0")
            value = np.where(place < length, value * 10 + figure, value)
        good &= (value <= 255) & ((length == 1) | (stretch.at(start) != ord("0")))  # noqa: PLR2004
        if step == 0:
            good &= (value > 0) & (value < 224)  # noqa: PLR2004 - multicast and netmasks are nobody's
    before, behind = stretch.at(starts - 1), stretch.at(ends)
    good &= ((FLAGS[before] & WORD) == 0) & (before != ord(".")) & ((FLAGS[behind] & WORD) == 0)
    good &= ~((behind == ord(".")) & ((stretch.flags_at(ends + 1) & DIGIT) > 0))
    good &= ~(((before == ord("-")) | (before == ord("_"))) & ((stretch.flags_at(starts - 2) & WORD) > 0))
    return starts[good], ends[good]


def find_macs(stretch: Stretch) -> Spans:
    """Return where six pairs of hexadecimal digits stand, joined by colons or hyphens."""
    colons, hyphens = stretch.colons, stretch.projection == ord("-")
    found = np.concatenate(
        [
            _in_fives(stretch, colons[:-1][colons[1:] - colons[:-1] == _PAIR], ":"),
            _in_fives(stretch, true_places(hyphens[:-_PAIR] & hyphens[_PAIR:]), "-"),
        ]
    )
    if not len(found):
        return found, found
    rows = stretch.rows(found, 17)
    figures = np.array([place % 3 != 2 for place in range(17)])  # noqa: PLR2004 - see above
    good = _HEXADECIMAL[rows[:, figures]].all(axis=1) & (rows[:, 3:] != rows[:, :-3]).any(axis=1)
    for edge, beyond in ((found - 1, found - 2), (found + 17, found + 18)):
        sign = stretch.at(edge)
        good &= (FLAGS[sign] & WORD) == 0
        good &= ~(_IS_JOINT.take(sign) & ((stretch.flags_at(beyond) & WORD) > 0))
    return found[good], found[good] + 17


def _in_fives(stretch: Stretch, at: Places, joint: str) -> Places:
    """Return where pairs of letters may begin, of those before joints with the next one a pair behind."""
    at = at[_HEXADECIMAL.take(stretch.at(at - 1))]  # lines of hyphens alone are long
    for further in (2, 3, 4):
        at = at[stretch.at(at + further * _PAIR) == ord(joint)]
    return at - (_PAIR - 1)


def find_ipv6(stretch: Stretch) -> Spans:
    """Return where addresses of eight groups stand, the longest run of zeros left out or not."""
    colons = stretch.colons
    if len(colons) < 2:  # noqa: PLR2004 - the shortest has two
        return _NONE, _NONE
    steps = colons[1:] - colons[:-1]
    near = np.zeros(len(steps) + 2, np.bool_)  # to the next colon there are one to four digits
    near[1:-1] = (steps >= 2) & (steps <= 5)  # noqa: PLR2004 - see above
    double = colons[:-1][(steps == 1) & (near[:-2] | near[2:])]  # of three groups two have one between
    before, behind = stretch.at(double - 1), stretch.at(double + 2)
    fits = (_HEXADECIMAL[before] | ((FLAGS[before] & WORD) == 0)) & (
        _HEXADECIMAL[behind] | ((FLAGS[behind] & WORD) == 0)
    )
    chain = near[1:-1]
    for step in range(1, 6):
        chain = chain[:-1] & near[1 + step : -1]
    spans = set()
    text = stretch.projection.data
    for place in sorted({*double[fits].tolist(), *colons[: len(chain)][chain].tolist()}):
        low = max(0, place - _LONGEST_IPV6)
        for found in _IPV6.finditer(text[low : place + _LONGEST_IPV6]):
            written = found[0].decode()
            if found.start() <= place - low < found.end() and _is_ipv6(written):
                spans.add((low + found.start(), low + found.end()))
    ordered = sorted(spans)
    return (
        np.array([start for start, _end in ordered], np.int64),
        np.array([end for _start, end in ordered], np.int64),
    )


def _is_ipv6(text: str) -> bool:
    told = [group for group in text.split(":") if group]
    if len(told) < 3 or not any(sign.isdecimal() for sign in text):  # noqa: PLR2004 - `::` stands in programs
        return False
    try:
        return int(ipaddress.IPv6Address(text)) > 1
    except ValueError:
        return False
