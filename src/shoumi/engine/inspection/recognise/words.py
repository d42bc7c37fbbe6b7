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

from shoumi.engine.inspection.normalise import Codes, Places, fold_table
from shoumi.engine.inspection.recognise.letters import Signs, signs_of
from shoumi.engine.inspection.recognise.stretch import Stretch


@dataclass(frozen=True)
class Words:
    """A dictionary."""

    words: tuple[str, ...]
    signs: Signs
    codes: Codes  # of each word, the last ones of its row; 0 before it

    @property
    def patterns(self) -> list[str]:
        """Each word as an expression over signs."""
        return ["".join(f"\\x{sign:02x}" for sign in self.signs.spelled(word)) for word in self.words]

    def found(self, stretch: Stretch, numbers: Places, ends: Places) -> dict[str, list[int]]:
        """Return for each word that really stands there the places behind it, ascending."""
        width = self.codes.shape[1]
        written, wanted = stretch.folded(ends - width, width), self.codes[numbers]
        right = ((written == wanted) | (wanted == 0)).all(axis=1)
        numbers, ends = numbers[right], ends[right]
        order = np.lexsort((ends, numbers))
        numbers, ends = numbers[order], ends[order]
        first = np.flatnonzero(np.diff(numbers, prepend=-1))
        places, edges = ends.tolist(), [*first.tolist(), len(ends)]
        return {
            self.words[number]: places[start:end]
            for number, (start, end) in zip(numbers[first].tolist(), pairwise(edges), strict=True)
        }


def dictionary(words: Iterable[str]) -> Words:
    """Return the dictionary of those of `words` that folded text can hold; they are of the basic plane."""
    folds = fold_table()
    kept = tuple(sorted({word for word in words if all(folds[ord(each)] == ord(each) for each in word)}))
    codes = np.zeros((len(kept), max(map(len, kept), default=1)), np.uint16)
    for row, word in zip(codes, kept, strict=True):
        row[len(row) - len(word) :] = [ord(letter) for letter in word]
    return Words(kept, signs_of(kept), codes)
