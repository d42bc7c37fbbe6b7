"""Plain text of any encoding, and markup as text: txt, csv, json, source, xml, html.

Source: HTML Living Standard, chapter 13, for what browsers show and what they hide; of a page also the
title, alternative texts, form values, comments and scripts are given, since secrets stand there too.
"""

from __future__ import annotations

import html.parser
import re
from typing import Final

from shoumi.engine.inspection.extract.charsets import text_of
from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.values import PartKind, Reason

_META: Final = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
_BLOCKS: Final = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "title",
        "tr",
        "ul",
        "caption",
        "body",
    }
)
_TOLD: Final = frozenset({"alt", "title", "value", "placeholder", "content", "href", "src", "aria-label"})
_DATA_URL: Final = re.compile(r"^data:image/[\w.+-]+;base64,", re.IGNORECASE)
_VALUE_MOST: Final = 4096


def read_text(content: bytes, harvest: Harvest) -> None:
    """Read plain text; of what is too long the beginning is read and the rest reported."""
    most = harvest.limits.content_bytes
    if len(content) > most:
        harvest.closed(Reason.TOO_LARGE, f"the text goes on after {most} bytes")
        content = content[:most]
    harvest.text(PartKind.TEXT, text_of(content))


def read_html(content: bytes, harvest: Harvest) -> None:
    """Read a page: running text, and apart from it what is written in attributes, comments and scripts."""
    declared = _META.search(content[:4096])
    page = _Page()
    page.feed(text_of(content, declared=declared[1].decode() if declared else ""))
    page.close()
    harvest.text(PartKind.BODY, page.running())
    harvest.text(PartKind.PROPERTY, "\n".join(dict.fromkeys(page.told)), "attribute")
    harvest.text(PartKind.COMMENT, "\n".join(page.comments))
    harvest.text(PartKind.PROPERTY, "\n".join(page.scripts), "script")


def page_text(text: str) -> str:
    """Return what a page shows, and behind it what its attributes and comments say."""
    page = _Page()
    page.feed(text)
    page.close()
    return "\n".join(filter(None, (page.running(), *dict.fromkeys(page.told), *page.comments)))


class _Page(html.parser.HTMLParser):
    """Collects what a page says."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.told: list[str] = []
        self.comments: list[str] = []
        self.scripts: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a line, a cell, or the attributes that say something."""
        self._script = tag in {"script", "style"}
        if tag in _BLOCKS:
            self.pieces.append("\n")
        self.told += [
            value[:_VALUE_MOST]
            for name, value in attrs
            if name in _TOLD and value and not _DATA_URL.match(value)
        ]

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a line or cell."""
        self._script = False
        if tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in {"td", "th"}:
            self.pieces.append("\t")

    def handle_data(self, data: str) -> None:
        """Keep text."""
        if self._script:
            self.scripts.append(data)
        else:
            self.pieces.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def handle_comment(self, data: str) -> None:
        """Keep a comment."""
        self.comments.append(data)

    def running(self) -> str:
        """Return the text with one line end where the page has one or more."""
        text = "".join(self.pieces)
        return re.sub(r"[ \t]*\n\s*", "\n", text).strip("\n ")
