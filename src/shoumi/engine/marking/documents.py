"""Marks in word-processing documents: banner, headers, footers, and a watermark behind every page.

Sources: ECMA-376 part 1, 17.10 (headers and footers, and from which section one without its own
inherits), 17.6 (sections), 14.1 in part 4 (VML, which is how Word itself writes a watermark). Headers
and footers that are there are added to; where a section would show none, it gets ours.  Each paragraph
bears a bookmark whose name begins with `_ShoumiMark`, and goes with it; the text of the document stays
untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from shoumi.engine.marking.errors import DamagedError
from shoumi.engine.marking.package import OURS, Package
from shoumi.engine.marking.tags import (
    Edit,
    Element,
    appended,
    children,
    elements,
    emptied,
    filled,
    namespace_of,
    root_of,
    tags,
)
from shoumi.engine.marking.values import Form, Mark
from shoumi.engine.marking.wording import banner_lines, footer_lines, header_line, watermark_line

BOOKMARK: Final = "_ShoumiMark"
_FIRST_ID: Final = 1_900_000_000  # far above what Word numbers by itself
_STRICT: Final = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONSHIPS: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OUR_SECTION: Final = "5A0D0001"  # a revision id that no editing session has
_RED: Final = "B3261E"
_A4: Final = (11_906, 16_838)  # in twentieths of a point
_LANGUAGES: Final = {"zh": "zh-CN", "ja": "ja-JP", "en": "zh-CN"}  # which shapes of letters are chosen
_FONTS: Final = {"zh": "SimSun", "ja": "MS Mincho", "en": "Arial"}


class _Document:
    """One document while something is added to it: its parts and its namespaces."""

    def __init__(self, package: Package, main: str) -> None:
        self.package, self.main = package, main
        self.space = namespace_of(root_of(package.read(main), main))
        self.relations = _STRICT_RELATIONSHIPS if self.space == _STRICT else _RELATIONSHIPS

    def sections(self) -> list[Element]:
        """Return the section properties in force; a document without any gets some."""
        found = list(_sections(self.package.read(self.main)))
        if not found:
            _append_section(self)
            found = list(_sections(self.package.read(self.main)))
        return found


class _Marked(_Document):
    """A document while it is marked: with the words, and a counter for bookmarks."""

    def __init__(self, package: Package, main: str, mark: Mark, form: Form) -> None:
        super().__init__(package, main)
        self.mark, self.form = mark, form
        self.ids = count(_FIRST_ID)

    def paragraph(self, lines: list[str], *, looks: str = "", border: str = "", inside: str = "") -> str:
        """Return one paragraph with our bookmark, its lines broken apart."""
        number = next(self.ids)
        font = _FONTS[self.mark.language]
        run = (
            f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
            f'<w:color w:val="{_RED}"/>{looks}<w:lang w:eastAsia="{_LANGUAGES[self.mark.language]}"/></w:rPr>'
        )
        text = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
        return (
            f'<w:p xmlns:w="{self.space}"><w:pPr>{border}<w:spacing w:before="0" w:after="0"/>'
            f'<w:ind w:left="0" w:right="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>'
            f'<w:bookmarkStart w:id="{number}" w:name="{BOOKMARK}{number}"/>{inside}'
            f'<w:r>{run}{text}</w:r><w:bookmarkEnd w:id="{number}"/></w:p>'
        )

    def banner(self) -> str:
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="{_RED}"/>'
            for side in ("top", "left", "bottom", "right")
        )
        looks = '<w:sz w:val="20"/><w:szCs w:val="20"/>'
        return self.paragraph(banner_lines(self.mark), looks=looks, border=f"<w:pBdr>{sides}</w:pBdr>")

    def header(self) -> str:
        lines = [header_line(self.mark)] if self.form.header else []
        inside = (
            _watermark(watermark_line(self.mark, self.form), next(self.ids)) if self.form.watermark else ""
        )
        return self.paragraph(lines, looks='<w:sz w:val="16"/><w:szCs w:val="16"/>', inside=inside)

    def footer(self) -> str:
        small = '<w:sz w:val="15"/><w:szCs w:val="15"/>'
        return self.paragraph(footer_lines(self.mark, self.form), looks=small)


def mark_document(package: Package, main: str, mark: Mark, form: Form) -> dict[str, str]:
    """Mark a document whose earlier marks were erased; returns nothing to be noted for removal."""
    document = _Marked(package, main, mark, form)
    sections = document.sections()
    if form.header or form.watermark:
        _furnish(document, sections, "header", document.header)
    if form.footer:
        _furnish(document, list(_sections(package.read(main))), "footer", document.footer)
    if form.banner:
        body = next((tag for tag in tags(package.read(main), "body") if tag.opens), None)
        if body is None or body.closes:
            raise DamagedError(reason="the document has no body")
        package.edit(main, [(body.end, body.end, document.banner().encode())])
    return {}


def furnish_headers(package: Package, main: str, make: Callable[[str], str]) -> list[str]:
    """Add a paragraph to every header, and headers where pages have none; return the parts.

    `make` gets the namespace of the document and returns the paragraph.
    """
    document = _Document(package, main)
    _furnish(document, document.sections(), "header", lambda: make(document.space))
    paragraph = make(document.space).encode()
    return [name for name in _furniture(package, main) if paragraph in package.read(name)]


def page_sizes(data: bytes) -> tuple[int, int]:
    """Return the greatest width and height of the pages of a document, in twentieths of a point."""
    sizes = []
    for tag in tags(data, "pgSz"):
        facts = {key.rsplit(":", 1)[-1]: value for key, value in tag.attributes.items()}
        if facts.get("w", "").isdigit() and facts.get("h", "").isdigit():
            sizes.append((int(facts["w"]), int(facts["h"])))
    return (
        max((width for width, _height in sizes), default=_A4[0]),
        max((height for _width, height in sizes), default=_A4[1]),
    )


def erase_document(package: Package, main: str, _notes: dict[str, str]) -> None:
    """Take every paragraph, reference and part of ours out again."""
    for name in [main, *_furniture(package, main)]:
        package.edit(name, list(_our_paragraphs(package.read(name))))
        if name != main:
            package.edit(name, emptied(package.read(name), "hdr", "ftr"))
    data = package.read(main)
    references = elements(data, "headerReference", "footerReference")
    mine = [item for item in references if any(OURS in value for value in item.open.attributes.values())]
    package.edit(main, [(item.start, item.end, b"") for item in mine])
    data = package.read(main)
    empty = [
        (item.start, item.end, b"")
        for item in elements(data, "sectPr")
        if item.open.attributes.get("w:rsidR") == _OUR_SECTION  # the section that a document without any got
        and not data[item.open.end : item.close.start].strip()
    ]
    package.edit(main, empty)
    package.edit(main, emptied(package.read(main), "sectPr"))


def _our_paragraphs(data: bytes) -> Iterator[Edit]:
    """Yield the cuts for the innermost paragraph around each of our bookmarks."""
    if BOOKMARK.encode() not in data:
        return
    marks = [
        tag.start
        for tag in tags(data, "bookmarkStart")
        if any(value.startswith(BOOKMARK) for value in tag.attributes.values())
    ]
    done = -1
    for item in elements(data, "p"):  # inner ones come first
        inside = [at for at in marks if item.start <= at < item.end]
        if inside and item.start > done:
            marks = [at for at in marks if at not in inside]
            done = item.end - 1
            yield item.start, item.end, b""


def _sections(data: bytes) -> Iterator[Element]:
    """Yield the section properties in force, in the order of the text."""
    found = sorted(elements(data, "sectPr", "sectPrChange"), key=lambda item: item.start)
    former = -1
    for item in found:
        if item.open.name == "sectPrChange":
            former = item.end
        elif item.start > former:
            yield item


def _append_section(document: _Document) -> None:
    """Give a document without section properties an empty one at its end."""
    data = document.package.read(document.main)
    ends = [tag.start for tag in tags(data, "body") if tag.closes and not tag.opens]
    if not ends:
        raise DamagedError(reason="the document has no body")
    new = f'<w:sectPr xmlns:w="{document.space}" w:rsidR="{_OUR_SECTION}"></w:sectPr>'
    document.package.edit(document.main, [(ends[-1], ends[-1], new.encode())])


def _furnish(document: _Document, sections: list[Element], what: str, make: Callable[[], str]) -> None:
    """Add our paragraph to every header (or footer), and references to ours where none would show."""
    package, main = document.package, document.main
    arrows = {arrow.id: arrow.target for arrow in package.relationships(main)}
    data = package.read(main)
    even = _has_even_pages(package, main)
    inherited: set[str] = set()
    parts: list[str] = []
    edits: list[Edit] = []
    made: dict[str, str] = {}
    for section in sections:
        wanted = {"default"} | ({"even"} if even else set())
        for item in children(data, section.open.end, section.close.start):
            facts = {key.rsplit(":", 1)[-1]: value for key, value in item.open.attributes.items()}
            if item.open.name == f"{what}Reference":
                inherited.add(facts.get("type", "default"))
                target = arrows.get(facts.get("id", ""), "")
                if package.has(target) and target not in parts:
                    parts.append(target)
            if item.open.name == "titlePg" and facts.get("val", "1") not in {"0", "false", "off"}:
                wanted.add("first")
        missing = sorted(wanted - inherited)
        inherited |= wanted
        if missing:
            edits.append(_references(document, section, data, what, missing, made, make))
    package.edit(main, edits)
    for name in parts:
        _add_paragraph(package, name, what, make().encode())


def _references(  # noqa: PLR0913, PLR0917 - one edit and all it depends on
    document: _Document,
    section: Element,
    data: bytes,
    what: str,
    missing: list[str],
    made: dict[str, str],
    make: Callable[[], str],
) -> Edit:
    """Return the edit that gives `section` references to a header or footer of ours, made when needed."""
    if what not in made:
        part = f"word/shoumi-{what}.xml"
        root = "hdr" if what == "header" else "ftr"
        content = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<w:{root} xmlns:w="{document.space}">{make()}</w:{root}>'
        )
        document.package.write(part, content.encode())
        document.package.declare(part, f"{_TYPE}.{what}+xml")
        made[what] = document.package.relate(document.main, what, f"{document.relations}/{what}", part)
    new = "".join(
        f'<w:{what}Reference xmlns:w="{document.space}" xmlns:r="{document.relations}"'
        f" w:type={quoteattr(kind)} r:id={quoteattr(made[what])}/>"
        for kind in missing
    ).encode()
    if section.is_empty:
        return filled(data, section, new)
    return section.open.end, section.open.end, new


def _add_paragraph(package: Package, name: str, what: str, paragraph: bytes) -> None:
    """Put our paragraph first into a header, last into a footer."""
    data = package.read(name)
    root = root_of(data, name)
    if root.closes or what == "footer":
        package.edit(name, [appended(data, root, paragraph)])
    else:
        package.edit(name, [(root.end, root.end, paragraph)])


def _furniture(package: Package, main: str) -> list[str]:
    """Return the header and footer parts of the document."""
    kinds = ("/header", "/footer")
    found = [arrow.target for arrow in package.relationships(main) if arrow.type.endswith(kinds)]
    return [name for name in dict.fromkeys(found) if package.has(name)]


def _has_even_pages(package: Package, main: str) -> bool:
    settings = [arrow.target for arrow in package.relationships(main) if arrow.type.endswith("/settings")]
    for name in settings:
        if package.has(name):
            for tag in tags(package.read(name), "evenAndOddHeaders"):
                return not {"0", "false", "off"} & set(tag.attributes.values())
    return False


def _watermark(text: str, number: int) -> str:
    """Return the run that sets `text` slanted across the page, as Word's own watermark command does."""
    width = min(560, 24 * sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) // 2)  # noqa: PLR2004
    height = max(18, min(60, 2 * width // max(1, len(text))))
    return (
        '<w:r><w:rPr><w:noProof/></w:rPr><w:pict xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
        '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
        '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
        '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
        '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom"'
        ' o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="ShoumiMarkWatermark{number}" o:spid="_x0000_s{number}" type="#_x0000_t136"'
        f' style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;'
        "rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:page;"
        'mso-position-vertical:center;mso-position-vertical-relative:page" o:allowincell="f"'
        ' fillcolor="#8c8c8c" stroked="f"><v:fill opacity=".4"/>'
        f'<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" string={quoteattr(text)}/>'
        "</v:shape></w:pict></w:r>"
    )
