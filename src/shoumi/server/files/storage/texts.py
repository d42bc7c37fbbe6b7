"""Finds the encoding of a text as it is met in Chinese and Japanese offices.

Sources: Unicode 15 (signatures), GB 18030, JIS X 0208 with its two encodings, ISO-2022-JP (RFC 1468).
What is valid UTF-8 is UTF-8.  The old encodings overlap, so they are weighed by how many of their
characters are everyday ones; a short text may be taken for the wrong one.
"""

from __future__ import annotations

import codecs
from typing import Final

_SIGNATURES: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_KANA: Final = range(0x3041, 0x30FB)
_HALF_WIDTH: Final = range(0xFF61, 0xFFA0)
_PUNCTUATION: Final = frozenset("、。，．・：；？！「」『』（）【】《》“”‘’…—～　％＋－＝／")
_LEAST_SCORE: Final = 0.6
_JAPANESE_SHARE: Final = 0.08  # of kana; Chinese text has next to none


def charset_of(head: bytes, *, whole: bool) -> str:
    """Return the name of the text's encoding, or "" if the bytes are no text.

    `whole` says that `head` is all there is; otherwise a character cut at its end is forgiven.
    An empty content counts as UTF-8 text.
    """
    for mark, charset in _SIGNATURES:
        if head.startswith(mark):
            return charset if _decoded(head, charset, whole=whole) is not None else ""
    if head.translate(None, _CONTROL) != head:
        return ""
    if b"\x1b$" in head and _decoded(head, "iso2022_jp", whole=whole) is not None:
        return "iso-2022-jp"
    if b"\x1b" in head:
        return ""
    if _decoded(head, "utf-8", whole=whole) is not None:
        return "utf-8"
    return _old_charset(head, whole=whole)


def _old_charset(head: bytes, *, whole: bool) -> str:
    scores: dict[str, float] = {}
    kana: dict[str, float] = {}
    for charset, first_leads in (
        ("gb18030", range(0xB0, 0xD8)),
        ("shift_jis", range(0x88, 0x98)),
        ("euc-jp", range(0xB0, 0xD0)),
    ):
        text = _decoded(head, "cp932" if charset == "shift_jis" else charset, whole=whole)
        if text is not None:
            scores[charset], kana[charset] = _weighed(text, charset, first_leads)
    if not scores or max(scores.values()) < _LEAST_SCORE:
        return ""
    best = max(scores, key=scores.__getitem__)
    if best == "gb18030" and kana.get("euc-jp", 0) > _JAPANESE_SHARE and scores["euc-jp"] >= _LEAST_SCORE:
        return "euc-jp"  # both share the rows of the kana, only one language uses them
    return best


def _weighed(text: str, charset: str, first_leads: range) -> tuple[float, float]:
    """Return the share of everyday characters and of kana among those beyond ASCII."""
    everyday = kana = total = 0.0
    for character in text:
        code = ord(character)
        if code < 0x80:  # noqa: PLR2004 - ASCII is the same everywhere
            continue
        total += 1
        kana += code in _KANA
        lead = character.encode(charset, "replace")[0]
        plain = (
            code in _KANA or character in _PUNCTUATION or (lead in first_leads and code not in _HALF_WIDTH)
        )
        everyday += plain
    return (everyday / total, kana / total) if total else (0.0, 0.0)


def _decoded(data: bytes, charset: str, *, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(charset)().decode(data, final=whole)
    except UnicodeDecodeError:
        return None
