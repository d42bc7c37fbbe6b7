"""Reads YAML so that every fault is found at once and told with its file and line.

YAML 1.1 as PyYAML's safe loader understands it, without aliases, tags or repeated keys.  An `Entry` hands out
typed values and remembers what was wrong; nothing is raised until `Faults.verify_none`.  What the entries
mean is `entries`' task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

import yaml

from shoumi.engine.errors import InputError, Location, Phrase
from shoumi.engine.jurisdiction.pack import Plain
from shoumi.engine.jurisdiction.periods import LONG_TERM, Period, PeriodFormError, parse_period
from shoumi.engine.jurisdiction.values import Status, Texts

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is built in: ten times faster
_NO_TEXT = Texts("", "", "")


class PackFaultsError(InputError):
    """A pack has faults; `fields["faults"]` lists each with its file and line."""

    code = "jurisdiction.pack_faults"
    message = "The pack “{pack}” has {count} faults, the first: {first}"


@dataclass(slots=True)
class Faults:
    """Collects what is wrong with the files of one pack."""

    pack: str
    found: list[tuple[Location, str]] = field(default_factory=list)

    def add(self, path: str, line: int | None, text: str) -> None:
        """Remember one fault."""
        self.found.append((Location(path=path, line=line), text))

    def verify_none(self) -> None:
        """Return if nothing was wrong.

        Raises:
            PackFaultsError: with every fault, in the order of the files.
        """
        if not self.found:
            return
        told = tuple(placed(location, text) for location, text in self.found)
        location = self.found[0][0]
        raise PackFaultsError(
            location=location, pack=self.pack, count=len(told), first=self.found[0][1], faults=told
        )


def placed(location: Location, fault: str) -> Phrase:
    """Return a fault with its place in front."""
    return Phrase("{place}: {fault}", place=str(location), fault=fault)


class Entry:
    """One mapping of a file; every key must be asked for, and `close` tells of keys nobody asked for."""

    def __init__(self, faults: Faults, path: str, node: yaml.Node | None) -> None:
        """Take the mapping `node`; anything else is one fault and reads as empty, which is no further fault.

        None stands for a mapping whose absence has been told.
        """
        self.faults = faults
        self.path = path
        self.line = node.start_mark.line + 1 if node else 1
        self._asked: set[str] = set()
        self._nodes: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            if node:
                self.fault(Phrase("a mapping is expected here"))
            self.faults = Faults(faults.pack)
            return
        for key, value in node.value:
            name = str(key.value)
            if name in self._nodes:
                self.fault(Phrase("“{name}” stands twice", name=name), key)
            self._nodes[name] = value

    def fault(self, text: str, node: yaml.Node | None = None, *, at: str = "") -> None:
        """Remember a fault of this entry, at `node` or at the value of the key `at` if there is one."""
        node = node or self._nodes.get(at)
        line = node.start_mark.line + 1 if node else self.line
        self.faults.add(self.path, line, text)

    def keys(self) -> tuple[str, ...]:
        """Return the keys in the order of the file."""
        return tuple(self._nodes)

    def has(self, name: str) -> bool:
        """Return whether the key is there."""
        return name in self._nodes

    def close(self) -> None:
        """Tell of keys that nobody asked for: a misspelt key must not pass in silence."""
        for name in self._nodes.keys() - self._asked:
            self.fault(Phrase("the key “{name}” is not known here", name=name), self._nodes[name])

    def plain(self, name: str, default: Plain = None) -> Plain:
        """Return any value, lists as tuples and mappings frozen; `default` if the key is missing."""
        node = self._take(name)
        return default if node is None else _plain(node)

    def text(self, name: str, default: str | None = None, *, among: tuple[str, ...] = ()) -> str:
        """Return a text that is not blank; without a `default` the key is required."""
        node = self._take(name, required=default is None)
        if node is None:
            return default or ""
        value = _plain(node)
        if not isinstance(value, str) or not value.strip():
            self.fault(Phrase("“{name}” must be a text", name=name), node)
            return default or ""
        if among and value not in among:
            self.fault(
                Phrase(
                    "“{name}” must be one of {known}, not {value}",
                    name=name,
                    known=", ".join(among),
                    value=value,
                ),
                node,
            )
        return value

    def number(self, name: str, *, lowest: int, highest: int) -> int:
        """Return a whole number within both bounds."""
        node = self._take(name, required=True)
        value = _plain(node) if node else lowest
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            self.fault(
                Phrase(
                    "“{name}” must be a whole number from {lowest} to {highest}",
                    name=name,
                    lowest=lowest,
                    highest=highest,
                ),
                node,
            )
            return lowest
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.plain(name, default)
        if not isinstance(value, bool):
            self.fault(Phrase("“{name}” must be true or false", name=name), at=name)
            return default
        return value

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Return a day of the calendar, or None where it may be missing or null."""
        node = self._take(name, required=required)
        value = _scalar(node) if node else None
        if isinstance(value, date) or (value is None and not required):
            return value
        if node:
            self.fault(Phrase("“{name}” must be a day such as 2025-10-15", name=name), node)
        return None

    def status(self, name: str = "status") -> Status:
        """Return how well the entry is known."""
        value = self.text(name, among=tuple(Status))
        return Status(value) if value in tuple(Status) else Status.UNCONFIRMED

    def texts(self, name: str) -> Texts:
        """Return a text in all three languages."""
        node = self._take(name, required=True)
        if node is None:
            return _NO_TEXT
        return read_texts(Entry(self.faults, self.path, node))

    def quoted(self, name: str) -> Texts:
        """Return a citation: one text for every reader, or one in each language if words stand beside it."""
        if isinstance(self._nodes.get(name), yaml.MappingNode):
            return self.texts(name)
        text = self.text(name)
        return Texts(zh=text, ja=text, en=text)

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; empty if the key is missing."""
        node = self._take(name)
        value = _plain(node) if node else ()
        if not isinstance(value, tuple) or not all(isinstance(word, str) and word.strip() for word in value):
            self.fault(Phrase("“{name}” must be a list of texts", name=name), node)
            return ()
        return tuple(str(word) for word in value)

    def period(self, name: str) -> Period:
        """Return a confidentiality period from its code."""
        code = self.text(name)
        try:
            return parse_period(code)
        except PeriodFormError:
            self.fault(Phrase("“{name}” is no period: {code}", name=name, code=code), at=name)
            return LONG_TERM

    def entry(self, name: str) -> Entry:
        """Return a mapping below this one."""
        return Entry(self.faults, self.path, self._take(name, required=True))

    def entries(self, name: str) -> tuple[Entry, ...]:
        """Return a list of mappings below this one."""
        node = self._take(name, required=True)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.fault(Phrase("“{name}” must be a list", name=name), node)
            return ()
        return tuple(Entry(self.faults, self.path, item) for item in node.value)

    def _take(self, name: str, *, required: bool = False) -> yaml.Node | None:
        self._asked.add(name)
        node = self._nodes.get(name)
        if node is None and required:
            self.fault(Phrase("“{name}” is missing", name=name))
        return node


def read_texts(entry: Entry) -> Texts:
    """Return the three languages of one entry; a missing one is a fault."""
    texts = Texts(zh=entry.text("zh"), ja=entry.text("ja"), en=entry.text("en"))
    entry.close()
    return texts


def read_file(faults: Faults, path: str, text: str) -> Entry:
    """Return the mapping that a whole file is; faults of YAML itself are remembered like any other."""
    try:
        for token in yaml.scan(text, Loader=_LOADER):
            if isinstance(token, yaml.AliasToken | yaml.TagToken):
                faults.add(path, token.start_mark.line + 1, Phrase("aliases and tags are not allowed"))
                return Entry(faults, path, None)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None)
        told = (
            Phrase("this is not YAML: {reason}", reason=reason)
            if reason
            else Phrase("this is not YAML: a character in it is not allowed")
        )
        faults.add(path, mark.line + 1 if mark else None, told)
        return Entry(faults, path, None)
    if node is None:
        faults.add(path, 1, Phrase("a mapping is expected here"))
    return Entry(faults, path, node)


def _scalar(node: yaml.Node) -> object:
    """Return the value of a scalar; what only looks like a day or a number stays a text."""
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, yaml.YAMLError):
        return str(node.value)


def _plain(node: yaml.Node) -> Plain:
    """Return the frozen value of any node; days become texts in ISO form."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(_plain(item) for item in node.value)
    if isinstance(node, yaml.MappingNode):
        pairs: Mapping[str, Plain] = {str(key.value): _plain(value) for key, value in node.value}
        return MappingProxyType(dict(pairs))
    value = _scalar(node)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) else None


def read_pack_file(pack_id: str, name: str, root: Traversable | None = None) -> tuple[Faults, str, Entry]:
    """Open the file `name` of a pack; return where its faults go, its path as faults name it, and its entry.

    `root` is the folder of packs, for tests.
    """
    faults, path = Faults(pack_id), f"{pack_id}/{name}"
    file = (root or files("shoumi.packs")).joinpath(pack_id).joinpath(name)
    return faults, path, read_file(faults, path, file.read_text(encoding="utf-8"))
