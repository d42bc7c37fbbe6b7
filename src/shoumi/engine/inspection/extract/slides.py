"""Presentations of PresentationML: slides in their order, notes, masters, comments of both kinds.

Source: ECMA-376 part 1, chapter 19; MS-PPTX for modern comments.  Hidden slides are slides.
"""

from __future__ import annotations

import re
from typing import Final

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.markup import xml_text
from shoumi.engine.inspection.extract.office import read_rest, targets, tell_story
from shoumi.engine.inspection.extract.package import Package
from shoumi.engine.inspection.values import PartKind

_SLIDE_ID: Final = re.compile(r"<(?:[\w.-]+:)?sldId\s[^>]*?\b[\w.-]+:id\s*=\s*[\"']([^\"']+)")
_MAIN: Final = "ppt/presentation.xml"


def read_pptx(content: bytes, harvest: Harvest) -> None:
    """Read a presentation."""
    package = Package(content, harvest)
    main = package.take(_MAIN)
    arrows = targets(package, harvest, _MAIN)
    order = _SLIDE_ID.findall(xml_text(main, harvest, _MAIN)) if main else []
    numbers: dict[str, str] = {}
    for place, name in enumerate([arrows.get(each, "") for each in order], 1):
        slide = package.take(name)
        if slide is None:
            continue
        harvest.spend("pages", 1, harvest.limits.pages)
        number = str(place)
        numbers[name] = number
        tell_story(xml_text(slide, harvest, name), PartKind.SLIDE, harvest, number)
        for target in targets(package, harvest, name).values():
            numbers.setdefault(target, number)

    def tell(name: str, text: str, harvest: Harvest) -> bool:
        number = numbers.get(name, "")
        if "/notesSlides/" in name:
            tell_story(text, PartKind.NOTES, harvest, number)
        elif "/comments/" in name:
            tell_story(text, PartKind.COMMENT, harvest, number)
        elif "/slides/" in name:
            tell_story(text, PartKind.SLIDE, harvest, re.sub(r"\D", "", name.rpartition("/")[2]))
        elif re.search(r"/(?:slideMasters|slideLayouts|notesMasters|handoutMasters)/", name):
            tell_story(text, PartKind.HEADER, harvest, "master")
        else:
            return False
        return True

    read_rest(package, harvest, tell)
