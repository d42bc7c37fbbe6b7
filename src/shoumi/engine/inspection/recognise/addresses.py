"""Finds postal addresses by how they are built: division, street or quarter, number.

Sources: GB/T 23705-2009 (levels of Chinese addresses), 住居表示に関する法律 (quarter, block and house
numbers). A province or prefecture, or a house number, leads to one; at least two levels and a number or
street must stand there. Whether the street exists nobody asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import Final

import numpy as np

from shoumi.engine.inspection.normalise import Codes, Places, codes_in, fold_table, table_of
from shoumi.engine.inspection.recognise.choices import all_but, any_of
from shoumi.engine.inspection.recognise.letters import Bools, Bytes
from shoumi.engine.inspection.recognise.stretch import Stretch

_HAN: Final = "\u4e00-\u9fff"
_NOT: Final = "的了在是和与或为从到于及将被把向对自由位住者往至请寄址"  # no part of a place name
_ZH: Final = f"[{_HAN}]"
_PLAIN_ZH: Final = f"[{all_but(_HAN[0], _HAN[-1], _NOT)}]"
_BEFORE_HE, _BEHIND_HE = "太永仁云平政泰祥人共中兴", "平田县顺政静硕龙林谐兴美浩"
_ODD: Final = re.compile("[和自由于从向将]")
_ODD_ZH: Final = (  # 和平区, 呼和浩特市, 太和县, 自贡市, 于洪区, 从化区, 向阳路, 将军路
    f"(?:{_PLAIN_ZH}|和(?=[{_BEHIND_HE}])|(?<=[{_BEFORE_HE}])和(?![{_BEHIND_HE}])"
    "|自(?=[贡流强由])|(?<=自)由|于(?=[洪都阳])|从(?=[化江])|向(?=阳)|将(?=[军乐]))"
)
_NUMBER_ZH: Final = r"(?:\d{1,5}|[一二三四五六七八九十百]{1,4}|[A-Z]\d{0,3})(?:-\d{1,4})?"
_STREET_ZH: Final = (
    "(?:(?:大街|大道|路|街|道)(?:[东西南北中]?[一二三四五六七八九十]{1,2}段)?"
    "|巷|胡同|弄|村|里|社区|小区|花园|家园|新村|工业园|开发区|科技园|产业园|园区|大厦|广场|屯|组)"
)
_HOUSE_ZH: Final = (
    f"(?:甲|乙)?{_NUMBER_ZH} ?"
    "(?:号院|号楼|[号號](?:附\\d{1,4}号)?|弄|栋|幢|座|楼|樓|层|单元|室|房|组|区|期|户)"
    f"(?:{_ZH}{{0,8}}(?:大厦|广场|小区|花园|公寓|中心|园区|商厦))?"
)
_ROOM_ZH: Final = r"(?:\d{1,4}(?:-\d{1,5}){1,2}(?![\d-]))?"
_DIVISION_ZH: Final = "(?:自治州|地区|盟|新区|[市区區县縣旗镇鎮乡鄉]|街道|苏木)"
_GIVEN_JA: Final = r"[一-龥々ヶヵノのケツ\u3041-\u3096\u30a1-\u30faー]"
_CITY_JA: Final = "(?:[一-龥々ヶ]{1,4}|[\u3041-\u3096]{2,4})"
_UNIT_JA: Final = r"(?:丁目|番地の?|番(?![町街])|号|-|の)"
_NUMBERS_JA: Final = (  # 六本木 and 一番町 are names; Sapporo counts its streets
    r"(?:\d{1,2}条[東西南北]?)?"
    f"(?:(?:\\d{{1,4}}|[一二三四五六七八九十]{{1,4}}(?= ?{_UNIT_JA})) ?{_UNIT_JA}? ?){{1,4}}"
)
_ROOM_JA: Final = (
    r"(?:[ 　]?[一-龥\u30a1-\u30faーA-Za-z0-9・]{2,18}"
    r"(?:ビル|タワー|マンション|ハイツ|荘|コーポ|レジデンス|号室|館)"
    r"[ 　]?(?:\d{1,4}(?:号室|階|F)?)?|[ 　]\d{1,4}号室)?"
)
_DIGIT: Final = re.compile(r"\d")
_NUMBERED_JA: Final = re.compile(r"\d ?(?:丁目|番|-|の)|丁目")
_NUMBERED_ZH: Final = re.compile(r"[\d一二三四五六七八九十A-Z] ?(?:[号號]|弄|栋|幢|座|室|单元|组)|村")
_INSIDE, _NUMBER, _UNIT, _DIVISION, _TELLING = 1, 2, 4, 8, 16  # what a letter may be in an address
_SIGNS: Final = {
    "cn": {
        f"0123456789一二三四五六七八九十{ascii_uppercase}": _NUMBER,
        "号號弄栋幢座室单组": _UNIT,
        "村": _TELLING,
    },
    "jp": {"0123456789丁": _NUMBER, "市区町村郡": _DIVISION, "丁番の-": _TELLING},
}
_LETTERS: Final = {  # of which the patterns below are made: an address goes over no other
    "cn": r"[\u4e00-\u9fff\d A-Z-]",
    "jp": f"{_GIVEN_JA[:-1]}\\d A-Za-z・\u3000-]",
}
_BACK: Final = 48
_AHEAD: Final = 60
_MARGIN: Final = _BACK + 2  # a name may ask what stands before it
_WIDTH: Final = _MARGIN + _AHEAD + 1


@dataclass(frozen=True)
class Addresses:
    """Patterns for the addresses of a country, from the names of its first divisions."""

    country: str
    places: tuple[str, ...]

    @cached_property
    def _first(self) -> str:
        return any_of(self.places)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """A whole address."""
        if self.country == "jp":
            city = f"市(?:{_GIVEN_JA}{{1,4}}?区)?|区|郡{_GIVEN_JA}{{1,4}}?[町村]"
            return re.compile(
                f"(?:{self._first} ?(?:{_GIVEN_JA}{{1,6}}?[市区町村郡] ?){{1,3}}"
                f"|(?<![一-龥]){_CITY_JA}(?:{city}) ?)"
                f"{_GIVEN_JA}{{0,12}}? ?{_NUMBERS_JA}{_ROOM_JA}"
            )
        return self._chinese(_ODD_ZH, f"(?:{_ODD_ZH}|\\d)")

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        """The same for texts without the odd letters; much faster."""
        return self._chinese(_PLAIN_ZH, f"{_PLAIN_ZH[:-1]}\\d]") if self.country == "cn" else self.pattern

    def _chinese(self, letter: str, or_digit: str) -> re.Pattern[str]:
        """Return the pattern with these letters in names; a division ends where it first can."""
        head = f"(?:(?:中国)?{self._first}(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)? ?)"
        begin = f"(?:(?<!{_ZH})|(?<=[{_NOT}]))"
        divisions = f"(?:(?>{letter}{{1,7}}?{_DIVISION_ZH}) ?){{1,4}}"
        street = f"{or_digit}{{1,10}}?{_STREET_ZH}"
        return re.compile(
            f"(?:{head}{divisions}|{head}(?={street})|{begin}{divisions})"
            f"(?:{street} ?){{1,3}}(?:(?:{_HOUSE_ZH} ?){{1,5}}{_ROOM_ZH})?"
            f"|{head}{divisions}(?:{_HOUSE_ZH} ?){{1,5}}{_ROOM_ZH}"
        )

    @cached_property
    def _flags(self) -> Bytes:
        """What each letter may be, by code as written."""
        folded = table_of(_SIGNS[self.country]) | codes_in(_LETTERS[self.country]) * np.uint8(_INSIDE)
        return folded.take(fold_table())

    def find(self, stretch: Stretch, houses: Places, named: Places) -> list[tuple[int, int]]:
        """Return the addresses near numbers of `houses` and divisions that are `named`, ascending places."""
        found: list[tuple[int, int]] = []
        behind = 0
        anchors = np.sort(np.concatenate([houses, named]), kind="stable")  # both ascend already
        if not len(anchors):
            return found
        codes = stretch.written(anchors - _MARGIN, _WIDTH)
        flags, inside, before, ahead = self._around(codes)
        near = np.searchsorted(named, anchors - before) < np.searchsorted(named, anchors + ahead)
        told = self._may_be_told(flags, near).nonzero()[0]
        text = (fold_table().take(codes[told]) * inside[told]).tobytes().decode("utf-16-le")
        columns = (each[told].tolist() for each in (anchors, before, ahead))
        for number, (anchor, left, right) in enumerate(zip(*columns, strict=True)):
            if anchor < behind:
                continue
            at = number * _WIDTH + _MARGIN
            shift = anchor - at
            first, last = max(behind - shift, at - left), at + right
            pattern = self.pattern if _ODD.search(text, first, last) else self._plain
            for match in pattern.finditer(text, first, last):
                if match.start() <= at < match.end() + 1 and self._is_told(match[0]):
                    stop = match.start() + len(match[0].rstrip(" -の"))
                    found.append((self._begin(match) + shift, stop + shift))
                    behind = stop + shift
                    break
        return found

    def _around(self, codes: Codes) -> tuple[Bytes, Bools, Places, Places]:
        """Return what the letters around each anchor are, which belong to an address, how far those go.

        Beyond them no letter is anything.
        """
        flags = self._flags.take(codes)
        beyond = (flags & _INSIDE) == 0
        beyond[:, [0, -1]] = True
        before = beyond[:, _MARGIN - 1 :: -1].argmax(axis=1)
        ahead = beyond[:, _MARGIN:].argmax(axis=1)
        columns = np.arange(_WIDTH)
        inside = (columns >= (_MARGIN - before)[:, None]) & (columns < (_MARGIN + ahead)[:, None])
        flags *= inside
        return flags, inside, np.minimum(before, _BACK), ahead

    def _may_be_told(self, flags: Bytes, near: Bools) -> Bools:
        """Return which windows hold the signs without which nothing in them is an address.

        `near` says where one of the known divisions stands.
        """
        held = np.bitwise_or.reduce(flags, axis=1)
        if self.country == "jp":
            both = _NUMBER | _DIVISION
            return ((held & both) == both) & (near | ((held & _TELLING) > 0))
        numbers, units = (flags[:, :-2] & _NUMBER) > 0, (flags & _UNIT) > 0
        numbered = (numbers & (units[:, 1:-1] | units[:, 2:])).any(axis=1)  # a blank may stand between
        return numbered | ((held & _TELLING) > 0)

    def _begin(self, match: re.Match[str]) -> int:
        """Return where the address begins: at its first division if that stands within."""
        text = match[0]
        first = self._known.search(text)
        if first and first.start() and self.pattern.fullmatch(text, first.start()):
            return match.start() + first.start()
        return match.start()

    @cached_property
    def _known(self) -> re.Pattern[str]:
        return re.compile(self._first)

    def is_address(self, text: str) -> bool:
        """Return whether a whole cell is an address."""
        match = self.pattern.search(text)
        return match is not None and len(match[0]) * 2 >= len(text)

    def _is_told(self, text: str) -> bool:
        if self.country == "jp":
            known = text.startswith(self.places) and _DIGIT.search(text)
            return bool(known or _NUMBERED_JA.search(text))
        return _NUMBERED_ZH.search(text) is not None
