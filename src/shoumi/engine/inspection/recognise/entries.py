"""What a pack says about one kind of identifier, credential or marking, and how the files are read.

Source: the files `identifiers.yaml`, `credentials.yaml`, `markings.yaml` and `names.yaml` under
`shoumi.packs`. All faults of all files are told together. The entries' own examples are run by the tests,
not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from shoumi.engine.inspection.recognise.checks import CHECKS
from shoumi.engine.inspection.recognise.runs import grouping_number
from shoumi.engine.inspection.recognise.shapes import Shape, ShapeError, shape_of
from shoumi.engine.inspection.values import FindingKind
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_file
from shoumi.engine.jurisdiction.values import Status, Texts

PACKS: Final = ("cn", "jp", "world")
WAYS: Final = (
    "code",  # digits, perhaps with letters before and behind: a shape
    "mixed",  # letters and digits mixed: a shape, looked for where its first digit stands
    "iban",
    "email",
    "ipv4",
    "ipv6",
    "mac",
    "expression",  # a regular expression over plain text
    "named",  # behind a word that names it: `context`, then the pattern, which begins with a plain character
    "person",
    "address",
    "marking",
    "property",  # a property of the file, by its name
)
_FILES: Final = ("identifiers.yaml", "credentials.yaml", "markings.yaml")
_PERCENT: Final = 100
_NO_WORDS: Final = re.compile(r"(?!)")
_SHORT_LABEL: Final = re.compile("[\u4e00-\u9fff々]{2,3}")
_BLANKS: Final = {2: (1, 2, 4), 3: (1, 2)}  # between two letters, by the letters of the label


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing to recognise."""

    id: str
    names: Texts
    finding: FindingKind
    way: str
    pattern: str
    shape: Shape | None
    groups: frozenset[int] | None  # None: digits may be grouped in any way
    check: str
    pack: str
    words: tuple[str, ...]  # context, in any language; of a marking the marks themselves
    forms: MappingProxyType[str, str]  # the ways the words are written, each with its word
    behind: tuple[str, ...]  # words that stand behind a name, such as titles
    head: re.Pattern[str]  # words that name it at the head of a column
    labels: frozenset[str]  # plain words that may touch the code, such as `tel`
    needs_context: bool
    weak: str  # an expression for forms of it that need context, as most of them are something else
    doubtful: bool  # whether a word such as “order number” before it speaks against it
    score: float
    score_with_context: float
    entropy: float  # bits a character that the first group must have
    level: str  # what a marking says
    source: str
    status: Status
    match: tuple[str, ...]
    refuse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the packs say."""

    kinds: tuple[Kind, ...]
    against: re.Pattern[str]  # words that name other numbers
    other_words: tuple[str, ...]  # the same words
    surnames: MappingProxyType[str, tuple[str, ...]]  # by pack
    places: MappingProxyType[str, tuple[str, ...]]
    nouns: MappingProxyType[str, frozenset[str]]
    endings: MappingProxyType[str, tuple[str, ...]]


@cache
def load_catalogue(packs: tuple[str, ...] = PACKS, root: Traversable | None = None) -> Catalogue:
    """Return what the packs say; read once per process.

    Raises:
        PackFaultsError: the files have faults; all of them are listed.
    """
    folder = root or files("shoumi.packs")
    faults = Faults("/".join(packs))
    kinds: list[Kind] = []
    against: list[str] = []
    surnames: dict[str, tuple[str, ...]] = {}
    places: dict[str, tuple[str, ...]] = {}
    nouns: dict[str, frozenset[str]] = {}
    endings: dict[str, tuple[str, ...]] = {}
    for pack in packs:
        for name in _FILES:
            file = folder.joinpath(pack).joinpath(name)
            if file.is_file():
                path = f"{pack}/{name}"
                entry = read_file(faults, path, file.read_text(encoding="utf-8"))
                kinds += _read_kinds(entry, pack, name)
                against += entry.words("against")
                entry.close()
        file = folder.joinpath(pack).joinpath("names.yaml")
        if file.is_file():
            entry = read_file(faults, f"{pack}/names.yaml", file.read_text(encoding="utf-8"))
            surnames[pack] = tuple(entry.text("surnames").split())
            places[pack] = tuple(entry.text("places").split())
            nouns[pack] = frozenset(entry.text("nouns").split())
            endings[pack] = tuple(entry.text("endings").split())
            _origin(entry)
            entry.close()
    for twice in {kind.id for kind in kinds if [other.id for other in kinds].count(kind.id) > 1}:
        faults.add("/".join(packs), None, f"the id {twice} stands twice")
    faults.verify_none()
    return Catalogue(
        tuple(kinds),
        words_pattern(against),
        tuple(against),
        MappingProxyType(surnames),
        MappingProxyType(places),
        MappingProxyType(nouns),
        MappingProxyType(endings),
    )


def words_pattern(words: list[str] | tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of `words`, longest first; plain words as words of their own."""
    parts = []
    for word in sorted(set(words), key=len, reverse=True):
        escaped = re.escape(word).replace(r"\ ", r"[\s_-]?")
        if wide := widened(word):
            escaped = f"(?:{'|'.join((escaped, *wide))})"
        plain = word[0].isascii() and word[0].isalnum(), word[-1].isascii() and word[-1].isalnum()
        parts.append(f"{'(?<![A-Za-z])' if plain[0] else ''}{escaped}{'(?![A-Za-z])' if plain[1] else ''}")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else _NO_WORDS


def widened(word: str) -> tuple[str, ...]:
    """Return the ways a short Chinese or Japanese label is set with blanks to the width of a longer one."""
    if not _SHORT_LABEL.fullmatch(word):
        return ()
    return tuple((" " * blanks).join(word) for blanks in _BLANKS[len(word)])


def spellings(word: str) -> tuple[str, ...]:
    """Return the ways a word is written: widened, or if it is plain small, in capitals, with a capital."""
    if not word.isascii():
        return (word, *widened(word))
    return tuple(dict.fromkeys((word, word.lower(), word.upper(), word.capitalize(), word.title())))


def _origin(entry: Entry) -> tuple[str, Status]:
    return entry.text("source"), entry.status()


def _read_kinds(file: Entry, pack: str, name: str) -> list[Kind]:
    source, status = _origin(file)
    finding = FindingKind.MARKING if name == "markings.yaml" else FindingKind.IDENTIFIER
    things = {}
    if file.has("things"):
        sub = file.entry("things")
        things = {key: sub.texts(key) for key in tuple(Entry.keys(sub))}
    return [_read_kind(entry, pack, finding, (source, status), things) for entry in file.entries("entries")]


def _read_kind(
    entry: Entry, pack: str, finding: FindingKind, origin: tuple[str, Status], things: dict[str, Texts]
) -> Kind:
    way = entry.text("way", "expression", among=WAYS)
    words = _context(entry)
    pattern = entry.text("pattern", "")
    check = entry.text("check", "")
    if check and check not in CHECKS and check != "entropy":
        entry.fault(f"there is no check “{check}”", at="check")
    score = entry.number("score", lowest=1, highest=_PERCENT) if entry.has("score") else 90
    raised = entry.number("with_context", lowest=1, highest=_PERCENT) if entry.has("with_context") else score
    examples = entry.entry("examples")
    kind = Kind(
        id=f"{pack}.{entry.text('id')}",
        names=_names(entry, things),
        finding=finding,
        way=way,
        pattern=pattern,
        shape=_shape(entry, way, pattern),
        groups=_groups(entry),
        check=check,
        pack=pack,
        words=words,
        forms=MappingProxyType({form: word for word in words for form in spellings(word)}),
        behind=entry.words("behind"),
        head=words_pattern((*words, *entry.words("heads"))),
        labels=frozenset(word.lower() for word in words if word.isascii() and word.isalpha()),
        needs_context=entry.flag("needs_context", default=False),
        weak=_expression(entry, "weak", entry.text("weak", "")),
        doubtful=entry.flag("doubtful", default=False),
        score=score / _PERCENT,
        score_with_context=raised / _PERCENT,
        entropy=entry.number("entropy", lowest=1, highest=_PERCENT) / 10 if entry.has("entropy") else 0.0,
        level=entry.text("level", "", among=("", "core", "important", "general")),
        source=entry.text("source", origin[0]),
        status=entry.status() if entry.has("status") else origin[1],
        match=examples.words("match"),
        refuse=examples.words("refuse"),
    )
    if not kind.match or not kind.refuse:
        entry.fault(f"{kind.id} needs examples that must match and that must be refused")
    examples.close()
    entry.close()
    return kind


def _names(entry: Entry, things: dict[str, Texts]) -> Texts:
    if entry.has("names"):
        return entry.texts("names")
    service, thing = entry.text("service"), things.get(entry.text("thing"), Texts("?", "?", "?"))
    return Texts(f"{service} {thing.zh}", f"{service} {thing.ja}", f"{service} {thing.en}")


def _context(entry: Entry) -> tuple[str, ...]:
    if not entry.has("context"):
        return ()
    sub = entry.entry("context")
    words = (*sub.words("zh"), *sub.words("ja"), *sub.words("en"))
    sub.close()
    return tuple(dict.fromkeys(words))


def _groups(entry: Entry) -> frozenset[int] | None:
    groups = entry.words("groups")
    if groups == ("any",):
        return None
    return frozenset(grouping_number(tuple(int(size) for size in group.split("-"))) for group in groups)


def _shape(entry: Entry, way: str, pattern: str) -> Shape | None:
    if way in {"code", "mixed"}:
        try:
            return shape_of(pattern)
        except ShapeError as error:
            entry.fault(str(error), at="pattern")
    elif pattern:
        _expression(entry, "pattern", pattern)
    return None


def _expression(entry: Entry, at: str, pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        entry.fault(f"the pattern is none: {error}", at=at)
    return pattern
