"""Reads secrecy levels in the spellings that ledgers use in Chinese, Japanese and English.

The words are those of the law packs (`engine.jurisdiction.level_named`), which also name the words that grade
secrets of the state and are refused; here are added grades by letter or numeral and levels of posts.
What depends on a level is not decided here.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache

from shoumi.engine.jurisdiction import ReservedLevelError, UnknownLevelError, level_named, load_pack, pack_ids
from shoumi.server.files.tables.cells import CellError, folded, plain, shown
from shoumi.server.files.tables.sheets import Value

NONE, GENERAL, IMPORTANT, CORE = 0, 1, 2, 3  # ranks, as the packs count them


class NotALevelError(CellError):
    """The word is no level we know."""

    code = "tables.unknown_level"
    message = "“{value}” is not a level; write core, important or general."


class StateSecretLevelError(CellError):
    """The word is a level of state secrets."""

    code = "tables.state_secret_level"
    message = (
        "“{value}” is a level of state secrets, not of trade secrets; "
        "clear up first whether this is a state secret, then write core, important or general."
    )


class AmbiguousLevelError(CellError):
    """The sign is a level, but different companies count in different directions."""

    code = "tables.ambiguous_level"
    message = "“{value}” does not say which level is meant; write core, important or general."


_GRADES = (
    (CORE, "a", "甲", "一", "ⅰ"),
    (IMPORTANT, "b", "乙", "二", "ⅱ"),
    (GENERAL, "c", "丙", "三", "ⅲ"),
)
_GRADE_ENDS = ("级", "級", "类", "類", "等")
_NO_SECRETS = (
    "无",
    "無",
    "非涉密",
    "不涉密",
    "非密",
    "なし",
    "無し",
    "対象外",
    "非該当",
    "none",
    "not secret",
    "0",
)
_MORE = {
    CORE: ("厳秘", "核心级", "核心級", "核心涉密"),
    IMPORTANT: ("重要级", "重要級", "重要涉密"),
    GENERAL: ("普通级", "普通級", "普通涉密", "一般秘密", "一般级", "ordinary"),
    NONE: _NO_SECRETS,
}
_AMBIGUOUS = re.compile(r"(l|lv|level|等级|级别|レベル)?[1-9](级|級|类|類)?\Z")
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【(.*?)】")
_THING = re.compile("(岗位?|人员|信息|事项|商密|级|級)\\Z")
WORDS = {CORE: "核心", IMPORTANT: "重要", GENERAL: "普通", NONE: "无"}  # what exports write


@lru_cache(maxsize=1)
def _known() -> dict[str, int]:
    """Return folded word → rank for the words that no pack names."""
    words = {folded(word): rank for rank, spellings in _MORE.items() for word in spellings}
    for rank, letter, *numerals in _GRADES:
        for grade in (letter, *numerals):
            words |= {folded(grade + end): rank for end in _GRADE_ENDS}
        words[letter] = rank
    return words


def parse_level(value: Value) -> int:
    """Return the rank of a trade secret's level: 3 core, 2 important, 1 general.

    Raises:
        NotALevelError, AmbiguousLevelError, StateSecretLevelError: each as it says.
    """
    level = parse_post_level(value)
    if level == NONE:
        raise NotALevelError(value=shown(plain(value)))
    return level


def parse_post_level(value: Value) -> int:
    """Return the level of a post: as `parse_level`, and 0 for a post without secrets.

    Raises:
        NotALevelError, AmbiguousLevelError, StateSecretLevelError: each as it says.
    """
    written = plain(value).strip()
    text = folded(written).strip("★☆*。.:-")
    bare = folded(_BRACKETS.sub(r"\1", text))
    reserved = False
    for word in dict.fromkeys((text, bare, _THING.sub("", bare), *text.split("/"))):
        if word in _known():
            return _known()[word]
        for pack in pack_ids():
            with suppress(UnknownLevelError):
                try:
                    return level_named(load_pack(pack), word).rank
                except ReservedLevelError:
                    reserved = True
    if reserved:
        raise StateSecretLevelError(value=shown(written))
    if _AMBIGUOUS.match(text):
        raise AmbiguousLevelError(value=shown(written))
    raise NotALevelError(value=shown(written))
