"""Plain text of any encoding, and markup as text: txt, csv, json, source, xml, html.

Source: HTML Living Standard, chapter 13, for what browsers show and what they hide; of a page also the
title, alternative texts, form values, comments and scripts are given, since secrets stand there too.
"""

from __future__ import annotations

import re
from typing import Final

from shoumi.engine.inspection.extract.charsets import text_of
from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.markup import attributes, replaced, unescaped
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
_CELLS: Final = frozenset({"td", "th"})
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
    page = _Page(text_of(content, declared=declared[1].decode() if declared else ""))
    harvest.text(PartKind.BODY, page.running())
    harvest.text(PartKind.PROPERTY, "\n".join(dict.fromkeys(page.told)), "attribute")
    harvest.text(PartKind.COMMENT, "\n".join(page.comments))
    harvest.text(PartKind.PROPERTY, "\n".join(page.scripts), "script")


def page_text(text: str) -> str:
    """Return what a page shows, and behind it what its attributes and comments say."""
    page = _Page(text)
    return "\n".join(filter(None, (page.running(), *dict.fromkeys(page.told), *page.comments)))


_TOKEN: Final = re.compile(r"<(/?)([A-Za-z][^\s<>/]*)([^<>]*)>|([^<]+)")
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_CODE: Final = frozenset({"script", "style"})


class _Page:
    """What a page says; read tag by tag, in time that grows with its length and no faster."""

    def __init__(self, text: str) -> None:
        self.told: list[str] = []
        self.comments: list[str] = []
        self.scripts: list[str] = []
        self._pieces: list[str] = []
        code = False
        for closing, tag, rest, words in _TOKEN.findall(replaced(text, "<!--", "-->", self._comment)):
            if words:
                if code:
                    self.scripts.append(words)
                else:
                    self._pieces.append(_SPACE.sub(" ", unescaped(words)))
                continue
            name = tag.lower()
            code = name in _CODE and not closing
            if name in _BLOCKS:
                self._pieces.append("\n")
            elif closing and name in _CELLS:
                self._pieces.append("\t")
            if "=" in rest:
                self._attributes(rest)

    def _comment(self, inner: str) -> str:
        self.comments.append(inner)
        return ""

    def _attributes(self, rest: str) -> None:
        self.told += [
            value[:_VALUE_MOST]
            for name, value in attributes(rest).items()
            if value and name.lower() in _TOLD and not _DATA_URL.match(value)
        ]

    def running(self) -> str:
        """Return the text with one line end where the page has one or more."""
        lines = (line.strip(" ") for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line.strip())
