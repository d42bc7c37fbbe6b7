"""Plants invented identifiers with sound check digits into natural text, beside bait of the same looks.

Used by the benches of recognising. `planting.yaml` holds the sentences that carry values, and the bait:
order numbers, timestamps, hashes, part numbers, versions.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from benchmarks import corpora
from tests.fakes import identifiers as make

Random = random.Random
DATA: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
KINDS: list[dict[str, Any]] = DATA["kinds"]
LONGEST = 20_000  # characters of a document that are taken
SHARES = (0.6, 0.75, 0.9)  # plain, then full-width, then in groups; the rest hides a character of no width


def zh_name(source: Random) -> str:
    """Return an invented Chinese name."""
    given = "".join(source.choice(DATA["zh_given"]) for _place in range(source.randint(1, 2)))
    return str(source.choice(DATA["zh_surnames"])) + given


def ja_name(source: Random) -> str:
    """Return an invented Japanese name."""
    space = source.choice(("", " ", "　"))
    return f"{source.choice(DATA['ja_surnames'])}{space}{source.choice(DATA['ja_given'])}"


def zh_address(source: Random) -> str:
    """Return an invented Chinese address."""
    blank = source.choice(("", "", " "))
    number = f"{blank}{source.randint(1, 9999)}{blank}号"
    street = f"{source.choice(DATA['zh_cities'])}{source.choice(DATA['zh_streets'])}{number}"
    flat = f"{source.randint(1, 40)}号楼{source.randint(101, 3202)}室"
    unit = f"{source.randint(1, 9)}单元{source.randint(101, 903)}室"
    return street + source.choice(("", flat, unit))


def ja_address(source: Random) -> str:
    """Return an invented Japanese address."""
    first, second, third = source.randint(1, 9), source.randint(1, 30), source.randint(1, 30)
    forms = (f"{first}-{second}-{third}", f"{first}丁目{second}番{third}号", f"{first}丁目{second}-{third}")
    return f"{source.choice(DATA['ja_cities'])}{source.choice(forms)}"


OWN: dict[str, Callable[[Random], str]] = {
    "zh_name": zh_name,
    "ja_name": ja_name,
    "zh_address": zh_address,
    "ja_address": ja_address,
    "kana": lambda source: str(source.choice(DATA["kana"])),
}


def value_of(kind: dict[str, Any], source: Random) -> str:
    """Return a value as people write it: plain, full-width, in groups, or with a character of no width."""
    if kind["value"] in OWN:
        return OWN[kind["value"]](source)
    value = make.filled(kind["value"], source)
    if "sizes" not in kind:
        return value
    way = source.random()
    if way < SHARES[0]:
        return value
    if way < SHARES[1]:
        return make.wide(value)
    if way < SHARES[2] and kind["sizes"]:
        return make.grouped(value, kind["sizes"], source.choice(" -"))
    return value[:5] + make.ZERO_WIDTH + value[5:]


@dataclass(frozen=True)
class Sample:
    """A text with what was planted in it: kind and place."""

    text: str
    planted: tuple[tuple[str, int, int], ...]


def natural(characters: int) -> Iterator[str]:
    """Yield documents of natural text, of the three languages in turn, up to about so many characters."""
    streams = [
        (text for _name, text in corpora.documents(source, language))
        for source in ("manuals", "reference", "office")
        for language in ("zh", "ja", "en")
    ]
    total = 0
    while streams and total < characters:
        for stream in tuple(streams):
            text = next(stream, None)
            if text is None:
                streams.remove(stream)
            elif "IsIBAN" not in text:  # one page has sound account numbers as examples
                yield text[:LONGEST].replace("@", " at ")  # so that every address found is one of ours
                total += min(len(text), LONGEST)


def planted(texts: Iterator[str], seed: int, every: int = 1500) -> Iterator[Sample]:
    """Yield the texts with a value and a piece of bait about every so many characters."""
    source = Random(seed)
    for text in texts:
        whole, spots, at = "", [], 0
        while at < len(text):
            cut = text.find("\n", at + source.randint(every // 2, every))
            cut = len(text) if cut < 0 else cut + 1
            whole, at = whole + text[at:cut], cut
            kind = source.choice(KINDS)
            before, _braces, behind = source.choice(kind["sentences"]).partition("{}")
            value = value_of(kind, source)
            whole += ("" if whole.endswith("\n") else "\n") + before
            spots.append((str(kind["name"]), len(whole), len(whole) + len(value)))
            whole += f"{value}{behind} {make.filled(source.choice(DATA['bait']), source)}"
        yield Sample(whole, tuple(spots))
