"""Marks in presentations: text boxes at the head, the foot and across every slide, and on its notes.

Source: ECMA-376 part 1, 19.3.1.43 (shapes of a slide), 20.1.2.2.8 (names of shapes). Shapes of a master
can be hidden by layout and slide, so each slide bears its own; a template without slides bears them in
its masters.  Every shape's name begins with `ShoumiMark`; whatever else is on the slide stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from shoumi.engine.marking.errors import DamagedError
from shoumi.engine.marking.package import Package
from shoumi.engine.marking.tags import children, elements, namespace_of, root_of, tags
from shoumi.engine.marking.values import Form, Mark
from shoumi.engine.marking.wording import banner_lines, footer_lines, header_line, watermark_line

SHAPE: Final = "ShoumiMark"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_STRICT_DRAWING: Final = "http://purl.oclc.org/ooxml/drawingml/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_POINT: Final = 12_700  # EMU
_RED: Final = "B3261E"
_GREY: Final = "7F7F7F"
_NOTES_SIZE: Final = (6_858_000, 9_144_000)


@dataclass(frozen=True, slots=True)
class _Box:
    """A text box: place and size in EMU, text, and its looks."""

    key: str
    x: int
    y: int
    width: int
    height: int
    lines: list[str]
    points: int
    turned: int = 0  # in 60,000ths of a degree
    colour: str = _RED
    alpha: int = 100_000  # in thousandths of a per cent
    framed: bool = False


def mark_presentation(package: Package, main: str, mark: Mark, form: Form) -> dict[str, str]:
    """Mark a presentation whose earlier marks were erased; nothing needs to be noted for removal."""
    size = slide_size(package, main)
    notes_size = slide_size(package, main, "notesSz") if b"notesSz" in package.read(main) else _NOTES_SIZE
    slides = slides_of(package, main)
    for at, name in enumerate(slides):
        _add(package, name, _boxes(size, mark, form, first=at == 0))
        for note in _targets(package, name, "/notesSlide"):
            _add(package, note, _boxes(notes_size, mark, form, first=False, behind=False))
    if not slides:
        for name in _targets(package, main, "/slideMaster"):
            _add(package, name, _boxes(size, mark, form, first=form.banner))
    return {}


def erase_presentation(package: Package, main: str, _notes: dict[str, str]) -> None:
    """Take our shapes out of slides, notes and masters."""
    slides = _targets(package, main, "/slide")
    notes = [note for name in slides for note in _targets(package, name, "/notesSlide")]
    for name in [*slides, *notes, *_targets(package, main, "/slideMaster")]:
        data = package.read(name)
        if SHAPE.encode() not in data:
            continue
        marks = [tag.start for tag in tags(data, "cNvPr") if tag.attributes.get("name", "").startswith(SHAPE)]
        cuts, gone = [], -1
        for item in elements(data, "sp"):
            inside = [at for at in marks if item.start <= at < item.end]
            if inside and item.start > gone:
                cuts.append((item.start, item.end, b""))
                marks = [at for at in marks if at not in inside]
                gone = item.end - 1
        package.edit(name, cuts)


def _targets(package: Package, source: str, kind: str) -> list[str]:
    found = [arrow.target for arrow in package.relationships(source) if arrow.type.endswith(kind)]
    return [name for name in dict.fromkeys(found) if package.has(name)]


def slides_of(package: Package, main: str) -> list[str]:
    """Return the slides in the order in which they are shown, then those that no list names."""
    known = {arrow.id: arrow.target for arrow in package.relationships(main) if arrow.type.endswith("/slide")}
    order = []
    for tag in tags(package.read(main), "sldId"):
        found = [known[value] for value in tag.attributes.values() if value in known]
        order += [name for name in found if name not in order]
    order += [name for name in known.values() if name not in order]
    return [name for name in order if package.has(name)]


def slide_size(package: Package, main: str, name: str = "sldSz") -> tuple[int, int]:
    """Return width and height of the slides (or notes) in EMU, of which 914,400 make an inch."""
    for tag in tags(package.read(main), name):
        facts = tag.attributes
        try:
            return int(facts["cx"]), int(facts["cy"])
        except (KeyError, ValueError) as error:
            raise DamagedError(reason="the size of the slides is unreadable") from error
    return 9_144_000, 6_858_000


def _boxes(
    size: tuple[int, int], mark: Mark, form: Form, *, first: bool, behind: bool = True
) -> tuple[list[_Box], list[_Box]]:
    """Return the boxes behind and those before everything else."""
    width, height = size
    margin = width // 60
    line = 16 * _POINT
    text = watermark_line(mark, form)
    units = sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)  # noqa: PLR2004 - wide letters
    points = max(12, min(48, int(1.6 * width / _POINT / max(1, units))))
    back, front = [], []
    if form.watermark and behind:
        tall = points * 2 * _POINT
        back.append(
            _Box("Watermark", 0, (height - tall) // 2, width, tall, [text], points, 20_400_000, _GREY, 35_000)
        )
    if form.header:
        front.append(_Box("Header", margin, 0, width - 2 * margin, line, [header_line(mark)], 9))
    if form.footer:
        lines = footer_lines(mark, form)
        tall = line * len(lines)
        front.append(_Box("Footer", margin, height - tall, width - 2 * margin, tall, lines, 8))
    if form.banner and first:
        lines = banner_lines(mark)
        front.append(
            _Box("Banner", margin, line, width - 2 * margin, line * len(lines), lines, 10, framed=True)
        )
    return back, front


def picture_add(package: Package, name: str, relation: str, size: tuple[int, int]) -> None:
    """Lay the picture behind a relationship over a whole slide, before everything else."""
    last, space, drawing, _behind, before = _tree(package, name)
    relations = _STRICT_RELATIONS if drawing == _STRICT_DRAWING else _RELATIONS
    picture = (
        f'<p:pic xmlns:p="{space}" xmlns:a="{drawing}" xmlns:r="{relations}"><p:nvPicPr>'
        f'<p:cNvPr id="{last + 1}" name={quoteattr(relation)}/><p:cNvPicPr><a:picLocks noSelect="1"/>'
        "</p:cNvPicPr><p:nvPr/></p:nvPicPr>"
        f"<p:blipFill><a:blip r:embed={quoteattr(relation)}/>"
        "<a:stretch><a:fillRect/></a:stretch></p:blipFill>"
        f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size[0]}" cy="{size[1]}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )
    package.edit(name, [(before, before, picture.encode())])


def _add(package: Package, name: str, boxes: tuple[list[_Box], list[_Box]]) -> None:
    """Add the boxes to a slide's tree of shapes."""
    last, space, drawing, behind, before = _tree(package, name)
    back, front = (
        "".join(_shape(box, last + at, space, drawing) for at, box in enumerate(group, start=start)).encode()
        for group, start in ((boxes[0], 1), (boxes[1], 1 + len(boxes[0])))
    )
    package.edit(name, [(behind, behind, back), (before, before, front)])


def _tree(package: Package, name: str) -> tuple[int, str, str, int, int]:
    """Return of a slide the last number in use, its two namespaces, and where shapes begin and end."""
    data = package.read(name)
    tree = next((item for item in elements(data, "spTree")), None)
    if tree is None or tree.is_empty_tag:
        raise DamagedError(reason=f"{name} has no tree of shapes")
    numbers = [tag.attributes.get("id", "0") for tag in tags(data, "cNvPr")]
    last = max([int(number) for number in numbers if number.isdigit()] or [0])
    root = root_of(data, name)
    space = namespace_of(root)
    drawing = _STRICT_DRAWING if "purl.oclc.org" in space else _DRAWING
    behind, before = tree.open.end, tree.close.start
    for item in children(data, tree.open.end, tree.close.start):
        if item.open.name in {"nvGrpSpPr", "grpSpPr"}:
            behind = item.end
        elif item.open.name == "extLst":
            before = item.start
    return last, space, drawing, behind, before


def _shape(box: _Box, number: int, space: str, drawing: str) -> str:
    line = (
        f'<a:solidFill><a:srgbClr val="FFFFFF"><a:alpha val="85000"/></a:srgbClr></a:solidFill>'
        f'<a:ln w="12700"><a:solidFill>'
        f'<a:srgbClr val="{_RED}"/></a:solidFill></a:ln>'
        if box.framed
        else "<a:noFill/>"
    )
    size = box.points * 100
    paragraphs = "".join(
        f'<a:p><a:pPr marL="0" indent="0" algn="ctr"><a:buNone/></a:pPr><a:r><a:rPr lang="{_lang(text)}"'
        f' sz="{size}"><a:solidFill><a:srgbClr val="{box.colour}"><a:alpha val="{box.alpha}"/></a:srgbClr>'
        f"</a:solidFill></a:rPr><a:t>{escape(text)}</a:t></a:r></a:p>"
        for text in box.lines
    )
    turned = f' rot="{box.turned}"' if box.turned else ""
    return (
        f'<p:sp xmlns:p="{space}" xmlns:a="{drawing}"><p:nvSpPr>'
        f'<p:cNvPr id="{number}" name={quoteattr(f"{SHAPE} {box.key}")}/>'
        '<p:cNvSpPr txBox="1"/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
        f'<a:xfrm{turned}><a:off x="{box.x}" y="{box.y}"/>'
        f'<a:ext cx="{box.width}" cy="{box.height}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{line}</p:spPr>'
        '<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
        f"<a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )


def _lang(text: str) -> str:
    """Return the language tag by which office programs choose the font."""
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return "ja-JP"
    return "zh-CN" if any(ord(letter) > 0x2E7F for letter in text) else "en-US"  # noqa: PLR2004
