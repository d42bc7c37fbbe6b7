"""OpenDocument texts, sheets, presentations and drawings: displayed text, notes, annotations, deletions.

Source: OpenDocument 1.3 part 3, chapters 5, 6, 9, 10 and 14; part 2, chapter 4 for encryption.  A cell is
what its paragraphs show, which is what a person sees; repeated empty cells count for the addresses, no
further than a sheet reaches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from shoumi.engine.inspection.extract.gathering import Harvest, table
from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.extract.markup import attributes, unescaped, xml_text
from shoumi.engine.inspection.extract.office import read_embedded
from shoumi.engine.inspection.extract.package import Package
from shoumi.engine.inspection.values import PartKind, Reason

_TOKEN: Final = re.compile(r"<(/?)([\w.-]+):([\w.-]+)([^<>]*?)(/?)>([^<]*)")
_META: Final = re.compile(r"<(?:dc|meta):([\w.-]+)([^<>]*)>([^<]+)</")
_MANIFEST: Final = "META-INF/manifest.xml"
_REPEATED: Final = re.compile(r"repeated\s*=\s*[\"'](\d{1,7})[\"']")
_REPEATED_MOST: Final = 16_384
_ROWS_MOST: Final = 1_048_576
_STORY_PARTS: Final = ("content.xml", "styles.xml")
_PARAGRAPHS: Final = frozenset({"text:p", "text:h", "dc:creator", "dc:date", "meta:date-string"})
_CELLS: Final = frozenset({"table:table-cell", "table:covered-table-cell"})
_SPACES: Final = {"text:s": " ", "text:tab": " ", "text:line-break": "\n"}
_APART: Final = {
    "office:annotation": PartKind.COMMENT,
    "text:note-body": PartKind.NOTE,
    "presentation:notes": PartKind.NOTES,
    "text:deletion": PartKind.DELETED,
    "style:header": PartKind.HEADER,
    "style:header-left": PartKind.HEADER,
    "style:header-first": PartKind.HEADER,
    "style:footer": PartKind.FOOTER,
    "style:footer-left": PartKind.FOOTER,
    "style:footer-first": PartKind.FOOTER,
}


def read_odf(content: bytes, harvest: Harvest) -> None:
    """Read any OpenDocument file.

    Raises:
        ClosedError: it has a password.
    """
    package = Package(content, harvest)
    manifest = package.take(_MANIFEST)
    if manifest and b"encryption-data" in manifest:
        raise ClosedError(Reason.ENCRYPTED, "a document with a password")
    for name in package.left():
        last = name.rpartition("/")[2]
        if (
            name == "mimetype"
            or name.startswith(("Configurations2/", "Thumbnails/"))
            or last == "settings.xml"
        ):
            continue
        found = package.take(name)
        if not found:
            continue
        if last == "meta.xml":
            for key, head, value in _META.findall(xml_text(found, harvest, name)):
                label = attributes(head).get("name", key) if key == "user-defined" else key
                harvest.text(PartKind.PROPERTY, unescaped(value), label)
        elif last in _STORY_PARTS:
            _Story(harvest).read(xml_text(found, harvest, name))
        elif name.startswith("ObjectReplacements/"):
            continue  # pictures of embedded objects, which are read themselves
        elif not name.endswith((".rdf", "manifest.xml")):
            read_embedded(name, found, harvest)


@dataclass(slots=True)
class _Flow:
    """Text that is being put together, and what it will be; a cell's goes into its row."""

    kind: PartKind | None
    label: str = ""
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """Rows so far; empty ones wait until something stands behind them."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    empty_rows: int = 0
    empty_cells: int = 0
    times: int = 1  # the row that is open
    wide: int = 1  # the cell that is open

    def end_cell(self, text: str) -> None:
        if not text:
            self.empty_cells = min(self.empty_cells + self.wide, _REPEATED_MOST)
            return
        self.cells += [""] * self.empty_cells + [text]
        self.empty_cells = min(self.wide - 1, _REPEATED_MOST)  # told once: the copies only take their places

    def end_row(self) -> None:
        if self.cells:
            self.rows += [[]] * self.empty_rows + [self.cells]
            self.empty_rows = min(self.times - 1, _ROWS_MOST)
        else:
            self.empty_rows = min(self.empty_rows + self.times, _ROWS_MOST)
        self.cells, self.empty_cells = [], 0


class _Story:
    """Goes over the tags once; what stands apart (notes, comments) is collected apart."""

    def __init__(self, harvest: Harvest) -> None:
        self._harvest = harvest
        self._flows = [_Flow(PartKind.BODY)]
        self._tables: list[_Table] = []
        self._page = 0
        self._sheets = False

    def read(self, text: str) -> None:
        """Tell all that `text` says."""
        for closing, prefix, local, rest, empty, words in _TOKEN.findall(text):
            tag = f"{prefix}:{local}"
            if not closing:
                self._began(tag, rest)
            if closing or empty:
                self._ended(tag)
            if words and prefix != "number" and (not words.isspace() or self._flows[-1].words):
                self._flows[-1].words.append(unescaped(words))
        while self._flows:
            self._tell(self._flows.pop())

    def _began(self, tag: str, rest: str) -> None:
        if tag in _APART:
            self._flows.append(_Flow(_APART[tag], str(self._page or "")))
        elif tag == "draw:page":
            self._page += 1
            self._harvest.spend("pages", 1, self._harvest.limits.pages)
            self._flows.append(_Flow(PartKind.SLIDE, str(self._page)))
        elif tag == "office:spreadsheet":
            self._sheets = True
        elif tag == "table:table":
            self._tables.append(_Table(attributes(rest).get("name", "")))
        elif tag == "table:table-row" and self._tables:
            self._tables[-1].times = _repeated(rest)
        elif tag in _CELLS and self._tables:
            self._tables[-1].wide = _repeated(rest)
            self._flows.append(_Flow(None))
        elif tag in _SPACES:
            self._flows[-1].words.append(_SPACES[tag])
        elif tag == "text:a" and (link := attributes(rest).get("href")):
            self._harvest.text(PartKind.PROPERTY, link, "link")

    def _ended(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._flows[-1].words.append("\n")
        elif tag in _CELLS:
            if self._tables and self._flows[-1].kind is None:
                self._tables[-1].end_cell("".join(self._flows.pop().words).strip())
        elif tag == "table:table-row":
            if self._tables:
                self._tables[-1].end_row()
        elif tag == "table:table":
            if self._tables:
                self._end_table(self._tables.pop())
        elif (tag in _APART or tag == "draw:page") and len(self._flows) > 1:
            self._tell(self._flows.pop())

    def _end_table(self, ended: _Table) -> None:
        if self._sheets and not self._tables:
            self._harvest.text(PartKind.NAME, ended.name, ended.name)
            self._harvest.text(PartKind.SHEET, table(ended.rows), ended.name)
        else:
            self._flows[-1].words.append(table(ended.rows) + "\n")

    def _tell(self, flow: _Flow) -> None:
        self._harvest.text(flow.kind or PartKind.BODY, "".join(flow.words).strip("\n"), flow.label)


def _repeated(rest: str) -> int:
    found = _REPEATED.search(rest)
    return int(found[1]) if found else 1
