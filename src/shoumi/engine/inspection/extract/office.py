"""What documents, workbooks and presentations of Office Open XML have in common: every part is looked at.

Source: ECMA-376 parts 1 and 2; MS-OI29500 for sensitivity labels (docMetadata/LabelInfo.xml).  What has no
reader of its own is read as a story of paragraphs, or as bare text between tags, so that no part of the
package hides anything by being unusual.  Pictures are kept, embedded files are read as members.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Final

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.kinds import UNKNOWN, kind_of
from shoumi.engine.inspection.extract.markup import all_text, attributes, story, unescaped, xml_text
from shoumi.engine.inspection.extract.package import Package
from shoumi.engine.inspection.values import PartKind

Telling = Callable[[str, str, Harvest], bool]

_SILENT: Final = re.compile(
    r"(?:^|/)(?:theme/|styles?[^/]*\.xml|fontTable\.xml|webSettings\.xml|settings\.xml|tableStyles\.xml"
    r"|\[Content_Types\]\.xml|printerSettings|calcChain\.xml|[^/]*\.(?:odttf|fntdata)$|thumbnail\.)"
)
_PROPERTY: Final = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<]+)</")
_COUNTER: Final = re.compile(r"true|false|[\d.]{1,8}")  # pages, words, versions: said of every file
_CUSTOM: Final = re.compile(r"<(?:[\w.-]+:)?property\s([^<>]*)>(.*?)</(?:[\w.-]+:)?property>", re.DOTALL)
_LABEL: Final = re.compile(r"<(?:[\w.-]+:)?label\s([^<>]*)>")
_ARROW: Final = re.compile(r"<(?:[\w.-]+:)?Relationship\s([^<>]*)>")
_PARAGRAPHS: Final = re.compile(r"<(?:[\w.-]+:)?(?:t|delText|text)(?:\s[^<>]*)?>[^<]")


def read_rest(package: Package, harvest: Harvest, tell: Telling) -> None:
    """Read every part nobody has taken yet; `tell` reads those it knows by name and content."""
    for name in package.left():
        if _SILENT.search(name):
            package.pass_over(name)
            continue
        content = package.take(name)
        if not content:
            continue
        if name.endswith((".xml", ".rels", ".vml")):
            text = xml_text(content, harvest, name)
            if not (_properties(name, text, harvest) or tell(name, text, harvest)):
                tell_story(text, PartKind.BODY, harvest, posixpath.basename(name).partition(".")[0])
        else:
            read_embedded(name, content, harvest)


def read_embedded(name: str, content: bytes, harvest: Harvest) -> None:
    """Keep a picture, read a file."""
    kind = kind_of(content, name)
    if kind.startswith("image/"):
        harvest.picture(content, name)
    elif kind != UNKNOWN or "embeddings/" in name or "vba" in name.lower():
        harvest.nested(name, content)


def tell_story(text: str, kind: PartKind, harvest: Harvest, label: str = "") -> None:
    """Add what one part tells, its boxes, deletions and fields as parts of their own."""
    if not _PARAGRAPHS.search(text):
        harvest.text(kind, all_text(text), label)
        return
    told = story(text)
    harvest.text(kind, told.body, label)
    for box in told.boxes:
        harvest.text(kind, box, label)
    harvest.text(PartKind.DELETED, told.deleted, label)
    if told.fields:
        harvest.text(PartKind.PROPERTY, told.fields, "field")


def _properties(name: str, text: str, harvest: Harvest) -> bool:
    """Read the parts of a package that hold facts about it; tell whether this is one."""
    reading = next((reading for where, reading in _FACTS if where.search(name)), None)
    if reading:
        for label, value in reading(text):
            harvest.text(PartKind.PROPERTY, value, label)
    return reading is not None


def _links(text: str) -> Iterator[tuple[str, str]]:
    for found in _ARROW.findall(text):
        arrow = attributes(found)
        if arrow.get("TargetMode") == "External":
            yield "link", arrow.get("Target", "")


def _labels(text: str) -> Iterator[tuple[str, str]]:
    for found in _LABEL.findall(text):
        for key, value in attributes(found).items():
            yield f"sensitivity label {key}", value


def _custom(text: str) -> Iterator[tuple[str, str]]:
    for head, value in _CUSTOM.findall(text):
        yield attributes(head).get("name", "custom"), all_text(value)


def _general(text: str) -> Iterator[tuple[str, str]]:
    for key, value in _PROPERTY.findall(text):
        if not _COUNTER.fullmatch(value):
            yield key, unescaped(value)


_FACTS: Final = (
    (re.compile(r"\.rels$"), _links),
    (re.compile(r"^docMetadata/"), _labels),
    (re.compile(r"^docProps/custom\.xml$"), _custom),
    (re.compile(r"^docProps/"), _general),
)


def targets(package: Package, harvest: Harvest, source: str) -> dict[str, str]:
    """Return the parts that `source` points to, by the id of the arrow."""
    folder, base = posixpath.split(source)
    content = package.take(f"{folder}/_rels/{base}.rels")
    found = {}
    for tag in _ARROW.findall(xml_text(content, harvest, source) if content else ""):
        arrow = attributes(tag)
        target = arrow.get("Target", "")
        if arrow.get("TargetMode") == "External":
            harvest.text(PartKind.PROPERTY, target, "link")
        else:
            found[arrow.get("Id", "")] = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return found
