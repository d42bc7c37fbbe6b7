"""Text out of XML by looking for the few tags that carry or end it, after one check that the XML is sound.

Sources: XML 1.0 (fifth edition); ECMA-376 part 1, chapters 17 and 21, for what ends a paragraph, a cell and
a text box.  Entities that a document declares are never expanded and nothing outside is fetched: a document
type declaration closes the part, and its text is then given as it is written.  Builds no tree.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.values import Reason

_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^<>]*encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_TAG: Final = re.compile(r"<[^<>]*>")
_STORY: Final = re.compile(
    r"<(?:[\w.-]+:)?(?:"
    r"(t|delText|instrText|delInstrText|text)(?:\s[^<>]*)?>([^<]*)"
    r"|(tab\s*/|ptab(?:\s[^<>]*)?|br(?:\s[^<>]*)?|cr\s*/|noBreakHyphen\s*/)>"
    r"|(tc|txbxContent)(?:\s[^<>]*)?>)"
    r"|</(?:[\w.-]+:)?(p|tc|tr|txbxContent|text)\s*>"
)
_ATTRIBUTE: Final = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>]+))""")
_BLOCK: Final = 1 << 16


def xml_text(content: bytes, harvest: Harvest, name: str = "") -> str:
    """Return an XML part as characters; damage is noted and what can be read comes nevertheless.

    Raises:
        ClosedError: it is larger than XML may be.
    """
    if len(content) > harvest.limits.xml_bytes:
        raise ClosedError(Reason.TOO_LARGE, f"XML of more than {harvest.limits.xml_bytes} bytes")
    if b"<!DOCTYPE" in content[:_BLOCK] or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = decoded(content)
        if "<!DOCTYPE" in text[:_BLOCK]:
            harvest.closed(Reason.DAMAGED, "declares a document type, which such files do not have", name)
            return _plain(text)
    fault = "" if name.endswith(".vml") else unsound(content)  # programs leave tags open in drawings
    if fault:
        harvest.closed(Reason.DAMAGED, fault, name)
    return _plain(decoded(content))


def decoded(content: bytes) -> str:
    """Return XML as characters, by its mark or declaration, without raising."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    declared = _DECLARED.match(content[:200].removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].decode().lower() if declared else "utf-8"
    try:
        return content.decode("gb18030" if encoding in {"gb2312", "gbk"} else encoding, "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def unsound(content: bytes) -> str:
    """Return what is wrong with this XML, or nothing."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        code = getattr(error, "code", 0)
        return f"broken XML: {expat.ErrorString(code) if code else 'its encoding'}"
    return ""


def _plain(text: str) -> str:
    """Return `text` without comments and with its CDATA sections as ordinary text."""
    if "<![CDATA[" in text:
        text = replaced(text, "<![CDATA[", "]]>", lambda inner: html.escape(inner, quote=False))
    if "<!--" in text:
        text = replaced(text, "<!--", "-->", lambda _inner: "")
    return text


def replaced(text: str, start: str, end: str, by: Callable[[str], str]) -> str:
    """Return `text` with each stretch from `start` to `end` replaced; an open one goes on to the last."""
    pieces = []
    place = 0
    while (first := text.find(start, place)) >= 0:
        last = text.find(end, first + len(start))
        last = len(text) if last < 0 else last
        pieces += [text[place:first], by(text[first + len(start) : last])]
        place = last + len(end)
    return "".join([*pieces, text[place:]])


def unescaped(text: str) -> str:
    """Return `text` with entities resolved."""
    return html.unescape(text) if "&" in text else text


def all_text(text: str) -> str:
    """Return every stretch of text between tags on a line of its own."""
    return "\n".join(
        unescaped(piece) for piece in _TAG.sub("\x00", text).split("\x00") if not piece.isspace() and piece
    )


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of one tag by their names without prefix."""
    return {
        name.rpartition(":")[2]: unescaped(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(tag)
    }


@dataclass(slots=True)
class Story:
    """The text of one part: what runs, what floats in boxes, what was deleted, and field instructions."""

    body: str = ""
    boxes: list[str] = field(default_factory=list)
    deleted: str = ""
    fields: str = ""


@dataclass(slots=True)
class _Flow:
    """Text that is being put together; a text box has one of its own."""

    lines: list[str] = field(default_factory=list)
    cells: int = 0  # cells within cells that are open

    def end_paragraph(self) -> None:
        self.lines.append(" " if self.cells else "\n")

    def end_cell(self) -> None:
        self.cells = max(0, self.cells - 1)
        while self.lines and self.lines[-1] == " ":
            self.lines.pop()
        self.lines.append(" " if self.cells else "\t")

    def end_row(self) -> None:
        if not self.cells:
            if self.lines and self.lines[-1] == "\t":
                self.lines.pop()
            self.lines.append("\n")


def story(text: str) -> Story:  # noqa: C901, PLR0912 - one branch a tag
    """Return what WordprocessingML or DrawingML tells, runs of a paragraph joined."""
    flows = [_Flow()]
    boxes: dict[str, None] = {}
    deleted: list[str] = []
    fields: list[str] = []
    for kind, run, space, opened, ended in _STORY.findall(text):
        flow = flows[-1]
        if kind:
            if kind in {"t", "text"}:
                flow.lines.append(unescaped(run).replace("\t", " ").replace("\n", " "))
            elif kind == "delText":
                deleted.append(unescaped(run))
            else:
                fields.append(unescaped(run))
        elif space:
            flow.lines.append(
                "-" if space[0] == "n" else "\n" if not flow.cells and space[0] in "bc" else " "
            )
        elif ended in {"p", "text"}:
            flow.end_paragraph()
            if deleted and deleted[-1] != "\n":
                deleted.append("\n")
            if fields and fields[-1] != "\n":
                fields.append("\n")
        elif opened == "tc":
            flow.cells += 1
        elif ended == "tc":
            flow.end_cell()
        elif ended == "tr":
            flow.end_row()
        elif opened:
            flows.append(_Flow())
        elif len(flows) > 1:
            boxes["".join(flows.pop().lines)] = None
    for flow in flows[1:]:  # a box that damage left open
        boxes["".join(flow.lines)] = None
    return Story("".join(flows[0].lines), list(boxes), "".join(deleted), "".join(fields))
