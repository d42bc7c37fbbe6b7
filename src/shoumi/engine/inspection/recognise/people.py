"""Finds names of people: a surname of the pack beside a word that announces one, or in a column of names.

Sources: 2020年全国姓名报告 and the surname lists named in the packs. Chinese: surname and one or two
characters. Japanese: surname and up to three characters, with or without a space; or kana behind a word for
readings. Without a word beside it no name is found: a name alone looks like any other word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.inspection.normalise import Codes, codes_in, table_of
from shoumi.engine.inspection.recognise.choices import any_of
from shoumi.engine.inspection.recognise.entries import Kind
from shoumi.engine.inspection.recognise.letters import Bools

_HAN: Final = "\u4e00-\u9fff\u3400-\u4dbf々〆ヶ\ue000-\uf8ff"
_GIVEN_JA: Final = f"(?:[{_HAN}]{{1,3}}|[\u3041-\u3096]{{2,4}}|[\u30a1-\u30faー]{{2,4}})"
_BETWEEN: Final = r"[ \t]{0,3}(?:[:：=]|は|是|为|為|叫)?[ \t\"“「【\[]{0,3}"
_BEHIND_ZH: Final = (
    "先生|女士|小姐|同志|老师|经理|总监|主任|医生|律师|教授|工程师|电话|手机|联系|身份|证件|性别|地址|住址|住所|邮箱|男|女|于|在|的|与|和"
    "|及|将|已|现|为|是|从|向|把|被|由|因|以|对|同意|签字|确认|负责|提交|申请|来|到|说|表示|办理|购买|微信|护照|出生|年龄|、"
)
_LOOK: Final = 16
_SHORT: Final = 2  # characters of names that may end in anything: 安部, 王員
LOOK_BEFORE: Final = _LOOK  # what is read before a title
_KANA: Final = codes_in("[\u3041-\u3096\u30a1-\u30faー]")
_ENDS: Final = codes_in(f"[{_HAN}\u3041-\u3096\u30a1-\u30faー ]")
_PASSED: Final = table_of({' \t:=は是为為叫"“「【[)': 1}) > 0  # the letters of `_BETWEEN`
NEAR: Final = 10  # characters from a word to the first of a name, that one and the next
_NAME_BEGINS: Final = frozenset("，。、；：:,.;（(【[「“\"'\t\n\r\0 /|由请给与和向是致对找让把为及或给被跟兹")
_MAY_STAND_BEFORE: Final = table_of({"".join(_NAME_BEGINS): 1}) > 0
_IS_HAN: Final = codes_in(f"[{_HAN}]")


Finder = Callable[[str, int], tuple[int, int] | None]  # of a text and a place in it: where something stands


@dataclass(frozen=True)
class Surnames:
    """The surnames of one pack, as patterns."""

    surnames: tuple[str, ...]
    nouns: frozenset[str] = frozenset()  # two letters that begin like names
    endings: tuple[str, ...] = ()  # of departments, firms and places, which no given name has

    @cached_property
    def any(self) -> str:
        """A pattern for any of them, longest first."""
        return any_of(self.surnames)

    @cached_property
    def chinese_behind(self) -> re.Pattern[str]:
        """What stands behind a word that announces a Chinese name."""
        return re.compile(
            f"{_BETWEEN}({self.any}(?:[{_HAN}]{{1,2}}(?=[^{_HAN}]|\\Z)|[{_HAN}]{{1,2}}?(?={_BEHIND_ZH})))"
        )

    @cached_property
    def chinese_before(self) -> re.Pattern[str]:
        """What stands before a title."""
        return re.compile(f"{self.any}[{_HAN}]{{1,2}}\\Z")

    @cached_property
    def japanese(self) -> re.Pattern[str]:
        """A Japanese name."""
        return re.compile(f"{self.any}[ 　]?{_GIVEN_JA}")

    @cached_property
    def japanese_behind(self) -> re.Pattern[str]:
        """What stands behind a word that announces a Japanese name."""
        return re.compile(
            f"{_BETWEEN}({self.any}(?: {_GIVEN_JA}|[{_HAN}]{{1,3}}?(?=[^{_HAN}]|様|殿|氏|さん|\\Z)"
            f"|[\u3041-\u3096]{{2,3}}(?=[^\u3041-\u3096]|\\Z)))"
        )

    @cached_property
    def japanese_before(self) -> re.Pattern[str]:
        """What stands before a title: a name, or a surname that by itself is hardly anything else."""
        long = any_of(tuple(name for name in self.surnames if len(name) > 1))
        return re.compile(f"(?<![{_HAN}])(?:{self.any}(?: {_GIVEN_JA}|[{_HAN}]{{1,3}})|{long})[ 　]?\\Z")

    @cached_property
    def _longest(self) -> int:
        """Characters of the longest Japanese name with a blank within and one behind it."""
        return max(map(len, self.surnames)) + 6

    @cached_property
    def _firsts(self) -> Bools:
        return table_of({"".join({name[0] for name in self.surnames}): 1}) > 0

    @cached_property
    def _noun_pairs(self) -> NDArray[np.uint32]:
        return np.array([ord(noun[0]) << 16 | ord(noun[1]) for noun in self.nouns], np.uint32)

    def may_begin(self, kind: Kind, codes: Codes) -> Bools:
        """Return in which windows behind a word a name may begin; what may stand between is passed over.

        The last character of a window is asked only for what follows the first of a name.
        """
        if kind.pattern == "kana":
            begins, open_ = _KANA.take(codes[:, :-1]), np.ones((len(codes), codes.shape[1] - 1), np.bool_)
            open_[:, 1:] = np.logical_and.accumulate(_PASSED.take(codes[:, :-2]), axis=1)
            return np.asarray((begins & open_).any(axis=1))
        first = np.argmin(_PASSED.take(codes[:, :-1]), axis=1)  # no letter that is passed over begins a name
        each = np.arange(len(codes))
        letters = codes[each, first]
        may = self._firsts.take(letters)
        some = may.nonzero()[0]
        pairs = letters[some].astype(np.uint32) << np.uint32(16) | codes[some, first[some] + 1]
        may[some] = ~np.isin(pairs, self._noun_pairs)
        return may

    def may_end(self, kind: Kind, codes: Codes) -> Bools:
        """Return in which windows before a title a name may end: behind which letters it may begin."""
        begins, before = self._firsts.take(codes[:, 1:]), codes[:, :-1]
        if kind.id.startswith("jp."):
            apart = ~_IS_HAN.take(before[:, -self._longest :])
            may = (begins[:, -self._longest :] & apart).any(axis=1)
        else:  # two to four letters, as `name_before_zh` reads
            may = (begins[:, -4:-1] & _MAY_STAND_BEFORE.take(before[:, -4:-1])).any(axis=1)
        return np.asarray(may & _ENDS.take(codes[:, -1]))

    def name_before_ja(self, text: str, at: int) -> tuple[int, int] | None:
        """Return the Japanese name before a title that begins `at`."""
        found = self.japanese_before.search(text, max(0, at - self._longest), at)
        name = found[0].rstrip() if found else ""
        return (found.start(), found.start() + len(name)) if found and not self.is_noun(name) else None

    def name_before_zh(self, text: str, at: int) -> tuple[int, int] | None:
        """Return the Chinese name before a title that begins `at`."""
        for size in (3, 4, 2):
            start = at - size
            if start < 0 or (start and text[start - 1] not in _NAME_BEGINS):
                continue
            if self.chinese_before.fullmatch(text[start:at]) and not self.is_noun(text[start:at]):
                return start, at
        return None

    def is_noun(self, text: str) -> bool:
        """Return whether `text` only begins like a name."""
        return text[:2] in self.nouns or (len(text) > _SHORT and text.endswith(self.endings))


KANA_BEHIND: Final = re.compile(
    _BETWEEN.replace("は", "は|）|\\)")
    + r"([\u30a1-\u30faー]{2,8}[ 　]?[\u30a1-\u30faー]{2,8}|[\u3041-\u3096ー]{2,8} [\u3041-\u3096ー]{2,8})"
    r"(?![\u30a1-\u30faー\u3041-\u3096])"
)
KANA_CELL: Final = re.compile(
    r"[\u30a1-\u30faー]{2,8}[ 　]?[\u30a1-\u30faー]{2,8}|[\u3041-\u3096ー]{2,8} [\u3041-\u3096ー]{2,8}"
)


def looks_behind(kind: Kind) -> int:
    """Return how many characters behind a word are read for a name of `kind`."""
    return 2 * _LOOK if kind.pattern == "kana" else _LOOK


def behind_word(kind: Kind, surnames: Surnames) -> Finder:
    """Return what reads the name of `kind` behind a word that ends at a place."""
    if kind.pattern == "kana":
        return _reader(KANA_BEHIND, looks_behind(kind), lambda _name: False)
    pattern = surnames.japanese_behind if kind.id.startswith("jp.") else surnames.chinese_behind
    return _reader(pattern, looks_behind(kind), surnames.is_noun)


def _reader(pattern: re.Pattern[str], width: int, is_noun: Callable[[str], bool]) -> Finder:
    """Return what reads the first group of `pattern` from a place on, if it is no noun."""
    match = pattern.match

    def read(text: str, at: int) -> tuple[int, int] | None:
        found = match(text, at, at + width)
        return found.span(1) if found and not is_noun(found[1]) else None

    return read


def before_word(kind: Kind, surnames: Surnames) -> Finder:
    """Return what reads the name of `kind` before a title that begins at a place."""
    return surnames.name_before_ja if kind.id.startswith("jp.") else surnames.name_before_zh


def is_name(kind: Kind, surnames: Surnames, text: str) -> bool:
    """Return whether a whole cell is a name."""
    if kind.pattern == "kana":
        return KANA_CELL.fullmatch(text) is not None
    if kind.id.startswith("jp."):
        return surnames.japanese.fullmatch(text) is not None and not surnames.is_noun(text)
    return surnames.chinese_before.fullmatch(text) is not None and not surnames.is_noun(text)
