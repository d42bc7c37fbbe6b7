"""How a name is read, so that lists sort and searches find it: pinyin for Chinese names, kana for Japanese.

Pinyin by pypinyin, with the surnames whose reading as a surname differs; kana are kept as hiragana after
Unicode's table.  A Japanese name's reading cannot be derived from its characters: it is asked for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from shoumi.server.people.models import Country

# Surnames that are read differently from the same character elsewhere.
SURNAMES = {
    "万俟": "moqi", "尉迟": "yuchi", "单于": "chanyu", "澹台": "tantai", "长孙": "zhangsun",
    "区": "ou", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "盖": "ge", "朴": "piao",
    "任": "ren", "华": "hua", "洗": "xian", "冼": "xian", "缪": "miao", "尉": "wei", "乐": "yue",
    "翟": "zhai", "召": "shao", "折": "she", "员": "yun", "那": "na", "句": "gou", "种": "chong",
    "秘": "bi", "繁": "po", "覃": "qin", "宓": "mi", "逄": "pang", "黑": "he",
}  # fmt: skip
DOUBLE_SURNAMES = (
    "东方", "欧阳", "上官", "司马", "司徒", "诸葛", "夏侯", "皇甫", "公孙", "慕容", "令狐", "宇文",
    "端木", "南宫", "独孤",
)  # fmt: skip
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
LONGEST_SEARCH = 400


def surname_length(name: str) -> int:
    """Return how many characters of a Chinese name are its surname."""
    return 2 if name[:2] in DOUBLE_SURNAMES or (name[:2] in SURNAMES and len(name) > 2) else 1  # noqa: PLR2004


def pinyin_of(name: str) -> str:
    """Return the reading of a Chinese name, surname first: 顾清和 → `gu qinghe`; empty without hanzi."""
    plain = "".join(name.split())
    if not any(is_han(character) for character in plain):
        return ""
    cut = surname_length(plain)
    surname, given = plain[:cut], plain[cut:]
    return f"{SURNAMES.get(surname) or _syllables(surname)} {_syllables(given)}".strip()


def hiragana_of(text: str) -> str:
    """Return kana of any width and kind as hiragana, single spaces between the parts of a name."""
    even = unicodedata.normalize("NFKC", text).translate(_KATAKANA)
    return " ".join(even.split()).lower()


def reading_for(*, name: str, reading: str, country: str) -> str:
    """Return the reading to keep: as given, or derived for a Chinese name; empty if it cannot be known."""
    given = hiragana_of(reading)
    return given or (pinyin_of(name) if country == Country.CN else "")


def search_text(*, name: str, number: str, reading: str) -> str:
    """Return what a search looks through: the name with and without spaces, number, reading, initials."""
    even = unicodedata.normalize("NFKC", name).lower()
    parts = [even, "".join(even.split()), number.lower(), reading, "".join(reading.split())]
    parts += [initials_of(name, reading)]
    if not reading.isascii():
        parts.append("".join(even.split()).translate(_KATAKANA))
    return " ".join(dict.fromkeys(part for part in parts if part))[:LONGEST_SEARCH]


def initials_of(name: str, reading: str) -> str:
    """Return the first letter of each syllable, 顾清和 → `gqh`; empty for readings in kana."""
    if not reading or not reading.isascii():
        return ""
    plain = "".join(name.split())
    letters = list(_first_letters(plain, surname_length(plain)))
    return "".join(letters) if all(is_han(character) for character in plain) else ""


def words_of(query: str) -> list[str]:
    """Return the words of a search as they stand in `search_text`: small, half-width, kana as hiragana."""
    even = unicodedata.normalize("NFKC", query).lower()
    return [word.translate(_KATAKANA) if _is_kana(word) else word for word in even.split()]


def is_han(character: str) -> bool:
    """Tell whether a character is a Chinese ideograph."""
    return "\u3400" <= character <= "\u9fff" or character >= "\U00020000"


def _is_kana(word: str) -> bool:
    return bool(word) and all("\u3041" <= character <= "\u30ff" for character in word)


def _first_letters(name: str, cut: int) -> Iterator[str]:
    for position, character in enumerate(name):
        known = SURNAMES.get(name[:cut]) if position == 0 else None
        yield (known or _syllables(character))[:1]


@lru_cache(maxsize=20_000)
def _syllables(text: str) -> str:
    """Return the pinyin of a few characters without tones; names share them, so they are remembered."""
    return "".join(lazy_pinyin(text, style=Style.NORMAL)).lower()
