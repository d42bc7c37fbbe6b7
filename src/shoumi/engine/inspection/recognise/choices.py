"""Writes many words as one expression that reads letter by letter, where `re` tries each word in turn.

Source: own. Of words that begin alike the longest counts, as if it had been written first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_FEW: Final = 8  # choices


def any_of(words: Iterable[str]) -> str:
    """Return an expression for any of `words`, the longest first; for none, one that never matches.

    Where there are many, the first letter is asked for at once.
    """
    behind: dict[str, list[str]] = {}
    for word in set(words):
        behind.setdefault(word[:1], []).append(word[1:])
    ends = behind.pop("", None) is not None
    if not behind:
        return "" if ends else "(?!)"
    letters = sorted(behind)
    alone = [letter for letter in letters if behind[letter] == [""]]
    choices = [re.escape(letter) + any_of(behind[letter]) for letter in letters if letter not in alone]
    if alone:
        choices.append(_one_of(alone))
    ahead = f"(?={_one_of(letters)})" if len(choices) > _FEW else ""
    return f"(?:{ahead}(?:{'|'.join(choices)})){'?' * ends}"


def _one_of(letters: Iterable[str]) -> str:
    return f"[{''.join(map(re.escape, letters))}]"


def all_but(first: str, last: str, left_out: str) -> str:
    """Return what stands in a class for the letters from `first` to `last` without those `left_out`."""
    spans, begin = [], ord(first)
    for out in sorted({ord(letter) for letter in left_out if first <= letter <= last}):
        spans.append((begin, out - 1))
        begin = out + 1
    spans.append((begin, ord(last)))
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in spans if low <= high)
