"""Finds words of Chinese and Japanese, and the words that lead to names, addresses and markings.

Source: own. Words are looked for by the signs of their letters, in the same pass as `expressions`; letters
share signs, so that what was found is compared with the codes, all at once. What a word means is its finder's
task.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from shoumi.engine.inspection.normalise import Codes, Places, edges_of, fold_table
from shoumi.engine.inspection.recognise.letters import Bools, Signs, signs_of
from shoumi.engine.inspection.recognise.stretch import Stretch


@dataclass(frozen=True)
class Words:
    """A dictionary."""

    words: tuple[str, ...]
    signs: Signs
    codes: Codes  # of each word, the last ones of its row; 0 before it
    short: Bools  # which words count only where a letter that leads on stands behind
    on: str  # those letters

    @property
    def patterns(self) -> list[str]:
        """Each word as an expression over signs, with the letter behind it where it is short."""
        behind = f"[{_escaped(bytes(sorted(set(self.signs.spelled(self.on)))))}]" if self.on else ""
        spelled = [_escaped(self.signs.spelled(word)) for word in self.words]
        return [word + behind * short for word, short in zip(spelled, self.short.tolist(), strict=True)]

    def found(self, stretch: Stretch, numbers: Places, ends: Places) -> dict[str, Places]:
        """Return for each word that really stands there the places behind it, ascending.

        `numbers` and `ends` are those of matches of the patterns.
        """
        width = self.codes.shape[1]
        ends = ends - self.short[numbers]
        written, wanted = stretch.folded(ends - width, width), self.codes[numbers]
        right = ((written == wanted) | (wanted == 0)).all(axis=1)
        numbers, ends = numbers[right], ends[right]
        order = np.lexsort((ends, numbers))
        numbers, ends = numbers[order], ends[order]
        return {self.words[numbers[start]]: ends[start:end] for start, end in pairwise(edges_of(numbers))}


def _escaped(signs: bytes) -> str:
    return "".join(f"\\x{sign:02x}" for sign in signs)


def dictionary(words: Iterable[str], short: Iterable[str] = (), on: str = "") -> Words:
    """Return the dictionary of those of `words` that folded text can hold; they are of the basic plane.

    Of these the `short` ones, which alone would stand everywhere, count only where one of the letters `on`
    stands behind them.
    """
    folds = fold_table()
    kept = tuple(sorted({word for word in words if all(folds[ord(each)] == ord(each) for each in word)}))
    codes = np.zeros((len(kept), max(map(len, kept), default=1)), np.uint16)
    for row, word in zip(codes, kept, strict=True):
        row[len(row) - len(word) :] = [ord(letter) for letter in word]
    return Words(kept, signs_of((*kept, on)), codes, np.isin(kept, sorted(short)), on)
