"""Reads secrecy levels in the spellings that ledgers use in Chinese, Japanese and English.

The three levels follow the guide to trade secret protection (core, important, general).  The levels of
state secrets (绝密, 机密, 秘密) are not levels of trade secrets: they are refused with words of their own,
because such a record does not belong into this product.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from shoumi.server.files.tables.cells import CellError, folded, plain, shown
from shoumi.server.files.tables.sheets import Value

NONE, GENERAL, IMPORTANT, CORE = 0, 1, 2, 3


class UnknownLevelError(CellError):
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


_SPELLINGS: Mapping[int, tuple[str, ...]] = {
    CORE: (
        "核心", "核心商密", "核心商业秘密", "核心商業秘密", "核心秘密", "核心涉密", "核心级", "核心級",
        "商密核心", "a", "a级", "a級", "a类", "a類", "甲级", "一级", "一級", "ⅰ级", "i级",
        "極秘", "极秘", "極秘情報", "厳秘", "最重要", "core", "core secret", "core trade secret",
    ),
    IMPORTANT: (
        "重要", "重要商密", "重要商业秘密", "重要商業秘密", "重要秘密", "重要涉密", "重要级", "重要級",
        "商密重要", "b", "b级", "b級", "b类", "b類", "乙级", "二级", "二級", "ⅱ级", "ii级",
        "秘", "㊙", "マル秘", "丸秘", "秘情報", "important", "important secret", "important trade secret",
    ),
    GENERAL: (
        "普通", "普通商密", "普通商业秘密", "普通商業秘密", "普通秘密", "普通涉密", "普通级", "普通級",
        "一般", "一般商密", "一般商业秘密", "一般秘密", "商密普通",
        "c", "c级", "c級", "c类", "c類", "丙级", "三级", "三級", "ⅲ级", "iii级", "社外秘",
        "general", "general secret", "ordinary", "ordinary trade secret", "general trade secret",
    ),
    NONE: (
        "无", "無", "非涉密", "不涉密", "非密", "なし", "無し", "対象外", "非該当",
        "none", "not secret", "non-secret", "0",
    ),
}  # fmt: skip
_STATE_SECRETS = {
    folded(word) for word in ("绝密", "絕密", "機密", "机密", "秘密", "绝密级", "机密级", "秘密级")
}
_AMBIGUOUS = re.compile(r"(l|lv|level|等级|级别|レベル)?[1-9](级|級|类|類)?\Z")
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【(.*?)】")
_KNOWN = {folded(word): level for level, words in _SPELLINGS.items() for word in words}
WORDS = {CORE: "核心", IMPORTANT: "重要", GENERAL: "普通", NONE: "无"}  # what exports write


def parse_level(value: Value) -> int:
    """Return the level of a trade secret: 3 core, 2 important, 1 general.

    Raises:
        UnknownLevelError, AmbiguousLevelError, StateSecretLevelError: each as it says.
    """
    level = parse_post_level(value)
    if level == NONE:
        raise UnknownLevelError(value=shown(plain(value)))
    return level


def parse_post_level(value: Value) -> int:
    """Return the level of a post: as `parse_level`, and 0 for a post without secrets.

    Raises:
        UnknownLevelError, AmbiguousLevelError, StateSecretLevelError: each as it says.
    """
    written = plain(value).strip()
    text = folded(written).strip("★☆*。.:-")
    without_brackets = folded(_BRACKETS.sub(r"\1", text))
    for candidate in (text, without_brackets, *text.split("/")):
        for known in (candidate, re.sub("(岗位?|人员|信息|事项)\\Z", "", candidate)):
            if known in _KNOWN:
                return _KNOWN[known]
    if text in _STATE_SECRETS:
        raise StateSecretLevelError(value=shown(written))
    if _AMBIGUOUS.match(text):
        raise AmbiguousLevelError(value=shown(written))
    raise UnknownLevelError(value=shown(written))
