"""Finds names of persons in texts that were written long ago, and masks them.

Titles, lines of ledgers, records and what people typed hold names as words, without saying whose.  A name of
three characters and more is found anywhere, a shorter one only where it stands alone, as in a cell or between
commas: many names of two characters are words, too.  It does not know whose name it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from html import escape, unescape
from typing import Any

from shoumi.server.accounts.masking import mask

ANYWHERE = 3  # characters from which a name is found inside other words, where words are not parted
SHORTEST = 2
_LATIN = re.compile(r"[A-Za-z0-9À-ɏ]")
_PARTS = re.compile(
    r"(<textarea\b.*?</textarea>|<style\b.*?</style>|<script\b.*?</script>|<[^>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_VALUE = r"""("[^"]*"|'[^']*')"""
_SAID = re.compile(rf"((?:title|alt|content|aria-label|data-[a-z-]+)=){_VALUE}", re.IGNORECASE)
_TYPED = re.compile(rf"(\bvalue=){_VALUE}", re.IGNORECASE)
_FIELD = re.compile(r"<textarea\b|<input\b[^>]*type=.(?:text|search|email|tel)\b", re.IGNORECASE)


class NamesInText:
    """Names to be masked wherever they are found."""

    def __init__(self, names: Iterable[str]) -> None:
        """Sort the names by their first character."""
        self._found: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for form in {name, escape(name)}:
                if len(form) >= SHORTEST:
                    self._found[form[0]].add(form)
        self._lengths = {
            first: sorted({len(form) for form in forms}, reverse=True) for first, forms in self._found.items()
        }
        firsts = "".join(re.escape(first) for first in self._found)
        self._first = re.compile(f"[{firsts}]") if firsts else None

    def __bool__(self) -> bool:
        """Tell whether there is any name to look for."""
        return self._first is not None

    def text(self, text: str) -> str:
        """Return a text with the names in it masked."""
        if self._first is None:
            return text
        parts, done = [], 0
        for hit in self._first.finditer(text):
            at = hit.start()
            name = self._name_at(text, at) if at >= done else ""
            if name:
                parts += [text[done:at], mask(name)]
                done = at + len(name)
        return "".join([*parts, text[done:]]) if parts else text

    def page(self, page: str, typed: Collection[str] | None = ()) -> str:
        """Return HTML with the names masked in its words, in what its attributes say and in its fields.

        Fields that hold one of `typed` are left, and all of them if it is None.
        """
        if self._first is None:
            return page
        parts = _PARTS.split(page)
        parts[::2] = [self.text(part) for part in parts[::2]]
        parts[1::2] = [self._tag(part, typed) for part in parts[1::2]]
        return "".join(parts)

    def value(self, value: Any) -> Any:
        """Return a value of JSON with the names masked in all of its texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.value(each) for key, each in value.items()}
        return [self.value(each) for each in value] if isinstance(value, list) else value

    def _tag(self, tag: str, typed: Collection[str] | None) -> str:
        if tag[1:7].lower() == "script":
            return tag
        if _FIELD.match(tag):
            if typed is None:
                return tag
            if tag[1:9].lower() == "textarea":
                return self.text(tag)
            return _TYPED.sub(
                lambda value: (
                    value[0] if unescape(value[2][1:-1]) in typed else value[1] + self.text(value[2])
                ),
                tag,
            )
        return _SAID.sub(lambda said: said[1] + self.text(said[2]), tag)

    def _name_at(self, text: str, at: int) -> str:
        """Return the longest name that stands at a place; empty for none."""
        for length in self._lengths[text[at]]:
            name = text[at : at + length]
            if name in self._found[text[at]] and _stands(text, at, at + length, name):
                return name
        return ""


def _stands(text: str, begin: int, end: int, name: str) -> bool:
    """Tell whether a name at a place is one, and no part of another word."""
    before, after = text[begin - 1 : begin], text[end : end + 1]
    if _LATIN.match(name[0]) or _LATIN.match(name[-1]):
        return not (_LATIN.match(before) or _LATIN.match(after))
    return len(name) >= ANYWHERE or not (before.isalpha() or after.isalpha())
