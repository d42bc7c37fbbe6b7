"""Documents of WordprocessingML: body, headers, footers, notes, comments, boxes, tracked changes.

Source: ECMA-376 part 1, chapter 17.  Inserted text stands in the body, deleted text in a part of its own.
"""

from __future__ import annotations

import re
from typing import Final

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.markup import xml_text
from shoumi.engine.inspection.extract.office import read_rest, tell_story
from shoumi.engine.inspection.extract.package import Package
from shoumi.engine.inspection.values import PartKind

_KINDS: Final = (
    (re.compile(r"/(?:header)\d*\.xml$"), PartKind.HEADER),
    (re.compile(r"/(?:footer)\d*\.xml$"), PartKind.FOOTER),
    (re.compile(r"/(?:footnotes|endnotes)\d*\.xml$"), PartKind.NOTE),
    (re.compile(r"/comments[^/]*\.xml$"), PartKind.COMMENT),
)
_MAIN: Final = "word/document.xml"


def read_docx(content: bytes, harvest: Harvest) -> None:
    """Read a document."""
    package = Package(content, harvest)
    main = package.take(_MAIN)
    if main:
        tell_story(xml_text(main, harvest, _MAIN), PartKind.BODY, harvest)
    read_rest(package, harvest, _tell)


def _tell(name: str, text: str, harvest: Harvest) -> bool:
    kind = next((kind for pattern, kind in _KINDS if pattern.search(name)), None)
    if kind:
        tell_story(text, kind, harvest)
    return kind is not None
