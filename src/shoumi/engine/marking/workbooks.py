"""Marks in workbooks: header and footer of every sheet, and a cover sheet in front.

Source: ECMA-376 part 1, 18.3.1.46 (headerFooter: 255 characters each), 18.3.1.99 (order of a sheet's
parts), 18.2.27 and 18.2.5 (active tab and local names count sheets by their place). What stood in
headers and footers stays, below or above ours.  SpreadsheetML has no watermark behind a page; the cover
sheet takes its place.  A workbook with macros gets no cover sheet: macros may count sheets.
"""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape

from shoumi.engine.marking.errors import DamagedError, NoRoomError
from shoumi.engine.marking.package import OURS, Package
from shoumi.engine.marking.tags import (
    Edit,
    Tag,
    children,
    elements,
    emptied,
    filled,
    namespace_of,
    root_of,
    tags,
)
from shoumi.engine.marking.values import Form, Mark
from shoumi.engine.marking.wording import banner_lines, footer_lines, header_line

HEADER_NOTE: Final = "ShoumiHeader"
FOOTER_NOTE: Final = "ShoumiFooter"
COVER_NOTE: Final = "ShoumiCover"
MOST: Final = 255  # characters of a header; Excel calls a file with more damaged
COVER_PART: Final = "xl/worksheets/shoumi-cover.xml"

_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BEHIND: Final = frozenset(
    (
        *("rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags"),
        *("drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
        *("webPublishItems", "tableParts", "webPublishObjects", "extLst"),
    )
)
_COVER_NAMES: Final = {"zh": "保密标志", "ja": "秘密表示", "en": "Secrecy mark"}
_WRITTEN: Final = re.compile(rb' activeTab="1"/?>$')  # as we add it
_PLACES: Final = ("odd", "even", "first")
_ORDER: Final = tuple(f"{place}{what}" for place in _PLACES for what in ("Header", "Footer"))


def mark_workbook(package: Package, main: str, mark: Mark, form: Form) -> dict[str, str]:
    """Mark a workbook whose earlier marks were erased; return the notes that removal needs."""
    notes: dict[str, str] = {}
    sheets = _sheets(package, main)
    if form.header or form.footer:
        header = _coded(header_line(mark)) if form.header else ""
        footer = _coded(" ".join(footer_lines(mark, form))) if form.footer else ""
        header, footer = (_fitting(package, sheets, what, text, mark) for what, text in
                          (("Header", header), ("Footer", footer)))  # fmt: skip
        for name in sheets:
            _furnish(package, name, header, footer)
        notes = {key: text for key, text in ((HEADER_NOTE, header), (FOOTER_NOTE, footer)) if text}
    if form.cover_sheet and form.banner and not _has_macros(package, main):
        _add_cover(package, main, mark)
        notes[COVER_NOTE] = "1"
    return notes


def erase_workbook(package: Package, main: str, notes: dict[str, str]) -> None:
    """Take out what `notes` say was added."""
    for name in _sheets(package, main):
        for what, note in (("Header", HEADER_NOTE), ("Footer", FOOTER_NOTE)):
            if notes.get(note):
                _clean(package, name, what, escape(notes[note]))
        data = package.read(name)
        empty = [
            (item.start, item.end, b"")
            for item in elements(data, "headerFooter", start=_tail(data))
            if item.is_empty and not item.was_empty
        ]
        if notes:
            package.edit(name, empty)
            package.edit(name, emptied(package.read(name), "headerFooter", start=_tail(data)))
    if notes.get(COVER_NOTE):
        _remove_cover(package, main)


def _sheets(package: Package, main: str) -> list[str]:
    """Return the parts of all worksheets and chart sheets, ours excepted."""
    kinds = ("/worksheet", "/chartsheet")
    found = [arrow for arrow in package.relationships(main) if arrow.type.endswith(kinds)]
    return [arrow.target for arrow in found if not arrow.id.startswith(OURS) and package.has(arrow.target)]


def _has_macros(package: Package, main: str) -> bool:
    return "macroEnabled" in package.type_of(main) or any(
        arrow.type.endswith("/vbaProject") for arrow in package.relationships(main)
    )


def _coded(text: str) -> str:
    """Return `text` as a header spells it: `&` begins a code, so it is doubled."""
    return text.replace("&", "&&")


def _fitting(package: Package, sheets: list[str], what: str, text: str, mark: Mark) -> str:
    """Return `text`, or the shortest form of the mark, so that it fits beside what every sheet has.

    Raises:
        NoRoomError: even that does not fit.
    """
    if not text:
        return ""
    room = MOST - 3
    for name in sheets:
        data = package.read(name)
        for item in elements(data, *(f"{place}{what}" for place in _PLACES), start=_tail(data)):
            held = data[item.open.end : item.close.start].decode()
            room = min(room, MOST - 3 - len(re.sub(r"&#?\w+;|_x[0-9A-F]{4}_", "#", held)))
    short = _coded(f"{mark.level} {mark.title} {mark.period}")
    for wish in (text, short, _coded(f"{mark.level} {mark.period}")):
        if len(wish) <= room:
            return wish
    raise NoRoomError(place=f"the {what.lower()} of a sheet")


def _tail(data: bytes) -> int:
    """Return where the last part of a sheet begins: behind its cells, which may be millions."""
    return max(data.rfind(b"sheetData>"), data.rfind(b"sheetData/>"), 0)


def _furnish(package: Package, name: str, header: str, footer: str) -> None:
    """Write ours into every header and footer that a sheet may show."""
    data = package.read(name)
    root = root_of(data, name)
    if root.closes:
        raise DamagedError(reason=f"{name} is an empty sheet")
    own = next(iter(elements(data, "headerFooter", start=_tail(data))), None)
    facts = own.open.attributes if own else {}
    wanted = ["odd"]
    wanted += ["even"] if facts.get("differentOddEven") in {"1", "true"} else []
    wanted += ["first"] if facts.get("differentFirst") in {"1", "true"} else []
    new = [
        (f"{place}{what}", text)
        for place in wanted
        for what, text in (("Header", header), ("Footer", footer))
        if text
    ]
    tag = f"{root.prefix}headerFooter"
    if own is None or own.is_empty:
        pieces = "".join(_spelled(root.prefix, key, f"&amp;C{escape(text)}") for key, text in new)
        at = 0 if own else _place_of(data, root)
        edit = filled(data, own, pieces.encode()) if own else (at, at, f"<{tag}>{pieces}</{tag}>".encode())
        package.edit(name, [edit])
        return
    held = {item.open.name: item for item in children(data, own.open.end, own.close.start)}
    edits: list[Edit] = []
    for key, text in new:
        item = held.get(key)
        if item is None:
            later = [held[other].start for other in _ORDER[_ORDER.index(key) :] if other in held]
            at = later[0] if later else own.close.start
            edits.append((at, at, _spelled(root.prefix, key, f"&amp;C{escape(text)}").encode()))
        elif item.is_empty:
            edits.append(filled(data, item, f"&amp;C{escape(text)}".encode()))
        else:
            value = data[item.open.end : item.close.start].decode()
            value = _joined(value, escape(text), above=key.endswith("Header"))
            edits.append((item.open.end, item.close.start, value.encode()))
    package.edit(name, edits)


def _spelled(prefix: str, key: str, text: str) -> str:
    return f"<{prefix}{key}>{text}</{prefix}{key}>"


def _place_of(data: bytes, root: Tag) -> int:
    """Return where `headerFooter` belongs in a sheet without one."""
    tail = _tail(data)
    start = data.index(b">", tail) + 1 if tail else root.end
    end = data.rindex(b"</")
    for item in children(data, start, end):
        if item.open.name in _BEHIND or (
            item.open.prefix != root.prefix and "AlternateContent" in item.open.name
        ):
            return item.start
    return end


def _joined(held: str, text: str, *, above: bool) -> str:
    """Return the header `held` with `text` in its middle section, above or below what is there."""
    if not held:
        return f"&amp;C{text}"
    middle = re.search(r"&amp;C", held)
    if middle is None and not re.match(r"&amp;[LR]", held):  # without a section code it is the middle
        before, inside, after = "", *_split_right(held)
    elif middle is None:
        return (
            f"{held}&amp;C{text}"
            if "&amp;R" not in held
            else held.replace("&amp;R", f"&amp;C{text}&amp;R", 1)
        )
    else:
        before = held[: middle.end()]
        inside, after = _split_right(held[middle.end() :])
    joined = (f"{text}\n{inside}" if above else f"{inside}\n{text}") if inside else text
    return f"{before}{joined}{after}"


def _split_right(text: str) -> tuple[str, str]:
    at = text.find("&amp;R")
    return (text, "") if at < 0 else (text[:at], text[at:])


def _clean(package: Package, name: str, what: str, text: str) -> None:
    """Cut `text` out of the headers (or footers) of a sheet, and the elements that held nothing else."""
    data = package.read(name)
    edits: list[Edit] = []
    for item in elements(data, *(f"{place}{what}" for place in _PLACES), start=_tail(data)):
        held = data[item.open.end : item.close.start].decode()
        if text not in held:
            continue
        for piece in (f"{text}\n", f"\n{text}", f"&amp;C{text}", text):
            if piece in held:
                left = held.replace(piece, "", 1)
                break
        if left or item.was_empty:
            edits.append((item.open.end, item.close.start, left.encode()))
        else:
            edits.append((item.start, item.end, b""))
    package.edit(name, edits)
    package.edit(
        name, emptied(package.read(name), *(f"{place}{what}" for place in _PLACES), start=_tail(data))
    )


# --- the cover sheet


def _add_cover(package: Package, main: str, mark: Mark) -> None:
    """Put a sheet of ours in front; places of sheets that are counted move on by one."""
    data = package.read(main)
    space = namespace_of(root_of(data, main))
    package.write(COVER_PART, _cover(space, mark))
    package.declare(COVER_PART, _SHEET_TYPE)
    strict = "purl.oclc.org" in space
    relations = (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
        if strict
        else "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    )
    key = package.relate(main, "Cover", f"{relations}/worksheet", COVER_PART)
    sheets = [tag.attributes for tag in tags(data, "sheet") if tag.opens]
    first = next((tag for tag in tags(data, "sheets") if tag.opens), None)
    if first is None or not sheets:
        raise DamagedError(reason="the workbook has no sheets")
    number = max(int(fact.get("sheetId", "0")) for fact in sheets) + 1
    names = {fact.get("name", "") for fact in sheets}
    name = _COVER_NAMES[mark.language]
    while name in names:
        name += "*" if len(name) > 28 else "_"  # noqa: PLR2004 - 31 characters at most
    prefix = root_of(data, main).prefix
    entry = (f'<{prefix}sheet xmlns:r="{relations}" name="{name}" sheetId="{number}" r:id="{key}"/>').encode()
    package.edit(main, [(first.end, first.end, entry), *_counted(data, +1)])


def _remove_cover(package: Package, main: str) -> None:
    data = package.read(main)
    found = elements(data, "sheet")
    mine = [item for item in found if any(value.startswith(OURS) for value in item.open.attributes.values())]
    cuts = [(item.start, item.end, b"") for item in mine]
    package.edit(main, cuts + (_counted(data, -1) if mine else []))


def _counted(data: bytes, step: int) -> list[Edit]:
    """Return the edits that move the active tab and the sheets of local names by `step`."""
    edits = []
    for tag in tags(data, "workbookView", "definedName"):
        if not tag.opens:
            continue
        key = b"activeTab" if tag.name == "workbookView" else b"localSheetId"
        text = data[tag.start : tag.end]
        match = re.search(rb'(\s)%s\s*=\s*(["\'])(\d+)\2' % key, text)
        if match:
            number = int(match[3]) + step
            edits.append((tag.start + match.start(3), tag.start + match.end(3), str(number).encode()))
            if step < 0 and _WRITTEN.search(text):  # there was none, or the zero that it means
                edits[-1] = (tag.start + match.start(), tag.start + match.end(), b"")
        elif key == b"activeTab" and step > 0:
            at = tag.end - (2 if tag.closes else 1)
            edits.append((at, at, b' activeTab="1"'))
    return edits


def _cover(space: str, mark: Mark) -> bytes:
    rows = "".join(
        f'<row r="{at}" ht="30" customHeight="1"><c r="B{at}" t="inlineStr"><is><r><rPr>'
        f'<b/><sz val="{20 if at == 2 else 12}"/><color rgb="FFB3261E"/></rPr>'  # noqa: PLR2004
        f'<t xml:space="preserve">{escape(line)}</t></r></is></c></row>'
        for at, line in enumerate(banner_lines(mark), start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{space}"><sheetPr><tabColor rgb="FFB3261E"/>'
        '<pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>'
        f'<cols><col min="2" max="2" width="100" customWidth="1"/></cols><sheetData>{rows}</sheetData>'
        '<pageSetup orientation="landscape" fitToHeight="1"/></worksheet>'
    ).encode()
